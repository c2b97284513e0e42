"""What plateau may ask of a process."""
import json
import os
import sys
import sysconfig
import traceback

from . import memory, recording, tasks
from .collecting import collect


def answer(connection):
    """Answers until plateau hangs up."""
    pending = b""
    while True:
        chunk = connection.recv(65536)
        if not chunk:
            return
        pending += chunk
        *lines, pending = pending.split(b"\n")
        for line in lines:
            connection.sendall(_reply(json.loads(line)))


def _reply(request):
    try:
        reply = {"id": request["id"], "result": _METHODS[request["method"]](request["params"])}
    except Exception:
        reply = {"id": request["id"], "error": traceback.format_exc(limit=-3)}
    return json.dumps(reply).encode() + b"\n"


def _hello(_):
    paths = sysconfig.get_paths()
    return {
        "pid": os.getpid(),
        "version": "%d.%d.%d" % sys.version_info[:3],
        "library": sorted({os.path.realpath(paths["stdlib"]), os.path.realpath(paths["platstdlib"])}),
    }


def _floor(_):
    memory.examine()
    collect()
    return _load(None)


def _load(_):
    values = memory.read()
    alive = tasks.count()
    if alive is not None:
        values["tasks"] = alive
    return values


def leave():
    """Leaves the process as it was found."""
    from . import stop

    recording.end()
    memory.end()
    stop()


def _stop(_):
    leave()
    return {}


_METHODS = {
    "hello": _hello,
    "floor": _floor,
    "load": _load,
    "begin": recording.begin,
    "evidence": recording.read,
    "stop": _stop,
}
