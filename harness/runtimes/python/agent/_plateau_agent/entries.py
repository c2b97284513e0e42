"""What the entries of a container keep alive: which places made it, and how large it is."""
import collections
import functools
import gc
import itertools
import sys

from .origins import made_at

_SAMPLED_ENTRIES = 40
# An entry and what hangs on it alone.
_MOST_OBJECTS = 60
# Of the sampled entries that a place must have made something for. Python gives memory of objects that it has just
# freed to new ones without another record, so that part of them seems to be made where those were.
_LEAST_SHARE = 0.1
# References to a thing that only its owner holds: the owner's, a list of referents, a variable, an argument.
_SINGLE_OWNER = 4

CACHE = type(functools.lru_cache(maxsize=1)(len))


def examine(container):
    """Stacks at which what hangs on the latest entries was made, and the bytes that an entry keeps on average."""
    entries = list(_latest(container))
    counts = collections.Counter()
    seen, size = set(), 0
    for entry in entries:
        places, kept = _examine_entry(entry, seen)
        counts.update(places)
        size += kept
    return {
        "places": [frames for frames, count in counts.items() if count >= len(entries) * _LEAST_SHARE],
        "bytesPerEntry": size / max(1, len(entries)),
    }


def _latest(container):
    """Entries in the order of their coming where there is one, each as a tuple: with its key where it has one."""
    if isinstance(container, CACHE):
        # Its own table is larger than the attributes of the function.
        container = max((inner for inner in gc.get_referents(container) if type(inner) is dict), key=len, default={})
    if isinstance(container, dict):
        return itertools.islice(reversed(list(container.items())), _SAMPLED_ENTRIES)
    ordered = isinstance(container, (list, collections.deque))
    latest = reversed(container) if ordered else iter(container)
    return ((entry,) for entry in itertools.islice(latest, _SAMPLED_ENTRIES))


def _examine_entry(entry, seen):
    """What was made before the recording began, or is held by others too, is not the entry's own."""
    places, size, count = set(), 0, 0
    queue = collections.deque(entry)
    while queue and count < _MOST_OBJECTS:
        thing = queue.popleft()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        count += 1
        size += sys.getsizeof(thing, 0)
        places.add(made_at(thing))
        for inner in gc.get_referents(thing):
            if made_at(inner) is not None or sys.getrefcount(inner) <= _SINGLE_OWNER:
                queue.append(inner)
    places.discard(None)
    return places, size
