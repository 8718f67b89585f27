"""Alembic's entry: one linear history over the tables of all three packages."""

from alembic import context

import feedback.schema  # noqa: F401 - imported for the tables of all three packages
from feedback.config import load_config
from surveys.database import Base, Database

connection = context.config.attributes.get("connection")


def _migrate(connection) -> None:  # noqa: ANN001 - Alembic hands over any connection
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


if connection is not None:
    _migrate(connection)
else:
    database = Database(load_config().database_url)
    with database.engine.begin() as own:
        _migrate(own)
    database.close()
