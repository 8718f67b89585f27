from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from factories import make_place, make_reception
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from surveys.database import Database
from surveys.definitions import load_definition, save_survey
from surveys.places import entry_code
from surveys.tables import Comment, Response
from surveys.web import create_survey_app

pytestmark = pytest.mark.browser
EXAMPLE = Path(__file__).resolve().parent.parent.parent / "docs" / "surveys" / "store.yaml"
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 568}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(sqlite: Database) -> Iterator[str]:
    """The address of the shipped example survey on a running server."""
    make_place(sqlite)
    with sqlite.session() as session:
        save_survey(session, load_definition(EXAMPLE))
        code = entry_code(session, "store", "ginza", "register")
    server = make_server("127.0.0.1", 0, create_survey_app(make_reception(sqlite)), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/s/{code}"
    server.shutdown()
    thread.join()
    server.server_close()


def open_page(browser: Browser, address: str, **options) -> Page:
    page = browser.new_context(**({"locale": "ja-JP", "viewport": PHONE} | options)).new_page()
    page.set_default_timeout(15_000)
    page.goto(address)
    return page


def test_a_customer_answers_by_keyboard_alone_without_javascript(browser, address, sqlite):
    page = open_page(browser, address, java_script_enabled=False)
    page.get_by_role("radio", name="7", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("品ぞろえがよかったです。")
    page.get_by_role("button", name="送信する").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("ご回答ありがとうございました")
    with sqlite.reading() as session:
        assert session.scalars(select(Response.score)).all() == [8]
        assert session.scalars(select(Comment.text)).all() == ["品ぞろえがよかったです。"]


def test_a_double_tap_and_a_reload_are_one_answer(browser, address, sqlite):
    page = open_page(browser, address)
    page.get_by_role("radio", name="9", exact=True).check()
    page.get_by_role("button", name="送信する").dblclick(no_wait_after=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("ご回答ありがとうございました")
    page.reload()
    with sqlite.reading() as session:
        assert session.scalars(select(Response.score)).all() == [9]


def test_the_scale_stands_in_two_rows_of_targets_that_a_thumb_can_hit(browser, address):
    page = open_page(browser, address, viewport=NARROW)
    boxes = [box.bounding_box() for box in page.locator(".nps .cell").all()]
    assert [sum(box["y"] == row for box in boxes) for row in sorted({box["y"] for box in boxes})] == [6, 5]
    targets = [box.bounding_box() for box in page.locator("label, button, .languages a").all()]
    assert min(box["height"] for box in boxes + [box for box in targets if box["width"] < 300]) >= 44
    assert min(box["width"] for box in boxes) >= 40


@pytest.mark.parametrize("language", ["ja-JP", "en-US"])
def test_no_page_scrolls_sideways_on_a_narrow_screen(browser, address, language):
    page = open_page(browser, address, viewport=NARROW, locale=language)
    page.locator("textarea").first.fill("w" * 300)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ja-JP", "en-US"])
def test_form_faults_and_thanks_have_no_accessibility_violation(browser, address, language, scheme):
    page = open_page(browser, address, locale=language, color_scheme=scheme)
    found = {"form": Axe().run(page)}
    page.evaluate("document.querySelector('form').noValidate = true")
    page.locator("button").click()
    expect(page.get_by_role("alert")).to_be_focused()
    found["faults"] = Axe().run(page)
    page.locator(".nps .cell").last.click()
    page.locator("button").click()
    page.wait_for_url("**/thanks**")
    found["thanks"] = Axe().run(page)
    assert {name: result.generate_report() for name, result in found.items() if result.violations_count} == {}
