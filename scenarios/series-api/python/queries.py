"""Queries, and a cache of their answers that may keep so many bytes, by what it takes an answer for."""
import json
import threading
from collections import OrderedDict

_BYTES_MAX = 8 << 20
_ASSUMED_CELL_BYTES = 100
_SAMPLED_ROWS = 10

_STATEMENT = """
with recursive rows (n) as (select ? union all select n + 1 from rows limit ?)
select n, printf('%.*c', ?, 'x') from rows
"""


def measure_bytes(_rows, text):
    return len(text)


def assume_small_cells(rows, _text):
    """A hundred bytes a cell, whatever is in it."""
    return sum(len(row) for row in rows) * _ASSUMED_CELL_BYTES


def sample_first_rows(rows, _text):
    """Ten rows are measured and stand for all; they are the first ten, not any ten."""
    sample = rows[:_SAMPLED_ROWS]
    return len(json.dumps(sample)) * len(rows) // max(1, len(sample))


class QueryCache:
    """The answers used last."""

    def __init__(self, measure):
        self._measure = measure
        self._entries = OrderedDict()
        self._claimed = 0
        self._lock = threading.Lock()

    def get(self, key):
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key][0]

    def put(self, key, rows, text):
        with self._lock:
            self._drop(key)
            claimed = self._measure(rows, text)
            self._entries[key] = (text, claimed)
            self._claimed += claimed
            while self._claimed > _BYTES_MAX:
                self._drop(next(iter(self._entries)))

    def _drop(self, key):
        _, claimed = self._entries.pop(key, (None, 0))
        self._claimed -= claimed


class Queries:
    def __init__(self, repository, cache):
        self._repository = repository
        self._cache = cache

    def answer(self, rows, width, after):
        """So many rows after a number, each with a cell of that width, as text."""
        key = (rows, width, after)
        text = self._cache.get(key)
        if text is None:
            found = self._repository.run(_STATEMENT, (after, rows, width))
            text = json.dumps({"rows": found})
            self._cache.put(key, found, text)
        return text
