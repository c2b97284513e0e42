"""A time-series API: retention policies and tokens in SQLite, queries whose answers are cached, rows counted by DuckDB."""
import json
import os
import sqlite3
import tempfile

from queries import Queries, QueryCache, assume_small_cells, measure_bytes, sample_first_rows
from repository import GarbageRepository, Repository, UnclosedRepository, WithOnlyRepository
from tokens import TokenCache, Tokens, UnboundedTokenCache


class Refused(Exception):
    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status


class Api:
    def __init__(self, defects):
        self._repository = _repository_kind(defects)(os.path.join(tempfile.gettempdir(), "series.db"))
        cache = UnboundedTokenCache() if "unbounded-token-cache" in defects else TokenCache(entries=64)
        self._tokens = Tokens(self._repository, cache)
        self._queries = Queries(self._repository, QueryCache(_measure(defects)))
        self._keeps_instances = "kept-instances" in defects
        self._counter = None

    def put_policy(self, name):
        self._repository.run("insert or replace into policies (name, days) values (?, 30)", (name,))

    def delete_policy(self, name):
        self._repository.run("delete from policies where name = ?", (name,))

    def execute_policy(self, _name, measurement):
        """Fails where the measurement has no table."""
        try:
            self._repository.run('select count(*) from "%s"' % measurement)
        except sqlite3.Error as error:
            raise Refused(400, str(error))

    def query(self, rows, width, after):
        return self._queries.answer(int(rows), int(width), int(after))

    def count(self, rows):
        if self._counter is None:
            from counting import RowCounter

            self._counter = RowCounter(self._keeps_instances)
        return json.dumps({"rows": self._counter.count(int(rows))})

    def issue_token(self, owner):
        return json.dumps({"token": self._tokens.issue(owner)})

    def revoke_token(self, token):
        self._tokens.revoke(token)

    def whoami(self, token):
        owner = self._tokens.owner_of(token)
        if owner is None:
            raise Refused(401, "token: unknown")
        return json.dumps({"owner": owner})

    def answer(self, method, path):
        """The answer as text to a request, whose path is the name of a route and its arguments."""
        name, *arguments = path.strip("/").split("/")
        route = _ROUTES.get((method, name))
        if route is None:
            raise Refused(404, "%s %s: unknown" % (method, path))
        return route(self, *arguments) or "{}"


_ROUTES = {
    ("PUT", "policies"): Api.put_policy,
    ("DELETE", "policies"): Api.delete_policy,
    ("POST", "policies"): Api.execute_policy,
    ("GET", "queries"): Api.query,
    ("GET", "counts"): Api.count,
    ("POST", "tokens"): Api.issue_token,
    ("DELETE", "tokens"): Api.revoke_token,
    ("GET", "tokens"): Api.whoami,
}


_REPOSITORIES = {
    "unclosed-on-error": UnclosedRepository,
    "with-only": WithOnlyRepository,
    "gc-only": GarbageRepository,
}


def _repository_kind(defects):
    return next((kind for defect, kind in _REPOSITORIES.items() if defect in defects), Repository)


def _measure(defects):
    if "fixed-estimate" in defects:
        return assume_small_cells
    return sample_first_rows if "first-rows-estimate" in defects else measure_bytes
