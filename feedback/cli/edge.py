"""Where a command meets the database."""

import getpass
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

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


@contextmanager
def changing(config: Config, by: str, action: str, subject: str) -> Iterator[Session]:
    """Open a session for a command that changes what staff pages show, and leave its line in the trail.

    Errors: as `opened`.
    """
    from feedback.accounts import record

    with opened(config) as database, database.session() as session:
        yield session
        record(session, by, action, subject[:200], datetime.now(UTC))


def by_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add `--by NAME`: who is named in the trail."""
    return click.option(
        "--by", metavar="NAME", default=_user, help="Who does it. Default: the user of the operating system."
    )(command)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:  # a container may know no user
        raise click.UsageError("say who does it: --by NAME") from error


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their heads; what is too long is folded, since a key that is cut short can't be copied."""
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
