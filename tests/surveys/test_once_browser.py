"""One answer however a customer moves about: back, reload, a second tab, another person at the same device."""

from collections.abc import Iterator

import pytest
from phone import PHONE, served
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from surveys.database import Database
from surveys.tables import Response

pytestmark = pytest.mark.browser


@pytest.fixture
def address(sqlite: Database) -> Iterator[str]:
    with served(sqlite, "store") as address:
        yield address


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    with browser.new_context(locale="ja-JP", viewport=PHONE, java_script_enabled=request.param) as context:
        context.set_default_timeout(15_000)
        yield context


def answer(page: Page, score: int) -> None:
    page.get_by_role("radio", name=str(score), exact=True).check()
    page.get_by_role("button", name="送信する").click()
    page.wait_for_url("**/thanks**")


def scores(database: Database) -> list[int | None]:
    with database.reading() as session:
        return list(session.scalars(select(Response.score).order_by(Response.id)))


def code(page: Page) -> str:
    return page.locator(".code").first.inner_text()


def test_back_forward_and_reload_after_sending_are_one_answer_with_one_code(context, address, sqlite):
    page = context.new_page()
    page.goto("about:blank")
    page.goto(address)
    answer(page, 9)
    shown = code(page)
    page.reload()
    assert code(page) == shown
    page.go_back()
    # the form is left behind, or stands there empty: nothing is ready to be sent twice
    assert page.locator("input:checked").count() == 0
    page.go_forward()
    assert code(page) == shown
    assert scores(sqlite) == [9]


def test_two_tabs_with_one_draft_send_one_answer(browser, address, sqlite):
    with browser.new_context(locale="ja-JP", viewport=PHONE) as context:
        first, second = context.new_page(), context.new_page()
        first.goto(address)
        first.get_by_role("radio", name="8", exact=True).check()
        first.wait_for_function("() => Object.keys(localStorage).length > 0")
        second.goto(address)
        expect(second.get_by_role("radio", name="8", exact=True)).to_be_checked()
        for page in (first, second):
            page.get_by_role("button", name="送信する").click()
            page.wait_for_url("**/thanks**")
        assert code(first) == code(second)
    assert scores(sqlite) == [8]


def test_a_kiosk_is_empty_for_the_next_person_who_goes_back(context, address, sqlite):
    page = context.new_page()
    page.goto(f"{address}?kiosk=1")
    answer(page, 2)
    page.get_by_role("link", name="次の方はこちら").click()
    page.go_back()
    page.go_back()
    if page.url == "about:blank":  # the script leaves no form behind
        page.goto(f"{address}?kiosk=1")
    assert page.locator("input:checked").count() == 0
    answer(page, 7)
    assert scores(sqlite) == [2, 7]


def test_thanks_of_a_kiosk_lead_back_by_themselves(browser, address, monkeypatch):
    from datetime import timedelta

    from surveys import screens

    monkeypatch.setattr(screens, "KIOSK_SHOWS", timedelta(seconds=1))
    with browser.new_context(locale="ja-JP", viewport=PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}?kiosk=1")
        answer(page, 2)
        page.wait_for_url("**?kiosk=1", timeout=15_000)
        expect(page.get_by_role("button", name="送信する")).to_be_visible()
