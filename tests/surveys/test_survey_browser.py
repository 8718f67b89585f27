from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from phone import NARROW, open_page, served
from playwright.sync_api import expect
from sqlalchemy import select

from surveys.database import Database
from surveys.tables import Comment, Response

pytestmark = pytest.mark.browser


@pytest.fixture
def address(sqlite: Database) -> Iterator[str]:
    """The address of the shipped example survey on a running server."""
    with served(sqlite, "store") as address:
        yield address


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
    targets = page.locator(".cell, .choice, button, .languages a")
    assert min(target.bounding_box()["height"] for target in targets.all()) >= 44
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
