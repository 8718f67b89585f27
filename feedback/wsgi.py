"""For WSGI servers of your own choice: gunicorn 'feedback.wsgi:make_app()' (see docs/operating.md)."""

import atexit

from flask import Flask

from feedback.app import Part, create_app
from feedback.config import load_config
from feedback.privacy import make_ready
from feedback.schema import check_schema
from surveys.database import Database
from surveys.web import write_counts


def make_app(only: Part | None = None) -> Flask:
    """Build the application, or one part of it, from config file and environment, as `koebako serve` does.

    Errors: `ConfigError`, `DatabaseUnreachableError`, `SchemaError`, `ErasedFileError`, `InputError` where contacts are
    asked for without a key.
    """
    config = load_config()
    database = Database(config.database_url)
    check_schema(database)
    make_ready(config, database)
    app = create_app(config, database, only)
    atexit.register(write_counts, app)
    return app
