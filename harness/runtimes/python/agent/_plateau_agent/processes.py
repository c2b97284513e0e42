"""Processes that the target has started and that it has not seen end, by what represents them in Python."""
import gc
import os
import sys

from .origins import made_at


def started():
    """Command and the stack that started each; of several objects for one process, the first that shows more of it."""
    found = {}
    for module, name, facts in _KINDS:
        kind = getattr(sys.modules.get(module), name, None)
        for thing in gc.get_objects() if kind is not None else ():
            # What an object says of its own class may be code of the target.
            if not issubclass(type(thing), kind):
                continue
            try:
                pid, command = facts(thing)
            except Exception:  # Whatever a class of the target says.
                continue
            if pid is not None and pid not in found:
                found[pid] = command, made_at(thing)
    return list(found.values())


def _of_asyncio(process):
    transport = getattr(process, "_transport", None)
    inner = getattr(transport, "_proc", None)
    return _of_subprocess(inner) if inner is not None else (None, None)


def _of_subprocess(process):
    """Not `poll`, which would take the end of the process from the target."""
    is_over = getattr(process, "returncode", 0) is not None
    return (None, None) if is_over else (process.pid, _name(getattr(process, "args", None)))


def _of_multiprocessing(process):
    inner = getattr(process, "_popen", None)
    is_over = inner is None or getattr(inner, "returncode", None) is not None
    return (None, None) if is_over else (inner.pid, "python")


def _name(arguments):
    first = arguments if isinstance(arguments, (str, bytes, os.PathLike)) else next(iter(arguments or ()), "")
    words = os.fsdecode(first).split()
    return os.path.basename(words[0]) if words else ""


# What of asyncio starts a process has the caller among its frames, and what that makes has not.
_KINDS = (
    ("asyncio.subprocess", "Process", _of_asyncio),
    ("subprocess", "Popen", _of_subprocess),
    ("multiprocessing.process", "BaseProcess", _of_multiprocessing),
)
