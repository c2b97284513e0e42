"""Frees what is garbage, and what the interpreter itself keeps for speed."""
import gc
import sys

# Attributes that were looked up last, up to 4,096 names: those of names that a service makes anew each time, as
# `getattr(self, "do_" + method)` does, fill it for thousands of cycles. It was renamed in 3.13.
_clear_caches = getattr(sys, "_clear_internal_caches", None) or getattr(sys, "_clear_type_cache", lambda: None)


def collect():
    """What a target never collects itself is not collected for it: with collection off, its cycles stay."""
    if gc.isenabled():
        gc.collect()
        gc.collect()
    _clear_caches()
