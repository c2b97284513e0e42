"""Answers plateau over a socket of its own in each process: one JSON object a line.

Until plateau connects, a process has one more thread, which sleeps, and one more descriptor. Only modules that every
interpreter has loaded anyway, or that are part of it, are imported before that.
"""
import _signal
import _socket
import _thread
import os

_state = {"directory": None, "server": None, "connection": None, "is_guest": False, "follows_forks": False}
# plateau connects as soon as a debugger has let it in, which took 19 s on a loaded machine.
_GUEST_WAITS_S = 60
# Held while modules are imported: a child that is forked in the middle would have halves of them for ever.
_importing = _thread.allocate_lock()


def listen(directory, is_guest=False):
    """Waits for plateau at `<directory>/<pid>.socket`; does so again in what is forked.

    A guest of a process that runs without plateau leaves it when plateau is gone, also because that was killed.
    """
    _state["is_guest"] = is_guest
    _state["directory"] = directory
    if not _state["follows_forks"]:
        # Never undone, and the lock may be taken once: a guest may come again.
        _state["follows_forks"] = True
        os.register_at_fork(
            before=_importing.acquire, after_in_parent=_importing.release, after_in_child=_restart_forked
        )
    _restart()


def stop():
    """Leaves the process as it was, but for modules that stay loaded."""
    _state["directory"] = None
    _close("server")


def _restart_forked():
    _importing.release()
    _restart()


def _restart():
    """A forked child has the sockets of its parent, but not its thread."""
    _close("server")
    _close("connection")
    directory = _state["directory"]
    if directory is None:
        return
    try:
        server = _bind(directory)
    except OSError:
        return  # plateau has ended and its directory is gone.
    _state["server"] = server
    _thread.start_new_thread(_serve, (server,))


def _bind(directory):
    server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    # The path of a socket may have 107 characters: that of an open directory is always short.
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        path = "/proc/self/fd/%d/%d.socket" % (descriptor, os.getpid())
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
        server.bind(path)
        server.listen(1)
    finally:
        os.close(descriptor)
    return server


def _close(name):
    """The target may have closed the descriptor itself, and have another one of that number by now."""
    held = _state[name]
    _state[name] = None
    if held is None:
        return
    try:
        held.getsockname()
        held.close()
    except OSError:
        held.detach()


def _serve(server):
    # Signals are for the threads of the target: its main thread would not wake for one that came here.
    _signal.pthread_sigmask(_signal.SIG_BLOCK, _signal.valid_signals())
    # Else the one that the target has set for its own sockets would count.
    server.settimeout(_GUEST_WAITS_S if _state["is_guest"] else None)
    while _state["server"] is server:
        try:
            descriptor, _ = server._accept()
        except OSError:
            if _state["server"] is server and _state["is_guest"]:
                stop()
            return
        with _importing:
            from . import requests
        connection = _socket.socket(fileno=descriptor)
        connection.settimeout(None)
        _state["connection"] = connection
        try:
            requests.answer(connection)
        except OSError:
            pass
        finally:
            if _state["connection"] is connection:
                _close("connection")
        if _state["server"] is server and _state["is_guest"]:
            requests.leave()
