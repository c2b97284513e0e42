"""Containers that grow, each with the path by which a module or a running function reaches it."""
import collections
import gc
import sys
import types

from .entries import CACHE, examine
from .expiry import Timers, expiry_of
from .limits import numbers_beside
from .names import function_at, type_name
from .paths import CONTAINERS, LONGEST_PATH, path_along
from .removers import lines_that_add
from .roots import OWN_MODULE, Root, roots

# Entries by which a container must have grown since the last reading, and how many of them are followed.
_LEAST_GROWTH = 1
_MOST_HOLDERS = 25
# A container that is new since the last reading may replace one that is copied when it grows.
_LEAST_NEW = 100
# Of an object or a module: a dictionary with more holds entries, and what is in those is their own.
_MOST_NAMES = 1_000

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
    for names in [] if lines else [root.thing for root in roots() if root.rank == OWN_MODULE]:
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
        elif isinstance(thing, CONTAINERS):
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
    for root in roots():
        if id(root.thing) not in parents:
            parents[id(root.thing)] = root
            queue.append(root.thing)
            if id(root.thing) in wanted:
                found[id(root.thing)] = path_along(root, [root.thing])
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


def _path(thing, parents, growth):
    """From the root to the container; None of what lies in another that grows as much, or farther away than a path is long."""
    chain = [thing]
    while not isinstance(chain[-1], Root) and len(chain) < LONGEST_PATH:
        parent = parents[id(chain[-1])]
        if growth.get(id(parent), 0) >= growth[id(thing)]:
            return None
        chain.append(parent)
    root = chain.pop()
    return path_along(root, chain[::-1]) if isinstance(root, Root) else None
