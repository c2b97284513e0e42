"""Where an object was made, as recorded by tracemalloc."""
import _tracemalloc
import sys

# Instances whose attributes the interpreter manages begin four words before their address in 3.11, and `_tracemalloc`
# of that version looks for two.
_MANAGED_DICT = 1 << 4
_WORDS_BEFORE = 4


def made_at(thing):
    """The frames that made it, innermost first; None of what was made before the recording began."""
    frames = _tracemalloc._get_object_traceback(thing)
    if frames is None and _lookup is not None and type(thing).__flags__ & _MANAGED_DICT:
        return _lookup(0, id(thing) - _WORDS_BEFORE * _word)
    return frames


def _find_lookup():
    if sys.version_info[:2] != (3, 11):
        return None
    import ctypes

    function = getattr(ctypes.pythonapi, "_PyTraceMalloc_GetTraceback", None)
    if function is not None:
        function.restype = ctypes.py_object
        function.argtypes = [ctypes.c_uint, ctypes.c_size_t]
    return function


_lookup = _find_lookup()
_word = 8 if sys.maxsize > 2**32 else 4
