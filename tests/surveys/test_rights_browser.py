"""The way from thanks to an erased answer in a real browser, and that none of its pages shuts anybody out."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from phone import NARROW, open_page, served
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from surveys.database import Database
from surveys.tables import Response

pytestmark = pytest.mark.browser


@pytest.fixture
def address(sqlite: Database) -> Iterator[str]:
    with served(sqlite, "store") as address:
        yield address


def check(page: Page) -> None:
    """No violation of accessibility, nothing sideways, nothing too small for a thumb."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    targets = page.locator("button:visible, main .button, .code-field").all()
    assert all(target.bounding_box()["height"] >= 44 for target in targets)


def test_a_customer_sees_and_erases_the_answer(browser, address, sqlite):
    page = open_page(browser, address, viewport=NARROW)
    page.get_by_role("radio", name="9", exact=True).check()
    page.get_by_role("button", name="送信する").click()
    code = page.locator(".code").inner_text()
    page.get_by_role("link", name="回答の確認と削除").click()
    assert urlsplit(page.url).path == "/delete"
    check(page)
    page.get_by_label("削除コード").fill("K7QM")
    page.keyboard.press("Enter")
    expect(page.get_by_label("削除コード")).to_be_focused()
    check(page)
    page.get_by_label("削除コード").fill(code.lower())
    page.get_by_role("button", name="保存されている内容を見る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("保存されている内容")
    check(page)
    page.get_by_role("button", name="削除に進む").click()
    check(page)
    page.get_by_role("button", name="削除する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("この回答は、もう保存されていません")
    check(page)
    with sqlite.reading() as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 0
