"""API tokens: the database knows their hashes only, a cache in each worker saves asking it."""
import hashlib
import secrets
import threading
import time
from collections import OrderedDict

_TIME_TO_LIVE_SECONDS = 30


class TokenCache:
    """The tokens used last, each for a while."""

    def __init__(self, entries):
        self._most = entries
        self._entries = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key):
        with self._lock:
            owner, expires = self._entries.pop(key, (None, 0))
            if expires <= time.monotonic():
                return None
            self._entries[key] = (owner, expires)
            return owner

    def put(self, key, owner):
        with self._lock:
            self._entries[key] = (owner, time.monotonic() + _TIME_TO_LIVE_SECONDS)
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)


class UnboundedTokenCache:
    """Looks at an entry only when its token comes again."""

    def __init__(self):
        self._entries = {}

    def get(self, key):
        owner, expires = self._entries.get(key, (None, 0))
        return owner if expires > time.monotonic() else None

    def put(self, key, owner):
        self._entries[key] = (owner, time.monotonic() + _TIME_TO_LIVE_SECONDS)


class Tokens:
    def __init__(self, repository, cache):
        self._repository = repository
        self._cache = cache

    def issue(self, owner):
        token = secrets.token_urlsafe(24)
        self._repository.run("insert into tokens (hash, owner) values (?, ?)", (_hash_of(token), owner))
        return token

    def owner_of(self, token):
        key = _hash_of(token)
        owner = self._cache.get(key)
        if owner is None:
            found = self._repository.run("select owner from tokens where hash = ?", (key,))
            if not found:
                return None
            owner = found[0][0]
            self._cache.put(key, owner)
        return owner

    def revoke(self, token):
        """Other workers forget it when it has expired."""
        self._repository.run("delete from tokens where hash = ?", (_hash_of(token),))


def _hash_of(token):
    return hashlib.sha256(token.encode()).hexdigest()
