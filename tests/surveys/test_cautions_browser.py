"""Personal data is pointed out before it is sent, in the browser, without ever refusing it."""

from collections.abc import Iterator
from threading import Thread

import pytest
from factories import make_entry, make_reception
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from surveys.web import create_survey_app

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
def page(chromium: str, sqlite) -> Iterator[Page]:
    code = make_entry(sqlite)
    server = make_server("127.0.0.1", 0, create_survey_app(make_reception(sqlite)), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = browser.new_page(locale="en-US", viewport={"width": 390, "height": 844})
        opened.goto(f"http://127.0.0.1:{server.port}/s/{code}")
        yield opened
        browser.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_looks_personal_is_pointed_out_beside_the_field_and_sending_goes_on(page):
    field, note = page.locator("textarea"), page.locator(".caution")
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
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/thanks**")
