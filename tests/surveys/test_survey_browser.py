from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from phone import NARROW, ZOOMED, open_page, served
from playwright.sync_api import expect
from sqlalchemy import select

from surveys.database import Database
from surveys.tables import Comment, Response

pytestmark = pytest.mark.browser
RINGED = """
() => {
  const { activeElement } = document;
  const drawn = [activeElement, activeElement.nextElementSibling, activeElement.closest(".choice")];
  return drawn.some((one) => one && getComputedStyle(one).outlineStyle === "solid");
}
"""
"""Whether an outline shows where the keyboard is: on the control, or on what is drawn in its place."""


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


def test_the_score_is_one_tab_stop_arrows_move_in_it_and_enter_sends(browser, address, sqlite):
    page = open_page(browser, address)
    stops = tab_stops(page)
    assert [stops.count(name) for name in ("choice-recommend", "choice-satisfaction", "choice-visits")] == [1, 1, 1]
    assert stops[-1] == "送信する"
    page.get_by_role("radio", name="0 まったくすすめたくない").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.value") == "1"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")  # round to the other end
    assert page.evaluate("document.activeElement.value") == "10"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("ご回答ありがとうございました")
    with sqlite.reading() as session:
        assert session.scalars(select(Response.score)).all() == [10]


def tab_stops(page) -> list[str]:
    """Where the tab key stops, from the top to the last button, by name or text; each stop is seen."""
    found: list[str] = []
    while not found or found[-1] != "送信する":
        page.keyboard.press("Tab")
        found.append(page.evaluate("document.activeElement.name || document.activeElement.textContent"))
        assert page.evaluate(RINGED), found
    return found


@pytest.mark.parametrize("script", [True, False])
def test_another_language_takes_along_what_was_entered(browser, address, sqlite, script):
    page = open_page(browser, address, java_script_enabled=script)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("#text-reason").fill("店员很亲切")
    page.get_by_role("radio", name="10 Very likely").check()
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("#text-reason")).to_have_value("店员很亲切")
    expect(page.get_by_role("heading", level=1)).to_have_text("购物问卷")
    expect(page.locator("main [role=alert]")).to_have_count(0)
    with sqlite.reading() as session:
        assert session.scalars(select(Response.score)).all() == []
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("感谢您的回答")
    with sqlite.reading() as session:
        assert session.scalars(select(Response.score)).all() == [10]


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
    targets = page.locator(".cell, .choice, button:not(.unseen)")
    assert min(target.bounding_box()["height"] for target in targets.all()) >= 44
    assert min(box["width"] for box in boxes) >= 40


@pytest.mark.parametrize("language", ["ja-JP", "en-US", "zh-CN", "ko-KR"])
def test_no_page_scrolls_sideways_on_a_narrow_or_magnified_screen(browser, address, language):
    page = open_page(browser, address, locale=language)
    page.locator("textarea").first.fill("w" * 300)
    clipped = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
    for viewport in (NARROW, ZOOMED):
        page.set_viewport_size(viewport)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator(".value, .choice span, main button").evaluate_all(clipped) == []


@pytest.mark.parametrize(
    ("language", "scheme"), [pytest.param("zh-CN", "light", marks=pytest.mark.long), ("ko-KR", "dark")]
)
def test_form_faults_and_thanks_have_no_accessibility_violation(browser, address, language, scheme):
    page = open_page(browser, address, locale=language, color_scheme=scheme, reduced_motion="reduce")
    found = {"form": Axe().run(page)}
    page.evaluate("document.querySelector('form').noValidate = true")
    page.locator("main button:visible").click()
    expect(page.get_by_role("alert")).to_be_focused()
    found["faults"] = Axe().run(page)
    page.locator(".nps .cell").last.click()
    page.locator("main button:visible").click()
    page.wait_for_url("**/thanks**")
    found["thanks"] = Axe().run(page)
    assert {name: result.generate_report() for name, result in found.items() if result.violations_count} == {}
