"""Numbers beside a container, by one of which its code may limit how many entries it holds."""
import collections

from . import removers
from .entries import CACHE

_MOST_NUMBERS = 40


def numbers_beside(container, name, owner, module_names):
    """
    Name, value and whether it belongs to the container alone: what Python itself limits it by, then what code compares
    its length with, then attributes of the object that owns it and of that object's class, then variables of the module
    that leads to it.
    """
    if isinstance(container, CACHE):
        return _own("maxsize", container.cache_info().maxsize)
    if isinstance(container, collections.deque) and container.maxlen is not None:
        return _own("maxlen", container.maxlen)
    found = _compared(name, owner, module_names)
    for thing in (container, owner, type(container), type(owner)):
        found += [(name, value, True) for name, value in _numbers(getattr(thing, "__dict__", {}))]
    found += [(name, value, False) for name, value in _numbers(module_names)]
    return found[:_MOST_NUMBERS]


def _compared(name, owner, module_names):
    """Numbers that functions compare `len(name)` with which take something out of it, whatever the numbers are called."""
    found = set()
    for function in removers.functions_beside(owner, module_names):
        code = function.__code__
        if name in removers.read(code, function.__globals__, owner).takes:
            for words, constants in removers.length_comparisons(code, name):
                numbers = [("len(%s)" % name, constant) for constant in constants]
                numbers += [(word, _value_of(word, owner, function.__globals__)) for word in words]
                numbers = [number for number in numbers if type(number[1]) is int and number[1] > 0]
                found.update(numbers if len(numbers) == 1 else ())
    return [(called, value, True, True) for called, value in sorted(found)]


def _value_of(word, owner, variables):
    """Of an attribute of the owner or of its class, else of a variable of the module; runs none of the target's code."""
    kinds = [vars(kind) for kind in type(owner).__mro__] if owner is not None else []
    for names in [getattr(owner, "__dict__", {}), *kinds, variables]:
        if word in names:
            return names[word]
    return None


def _own(name, value):
    return [] if value is None else [(name, value, True)]


def _numbers(names):
    return [(name, value) for name, value in list(names.items()) if type(value) is int and value > 0]
