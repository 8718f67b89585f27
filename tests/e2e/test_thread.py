"""One thread, as people walk it: a customer's phone, the weekly analysis, a manager's desk, an export."""

import csv
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from analysis.settings import AnalysisSettings
from analysis.weeks.runs import analyse
from feedback.cli import main
from surveys.database import Database
from surveys.settings import Organisation
from surveys.weeks import first_day, week_of

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parent.parent.parent
COMMENT = "店員さんの笑顔がとても感じよかったです。でも、レジの待ち時間が長くて少し疲れました。"


def koebako(environ: dict[str, str], *arguments: str) -> str:
    """Carry a command out in this process: the server and what it needs of a start are tried in one of its own."""
    done = CliRunner().invoke(main, arguments, env=environ, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@contextmanager
def serving(environ: dict[str, str]) -> Iterator[str]:
    """Run the real server; its address."""
    command = [str(Path(sys.executable).with_name("koebako")), "serve"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True, encoding="utf-8") as server:
        try:
            assert server.stdout is not None
            found = next(match for line in server.stdout if (match := re.search(r"http://127\.0\.0\.1:\d+", line)))
            yield found[0]
        finally:
            server.terminate()


@pytest.fixture
def environ(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    config = tmp_path / "config.yaml"
    # the test answers faster than a person, which figures would hold against it
    config.write_text(
        (ROOT / "config.yaml").read_text("utf-8").replace("fastest_seconds: 2", "fastest_seconds: 0"), "utf-8"
    )
    return os.environ | {
        "KOEBAKO_DATABASE_URL": sqlite_url,
        "KOEBAKO_SECRET_KEY": "for this test only, but long enough to be taken",
        "KOEBAKO_CONFIG": str(config),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
    }


def answer(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("radio", name="9", exact=True).check(force=True)
    page.locator("textarea").first.fill(COMMENT)
    page.get_by_role("button", name="送信する").click()
    expect(page).to_have_url(re.compile("/thanks"))
    assert page.context.cookies() == []


def sign_in(page: Page, address: str, one_time: str) -> None:
    page.goto(f"{address}/staff/")
    page.get_by_label("お名前").fill("head")
    page.get_by_label("パスワード", exact=True).fill(one_time)
    page.get_by_role("button", name="サインイン").click()
    for field in ("新しいパスワード", "新しいパスワード（もう一度）"):
        page.get_by_label(field, exact=True).fill("minato no asa wa hayai")
    page.get_by_role("button", name="このパスワードにする").click()


def test_a_comment_walks_from_the_customers_phone_to_the_managers_report_and_the_analysts_export(
    browser, environ, sqlite, tmp_path
):
    koebako(environ, "survey", "load", str(ROOT / "docs/surveys/store.yaml"))
    koebako(environ, "store", "add", "ginza", "銀座店")
    koebako(environ, "spot", "add", "ginza/register", "レジ横")
    one_time = re.search(r"password: (\S+)", koebako(environ, "staff", "add", "head", "--role", "admin"))
    assert one_time is not None
    path = re.search(r"/s/\S+", koebako(environ, "survey", "address", "ginza/register"))
    assert path is not None
    with serving(environ) as address:
        answer(browser.new_context(locale="ja-JP").new_page(), address + path[0])
        week = _analyse_a_week_later(sqlite)
        monday = first_day(week)
        desk = browser.new_context(locale="ja-JP").new_page()
        sign_in(desk, address, one_time[1])
        expect(desk.get_by_role("heading", level=1)).to_contain_text(f"{monday.month}月{monday.day}日")
        desk.goto(f"{address}/staff/comments?week={week}")
        expect(desk.get_by_role("main")).to_contain_text("レジの待ち時間が長くて少し疲れました")
    rows = _exported(environ, tmp_path / "tags.csv")
    assert {(row["store"], row["spot"], row["score"], row["comment"]) for row in rows} == {
        ("銀座店", "レジ横", "9", COMMENT)
    }
    assert any("待" in row["theme"] and row["polarity"] == "negative" for row in rows)


def _analyse_a_week_later(database: Database) -> str:
    """Analyse as the scheduler will after this week has passed; the week's name."""
    now = datetime.now(UTC)
    zone = Organisation().zone
    runs = analyse(database, Organisation(), AnalysisSettings(), now=now + timedelta(weeks=1))
    assert [run.week for run in runs] == [week_of(now, zone)]
    return runs[0].week


def _exported(environ: dict[str, str], path: Path) -> list[dict[str, str]]:
    koebako(environ, "export", "tags", "--format", "csv", "--out", str(path))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
