"""Pages in a real browser: no accessibility fault, nothing to scroll sideways, nothing that the policy blocks."""

import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from factories import TOKYO, Place, make_submission, make_survey
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pypdf import PdfReader
from staff_site import PASSWORD, WEEK, add_staff, fill_chain
from stored_rows import stored_impact, stored_run, stored_store, stored_store_week, stored_theme, stored_theme_week
from waitress import create_server

from analysis.tables import Run
from feedback.app import create_app
from feedback.config import Config
from feedback.schema import upgrade_schema
from surveys.database import Database
from surveys.notices import NewNotice, publish_notice
from surveys.places import create_spot, entry_code
from surveys.responses import record
from surveys.tables import Store

pytestmark = pytest.mark.browser

AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
REVIEW = {"text": "口コミもお待ちしています。", "url": "https://reviews.example.jp/"}
LONG_NAME = "スーパーみなと新港町グリーンプラザ駅前モール地下一階食品館ウエストサイド店"
STAFF_PAGES = [
    "/staff/report",
    "/staff/comments",
    "/staff/runs",
    "/staff/downloads",
    "/staff/today",
    "/staff/surveys",
    "/staff/survey?survey=store",
    "/staff/stores",
    "/staff/store?store=ginza",
    "/staff/posters",
    "/staff/password",
    "/staff/coupons",
    "/staff/coupons?code=K7M-2PX-9TD",
    "/staff/notices",
    "/staff/notices/new?theme=queue",
    "/staff/nowhere",
]


@dataclass
class Site:
    """A running server with answers in it."""

    url: str
    database: Database
    code: str


def fill_hard(database: Database) -> None:
    """What layouts break on: many stores with long names, many themes, one of them discovered."""
    with database.session() as session:
        stores = [stored_store(session, f"s{number}", f"{LONG_NAME}{number}") for number in range(12)]
        run = session.query(Run).filter_by(week=WEEK).one()
        for number in range(24):
            theme = f"t{number:02d}"
            origin = "discovered" if number == 3 else "catalogue"
            stored_theme(session, theme, f"とても長い名前のテーマその{number}", f"Theme number {number}", origin=origin)
            stored_impact(
                session, run, theme, impact=[-number, -number - 2, 2 - number], negative=[-50.0, -70.0, -30.0]
            )
            stored_theme_week(session, stores[number % 12], WEEK, theme, opinions=5 + number, negative=3 + number)
        for number, store in enumerate(stores):
            stored_store_week(session, store, WEEK, {3: 4 * number, 8: 20, 10: 15}, with_text=40, opinions=40)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    url = f"sqlite:///{tmp_path_factory.mktemp('site') / 'koebako.db'}"
    config = Config.model_validate({"database_url": url, "secret_key": "a secret key for tests only, long enough"})
    database = Database(url)
    upgrade_schema(database)
    fill_chain(database)
    fill_hard(database)
    add_staff(database, "佐藤", "admin")
    make_survey(database, coupon={"text": f"{LONG_NAME}の割引券", "days": 30}, review=REVIEW)
    with database.session() as session:
        create_spot(session, "ginza", "register", "レジ横")
        for store in (None, "ginza"):
            new = NewNotice({"ja": "レジが遅い" * 20}, {"ja": "レジを増やしました。" * 10}, store, "queue", 13)
            publish_notice(session, new, "佐藤", datetime.now(UTC))
        code = entry_code(session, "store", "ginza", "register")
    server = create_server(create_app(config, database), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    yield Site(f"http://127.0.0.1:{server.effective_port}", database, code)
    server.close()
    database.close()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


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


def faults(page: Page) -> list[str]:
    """Every A or AA violation, and whether the page must be scrolled sideways."""
    found = Axe().run(page, options=AXE_RULES).response["violations"]
    told = [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        told.append("sideways scrolling")
    return told


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_staff_pages_are_accessible_on_phone_and_desk(browser, site, cookies, width, scheme):
    with staff(browser, cookies, width, scheme) as context:
        page, blocked = context.new_page(), []
        page.on("console", lambda message: blocked.append(message.text) if "nowhere" not in page.url else None)
        found = []
        for path in STAFF_PAGES:
            page.goto(site.url + path)
            open_all(page)
            found += [(path, fault) for fault in faults(page)]
        assert found == []
        assert blocked == []


def test_the_narrowest_telephone_needs_no_sideways_scrolling(browser, site, cookies):
    with staff(browser, cookies, 320) as context:
        page = context.new_page()
        for path in STAFF_PAGES:
            page.goto(site.url + path)
            open_all(page)
            assert (path, page.evaluate("document.documentElement.scrollWidth")) == (path, 320)


def test_pages_for_guests_and_customers_are_accessible(browser, site):
    paths = [
        "/staff/sign-in",
        "/nowhere",
        f"/s/{site.code}",
        f"/s/{site.code}?lang=en",
        f"/s/{site.code}/thanks",
        "/s/x",
    ]
    found = {}
    for scheme in ("light", "dark"):
        with browser.new_context(viewport={"width": 390, "height": 800}, color_scheme=scheme, locale="ja") as context:
            page = context.new_page()
            for path in paths:
                page.goto(site.url + path)
                found[path, scheme] = faults(page)
    assert {where: told for where, told in found.items() if told} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_thanks_with_all_that_they_may_hold_are_accessible_on_the_narrowest_telephone(browser, site, scheme):
    with browser.new_context(viewport={"width": 320, "height": 568}, color_scheme=scheme, locale="ja") as context:
        page = context.new_page()
        page.goto(f"{site.url}/s/{site.code}")
        page.locator("input[value='9']").first.check(force=True)
        page.get_by_role("button", name="送信する").click()
        page.get_by_role("heading", name="クーポン").wait_for()
        assert page.get_by_role("heading", level=2).all_inner_texts()[:3] == [
            "クーポン",
            "ご意見への対応",
            "よろしければ口コミも",
        ]
        assert faults(page) == []


def test_axe_would_have_found_a_fault(browser, site, cookies):
    with staff(browser, cookies) as context:
        page = context.new_page()
        page.goto(f"{site.url}/staff/report")
        page.evaluate("document.querySelector('select').removeAttribute('id')")
        assert [fault.partition(":")[0] for fault in faults(page)] == ["select-name"]


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
        page.goto(f"{site.url}/staff/runs")
        assert page.inner_text("#run-percent") == "10%"
        with site.database.session() as session:
            session.get_one(Run, run).progress = 70
        page.locator("#run-percent", has_text="70%").wait_for()
        with site.database.session() as session:
            session.delete(session.get_one(Run, run))
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
