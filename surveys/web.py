"""Customers' pages in a Flask application: beside staff pages, or alone."""

from contextlib import suppress
from pathlib import Path

from flask import Flask
from flask_babel import Babel
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from surveys.addresses import AnyRequest
from surveys.errors import DatabaseBusyError
from surveys.pages import build_pages
from surveys.reception import EXTENSION, Reception
from surveys.screens import show_fault
from surveys.texts import MAIN_LANGUAGE

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"

__all__ = ["Reception", "create_survey_app", "mount", "write_counts"]


def mount(app: Flask, reception: Reception) -> None:
    """Add the customers' pages (/s/<code>) to an application that has Flask-Babel."""
    app.extensions[EXTENSION] = reception
    proxies = reception.settings.trusted_proxies
    if proxies:
        # with fewer addresses in the header than proxies it is not believed: everybody then counts as the last proxy
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    app.request_class = AnyRequest
    app.register_blueprint(build_pages())


def write_counts(app: Flask) -> None:
    """Write what was counted and not written yet, as far as the database takes it: call it before the process ends."""
    desk: Reception = app.extensions[EXTENSION]
    with suppress(DatabaseBusyError):
        desk.tally.write(desk.database)


def create_survey_app(reception: Reception) -> Flask:
    """Build an application of the customers' pages alone."""
    app = Flask("surveys", static_folder=None)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_LOCALE"] = MAIN_LANGUAGE
    Babel(app)
    mount(app, reception)
    app.register_error_handler(HTTPException, show_fault)
    return app
