"""What the entries of a container keep alive: which places made it, and how large it is."""
import collections
import functools
import gc
import itertools
import sys

from .origins import made_at

_SAMPLED_ENTRIES = 40
# Entries that are looked at to find those made since the recording began: it takes a second at most.
_MOST_ENTRIES = 400_000
# An entry and what hangs on it alone.
_MOST_OBJECTS = 60
# Of the sampled entries that a place must have made something for. Python gives memory of objects that it has just
# freed to new ones without another record, so that part of them seems to be made where those were.
_LEAST_SHARE = 0.1
# References to a thing that only its owner holds: the owner's, a list of referents, a variable, an argument.
_SINGLE_OWNER = 4

CACHE = type(functools.lru_cache(maxsize=1)(len))


def examine(container):
    """Stacks at which entries and what hangs on them were made, and the bytes that an entry keeps on average."""
    entries = _sample(container)
    counts, makers = collections.Counter(), collections.Counter()
    seen, size, is_whole = set(), 0, True
    for entry in entries:
        makers.update(filter(None, [_maker(entry)]))
        places, kept, ended = _examine_entry(entry, seen)
        counts.update(places)
        size += kept
        is_whole = is_whole and ended
    return {
        "entriesMadeAt": next((frames for frames, _ in makers.most_common(1)), None),
        "places": [frames for frames, count in counts.items() if count >= len(entries) * _LEAST_SHARE],
        "bytesPerEntry": size / max(1, len(entries)),
        "isWhole": is_whole,
    }


def _maker(entry):
    """Where the value of an entry was made, or its key, where the value is a number or was there before."""
    return next((frames for frames in map(made_at, reversed(entry)) if frames is not None), None)


def _sample(container):
    """The latest entries that were made since the recording began. Sets have no order, and some lists grow at the front."""
    candidates = itertools.islice(latest(container), _MOST_ENTRIES)
    recent = list(itertools.islice((entry for entry in candidates if _maker(entry) is not None), _SAMPLED_ENTRIES))
    return recent or list(itertools.islice(latest(container), _SAMPLED_ENTRIES))


def latest(container):
    """Entries in the order of their coming where there is one, each as a tuple: with its key where it has one."""
    if isinstance(container, CACHE):
        # Its own table is larger than the attributes of the function.
        container = max((inner for inner in gc.get_referents(container) if type(inner) is dict), key=len, default={})
    if isinstance(container, dict):
        return reversed(list(container.items()))
    return ((entry,) for entry in reversed(list(container)))


def _examine_entry(entry, seen):
    """
    What was made before the recording began, or is held by others too, is not the entry's own. Returns the places, the
    bytes, and whether that is all of it.
    """
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
        for inner in _referents(thing):
            if made_at(inner) is not None or sys.getrefcount(inner) <= _SINGLE_OWNER:
                queue.append(inner)
    places.discard(None)
    return places, size, not queue


def _referents(thing):
    """Arrays of numpy are not followed by the collector; a view keeps the whole array that it is a part of."""
    if type(thing).__module__ == "numpy":
        base = getattr(thing, "base", None)
        return [] if base is None else [base]
    return gc.get_referents(thing)
