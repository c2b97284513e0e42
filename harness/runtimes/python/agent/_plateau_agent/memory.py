"""Live memory of the process, to the byte.

Small objects lie in pools of Python's own allocator: each begins with a header that says how large its blocks are and
how many of them are in use. Everything else is allocated by the C library, which can be asked for its sum. Whether both
work in this interpreter is tried on planted objects before they are used.
"""
import ctypes
import os
import struct
import sys
import time

# struct pool_header in Objects/obmalloc.c: count of blocks in use, three pointers, arena, size class, two offsets.
_HEADER = struct.Struct("=QQQQIIII")
_OVERHEAD = 48
_ALIGNMENT = 16
_SIZE_CLASSES = 32
_POOL_BYTES = 16384 if sys.version_info >= (3, 10) else 4096

_PLANTED = 4096
_PLANTED_BYTES = 4 * 1024 * 1024
_TOLERANCE = 0.1
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.02

# Examinations that may fail; then a measure does not work in this interpreter.
_EXAMINATIONS = 4

_state = {"examinations": 0, "pools": False, "malloc": False, "memory": None, "buffer": bytearray(_HEADER.size)}


class _Mallinfo2(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_size_t)
        for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()
    ]


class _Mallinfo(ctypes.Structure):
    """Of glibc before 2.33: the same in 32 bits, which wrap around."""

    _fields_ = [(name, ctypes.c_uint) for name, _ in _Mallinfo2._fields_]


def _find_mallinfo():
    library = ctypes.CDLL(None)
    for name, result in (("mallinfo2", _Mallinfo2), ("mallinfo", _Mallinfo)):
        function = getattr(library, name, None)
        if function is not None:
            function.restype = result
            function.argtypes = []
            return function
    return None


_mallinfo = _find_mallinfo()


def examine():
    """Tries the measures that did not work yet: call it while the target rests."""
    if _state["examinations"] >= _EXAMINATIONS or _sees_all():
        return
    _state["examinations"] += 1
    if _state["memory"] is None:
        try:
            _state["memory"] = os.open("/proc/self/mem", os.O_RDONLY)
        except OSError:
            pass
    _state["pools"] = _state["pools"] or _sees_planted_blocks()
    _state["malloc"] = _state["malloc"] or _sees_planted_bytes()


def _sees_all():
    """Without pools of its own (PYTHONMALLOC=malloc), Python allocates everything by the C library."""
    return _state["malloc"] and (_state["pools"] or sys.getallocatedblocks() == 0)


def end():
    if _state["memory"] is not None:
        os.close(_state["memory"])
    _state.update(examinations=0, pools=False, malloc=False, memory=None)


# The descriptor of a forked child still shows the memory of its parent.
os.register_at_fork(after_in_child=end)


def read():
    """`objects`: allocated blocks; `heapUsed`: live bytes, None where not all of them can be seen."""
    blocks = sys.getallocatedblocks()
    values = {"heapUsed": None}
    if blocks > 0:
        values["objects"] = blocks
    if _sees_all():
        values["heapUsed"] = _library_bytes() + (_pool_use()[1] if _state["pools"] else 0)
    return values


def _library_bytes():
    use = _mallinfo()
    return use.uordblks + use.hblkhd


def _sees_planted_blocks():
    """Compares with the interpreter's own count, so that what the target allocates meanwhile is in both."""
    if _state["memory"] is None or sys.getallocatedblocks() == 0:
        return False

    def attempt():
        counted, seen = -sys.getallocatedblocks(), -_pool_use()[0]
        planted = [object() for _ in range(_PLANTED)]
        seen += _pool_use()[0]
        counted += sys.getallocatedblocks()
        return seen >= len(planted) and abs(seen - counted) <= len(planted) * _TOLERANCE

    return _succeeds(attempt)


def _sees_planted_bytes():
    if _mallinfo is None:
        return False

    def attempt():
        before = _library_bytes()
        planted = bytes(_PLANTED_BYTES)
        return _library_bytes() - before >= len(planted) * (1 - _TOLERANCE)

    return _succeeds(attempt)


def _succeeds(attempt):
    """Other threads go on meanwhile: what fails once may succeed a moment later."""
    for count in range(_ATTEMPTS):
        time.sleep(_PAUSE_SECONDS * count)
        if attempt():
            return True
    return False


def _pool_use():
    """Blocks in use and their bytes, over all pools."""
    blocks = bytes_in_use = 0
    for start, end in _writable_anonymous():
        start = -(-start // _POOL_BYTES) * _POOL_BYTES
        for address in range(start, end - _POOL_BYTES + 1, _POOL_BYTES):
            count, size = _read_pool(address)
            blocks += count
            bytes_in_use += count * size
    return blocks, bytes_in_use


def _writable_anonymous():
    with open("/proc/self/maps", "rb") as maps:
        lines = maps.read().splitlines()
    for line in lines:
        parts = line.split()
        if len(parts) == 5 and parts[1].startswith(b"rw"):
            start, end = parts[0].split(b"-")
            yield int(start, 16), int(end, 16)


def _read_pool(address):
    """Blocks in use and size of a block; nothing of what is no pool. What another thread unmaps meanwhile cannot be read."""
    try:
        os.preadv(_state["memory"], [_state["buffer"]], address)
    except OSError:
        return 0, 0
    count, _, _, _, _, size_class, next_offset, last_offset = _HEADER.unpack(_state["buffer"])
    count &= 0xFFFFFFFF
    size = (size_class + 1) * _ALIGNMENT
    is_pool = (
        size_class < _SIZE_CLASSES
        and last_offset == _POOL_BYTES - size
        and _OVERHEAD <= next_offset <= last_offset + size
        and (next_offset - _OVERHEAD) % size == 0
        and count <= (_POOL_BYTES - _OVERHEAD) // size
    )
    return (count, size) if is_pool else (0, 0)
