"""Containers that grow, each with the path by which a module or a running function reaches it."""
import collections
import gc
import sys
import sysconfig
import types
import weakref

from .entries import CACHE, examine
from .expiry import Timers, expiry_of
from .limits import numbers_beside
from .names import function_at, module_name, type_name
from .removers import lines_that_add
from .steps import step

_CONTAINERS = (dict, list, set, collections.deque)
# Entries by which a container must have grown since the last reading, and how many of them are followed.
_LEAST_GROWTH = 1
_MOST_HOLDERS = 25
# A container that is new since the last reading may replace one that is copied when it grows.
_LEAST_NEW = 100
_LONGEST_PATH = 40
# Of an object or a module: a dictionary with more holds entries, and what is in those is their own.
_MOST_NAMES = 1_000

# `owner` refers weakly to the object that has the container, where one has; `names` are the variables of the module.
_Path = collections.namedtuple("_Path", "rank steps owner names")

_state = {"sizes": None, "paths": {}}


def begin():
    _state["sizes"] = _sizes()[0]


def grown(with_entries):
    """Containers that have grown since the last reading, and those that had grown before; the best known ones first."""
    sizes, containers = _sizes()
    before = _state["sizes"] or {}
    _state["sizes"] = sizes
    growth = {
        key: size - before.get(key, 0)
        for key, size in sizes.items()
        if size - before.get(key, 0) >= (_LEAST_GROWTH if key in before else _LEAST_NEW)
    }
    followed = sorted(growth, key=lambda key: -growth[key])[:_MOST_HOLDERS]
    paths = {key: path for key, path in _state["paths"].items() if key in containers}
    unknown = {key for key in followed if key not in paths}
    if unknown:
        paths.update(_find_paths(unknown, growth, containers))
    _state["paths"] = paths
    known = {key: path for key, path in paths.items() if path is not None}
    timers = Timers(gc.get_objects() if with_entries else ())
    return [
        {
            "path": path.steps,
            "entries": sizes[key],
            "type": _entry_type(containers[key]),
            "container": type_name(type(containers[key])),
            "numbers": numbers_beside(containers[key], _name_of(path), path.owner and path.owner(), path.names),
            **(_examined(containers[key], path, timers) if with_entries else {}),
        }
        for key, path in sorted(known.items(), key=lambda item: (item[1].rank, len(item[1].steps)))
    ]


def _examined(container, path, timers):
    """What is asked of a container in the last reading alone."""
    name, owner = _name_of(path), path.owner and path.owner()
    expiry = expiry_of(container, name, timers, owner, path.names)
    return {**examine(container), "expiry": expiry, "addedAt": _line_that_adds(name, owner)}


def _name_of(path):
    """The attribute or the variable that a container is called by."""
    name = next((step[1:] for step in reversed(path.steps[1:]) if step.startswith(".")), "")
    return name or path.steps[0].rsplit(".", 1)[-1]


def _line_that_adds(name, owner):
    """The only line of the target that adds to what is called so; None where there are several or none."""
    kinds = type(owner).__mro__ if owner is not None else ()
    lines = {line for kind in kinds for line in _lines_in(vars(kind), name)}
    for names in [] if lines else [root.thing for root in _roots() if root.rank == _OWN_MODULE]:
        members = [vars(value) for value in list(names.values()) if issubclass(type(value), type)]
        lines.update(line for inside in [names] + members for line in _lines_in(inside, name))
    if len(lines) != 1:
        return None
    file, line = lines.pop()
    return file, line, function_at(file, line)


def _lines_in(names, name):
    """By their types: a proxy of the target fails when it is asked for anything outside of a request."""
    for member in list(names.values()):
        if type(member) in (staticmethod, classmethod):
            member = member.__func__
        elif type(member) is CACHE:
            member = member.__wrapped__
        if type(member) is types.FunctionType:
            yield from lines_that_add(member.__code__, name)


def _sizes():
    """Entries by id of the container. Those of the agent itself are not reached by a path, which leaves them out."""
    sizes, containers = {}, {}
    for thing in gc.get_objects():
        if isinstance(thing, CACHE):
            sizes[id(thing)] = thing.cache_info().currsize
        elif isinstance(thing, _CONTAINERS):
            sizes[id(thing)] = len(thing)
        if id(thing) in sizes:
            containers[id(thing)] = thing
        if id(thing) not in sizes or (isinstance(thing, dict) and sizes[id(thing)] <= _MOST_NAMES):
            # Dictionaries that hold nothing but numbers and texts are not among the objects: their owners are.
            for inner in _untracked_dictionaries(thing):
                sizes[id(inner)] = len(inner)
                containers[id(inner)] = inner
    return sizes, containers


def _untracked_dictionaries(thing):
    for inner in gc.get_referents(thing):
        if type(inner) is dict and not gc.is_tracked(inner):
            yield inner
            if len(inner) <= _MOST_NAMES:
                yield from _untracked_dictionaries(inner)


def _entry_type(container):
    """Type of the entry that was added last, or of any where there is no order."""
    try:
        if isinstance(container, dict):
            return type_name(type(next(reversed(list(container.values())))))
        if isinstance(container, (list, collections.deque)):
            return type_name(type(container[-1]))
        if isinstance(container, set):
            return type_name(type(next(iter(container))))
    except Exception:  # It is empty by now, or a subclass does something else.
        pass
    return None


def _find_paths(wanted, growth, containers):
    """Breadth first: from the modules of the target, from what its running functions hold, from all other modules."""
    parents, queue, found = {}, collections.deque(), {}
    hidden = {id(thing) for thing in (parents, queue, found, containers, wanted, growth, _state, sys.modules)}
    hidden.update(id(value) for value in _state.values())
    for root in _roots():
        if id(root.thing) not in parents:
            parents[id(root.thing)] = root
            queue.append(root.thing)
            if id(root.thing) in wanted:
                found[id(root.thing)] = _Path(root.rank, [root.name], None, {})
    while queue and len(found) < len(wanted):
        thing = queue.popleft()
        for inner in gc.get_referents(thing):
            key = id(inner)
            if key in parents or key in hidden or isinstance(inner, types.ModuleType):
                continue
            if not gc.is_tracked(inner) and type(inner) is not dict:
                continue
            parents[key] = thing
            queue.append(inner)
            if key in wanted:
                found[key] = _path(inner, parents, growth)
    return {key: found.get(key) for key in wanted}


# Lower ranks are what people know their containers by.
_OWN_MODULE, _RUNNING_FUNCTION, _OTHER_MODULE = range(3)
_Root = collections.namedtuple("_Root", "name thing rank")


def _roots():
    library = sysconfig.get_paths()["stdlib"]
    own, others = [], []
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", None)
        name = getattr(module, "__name__", None)
        if not isinstance(names, dict) or not isinstance(name, str) or name.split(".")[0] == "_plateau_agent":
            continue
        file = getattr(module, "__file__", None) or ""
        is_foreign = file == "" or file.startswith(library) or "-packages/" in file
        if is_foreign and name != "__main__":
            others.append(_Root(module_name(module), names, _OTHER_MODULE))
        else:
            own.append(_Root(module_name(module), names, _OWN_MODULE))
    # Many modules may refer to the same thing: `logging` is known better than what imports it.
    others.sort(key=lambda root: root.name.count("."))
    return own + list(_locals_of_running_functions()) + others


def _locals_of_running_functions():
    for frame in list(sys._current_frames().values()):
        depth = 0
        while frame is not None and depth < _LONGEST_PATH:
            code = frame.f_code
            if "_plateau_agent" in code.co_filename:
                break
            if code.co_name != "<module>":
                for name, value in list(frame.f_locals.items()):
                    if gc.is_tracked(value) or type(value) is dict:
                        yield _Root("%s().%s" % (getattr(code, "co_qualname", code.co_name), name), value, _RUNNING_FUNCTION)
            frame = frame.f_back
            depth += 1


def _path(thing, parents, growth):
    """From the root to the container, each step as it would be written; None of what lies in another that grows as much."""
    chain = [thing]
    while not isinstance(chain[-1], _Root) and len(chain) < _LONGEST_PATH:
        parent = parents[id(chain[-1])]
        if growth.get(id(parent), 0) >= growth[id(thing)]:
            return None
        chain.append(parent)
    root = chain.pop() if isinstance(chain[-1], _Root) else _Root("...", None, _OTHER_MODULE)
    chain.reverse()
    owners = [root if root.rank == _RUNNING_FUNCTION else None] + chain
    steps = [step(owner, parent, child) for owner, parent, child in zip(owners, chain, chain[1:])]
    names = {} if root.rank == _RUNNING_FUNCTION or root.thing is None else root.thing
    return _Path(root.rank, [root.name] + [written for written in steps if written != ""], _weakly(chain[:-1]), names)


def _weakly(chain):
    """The innermost object of a chain that is no container itself."""
    for thing in reversed(chain):
        if isinstance(thing, _CONTAINERS + (tuple, type, types.FunctionType, types.CellType)):
            continue
        try:
            return weakref.ref(thing)
        except TypeError:
            return None
    return None
