"""The database: engine, sessions, and the two column types that behave alike on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import SQLITE_ERROR
from typing import Any

from sqlalchemy import (
    JSON,
    URL,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Insert,
    MetaData,
    Result,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as ConnectionTimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from surveys.errors import DatabaseBusyError, DatabaseUnreachableError

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_SECONDS: float = 5
"""How long to wait for a lock that another one holds."""


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database (SQLite itself knows no zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: say in which zone it is")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of the house, in one metadata with one naming convention."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this plain dict
        datetime: UTCDateTime,
        dict[str, Any]: JSON,
        dict[str, str]: JSON,
        dict[str, float]: JSON,
        list[Any]: JSON,
        list[int]: JSON,
    }


class Database:
    """One engine and the two ways to open a session on it.

    `session()` writes: it begins immediately, commits at the end, rolls back on an error.
    `reading()` reads: it sees one consistent state and never blocks a writer.
    Errors: `DatabaseUnreachableError`, `DatabaseBusyError`.
    """

    def __init__(self, url: str) -> None:
        self.engine = _create_engine(url)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session for writing; committed when the block ends, rolled back when it raises."""
        with self._translated_errors(), Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session for reading only; on PostgreSQL one snapshot for the whole block."""
        with self._translated_errors(), Session(self._reading_engine) as session:
            yield session

    def ping(self) -> None:
        """Raise `DatabaseUnreachableError` unless the database answers. Needs no lock: a writer may be at work."""
        try:
            with self._reading_engine.connect() as connection:
                # the first page of the file, which SELECT 1 would leave unread
                connection.execute(text("SELECT count(*) FROM sqlite_master" if self._is_sqlite else "SELECT 1"))
        except SQLAlchemyError as error:
            raise DatabaseUnreachableError(self._unreachable_message(error)) from error

    @property
    def _reading_engine(self) -> Engine:
        """The engine for reading only; on PostgreSQL one snapshot a transaction."""
        snapshot = {} if self._is_sqlite else {"isolation_level": "REPEATABLE READ"}
        return self.engine.execution_options(koebako_reading=True, **snapshot)

    @property
    def has_one_writer(self) -> bool:
        """Whether one transaction at a time may write."""
        return self._is_sqlite

    @property
    def _is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Return every connection."""
        self.engine.dispose()

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InterfaceError, InternalError) as error:  # locked, full, read-only, gone
            if getattr(error.orig, "sqlite_errorcode", None) == SQLITE_ERROR:
                raise  # SQLite files a wrong statement under the same name: that is our fault
            raise DatabaseBusyError(f"the database did not take it: {error.orig}") from error
        except ConnectionTimeoutError as error:  # every connection is taken: a flood of customers, or a slow disk
            raise DatabaseBusyError(f"the database did not take it: {error}") from error

    def _unreachable_message(self, error: Exception) -> str:
        url = self.engine.url.render_as_string(hide_password=True)
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()
        return f"cannot reach the database {url}: {reason[0] if reason else type(error).__name__}"


def insert_or_skip(session: Session, table: type[Any]) -> Insert:
    """Start an INSERT that silently skips rows which clash with a unique index, on either database.

    Unlike a caught IntegrityError it leaves the transaction usable, and it waits for a concurrent writer of the same
    key instead of guessing.
    """
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def affected_rows(result: Result[Any]) -> int:
    """Count the rows that an UPDATE or DELETE met."""
    return result.rowcount if isinstance(result, CursorResult) else 0


def _create_engine(url: str) -> Engine:
    try:
        parsed = _parsed(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() == "postgresql")
    except (ArgumentError, ImportError, OSError, SQLAlchemyError) as error:
        raise DatabaseUnreachableError(f"the database URL {_without_password(url)} cannot be used: {error}") from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)
    return engine


def _parsed(url: str) -> URL:
    parsed = make_url(url)
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ArgumentError("it must begin with sqlite or postgresql")
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


def _without_password(url: str) -> str:
    try:
        return repr(make_url(url).render_as_string(hide_password=True))
    except (SQLAlchemyError, ValueError):
        return "in KOEBAKO_DATABASE_URL"  # who knows where a password stands in it


def _prepare_postgresql(engine: Engine) -> None:
    """Wait for a lock as long as SQLite does: a customer hears that it did not work instead of waiting for ever."""

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.execute(f"SET lock_timeout = {int(BUSY_SECONDS * 1000)}")
        connection.commit()


def _prepare_sqlite(engine: Engine) -> None:
    """Make SQLite durable and strict, and let us say how a transaction begins.

    FULL is what "acknowledged means on disk" needs in WAL mode; IMMEDIATE takes the write lock at the start, since a
    transaction that reads first and writes later fails at once, without waiting, when another wrote in between.
    """

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={int(BUSY_SECONDS * 1000)}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what was erased is overwritten in the file, not only marked as free
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("koebako_reading", False)
        connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")
