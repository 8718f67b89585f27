"""Where a command meets the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from feedback.config import Config
from feedback.schema import check_schema
from surveys.database import Database


@contextmanager
def opened(config: Config) -> Iterator[Database]:
    """Open the configured database for one command and close it afterwards.

    Errors: `DatabaseUnreachableError`; `SchemaError` unless its schema is this code's.
    """
    database = Database(config.database_url)
    try:
        check_schema(database)
        yield database
    finally:
        database.close()
