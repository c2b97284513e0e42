"""How one thing refers to another, as it would be written."""
import collections
import types
import weakref

_SHOWN_KEYS = 1000
# What a `contextvars.Context` keeps the values of its variables in; Python has no name for the type.
_TABLE_OF_CONTEXT = "hamt"
_FRAMES = (
    (types.GeneratorType, "gi_frame"),
    (types.CoroutineType, "cr_frame"),
    (types.AsyncGeneratorType, "ag_frame"),
)


def step(owner, parent, child):
    """How `parent` refers to `child`; `owner` is what refers to `parent`, or None where that is a module."""
    if isinstance(parent, dict):
        if _is_of_threads(parent):
            return ""
        if owner is None or _is_of_threads(owner) or isinstance(owner, type) or getattr(owner, "__dict__", None) is parent:
            return next(("." + name for name, value in list(parent.items()) if value is child), ".?")
        return "[%s]" % (_key(parent, child) if len(parent) <= _SHOWN_KEYS else "...")
    if isinstance(parent, tuple) and isinstance(owner, types.FunctionType):
        return _variable(owner, parent, child)
    if isinstance(parent, (list, tuple, set, frozenset, collections.deque)):
        return "[...]"
    if isinstance(child, dict) and (isinstance(parent, type) or getattr(parent, "__dict__", None) is child):
        return ""
    if isinstance(child, dict) and _is_of_threads(child):
        return ""
    if isinstance(child, types.FrameType):
        return ""
    frame = _frame_of(parent)
    if frame is not None:
        return next(("." + name for name, value in list(frame.f_locals.items()) if value is child), ".?")
    if isinstance(parent, types.FunctionType) and isinstance(child, tuple):
        return ""
    if isinstance(parent, types.CellType) or type(child).__name__ == _TABLE_OF_CONTEXT:
        return ""
    return _attribute(parent, child)


def _variable(function, values, child):
    """What a function has captured, or has as the default of a parameter, by its name."""
    if values is function.__closure__:
        names = function.__code__.co_freevars
    elif values is function.__defaults__:
        code = function.__code__
        names = code.co_varnames[code.co_argcount - len(values) : code.co_argcount]
    else:
        return "[...]"
    return next(("." + name for name, value in zip(names, values) if value is child), ".?")


def _frame_of(thing):
    """Of a generator or a coroutine that has not ended, or of what refers to its variables until 3.10: the frame itself."""
    if isinstance(thing, types.FrameType):
        return thing
    for kind, name in _FRAMES:
        if isinstance(thing, kind):
            return getattr(thing, name)
    return None


def _is_of_threads(thing):
    """The table in a `threading.local` of what each thread has there, by what stands for the thread; weakly until 3.12."""
    if type(thing) is not dict or not thing:
        return False
    key = next(iter(thing))
    return type(key() if type(key) is weakref.ref else key).__name__ == "_localdummy"


def _key(parent, child):
    for key, value in list(parent.items()):
        if value is child:
            return repr(key) if isinstance(key, (str, int)) and len(repr(key)) < 40 else "..."
    return "..."


def _attribute(parent, child):
    names = getattr(parent, "__dict__", None)
    for name, value in list(names.items()) if isinstance(names, (dict, types.MappingProxyType)) else ():
        if value is child:
            return "." + name
    for kind in type(parent).__mro__:
        for name, member in list(vars(kind).items()):
            if isinstance(member, types.MemberDescriptorType) and slot(member, parent) is child:
                return "." + name
    return ".<%s>" % type(child).__name__


def slot(member, parent):
    """What an object has in a slot of its class; None where it is empty."""
    try:
        return member.__get__(parent)
    except AttributeError:
        return None
