"""One connection a call, and ways to close it."""
import sqlite3

_SCHEMA = """
create table if not exists policies (name text primary key, days integer not null);
create table if not exists tokens (hash text primary key, owner text not null);
"""
_BUSY_SECONDS = 30


class Repository:
    """Closes whatever happens. What is open is kept, so that a shutdown can interrupt it."""

    def __init__(self, path):
        self.path = path
        self._open = set()
        connection = self._connect()
        connection.executescript(_SCHEMA)
        self._close(connection)

    def run(self, statement, parameters=()):
        connection = self._connect()
        try:
            with connection:
                return connection.execute(statement, parameters).fetchall()
        finally:
            self._close(connection)

    def _connect(self):
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS)
        # Waiting for the disk twice a cycle would show nothing more.
        connection.execute("pragma synchronous = off")
        self._open.add(connection)
        return connection

    def _close(self, connection):
        self._open.discard(connection)
        connection.close()


class UnclosedRepository(Repository):
    """An exception skips the close."""

    def run(self, statement, parameters=()):
        connection = self._connect()
        with connection:
            found = connection.execute(statement, parameters).fetchall()
        self._close(connection)
        return found


class WithOnlyRepository(Repository):
    """The block commits or rolls back, but does not close."""

    def run(self, statement, parameters=()):
        with self._connect() as connection:
            return connection.execute(statement, parameters).fetchall()


class GarbageRepository(UnclosedRepository):
    """An exception skips the close, but nobody keeps the connection, so that it goes by itself."""

    def _connect(self):
        connection = super()._connect()
        self._open.clear()
        return connection
