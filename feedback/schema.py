"""The database's schema: create or upgrade it, and refuse to work on another one than this code's.

Every command checks the schema, few change it: only those load Alembic.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

import analysis.tables  # noqa: F401 - imported for its tables
import feedback.tables  # noqa: F401 - the same
import surveys.tables  # noqa: F401 - the same
from feedback.errors import SchemaError
from surveys.database import Base, Database

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade_schema(database: Database) -> None:
    """Create the schema or bring it to this code's state. Nothing is changed when that fails.

    Errors: `SchemaError` when it is newer, or holds the tables of something else; `DatabaseBusyError`.
    """
    from alembic import command

    database.ping()
    current = _current(database)
    if current not in {None, *revisions()}:
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
    current, known = _current(database), revisions()
    head = known[-1]
    if current == head:
        return
    if current is None:
        raise SchemaError("the database is empty; run: koebako init")
    if current in known:
        raise SchemaError(f"the database is older ({current}) than this version ({head}); run: koebako init")
    raise SchemaError(_newer_message(current))


def revisions() -> list[str]:
    """Return the states that the schema went through, oldest first: a migration's file name begins with its number."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py"))


def alembic_config() -> "AlembicConfig":
    """Alembic, told where our migrations lie; a caller may hand over its connection in `attributes`."""
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _current(database: Database) -> str | None:
    with database.reading() as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            return None
        version: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
        return version


def _newer_message(current: str | None) -> str:
    return f"the database is newer ({current}) than this version of Koebako; install the newer version"
