"""Files and directories that are made in the temporary directory, by the stack that made them."""
import os
import sys

# Bounds the agent's own memory; files that come later are counted without a line.
_MOST_FILES = 50_000

_state = {"listens": False, "records": False, "frames": 0, "directory": None}
_made = {}


def begin(frames):
    """An audit hook cannot be taken away again: it is added once, and asleep while nothing is recorded."""
    _state["frames"] = frames
    _state["directory"] = os.path.join(os.environ.get("TMPDIR", "/tmp"), "")
    _state["records"] = True
    if not _state["listens"]:
        _state["listens"] = True
        sys.addaudithook(_note)


def end():
    _state["records"] = False
    _made.clear()


def left():
    """The stack of each that is still there, the innermost frame first."""
    for path in [path for path in list(_made) if not os.path.lexists(path)]:
        _made.pop(path, None)
    return list(_made.values())


def _note(event, arguments):
    if not _state["records"] or event not in ("open", "os.mkdir"):
        return
    path = arguments[0]
    if not isinstance(path, str) or not path.startswith(_state["directory"]):
        return
    if event == "open" and not arguments[2] & os.O_CREAT:
        return
    if len(_made) >= _MOST_FILES or path in _made or os.path.lexists(path):
        return
    _made[path] = tuple(_frames(sys._getframe(1)))


def _frames(frame):
    for _ in range(_state["frames"]):
        if frame is None:
            return
        yield frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
