"""Numbers beside a container, by one of which its code may limit how many entries it holds."""
import collections

from .entries import CACHE

_MOST_NUMBERS = 40


def numbers_beside(container, owner, module_names):
    """
    Name, value and whether it belongs to the container alone: what Python itself limits it by, then attributes of the
    object that owns it and of that object's class, then variables of the module that leads to it.
    """
    if isinstance(container, CACHE):
        return _own("maxsize", container.cache_info().maxsize)
    if isinstance(container, collections.deque) and container.maxlen is not None:
        return _own("maxlen", container.maxlen)
    found = []
    for thing in (container, owner, type(container), type(owner)):
        found += [(name, value, True) for name, value in _numbers(getattr(thing, "__dict__", {}))]
    found += [(name, value, False) for name, value in _numbers(module_names)]
    return found[:_MOST_NUMBERS]


def _own(name, value):
    return [] if value is None else [(name, value, True)]


def _numbers(names):
    return [(name, value) for name, value in list(names.items()) if type(value) is int and value > 0]
