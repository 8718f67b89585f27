"""A customer's phone: a running server with a survey of ours, and its page in a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from factories import make_place, make_reception
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from surveys.database import Database
from surveys.definition_files import load_definition
from surveys.definitions import save_survey
from surveys.places import entry_code
from surveys.web import create_survey_app

EXAMPLES = Path(__file__).resolve().parent.parent / "docs" / "surveys"
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 568}
ZOOMED = {"width": 320, "height": 256}
"""What 400 % leave of a screen of 1280 by 1024."""


@contextmanager
def served(database: Database, example: str) -> Iterator[str]:
    """Serve one of the surveys that we ship; the address of its form at one spot."""
    make_place(database)
    with database.session() as session:
        change = save_survey(session, load_definition(EXAMPLES / f"{example}.yaml"))
        code = entry_code(session, change.survey_key, "ginza", "register")
    server = make_server("127.0.0.1", 0, create_survey_app(make_reception(database)), threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))  # so soon it sees that it is to end
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}/s/{code}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def open_page(browser: Browser, address: str, **options: Any) -> Page:
    """Open a page as a Japanese phone does, unless `options` say otherwise."""
    page = browser.new_context(**({"locale": "ja-JP", "viewport": PHONE} | options)).new_page()
    page.set_default_timeout(15_000)
    page.goto(address)
    return page
