"""One connection a call, and three ways to close it."""
import sqlite3

_SCHEMA = """
create table if not exists policies (name text primary key, days integer not null);
create table if not exists tokens (hash text primary key, owner text not null);
"""
_BUSY_SECONDS = 30


class Repository:
    """Closes whatever happens."""

    def __init__(self, path):
        self.path = path
        connection = self.connect()
        connection.executescript(_SCHEMA)
        connection.close()

    def connect(self):
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS)
        # Waiting for the disk twice a cycle would show nothing more.
        connection.execute("pragma synchronous = off")
        return connection

    def run(self, statement, parameters=()):
        connection = self.connect()
        try:
            with connection:
                return connection.execute(statement, parameters).fetchall()
        finally:
            connection.close()


class UnclosedRepository(Repository):
    """An exception skips the close, and whoever keeps the exception keeps the connection."""

    def run(self, statement, parameters=()):
        connection = self.connect()
        with connection:
            found = connection.execute(statement, parameters).fetchall()
        connection.close()
        return found


class WithOnlyRepository(Repository):
    """The block commits or rolls back, but does not close: what nobody keeps goes by itself, and an exception keeps it."""

    def run(self, statement, parameters=()):
        with self.connect() as connection:
            return connection.execute(statement, parameters).fetchall()
