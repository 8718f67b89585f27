"""The server: customers' pages and staff pages in one Flask application."""

from typing import Literal

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel

from feedback.config import Config, check_secret_key
from feedback.house import House, staff_language
from feedback.pages import build_staff_pages
from feedback.pages.faults import register_faults
from feedback.pages.navigation import navigation
from feedback.privacy import contact_keeping, derived, erased_file, member_keeping
from feedback.security import StaffSessions, add_headers
from feedback.static_files import versioned
from feedback.wording import FILTERS, TRANSLATIONS
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
    """Build the application, or one part alone. Error: `ConfigError` when the secret key is missing or too short."""
    if only == "surveys":
        return _survey_app(config, database)
    app = Flask("feedback", static_url_path="/staff/static")
    app.config["SECRET_KEY"] = check_secret_key(config)
    app.config["MAX_CONTENT_LENGTH"] = config.surveys.max_body_kilobytes * 1024
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_LOCALE"] = "ja"
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _YEAR  # addresses of static files change with their content
    app.session_interface = StaffSessions(config.site.public_url)
    app.extensions["koebako"] = House(config, database)
    Babel(app, locale_selector=staff_language)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(static_file=versioned(app), navigation=navigation)
    app.register_blueprint(build_staff_pages())
    mount(app, _reception(config, database))
    app.add_url_rule("/", "home", _home)
    register_faults(app)
    app.after_request(add_headers)
    if only == "staff":
        app.before_request(_refuse_customers)
    return app


def _survey_app(config: Config, database: Database) -> Flask:
    """Build the customers' pages alone: no staff page, no sign-in and no session is in this process at all."""
    app = create_survey_app(_reception(config, database))
    app.config["MAX_CONTENT_LENGTH"] = config.surveys.max_body_kilobytes * 1024
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _YEAR
    app.after_request(add_headers)
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


def _home() -> ResponseReturnValue:
    # customers come by a code and never here
    return redirect(url_for("staff.start"), 302)
