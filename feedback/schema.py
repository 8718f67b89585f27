"""The database's schema: create or upgrade it, and refuse to work on another one than this code's."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

import analysis.tables  # noqa: F401 - imported for its tables
import feedback.tables  # noqa: F401 - the same
import surveys.tables  # noqa: F401 - the same
from feedback.errors import SchemaError
from surveys.database import Base, Database

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade_schema(database: Database) -> None:
    """Create the schema or bring it to this code's state. Nothing is changed when that fails.

    Errors: `SchemaError` when it is newer, or holds the tables of something else; `DatabaseBusyError`.
    """
    database.ping()
    current = _current(database)
    if current not in {None, *_known()}:
        raise SchemaError(_newer_message(current))
    with database.session() as session:
        connection = session.connection()
        if current is None and (taken := set(inspect(connection).get_table_names()) & set(Base.metadata.tables)):
            raise SchemaError(f"the database already has a table {min(taken)!r} that is not ours; use an empty one")
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_schema(database: Database) -> None:
    """Raise `SchemaError` unless the schema is exactly this code's."""
    database.ping()
    current, head = _current(database), ScriptDirectory.from_config(alembic_config()).get_current_head()
    if current == head:
        return
    if current is None:
        raise SchemaError("the database is empty; run: koebako init")
    if current in _known():
        raise SchemaError(f"the database is older ({current}) than this version ({head}); run: koebako init")
    raise SchemaError(_newer_message(current))


def alembic_config() -> AlembicConfig:
    """Alembic, told where our migrations lie; a caller may hand over its connection in `attributes`."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}


def _current(database: Database) -> str | None:
    with database.reading() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def _newer_message(current: str | None) -> str:
    return f"the database is newer ({current}) than this version of Koebako; install the newer version"
