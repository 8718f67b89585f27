"""The staff pages as an application of their own; `feedback.app` adds the customers' pages to it."""

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel

from feedback.config import Config, check_secret_key
from feedback.house import House, staff_language
from feedback.pages import build_staff_pages
from feedback.pages.faults import register_faults
from feedback.pages.navigation import navigation
from feedback.security import StaffSessions
from feedback.static_files import versioned
from feedback.wording import FILTERS, TRANSLATIONS
from surveys.database import Database


def create_staff_app(config: Config, database: Database) -> Flask:
    """Build the application. Error: `ConfigError` when the secret key is missing or too short."""
    app = Flask("feedback", static_url_path="/staff/static")
    app.config["SECRET_KEY"] = check_secret_key(config)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_LOCALE"] = "ja"
    app.session_interface = StaffSessions(config.site.public_url)
    app.extensions["koebako"] = House(config, database)
    Babel(app, locale_selector=staff_language)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(static_file=versioned(app), navigation=navigation)
    app.register_blueprint(build_staff_pages())
    app.add_url_rule("/", "home", _home)
    register_faults(app)
    return app


def _home() -> ResponseReturnValue:
    # customers come by a code and never here
    return redirect(url_for("staff.start"), 302)
