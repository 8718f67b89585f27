"""An answer arrives exactly once, or the customer is told that it has not: networks that fail, in a real browser."""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from phone import NARROW, PHONE, served
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from wire import Wire

from surveys.database import Database
from surveys.submission_keys import digest, read_code
from surveys.tables import Comment, Response

pytestmark = pytest.mark.browser

expect.set_options(timeout=10_000)  # a busy machine
HOUR = 3600
WAITING = "未送信（電波が戻ると送ります）"
KEPT_TEXTS = """async () => {
  const database = await new Promise((resolve) => {
    const request = indexedDB.open("koebako", 1);
    request.onsuccess = () => resolve(request.result);
  });
  const request = database.transaction("answers").objectStore("answers").getAll();
  const answers = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  return [...answers.map((answer) => answer.body), ...Object.values(localStorage)].filter(Boolean);
}"""
"""Every text of the customer that the browser still holds."""
SHORTENED = """{
  const wait = self.setTimeout;
  self.setTimeout = (work, pause, ...more) => {
    const isBackoff = [1000, 2000, 4000, 8000].includes(pause);
    if (isBackoff) console.log(pause);
    return wait(work, isBackoff ? 1 : pause, ...more);
  };
}"""
"""Pauses between attempts are told and cut short."""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone without a service worker, as on plain http."""
    with browser.new_context(locale="ja-JP", viewport=PHONE, service_workers="block") as context:
        context.set_default_timeout(10_000)
        yield context


@pytest.fixture
def phone_with_worker(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(locale="ja-JP", viewport=PHONE) as context:
        context.set_default_timeout(10_000)
        yield context


@pytest.fixture
def wire(sqlite: Database) -> Iterator[Wire]:
    with served(sqlite, "store") as address:
        parts = urlsplit(address)
        wire = Wire(parts.port, parts.path)
        wire.mend()
        yield wire
        wire.cut()


def answer(page: Page, address: str, reason: str = "店員さんが親切でした。") -> None:
    page.goto(address)
    page.get_by_role("radio", name="9", exact=True).check()
    page.locator("#text-reason").fill(reason)


def send(page: Page) -> None:
    page.get_by_role("button", name="送信する").click()


def thanked(page: Page) -> None:
    page.wait_for_url("**/thanks**")
    expect(page.get_by_role("heading", level=1)).to_have_text("ご回答ありがとうございました")


ROWS = select(Response.score, Comment.text, Response.code_digest).join(Comment).order_by(Response.id)


def stored(database: Database) -> list[tuple[int, str, str]]:
    with database.reading() as session:
        return [(row.score, row.text, row.code_digest) for row in session.execute(ROWS)]


def shown_code(page: Page) -> str:
    return digest(read_code(page.locator(".letter-code").inner_text()) or "")


def test_an_answer_given_offline_and_left_behind_arrives_once_at_the_next_visit(context, wire, sqlite):
    page = context.new_page()
    answer(page, wire.form)
    context.set_offline(True)
    wire.cut()
    send(page)
    expect(page.get_by_role("heading", name=WAITING)).to_be_focused()
    expect(page.locator("form")).to_be_hidden()
    promised = shown_code(page)
    page.close()
    context.set_offline(False)
    wire.mend()
    page = context.new_page()
    page.goto(wire.form)
    # a page that is closed in the middle of a try keeps others from the answer for the 30 seconds of its lease
    expect(page.get_by_role("heading", name="送信済み")).to_be_visible(timeout=45_000)
    assert stored(sqlite) == [(9, "店員さんが親切でした。", promised)]
    assert shown_code(page) == promised
    assert page.evaluate(KEPT_TEXTS) == []
    page.get_by_role("link", name="お礼のページを見る").click()
    thanked(page)
    page.goto(wire.form)
    expect(page.locator("#outbox")).to_be_empty()


def test_an_answer_whose_reply_is_lost_is_sent_again_and_stored_once(context, wire, sqlite):
    page = context.new_page()
    answer(page, wire.form)
    wire.loses_replies = True
    send(page)
    expect(page.get_by_role("heading", name=WAITING)).to_be_visible()
    assert len(stored(sqlite)) == 1
    wire.loses_replies = False
    thanked(page)
    assert [score for score, _, _ in stored(sqlite)] == [9]
    assert wire.posts >= 2
    assert page.evaluate(KEPT_TEXTS) == []


def test_a_busy_server_is_asked_again_after_1_2_4_and_8_seconds(context, wire, sqlite):
    context.add_init_script(SHORTENED)
    page = context.new_page()
    pauses: list[str] = []
    page.on("console", lambda message: pauses.append(message.text) if message.type == "log" else None)
    answer(page, wire.form)
    busy, unavailable = HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE
    wire.refusals = [busy, unavailable, busy, HTTPStatus.BAD_GATEWAY]
    send(page)
    thanked(page)
    assert pauses == ["1000", "2000", "4000", "8000"]
    assert len(stored(sqlite)) == 1


def test_an_answer_counts_from_the_moment_it_was_given(context, wire, sqlite):
    page = context.new_page()
    page.clock.install()
    answer(page, wire.form)
    wire.cut()
    send(page)
    expect(page.get_by_role("heading", name=WAITING)).to_be_visible()
    page.clock.fast_forward(2 * HOUR * 1000)
    wire.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    thanked(page)
    with sqlite.reading() as session:
        found = session.execute(select(Response.received_at, Response.answered_at)).one()
    assert 2 * HOUR <= (found.received_at - found.answered_at).total_seconds() < 2 * HOUR + 60


def test_what_the_server_must_show_is_shown_with_everything_typed(context, wire, sqlite):
    page = context.new_page()
    answer(page, wire.form, "あ" * 2001)
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("まだ送信されていません")
    page.locator("#text-reason").fill("短くしました。")
    page.reload()
    page.goto(wire.form)
    expect(page.locator("#text-reason")).to_have_value("短くしました。")
    send(page)
    thanked(page)
    assert [text for _, text, _ in stored(sqlite)] == ["短くしました。"]


def test_a_draft_survives_a_reload_and_is_erased_by_sending(context, wire):
    page = context.new_page()
    answer(page, wire.form)
    page.reload()
    expect(page.locator(".letter")).to_contain_text("前に入力した内容を戻しました。")
    expect(page.locator("#text-reason")).to_have_value("店員さんが親切でした。")
    send(page)
    thanked(page)
    assert page.evaluate(KEPT_TEXTS) == []
    page.goto(wire.form)
    expect(page.locator("#text-reason")).to_have_value("")
    answer(page, wire.form, "もう一つ")
    page.reload()
    page.get_by_role("button", name="消して最初から書く").click()
    expect(page.locator("#text-reason")).to_have_value("")
    page.reload()
    expect(page.locator("#outbox")).to_be_empty()


def test_two_tabs_send_a_waiting_answer_once(context, wire, sqlite):
    page = context.new_page()
    answer(page, wire.form)
    other = context.new_page()
    other.goto(f"{wire.form}/thanks")
    wire.cut()
    send(page)
    expect(page.get_by_role("heading", name=WAITING)).to_be_visible()
    wire.mend()
    for tab in (page, other):
        tab.evaluate("dispatchEvent(new Event('online'))")
    thanked(page)
    other.evaluate("dispatchEvent(new Event('online'))")
    assert wire.posts == 1
    assert len(stored(sqlite)) == 1


def test_after_72_hours_the_customer_is_told_and_can_copy_the_text(context, wire, sqlite):
    page = context.new_page()
    page.clock.install()
    answer(page, wire.form)
    wire.cut()
    send(page)
    expect(page.get_by_role("heading", name=WAITING)).to_be_visible()
    page.clock.fast_forward(73 * HOUR * 1000)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="未送信（送るのをやめました）")).to_be_visible()
    expect(page.locator(".letter blockquote")).to_have_text("店員さんが親切でした。")
    wire.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_role("button", name="この端末から消す").click()
    expect(page.locator(".letter")).to_have_count(0)
    assert page.evaluate(KEPT_TEXTS) == []
    assert stored(sqlite) == []


def test_the_service_worker_sends_while_no_page_is_open_and_stands_in_for_pages(phone_with_worker, wire, sqlite):
    page = phone_with_worker.new_page()
    answer(page, wire.form)
    page.evaluate("navigator.serviceWorker.ready")
    wire.cut()
    send(page)
    expect(page.get_by_role("heading", name=WAITING)).to_be_visible()
    promised = shown_code(page)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("電波が届いていません")
    assert shown_code(page) == promised
    page.goto("about:blank")
    wire.mend()
    dispatch_sync(phone_with_worker, page, wire.form.partition("/s/")[0])
    while not stored(sqlite):
        page.wait_for_timeout(20)
    page.goto(wire.form)
    expect(page.get_by_role("heading", name="送信済み")).to_be_visible()
    assert stored(sqlite) == [(9, "店員さんが親切でした。", promised)]


def dispatch_sync(context: BrowserContext, page: Page, origin: str) -> None:
    """Do what a browser does when the network is back: wake the worker."""
    devtools = context.new_cdp_session(page)
    found: list[dict] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    devtools.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(10)
    registration = next(item for item in found if item["scopeURL"].startswith(origin))
    devtools.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": origin, "registrationId": registration["registrationId"], "tag": "answers", "lastChance": False},
    )


@pytest.mark.parametrize("lack", ["indexedDB", "localStorage"])
def test_a_browser_that_keeps_nothing_still_sends(context, wire, sqlite, lack):
    context.add_init_script(f"Object.defineProperty(window, '{lack}', {{ get() {{ throw new Error('denied'); }} }})")
    page = context.new_page()
    answer(page, wire.form)
    send(page)
    thanked(page)
    assert len(stored(sqlite)) == 1


def test_an_answer_under_a_used_key_takes_its_place_or_becomes_another_as_the_customer_says(context, wire, sqlite):
    page = context.new_page()
    answer(page, wire.form, "はじめの感想です。")
    key = page.locator("input[name=key]").input_value()
    send(page)
    thanked(page)
    for button, reason in (("この内容に変更する", "変えた感想です。"), ("別の回答として送る", "別の人の感想です。")):
        answer(page, wire.form, reason)
        page.locator("input[name=key]").evaluate("(field, key) => { field.value = key; }", key)
        send(page)
        page.get_by_role("button", name=button).click()
        thanked(page)
    found = stored(sqlite)
    assert [text for _, text, _ in found] == ["変えた感想です。", "別の人の感想です。"]
    assert found[0][2] == digest(key[:12]) != found[1][2]


def test_a_reload_while_an_answer_is_being_sent_shows_it_and_sends_it_once(context, wire, sqlite):
    page = context.new_page()
    page.clock.install()
    answer(page, wire.form)
    page.route("**/s/*", lambda route: None if route.request.method == "POST" else route.continue_())
    send(page)
    expect(page.locator(".sending")).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    page.goto(wire.form)
    expect(page.get_by_role("heading", name=WAITING)).to_be_visible()
    expect(page.locator("#text-reason")).to_have_value("")
    page.clock.run_for(30_000)
    expect(page.get_by_role("heading", name="送信済み")).to_be_visible()
    assert len(stored(sqlite)) == 1


def test_every_state_is_accessible_and_fits_the_narrowest_phone(context, wire):
    page = context.new_page()
    page.set_viewport_size(NARROW)
    page.goto(wire.form)
    page.evaluate("document.getElementById('outbox').append(document.getElementById('letters').content)")
    for place in page.locator("[data-code]").all():
        place.evaluate("(place) => { place.textContent = 'K7QM-2XPD-9RTA'; }")
    assert page.locator(".letter").count() == 5
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour on its way to another
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_a_kiosk_without_a_network_takes_one_person_after_another(context, wire, sqlite):
    page = context.new_page()
    page.clock.install()
    answer(page, f"{wire.form}?kiosk=1", "一人目の感想です。")
    page.clock.run_for(1000)
    page.reload()
    expect(page.locator("#text-reason")).to_have_value("")
    assert page.evaluate(KEPT_TEXTS) == []
    wire.cut()
    for reason in ("一人目の感想です。", "二人目の感想です。"):
        page.get_by_role("radio", name="9", exact=True).check()
        page.locator("#text-reason").fill(reason)
        send(page)
        expect(page.get_by_role("heading", name=WAITING)).to_be_visible()
        page.clock.run_for(20_000)
        expect(page.locator("form")).to_be_visible()
        expect(page.locator("#outbox")).to_be_empty()
        assert page.locator("input:checked").count() == 0
        assert set(page.locator("textarea").evaluate_all("fields => fields.map(field => field.value)")) == {""}
    wire.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    while page.evaluate(KEPT_TEXTS):
        page.wait_for_timeout(20)
    page.reload()
    expect(page.locator("#outbox")).to_be_empty()
    found = stored(sqlite)
    assert sorted(text for _, text, _ in found) == ["一人目の感想です。", "二人目の感想です。"]
    assert found[0][2] != found[1][2]


def test_a_network_that_neither_works_nor_fails_is_told_after_6_seconds(context, wire):
    page = context.new_page()
    page.clock.install()
    answer(page, wire.form)
    page.route("**/s/*", lambda route: None if route.request.method == "POST" else route.continue_())
    send(page)
    expect(page.locator(".sending")).to_have_text("送信しています…")
    page.clock.run_for(6000)
    expect(page.get_by_role("heading", name=WAITING)).to_be_focused()
    expect(page.locator(".sending")).to_have_count(0)
    page.unroute_all(behavior="ignoreErrors")
