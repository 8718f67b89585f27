"""Personal data is pointed out before it is sent, in the browser, without ever refusing it."""

from collections.abc import Iterator

import pytest
from phone import open_page, served
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

TEXTS = {
    "電話は090-1234-5678です": ["phone"],
    "０３ー１２３４ー５６７８": ["phone"],
    "+81 90 1234 5678": ["phone"],
    "taro.yamada@example.co.jpまで": ["mail"],
    "〒150-0001です": ["postcode"],
    "カード4111 1111 1111 1111": ["number"],
    "https://example.com/?id=3": ["link"],
    "0312345678かtaro@example.comへ": ["phone", "mail"],
    "03分待った。1000-1500円、2025-05-01 10:00、JR、レジ10番、0点": [],
    "店員さんが親切でした。": [],
}


@pytest.fixture
def page(browser: Browser, sqlite) -> Iterator[Page]:
    with served(sqlite, "store") as address:
        yield open_page(browser, address, locale="en-US")


def test_what_looks_personal_is_pointed_out_beside_the_field_and_sending_goes_on(page):
    field, note = page.locator("#text-reason"), page.locator("#text-reason + .caution")
    page.clock.install()
    found = {}
    for text in TEXTS:
        field.fill(text)
        page.clock.run_for(1000)
        found[text] = note.locator("p").evaluate_all("notes => notes.map(note => note.dataset.kind)")
    assert found == TEXTS
    field.fill("090-1234-5678")
    page.clock.run_for(1000)
    expect(note).to_have_text(
        "This looks like it contains a phone number. "
        "You can send it as it is; we hide the number before we store your answer."
    )
    assert note.get_attribute("role") == "status"
    assert note.get_attribute("id") in field.get_attribute("aria-describedby").split()
    page.get_by_role("radio", name="9", exact=True).check()
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/thanks**")
