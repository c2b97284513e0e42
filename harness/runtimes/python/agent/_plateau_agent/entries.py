"""Which places made what a container holds."""
import collections
import functools
import gc
import itertools

from .origins import made_at

_SAMPLED_ENTRIES = 40
# An entry and what hangs on it alone.
_MOST_OBJECTS = 60
# Of the sampled entries that a place must have made something for. Python gives memory of objects that it has just
# freed to new ones without another record, so that part of them seems to be made where those were.
_LEAST_SHARE = 0.1

CACHE = type(functools.lru_cache(maxsize=1)(len))


def places_of(container):
    """Stacks at which what hangs on the latest entries was made."""
    entries = list(_latest(container))
    counts = collections.Counter()
    for entry in entries:
        counts.update(_places(entry))
    return [frames for frames, count in counts.items() if count >= len(entries) * _LEAST_SHARE]


def _latest(container):
    """Entries in the order of their coming where there is one; each with its key."""
    if isinstance(container, CACHE):
        # Its own table is larger than the attributes of the function.
        container = max((inner for inner in gc.get_referents(container) if type(inner) is dict), key=len, default={})
    if isinstance(container, dict):
        return itertools.islice(reversed(list(container.items())), _SAMPLED_ENTRIES)
    ordered = isinstance(container, (list, collections.deque))
    return itertools.islice(reversed(container) if ordered else iter(container), _SAMPLED_ENTRIES)


def _places(entry):
    """What was made before the recording began is shared with others and ends the search."""
    places, seen = set(), set()
    queue = collections.deque(entry if type(entry) is tuple else (entry,))
    if type(entry) is tuple:
        places.add(made_at(entry))
    while queue and len(seen) < _MOST_OBJECTS:
        thing = queue.popleft()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        frames = made_at(thing)
        if frames is not None:
            places.add(frames)
            queue.extend(gc.get_referents(thing))
    places.discard(None)
    return places
