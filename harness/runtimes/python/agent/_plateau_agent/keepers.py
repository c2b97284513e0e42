"""What keeps most of what a place has made, where that is no container with ever more entries: the first of a chain, a tuple, a text."""
import collections
import gc
import sys
import types

from .names import type_name
from .origins import made_at
from .paths import LONGEST_PATH, path_along
from .roots import RUNNING_FUNCTION, roots

# Fewer objects are no growth that has been seen for a while.
_LEAST_GROWTH = 16
# Of what a place has made: more than half is kept by one thing at most.
_KEPT_SHARE = 0.5
# An object has a block for itself, and up to three for its attributes, their table and the values in it.
_MOST_BLOCKS = 4
# The search stops the target, and tracemalloc records what it allocates: 21,000 objects took 1.3 s, and 315,000 took 12 s.
_MOST_OBJECTS = 400_000
# A block of which one thing alone may be the owner by its size; what the thing takes beside it.
_LEAST_ROOM_BYTES = 4096
_MOST_HEAD_BYTES = 128
# Types that keep what they hold in a block of its own, and say how large that is without running code of the target.
_ROOMY = {"builtins", "array", "_io", "numpy", "collections"}

# What is alive of a place: bytes, blocks, and the bytes of the largest block.
Live = collections.namedtuple("Live", "bytes blocks largest_block_bytes")
NOTHING_LIVE = Live(0, 0, 0)
_Reached = collections.namedtuple("_Reached", "things parents made roots")


def keepers(sites, before):
    """
    Of places, by stack, of which more is alive than before: what keeps most of that, as holders are described. Each object
    belongs to what reaches it first on the shortest way from a root.
    """
    grown = {
        frames: site.blocks
        for frames, site in sites.items()
        if site.blocks - before.get(frames, NOTHING_LIVE).blocks >= _LEAST_GROWTH
    }
    rooms = {
        site.largest_block_bytes: frames
        for frames, site in sites.items()
        if site.largest_block_bytes >= max(_LEAST_ROOM_BYTES, site.bytes * _KEPT_SHARE)
        and site.largest_block_bytes > before.get(frames, NOTHING_LIVE).largest_block_bytes
    }
    if not grown and not rooms:
        return []
    reached = _reach(grown, rooms)
    if reached is None:
        return []
    totals = collections.Counter(reached.made.values())
    heaviest = _heaviest(reached, totals)
    found = {}
    for frames, total in totals.items():
        chain = _descend(frames, heaviest, reached.made)
        if total * _MOST_BLOCKS >= grown.get(frames, 1) and _says_something(chain, reached):
            found.setdefault(chain[-1], (chain, []))[1].append(frames)
    return [_describe(chain, places, reached, totals) for chain, places in found.values()]


def _reach(grown, rooms):
    """Breadth first, all that roots lead to; None of what is too much to read."""
    things, parents, made, seen, by_root = [], [], {}, set(), {}
    seen.update(id(thing) for thing in (things, parents, made, seen, by_root, grown, rooms, sys.modules))
    for root in roots():
        if id(root.thing) not in seen:
            seen.add(id(root.thing))
            by_root[len(things)] = root
            things.append(root.thing)
            parents.append(-1)
    for position, thing in enumerate(things):
        if len(things) > _MOST_OBJECTS:
            return None
        for inner in _referents(thing):
            key = id(inner)
            if key in seen or isinstance(inner, types.ModuleType):
                continue
            frames = made_at(inner)
            if frames not in grown:
                frames = _room(inner, rooms)
            if frames is not None:
                made[len(things)] = frames
            elif not gc.is_tracked(inner) and type(inner) not in (dict, tuple):
                continue
            seen.add(key)
            things.append(inner)
            parents.append(position)
    return _Reached(things, parents, made, by_root)


def _referents(thing):
    """Names of functions and texts lead nowhere."""
    return () if type(thing) in (str, bytes) else gc.get_referents(thing)


def _room(thing, rooms):
    """The place that has made the block which a thing keeps its content in, known by its size."""
    if not rooms or type(thing).__module__ not in _ROOMY:
        return None
    size = sys.getsizeof(thing, 0)
    if size < _LEAST_ROOM_BYTES:
        return None
    return next((frames for block, frames in rooms.items() if abs(size - block) <= _MOST_HEAD_BYTES), None)


def _heaviest(reached, totals):
    """By what is above it and a place: the one thing through which most is reached that the place has made."""
    below, heaviest = {}, {}
    for position in range(len(reached.things) - 1, -1, -1):
        counts = below.pop(position, None)
        frames = reached.made.get(position)
        if frames is not None:
            counts = counts or {}
            counts[frames] = counts.get(frames, 0) + 1
        if not counts:
            continue
        parent = reached.parents[position]
        above = below.setdefault(parent, {})
        for frames, count in counts.items():
            above[frames] = above.get(frames, 0) + count
            if count > totals[frames] * _KEPT_SHARE:
                heaviest[parent, frames] = position
    return heaviest


def _descend(frames, heaviest, made):
    """To the first thing of a chain, or to the last one that most hangs on."""
    chain, position = [], heaviest.get((-1, frames))
    while position is not None and len(chain) < LONGEST_PATH:
        chain.append(position)
        position = None if position in made else heaviest.get((position, frames))
    return chain


def _says_something(chain, reached):
    """More than the name of a module."""
    return len(chain) > 1 or (chain and reached.roots[chain[0]].rank == RUNNING_FUNCTION)


def _describe(chain, places, reached, totals):
    keeper = reached.things[chain[-1]]
    path = path_along(reached.roots[chain[0]], [reached.things[position] for position in chain])
    return {
        "path": path.steps,
        "entries": max(totals[frames] for frames in places),
        "type": None,
        "container": type_name(type(keeper)),
        "numbers": [],
        "entriesMadeAt": made_at(keeper),
        "places": places,
    }
