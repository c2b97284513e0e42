"""Code that takes entries out of a container, or adds them, as far as the names and instructions of its lines show it."""
import dis
import types

_TAKES = {"pop", "popitem", "popleft", "remove", "discard", "clear", "difference_update", "intersection_update"}
_ADDS = {"add", "append", "appendleft", "extend", "insert", "setdefault", "update", "__setitem__"}
_CLOCKS = {"time", "monotonic", "perf_counter", "now", "utcnow", "time_ns", "monotonic_ns", "timer", "clock"}
_REPEATS = {"FOR_ITER", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT", "JUMP_ABSOLUTE"}
_REPLACES = {"STORE_ATTR", "STORE_GLOBAL", "STORE_DEREF"}
_LOADS_NUMBER = ("LOAD_CONST", "LOAD_SMALL_INT")
# With these a statement or a condition ends, and what was named before belongs to another.
_LEAVES_EXPRESSION = ("STORE", "POP", "RETURN", "JUMP", "DELETE")
_NAMING = {*dis.hasname, *dis.hasfree, *dis.haslocal}
# Functions that one names are looked into as well: a sweeper calls what removes.
_DEEPEST = 3
_MOST_FUNCTIONS = 60


class Code:
    """What a function does, with the functions that it names."""

    def __init__(self):
        self.names = set()
        # Names of what entries are taken out of, and of what that is done to in a loop or as a whole.
        self.takes = set()
        self.sweeps = set()

    @property
    def reads_clock(self):
        return not self.names.isdisjoint(_CLOCKS)


def read(code, variables, receiver=None):
    """
    Of a function, with the variables of its module and its `self`. What takes out the entry that it was asked for leaves
    those that nobody asks for: only what repeats, or empties a container or puts another in its place, sweeps.
    """
    found, seen = Code(), set()

    def add(code, receiver, depth, repeats):
        if code in seen or len(seen) >= _MOST_FUNCTIONS:
            return
        seen.add(code)
        facts = _facts_of(code)
        found.names.update(facts.names)
        found.takes.update(facts.takes | facts.replaced)
        repeats = repeats or facts.repeats
        found.sweeps.update(facts.takes | facts.replaced if repeats else facts.emptied | facts.replaced)
        for inner in code.co_consts:
            if isinstance(inner, types.CodeType):
                add(inner, receiver, depth, repeats)
        if depth == _DEEPEST:
            return
        for name in code.co_names:
            method = getattr(type(receiver), name, None)
            for called, of in ((method, receiver), (variables.get(name), None)):
                if type(called) is types.FunctionType:
                    add(called.__code__, of, depth + 1, repeats)

    add(code, receiver, 0, False)
    return found


def functions_beside(owner, module_names):
    """Of the class of what owns a container and of its module, and of the classes in that."""
    classes = list(type(owner).__mro__[:-1]) if owner is not None else []
    classes += [value for value in list(module_names.values()) if issubclass(type(value), type)]
    members = list(module_names.values()) + [member for kind in classes for member in list(vars(kind).values())]
    return [member for member in members if type(member) is types.FunctionType]


class _Facts:
    """Of one code object alone."""

    def __init__(self):
        self.names, self.takes, self.emptied, self.replaced = set(), set(), set(), set()
        self.repeats = False


_known = {}


def _facts_of(code):
    facts = _known.get(code)
    if facts is None:
        facts = _known[code] = _read_facts(code)
    return facts


def _read_facts(code):
    facts = _Facts()
    facts.names.update(code.co_names, code.co_freevars, code.co_cellvars)
    for _, names, operations in _lines_of(code):
        if "DELETE_SUBSCR" in operations or not names.isdisjoint(_TAKES):
            facts.takes.update(names)
        if "clear" in names:
            facts.emptied.update(names)
        facts.repeats = facts.repeats or not _REPEATS.isdisjoint(operations)
        # The first value of an attribute is given where its object is made.
        if code.co_name not in ("__init__", "<module>"):
            facts.replaced.update(operations[operation] for operation in _REPLACES.intersection(operations))
    return facts


def _lines_of(code):
    """Each line with the names that it uses, and its operations with what they are done to."""
    line, names, operations = code.co_firstlineno, set(), {}
    starts = dict(dis.findlinestarts(code))
    for instruction in dis.get_instructions(code):
        started = starts.get(instruction.offset)
        if started is not None and started != line:
            yield line, names, operations
            line, names, operations = started, set(), {}
        operations[instruction.opname] = instruction.argval
        if isinstance(instruction.argval, str) and instruction.opcode in _NAMING:
            names.add(instruction.argval)
    yield line, names, operations


def lines_that_add(code, name):
    """Lines of a function, and of those written in it, that add to what is called by a name."""
    if name in code.co_names or name in code.co_freevars or name in code.co_varnames:
        for line, names, operations in _lines_of(code):
            if name in names and ("STORE_SUBSCR" in operations or not names.isdisjoint(_ADDS)):
                yield code.co_filename, line
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from lines_that_add(inner, name)


def length_comparisons(code, name):
    """Of each comparison with the length of what is called so: the other words in it, and its whole numbers."""
    if "len" not in code.co_names or not any(name in names for names in (code.co_names, code.co_freevars)):
        return
    words, constants = set(), set()
    for instruction in dis.get_instructions(code):
        value = instruction.argval
        if instruction.opname == "COMPARE_OP":
            if {"len", name} <= words and any(sign in str(value) for sign in "<>"):
                yield words - {"len", name}, constants
        elif instruction.opcode in _NAMING and "STORE" not in instruction.opname:
            words.update([value] if isinstance(value, str) else value)
            continue
        elif instruction.opname.startswith(_LOADS_NUMBER):
            constants.update([value] if type(value) is int else [])
            continue
        elif not instruction.opname.startswith(_LEAVES_EXPRESSION):
            continue
        words, constants = set(), set()
