"""How one thing refers to another, as it would be written."""
import collections
import types

_SHOWN_KEYS = 1000


def step(owner, parent, child):
    """How `parent` refers to `child`; `owner` is what refers to `parent`, or None where that is a module."""
    if isinstance(parent, dict):
        if owner is None or isinstance(owner, type) or getattr(owner, "__dict__", None) is parent:
            return next(("." + name for name, value in list(parent.items()) if value is child), ".?")
        return "[%s]" % (_key(parent, child) if len(parent) <= _SHOWN_KEYS else "...")
    if isinstance(parent, (list, tuple, set, frozenset, collections.deque)):
        return "[...]"
    if isinstance(child, dict) and (isinstance(parent, type) or getattr(parent, "__dict__", None) is child):
        return ""
    return _attribute(parent, child)


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
    if isinstance(parent, types.FunctionType) and isinstance(child, tuple):
        return ""
    if isinstance(parent, types.CellType):
        return ""
    return ".<%s>" % type(child).__name__


def slot(member, parent):
    """What an object has in a slot of its class; None where it is empty."""
    try:
        return member.__get__(parent)
    except AttributeError:
        return None
