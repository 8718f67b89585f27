"""Real databases for tests, SQLite and PostgreSQL, and a real browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import Browser, sync_playwright
from postgres import Postgres, running_postgres

from feedback.config import Config
from feedback.schema import upgrade_schema
from surveys.database import Database

SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    upgrade_schema(database)
    database.close()
    return path


class CompiledTemplates(BytecodeCache):
    """Templates compiled once for all applications of a test run."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self.kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", CompiledTemplates())
        yield


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    copy = tmp_path / "koebako.db"
    shutil.copy(sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def postgresql_url(postgres: Postgres) -> Iterator[str]:
    yield postgres.url
    postgres.empty()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty, migrated database; the test runs once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty, migrated database; the test runs once on SQLite and once on PostgreSQL."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """An empty, migrated SQLite database, for tests whose subject is not the storage."""
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def config(sqlite_url: str) -> Config:
    """A complete configuration on an empty SQLite database."""
    return Config.model_validate(
        {
            "organisation": {"name": "みなと商店"},
            "site": {"public_url": "https://koe.example.jp"},
            "database_url": sqlite_url,
            "secret_key": "a secret key for tests only, long enough",
        }
    )


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real comments; a test that needs it is skipped where it is missing."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"real comments are not here ({SHARED_DATA})")
    return SHARED_DATA


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped, or fails where CI requires it."""
    path = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
    if path is None:
        message = "no Chromium found: browser tests did not run (Debian: apt-get install chromium)"
        if os.environ.get("KOEBAKO_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture(scope="session")
def running_chromium(chromium: str) -> Iterator[Browser]:
    """A Chromium that asks nobody outside for anything."""
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-background-networking", "--disable-sync"]
        opened = playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def browser(running_chromium: Browser) -> Iterator[Browser]:
    """A Chromium without the windows that tests of another file left open."""
    yield running_chromium
    for context in running_chromium.contexts:
        context.close()
