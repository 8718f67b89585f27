"""Staff pages in a real browser: what they do by keyboard, without a script, on paper and by themselves."""

import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from factories import TOKYO, Place, make_submission, make_survey
from playwright.sync_api import Browser, BrowserContext
from pypdf import PdfReader
from staff_site import LONG_NAME, PASSWORD, add_staff, fill_chain, fill_hard
from stored_rows import stored_run
from waitress import create_server

from analysis.tables import Run
from feedback.app import create_app
from feedback.config import Config
from feedback.schema import upgrade_schema
from surveys.database import Database
from surveys.responses import record
from surveys.tables import Store

pytestmark = pytest.mark.browser


@dataclass
class Site:
    """A running server with answers in it."""

    url: str
    database: Database


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    url = f"sqlite:///{tmp_path_factory.mktemp('site') / 'koebako.db'}"
    config = Config.model_validate({"database_url": url, "secret_key": "a secret key for tests only, long enough"})
    database = Database(url)
    upgrade_schema(database)
    fill_chain(database)
    fill_hard(database)
    add_staff(database, "佐藤", "admin")
    make_survey(database)
    server = create_server(create_app(config, database), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    yield Site(f"http://127.0.0.1:{server.effective_port}", database)
    server.close()
    database.close()


@pytest.fixture(scope="module")
def cookies(browser: Browser, site: Site) -> list:
    with browser.new_context(locale="ja") as context:
        page = context.new_page()
        page.goto(f"{site.url}/staff/")
        page.get_by_label("お名前").fill("佐藤")
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name="サインイン").click()
        assert "まず取り組むこと" in page.inner_text("h2 >> nth=0")
        return context.cookies()


def staff(browser: Browser, cookies: list, width: int = 1280, scheme: str = "light", **more) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="ja", **more)
    context.add_cookies(cookies)
    return context


@pytest.mark.parametrize("room", ["report", "comments", "themes", "stores", "store?store=s3", "today"])
def test_many_stores_and_themes_with_long_names_need_no_sideways_scrolling(browser, site, cookies, room):
    with staff(browser, cookies, 320) as context:
        page = context.new_page()
        page.goto(f"{site.url}/staff/{room}")
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        assert LONG_NAME in page.content() or room == "themes"
        assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_report_works_with_the_keyboard_and_without_a_script(browser, site, cookies):
    with staff(browser, cookies, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.url}/staff/report")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "本文へ移動"
        page.keyboard.press("Enter")
        page.get_by_label("店舗", exact=True).select_option("store-ginza")
        page.get_by_role("button", name="表示").press("Enter")
        assert page.inner_text(".scope") == "銀座店"
        page.locator(".improvement a").first.press("Enter")
        assert page.locator("mark").all_inner_texts() == ["レジが長蛇の列でした"]


def test_the_printed_report_is_a4_with_everything_unfolded(browser, site, cookies, tmp_path):
    with staff(browser, cookies, scheme="dark") as context:
        page = context.new_page()
        page.goto(f"{site.url}/staff/report")
        page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    pages = PdfReader(tmp_path / "report.pdf").pages
    # a PDF's text may name the radical ⻑ where the page says 長
    text = unicodedata.normalize("NFKC", "".join(page.extract_text() for page in pages).replace("\n", ""))
    assert [(round(float(side) / 72 * 25.4)) for side in pages[0].mediabox[2:]] == [210, 297]
    assert "名前のテーマその0" in text  # the last of the folded themes
    assert "サインアウト" not in text
    assert len(pages) <= 6


def test_the_progress_of_a_running_analysis_moves_by_itself(browser, site, cookies):
    with site.database.session() as session:
        run = stored_run(session, "2025-W41", state="running", stage="reading", progress=10).id
    with staff(browser, cookies) as context:
        page = context.new_page()
        page.clock.install()
        page.goto(f"{site.url}/staff/runs")
        assert page.inner_text("#run-percent") == "10%"
        with site.database.session() as session:
            session.get_one(Run, run).progress = 70
        page.clock.run_for(2000)
        page.locator("#run-percent", has_text="70%").wait_for()
        with site.database.session() as session:
            session.delete(session.get_one(Run, run))
        page.clock.run_for(2000)
        page.get_by_text("いま動いている分析はありません。").wait_for()


def test_a_survey_is_edited_and_previewed_without_a_script(browser, site, cookies):
    with staff(browser, cookies, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.url}/staff/survey?survey=store")
        page.get_by_label("題名").first.fill("書きかけの題名")
        page.get_by_role("button", name="設問を加える").click()
        page.get_by_role("button", name="いまの内容で見る").click()
        phone = page.frame_locator("iframe")
        phone.get_by_text("まだプレビューできません").wait_for()
        page.locator("#q-text").get_by_label("質問").first.fill("ほかに気づいたことは？")
        page.get_by_role("button", name="いまの内容で見る").click()
        phone.get_by_role("heading", name="書きかけの題名").wait_for()
        assert phone.get_by_text("ほかに気づいたことは？").count() == 1
        phone.get_by_role("button", name="送信する").click()  # the frame is sandboxed: nothing is sent
        assert phone.get_by_role("heading", name="書きかけの題名").count() == 1


def test_todays_answers_come_in_by_themselves(browser, site, cookies):
    with staff(browser, cookies) as context:
        page = context.new_page()
        page.clock.install()
        page.goto(f"{site.url}/staff/today")
        assert page.locator("#today .nps").inner_text().startswith("0")
        with site.database.session() as session:
            store = session.query(Store).filter_by(key="ginza").one()
            answer = make_submission(Place(store.id, 0), "today", answered_at=datetime.now(UTC), comments={})
            record(session, answer, datetime.now(UTC), TOKYO)
        page.clock.fast_forward(11_000)
        page.locator("#today .nps", has_text="1").wait_for()
