"""What says that entries of a container go by themselves: timers that will take them out, or times in the entries."""
import datetime
import functools
import itertools
import sys
import time
import types

from . import removers
from .entries import latest
from .steps import slot

_MILLISECONDS = 1000
# Times that are further away are limits, and no times at which something goes.
_LONGEST_SECONDS = 90 * 86_400
_DAY_SECONDS = 86_400
# Of what is no time: earlier dates and larger numbers cannot be reckoned with.
_FIRST_YEAR = 1970
_MOST_BITS = 64
# Entries that are looked at, and what of them must name a time.
_MOST_ENTRIES = 200
_LEAST_SHARE = 0.2
# How deep the time of an entry lies below it: `entry.cookie.expires`.
_DEEPEST = 2
_MOST_FIELDS = 40
_MOST_TIMERS = 2_000
_ENDS = {"expires", "expire", "expiry", "expiration", "exp", "until", "deadline", "due"}
_LIVES = {"ttl", "lifetime", "life", "age", "keep", "retention", "timeout", "expires", "expire", "expiry", "expiration"}


class Timers:
    """Timers of all event loops that have not fired: what each calls, and for how long it still waits."""

    def __init__(self, things):
        handle = getattr(sys.modules.get("asyncio"), "TimerHandle", None)
        self._kind = handle or ()
        self.armed = []
        kinds = {}
        for thing in things:
            if handle is None or type(thing) is not handle or thing._cancelled:
                continue
            try:
                in_seconds, called = thing._when - thing._loop.time(), _called_by(thing)
            except Exception:  # Whatever the loop or the task of a target does.
                continue
            key = called and called[0]
            if key not in kinds:
                kinds[key] = None if called is None else removers.read(*called)
                if len(kinds) > _MOST_TIMERS:
                    break
            self.armed.append((thing, in_seconds, kinds[key]))

    def that_take_from(self, container, name):
        """The longest time until one of them takes something out of a container; None where none does."""
        times = [
            in_seconds
            for handle, in_seconds, code in self.armed
            if getattr(handle._callback, "__self__", None) is container or (code is not None and name in code.takes)
        ]
        return max(times, default=None)

    def among(self, entries):
        """Entries that are timers themselves go when they fire; None where one of them is armed again by what it calls."""
        ids = {id(thing) for entry in entries for thing in entry if isinstance(thing, self._kind)}
        armed = [(in_seconds, code) for handle, in_seconds, code in self.armed if id(handle) in ids]
        if not armed or len(armed) < len(entries) * _LEAST_SHARE:
            return None
        if any(code is not None and not code.names.isdisjoint(("call_later", "call_at")) for _, code in armed):
            return None
        return max(in_seconds for in_seconds, _ in armed)


def _called_by(handle):
    """Code, variables and `self` of what a timer calls; of `asyncio.sleep`, those of the task that waits for it."""
    function = handle._callback
    while isinstance(function, functools.partial):
        function = function.func
    waiting = _task_that_waits(handle._args)
    if waiting is not None:
        return waiting
    receiver = getattr(function, "__self__", None)
    function = getattr(function, "__func__", function)
    if type(function) is not types.FunctionType:
        return None
    return function.__code__, function.__globals__, receiver


def _task_that_waits(arguments):
    future = arguments[0] if arguments else None
    for callback, _ in getattr(future, "_callbacks", None) or ():
        get_coroutine = getattr(getattr(callback, "__self__", None), "get_coro", None)
        frame = getattr(get_coroutine and get_coroutine(), "cr_frame", None)
        if frame is not None:
            return frame.f_code, frame.f_globals, frame.f_locals.get("self")
    return None


def expiry_of(container, name, timers, owner, module_names):
    """
    The name of what says it, and for how many milliseconds entries are still kept; None where nothing does.
    """
    try:
        return _expiry_of(container, name, timers, owner, module_names)
    except Exception:  # Whatever a type of the target does when it is looked at.
        return None


def _expiry_of(container, name, timers, owner, module_names):
    entries = list(itertools.islice(latest(container), _MOST_ENTRIES))
    for in_seconds in (timers.among(entries), timers.that_take_from(container, name)):
        if in_seconds is not None and in_seconds > 0:
            return "call_later", in_seconds * _MILLISECONDS
    times = [found for found in map(_time_of, entries) if found is not None]
    if not entries or len(times) < len(entries) * _LEAST_SHARE or not _is_swept(name, owner, module_names):
        return None
    coming = [found for found in times if found[1] > 0]
    if not coming:
        return _life_beside(owner, module_names)
    said, in_seconds = max(coming, key=lambda found: found[1])
    return said or "time", in_seconds * _MILLISECONDS


def _is_swept(name, owner, module_names):
    """Code beside the container that looks through it by the clock: else a time in its entries is only written down."""
    for function in removers.functions_beside(owner, module_names):
        code = removers.read(function.__code__, function.__globals__, owner)
        if code.reads_clock and name in code.sweeps:
            return True
    return False


def _time_of(entry):
    """The latest time to come in an entry, by name and in seconds; of one that has only been, zero seconds."""
    now, running = time.time(), time.monotonic()
    been, coming = None, None
    for name, value in _fields(entry, 0):
        words = set(name.lower().replace("-", "_").split("_"))
        ends = not words.isdisjoint(_ENDS)
        for seconds in _seconds_until(value, now, running, ends):
            if 0 < seconds < _LONGEST_SECONDS and (coming is None or seconds > coming[1]):
                coming = name, seconds
            elif -_DAY_SECONDS < seconds <= 0:
                been = name, 0
    return coming or been


def _seconds_until(value, now, running, ends):
    if type(value) is datetime.datetime:
        if value.year > _FIRST_YEAR:
            yield value.timestamp() - now
            yield value.replace(tzinfo=value.tzinfo or datetime.timezone.utc).timestamp() - now
    elif type(value) is float or (type(value) is int and value.bit_length() < _MOST_BITS):
        yield value - now
        yield value / _MILLISECONDS - now
        # A clock that counts from the start of the machine: any number may be like it, so its past counts for floats alone.
        if ends or (type(value) is float and value <= running):
            yield value - running


def _fields(thing, depth):
    """Names and values in an entry, those of its parts too; runs none of the target's code."""
    if isinstance(thing, dict):
        parts = [(key if type(key) is str else "", value) for key, value in itertools.islice(thing.items(), _MOST_FIELDS)]
    elif isinstance(thing, (tuple, list)):
        parts = [("", value) for value in thing[:_MOST_FIELDS]]
    elif isinstance(thing, (str, bytes, int, float, datetime.datetime, type(None))):
        parts = []
    else:
        parts = _attributes(thing)
    for name, value in parts:
        yield name, value
        if depth < _DEEPEST:
            yield from _fields(value, depth + 1)


def _attributes(thing):
    try:
        names = dict(object.__getattribute__(thing, "__dict__"))
    except AttributeError:
        names = {}
    for kind in type(thing).__mro__:
        for name, member in list(vars(kind).items()):
            if isinstance(member, types.MemberDescriptorType):
                names[name] = slot(member, thing)
    return list(names.items())[:_MOST_FIELDS]


def _life_beside(owner, module_names):
    """How long entries live by a number beside the container: of its owner, of the owner's class, of the module."""
    for names in (getattr(owner, "__dict__", {}), getattr(type(owner), "__dict__", {}), module_names):
        for name, value in list(names.items()):
            if isinstance(value, datetime.timedelta):
                value = value.total_seconds()
            if type(value) not in (int, float) or not 0 < value < _LONGEST_SECONDS:
                continue
            if not set(name.lower().strip("_").split("_")).isdisjoint(_LIVES):
                return name, value * _MILLISECONDS
    return "time", None
