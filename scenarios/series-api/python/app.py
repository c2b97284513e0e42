"""A time-series API: retention policies and tokens in SQLite, rows counted by DuckDB."""
import os
import sqlite3
import tempfile

from fastapi import FastAPI, Header, HTTPException

from counting import RowCounter
from repository import Repository, UnclosedRepository, WithOnlyRepository
from tokens import TokenCache, Tokens, UnboundedTokenCache

defects = set(filter(None, os.environ.get("SERIES_API_DEFECTS", "").split(",")))
directory = tempfile.gettempdir()


def open_repository():
    kind = Repository
    if "unclosed-on-error" in defects:
        kind = UnclosedRepository
    if "with-only" in defects:
        kind = WithOnlyRepository
    return kind(os.path.join(directory, "series.db"))


repository = open_repository()
counter = RowCounter(keeps_instances="kept-instances" in defects)
tokens = Tokens(repository, UnboundedTokenCache() if "unbounded-token-cache" in defects else TokenCache(entries=64))
last_errors = []
app = FastAPI()


@app.put("/policies/{name}")
def put_policy(name: str, days: int = 30):
    repository.run("insert or replace into policies (name, days) values (?, ?)", (name, days))
    return {}


@app.delete("/policies/{name}")
def delete_policy(name: str):
    repository.run("delete from policies where name = ?", (name,))
    return {}


@app.post("/policies/{name}/execute")
def execute_policy(name: str, measurement: str):
    """Fails where the measurement has no table; the last errors are kept, for the page that shows them."""
    try:
        repository.run('select count(*) from "%s"' % measurement)
    except sqlite3.Error as error:
        last_errors.append(error)
        if len(last_errors) > 10_000:
            del last_errors[0]
        raise HTTPException(400, str(error))
    return {}


@app.get("/count")
def count_rows(rows: int):
    return {"rows": counter.count(rows)}


@app.post("/tokens")
def issue_token(owner: str):
    return {"token": tokens.issue(owner)}


@app.delete("/tokens/{token}")
def revoke_token(token: str):
    tokens.revoke(token)
    return {}


@app.get("/whoami")
def whoami(authorization: str = Header()):
    owner = tokens.owner_of(authorization.split(" ")[-1])
    if owner is None:
        raise HTTPException(401, "token: unknown")
    return {"owner": owner}
