"""What is alive and where it was made, for the cause pass."""
import _tracemalloc
import gc
import os
import sys
import threading

from . import files, holders, keepers, processes, tasks
from .collecting import collect
from .names import function_at, type_name
from .origins import made_at

_OWN = os.path.dirname(os.path.abspath(__file__))
# What Python records of each allocation: more frames show more callers, and slow the target down.
_FRAMES = 5
# Of all places where something is alive, those that hold most.
_MOST_SITES = 1500
# Objects whose types are looked at; above, the others of a place are taken to be like them.
_MOST_OBJECTS = 400_000

_state = {"started": False, "first": None}


def begin(_):
    """Records where memory is allocated from now on."""
    if not _tracemalloc.is_tracing():
        collect()
        _tracemalloc.start(_FRAMES)
        _state["started"] = True
    _state["first"] = None
    holders.begin()
    files.begin(_FRAMES)
    return {}


def end():
    files.end()
    if _state["started"]:
        _tracemalloc.stop()


def read(params):
    """
    Live allocations by stack, things that are open, and the containers that have grown.

    Python keeps memory of tuples and frames for later ones, and makes those that describe allocations without a record.
    A collection afterwards gives it back: what the target makes next would have no record either.
    """
    collect()
    found = _read(params)
    collect()
    return found


def _read(params):
    sites = _allocations()
    first = _state["first"]
    if first is None:
        _state["first"] = sites
    held = keepers.keepers(sites, first or {}) if params["isLast"] else []
    found = {
        "sites": [],
        "things": _things(),
        "holders": holders.grown(params["isLast"]) + held,
        "collects": gc.isenabled(),
    }
    types = _types(sites) if params["isLast"] else {}
    for frames, live in sites.items():
        site = {"stack": _located(frames, params["isLast"]), "bytes": live.bytes, "count": live.blocks}
        if frames in types:
            site["type"] = types[frames]
        found["sites"].append(site)
    return found


def _allocations():
    """What is alive by stack, the innermost frame first; without what is allocated here."""
    by_stack = {}
    # Equal stacks are one object in this list: its id is a cheaper key than a hash of all its frames.
    for _, size, frames, *_ in _tracemalloc._get_traces():
        entry = by_stack.get(id(frames))
        if entry is None:
            by_stack[id(frames)] = [frames, size, 1, size]
        else:
            entry[1] += size
            entry[2] += 1
            if size > entry[3]:
                entry[3] = size
    foreign = [entry for entry in by_stack.values() if not _is_own(entry[0])]
    foreign.sort(key=lambda entry: -entry[1])
    return {frames: keepers.Live(*live) for frames, *live in foreign[:_MOST_SITES]}


def _is_own(frames):
    return any(file.startswith(_OWN) for file, _ in frames)


def _located(frames, with_functions):
    return [[file, line, function_at(file, line) if with_functions else None] for file, line in frames]


def _types(sites):
    """The type that takes most of what each place has made."""
    counts = {}
    for thing in gc.get_objects()[-_MOST_OBJECTS:]:
        frames = made_at(thing)
        if frames in sites:
            by_type = counts.setdefault(frames, {})
            by_type[type(thing)] = by_type.get(type(thing), 0) + object.__sizeof__(thing)
    return {frames: type_name(max(by_type, key=by_type.get)) for frames, by_type in counts.items()}


def _things():
    """What is open or runs, by the stack that made it: descriptors, threads, tasks."""
    by_place = {}

    def add(kind, metrics, what, frames):
        if frames is None or _is_own(frames):
            return
        key = (kind, metrics, what, frames)
        by_place[key] = by_place.get(key, 0) + 1

    for thing in gc.get_objects():
        described = _descriptor_of(thing)
        if described is not None:
            add("fd", described, type_name(type(thing)), made_at(thing))
    for command, frames in processes.started():
        add("process", ("children",), command, frames)
    for thread in threading.enumerate():
        add("thread", ("threads",), _work_of(thread), made_at(thread))
    for task in tasks.alive() if "asyncio" in sys.modules else []:
        add("call", ("tasks",), _waiting_place(task), made_at(task))
    for frames in files.left():
        add("file", ("tempFiles",), "files", frames)
    return [
        {"kind": kind, "metrics": list(metrics), "what": what, "count": count, "stack": _located(frames, True)}
        for (kind, metrics, what, frames), count in by_place.items()
    ]


_NETWORKS = {"AF_INET": "tcp", "AF_INET6": "tcp", "AF_UNIX": "unix"}


def _descriptor_of(thing):
    """The metrics that an open thing counts in; None of what is closed, or holds no descriptor."""
    name = type_name(type(thing))
    try:
        if name == "sqlite3.Connection":
            return ("fds", "fds.file") if _is_open_database(thing) else None
        if name in ("io.FileIO", "_io.FileIO"):
            return ("fds", "fds.file") if not thing.closed else None
        if isinstance(thing, sys.modules["socket"].socket if "socket" in sys.modules else ()):
            if thing.fileno() < 0:
                return None
            network = _NETWORKS.get(getattr(thing.family, "name", ""), "socket")
            return ("fds", "fds.udp" if network == "tcp" and int(thing.type) == 2 else "fds." + network)
    except Exception:  # Whatever a type of the target does when it is looked at.
        return None
    return None


def _is_open_database(connection):
    """A connection of another thread refuses every call, one that is closed in other words."""
    try:
        connection.total_changes
    except Exception as error:
        return "closed" not in str(error)
    return True


def _work_of(thread):
    target = getattr(thread, "_target", None)
    return getattr(target, "__qualname__", None) or type(thread).__name__


def _waiting_place(task):
    """`heartbeat`, and where it waits: the innermost coroutine that it awaits."""
    coroutine = task.get_coro()
    name = getattr(coroutine, "__qualname__", type(coroutine).__name__)
    frame = None
    for _ in range(50):
        inner = getattr(coroutine, "cr_frame", None)
        if inner is None:
            break
        frame = inner
        coroutine = getattr(coroutine, "cr_await", None)
    return name if frame is None else "%s|%s|%d" % (name, frame.f_code.co_filename, frame.f_lineno)
