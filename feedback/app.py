"""The server: customers' pages and staff pages in one Flask application."""

from typing import Literal

from flask import Flask, abort, request

from feedback.config import Config, check_secret_key
from feedback.privacy import contact_keeping, derived, erased_file, member_keeping
from feedback.security import add_headers
from surveys.database import Database
from surveys.group_commit import GroupCommit
from surveys.limits import Limiter
from surveys.reception import Reception, Rights
from surveys.web import create_survey_app, mount

_YEAR = 365 * 24 * 3600


Part = Literal["surveys", "staff"]
"""What a server may be narrowed to."""
_SHARED = {"surveys.static", "surveys.bundle"}
"""What a preview on the staff pages needs of the customers' pages."""


def create_app(config: Config, database: Database, only: Part | None = None) -> Flask:
    """Build the application, or one part alone. Error: `ConfigError` when the secret key is missing or too short.

    With customers' pages alone no staff page, no sign-in and no session is in this process at all.
    """
    if only == "surveys":
        app = create_survey_app(_reception(config, database))
    else:
        # staff pages bring all figures with them: customers' pages alone take half the memory without
        from feedback.staff_app import create_staff_app

        app = create_staff_app(config, database)
        mount(app, _reception(config, database))
    app.config["MAX_CONTENT_LENGTH"] = config.surveys.max_body_kilobytes * 1024
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _YEAR  # addresses of static files change with their content
    app.after_request(add_headers)
    if only == "staff":
        app.before_request(_refuse_customers)
    return app


def _reception(config: Config, database: Database) -> Reception:
    return Reception(
        database,
        config.organisation,
        config.site,
        config.surveys,
        check_secret_key(config),
        Rights(
            erased_file(config),
            derived,
            contact_keeping(config),
            member_keeping(config) if config.privacy.member_codes else None,
        ),
        Limiter(check_secret_key(config), config.redis_url.get_secret_value()),
        GroupCommit(database),
    )


def _refuse_customers() -> None:
    if request.blueprint == "surveys" and request.endpoint not in _SHARED:
        abort(404)
