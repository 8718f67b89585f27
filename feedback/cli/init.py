"""`koebako init`: create the database or bring it up to date."""

import click

from feedback.config import Config
from feedback.privacy import replay_erasures
from feedback.schema import upgrade_schema
from surveys.database import Database


@click.command()
@click.pass_obj
def init(config: Config) -> None:
    """Create the database, or upgrade it to this version."""
    database = Database(config.database_url)
    try:
        upgrade_schema(database)
        replayed = replay_erasures(config, database)
    finally:
        database.close()
    if replayed.erased:
        click.echo(f"{replayed.erased:,} answers that customers had erased were back, and are erased again.")
    click.echo(f"The database is ready: {database.engine.url.render_as_string(hide_password=True)}")
