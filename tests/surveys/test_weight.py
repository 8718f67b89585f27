"""What a customer's phone must load before it shows the form."""

import gzip
import re
from pathlib import Path

import pytest
from factories import make_place, make_reception

from surveys.assets import bundle
from surveys.database import Database
from surveys.definition_files import load_definition
from surveys.definitions import save_survey
from surveys.places import entry_code
from surveys.texts import LANGUAGE_NAMES
from surveys.web import create_survey_app

SURVEYS = sorted((Path(__file__).resolve().parent.parent.parent / "docs" / "surveys").glob("*.yaml"))
LARGEST_LOAD = 20 * 1024
LOADED = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"')
MENTIONED = re.compile(r'<(?:img|script|iframe|link rel="(?!icon))[^>]*|url\(|@import|@font-face')


@pytest.fixture
def client(sqlite: Database):
    make_place(sqlite)
    return create_survey_app(make_reception(sqlite)).test_client()


def ask(database: Database, survey: Path) -> str:
    with database.session() as session:
        change = save_survey(session, load_definition(survey))
        return entry_code(session, change.survey_key, "ginza", "register")


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
@pytest.mark.parametrize("survey", SURVEYS, ids=lambda path: path.stem)
def test_page_style_and_script_are_three_requests_of_at_most_20_kilobytes(client, sqlite, survey, language):
    address = f"/s/{ask(sqlite, survey)}?lang={language.replace('_', '-')}"
    page = client.get(address, headers={"Accept-Encoding": "gzip"})
    html = gzip.decompress(page.data).decode()
    parts = [client.get(part, headers={"Accept-Encoding": "gzip"}) for part in LOADED.findall(html)]
    assert [part.mimetype for part in parts] == ["text/css", "text/javascript"]
    assert [part.content_encoding for part in [page, *parts]] == ["gzip"] * 3
    assert sum(len(part.data) for part in [page, *parts]) <= LARGEST_LOAD
    # nothing else is asked for: no font, no picture, nothing of a third party
    assert len(MENTIONED.findall(html)) == 2
    assert MENTIONED.findall(gzip.decompress(parts[0].data).decode()) == []


def test_only_who_asks_gets_a_compressed_page(client, sqlite):
    address = f"/s/{ask(sqlite, SURVEYS[0])}"
    plain = client.get(address)
    refused = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
    assert [page.content_encoding for page in (plain, refused)] == [None, None]
    assert plain.text.startswith("<!doctype html>")
    assert set(plain.vary) == {"Accept-Language", "Accept-Encoding"}


def test_comments_of_a_source_stay_with_us_and_names_stay_inside():
    script, style = (bundle(name).content.decode() for name in ("pages.js", "pages.css"))
    assert script.startswith('(() => {\n"use strict";\n')
    assert script.endswith("\n})();")
    assert not re.search(r"^\s*//|^\s", script.replace("\n\n", ""), re.MULTILINE)
    assert "/*" not in style


def test_a_bundle_that_does_not_exist_is_not_found(client):
    assert client.get("/survey/other.js").status_code == 404
