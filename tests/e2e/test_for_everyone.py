"""Nobody is shut out: every page of customers and of staff, dark on a phone, light on a desk, narrow as at 400 % zoom.

A new staff page is walked by itself (see `every_room`).
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from effort import examples
from every_room import EVERY_KIND, fill_every_room, staff_addresses
from factories import make_place, make_survey
from flask import Flask
from playwright.sync_api import Browser, Error, Page
from pydantic import SecretStr
from staff_site import PASSWORD, add_staff
from waitress import create_server

from feedback.app import create_app
from feedback.config import Config
from feedback.schema import upgrade_schema
from surveys.contact_box import new_key
from surveys.database import Database
from surveys.places import entry_code, renew_code

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    "resultTypes": ["violations"],
}
WITHOUT_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}
RULES_OF_LOOKS = {"runOnly": ["color-contrast", "target-size"], "resultTypes": ["violations"]}
"""What another width and other colours can break."""
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 568}
TARGET = 44
SMALL_TARGETS = """least => [...document.querySelectorAll(
    "a.button, .languages a, button, input, select, textarea, summary")]
  .map(one => one.closest("label") ?? one)
  .filter(one => !one.matches(".unseen, .trap *, [type=hidden]") && one.checkVisibility())
  .filter(one => Math.round(one.getBoundingClientRect().height) < least)
  .map(one => `small: ${one.outerHTML.slice(0, 120)}`)"""
"""A field in a label is as large as the label."""
SEND = """([to, fields, type]) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: to, enctype: type });
  for (const [name, value] of Object.entries(fields))
    form.append(Object.assign(document.createElement("textarea"), { name, value }));
  document.body.append(form);
  form.submit();
}"""
"""Send a form as a browser without a script does."""
FORM_TYPE = "application/x-www-form-urlencoded"
NOT_WALKED = {
    "staff.today_now",  # the part of today's page that is fetched anew
    "staff.preview",  # no script runs in it, axe neither: it is the form, which is walked as a customer's page
}

MET = [
    ("form", "お客様アンケート"),
    ("follow-ups", "お客様アンケート"),
    ("faults", "お客様アンケート"),
    ("wrong choice", "お客様アンケート"),
    ("forged", "お客様アンケート"),
    ("thanks", "ご回答ありがとうございました"),
    ("answered", "お客様アンケート"),
    ("delete", "回答の確認と削除"),
    ("no code", "回答の確認と削除"),
    ("no such answer", "回答の確認と削除"),
    ("what is held", "保存されている内容"),
    ("erase?", "この回答を削除しますか"),
    ("erased", "この回答は、もう保存されていません"),
    ("erased", "この回答は削除されています"),
    ("old", "このQRコードでの受付は終わりました"),
    ("later", "このアンケートはまだ始まっていません"),
    ("over", "このアンケートは終了しました"),
    ("unknown", "アンケートが見つかりません"),
    ("kept", "このアンケートは終了しました"),
    ("wrong type", "この形では受け取れません"),
    ("kiosk", "お客様アンケート"),
    ("kiosk thanks", "ご回答ありがとうございました"),
    ("waiting", "電波が届いていません"),
    ("health", "お客様アンケート"),
    ("held", "ただいま混み合っています"),
]
"""What a customer may meet, in this order, and the heading that shows that it was this."""


@dataclass
class Site:
    """A running server and what it serves."""

    url: str
    app: Flask
    config: Config
    database: Database

    def staff_pages(self) -> Iterator[str]:
        """Every page of staff, one after another."""
        for endpoint, address in staff_addresses(self.app):
            if endpoint not in NOT_WALKED:
                yield f"{self.url}{address}"


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    url = f"sqlite:///{folder / 'koebako.db'}"
    config = Config.model_validate(
        {
            "organisation": {"name": "みなと商店"},
            "surveys": {"fastest_seconds": 0, "answers_per_minute": 15},
            "privacy": {"member_codes": True},
            "database_url": url,
            "secret_key": "a secret key for tests only, long enough",
            "contact_keys": (SecretStr(new_key()),),
        }
    )
    database = Database(url)
    upgrade_schema(database)
    add_staff(database, "佐藤", "admin")
    app = create_app(config, database)
    server = create_server(app, host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    yield Site(f"http://127.0.0.1:{server.effective_port}", app, config, database)
    server.close()
    database.close()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Site]:
    """A house in which nothing has happened yet."""
    with running(tmp_path) as site:
        yield site


@pytest.fixture
def lived_in(bare: Site) -> Site:
    """A house with something in every room."""
    fill_every_room(bare.database, bare.config, datetime.now(UTC))
    return bare


@contextmanager
def opened(browser: Browser, locale: str = "ja-JP") -> Iterator[Page]:
    looks = {"viewport": PHONE, "color_scheme": "dark", "reduced_motion": "reduce"}  # no colour on its way to another
    with browser.new_context(locale=locale, service_workers="block", **looks) as context:
        context.set_default_timeout(20_000)
        context.add_init_script(AXE_SCRIPT)
        yield context.new_page()


def faults(page: Page, colours: bool = True) -> list[str]:
    """Violations of A and AA on the phone and on the desk, and whether a narrow screen must be scrolled sideways."""
    # not the menu of the account: it lies over other links while it is open
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    told = violations(page, RULES if colours else RULES | WITHOUT_COLOURS)
    if colours:
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="light")
        told += violations(page, RULES_OF_LOOKS)
    page.set_viewport_size(NARROW)
    if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
        told.append(f"sideways: {width}")
    return told


def violations(page: Page, rules: Mapping[str, object]) -> list[str]:
    found = page.evaluate("rules => axe.run(document, rules)", rules)["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


def on_the_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")


def send(page: Page, to: str, fields: Mapping[str, str], kind: str = FORM_TYPE) -> None:
    with page.expect_navigation():
        page.evaluate(SEND, [to, fields, kind])


def customers_pages(page: Page, site: Site) -> Iterator[str]:
    """Open every page that a customer may meet, one after another; its name."""
    form, answers = every_form(site)
    page.goto(form["open"])
    yield "form"
    page.locator(".nps [value='3']").check()
    page.locator("[value=else]").check()
    yield "follow-ups"
    seal = page.locator("[name=seal]").input_value()
    key = page.locator("[name=key]").input_value()
    own = {"seal": seal, "key": key}
    send(page, form["open"], {**own, "contact-phone": "?", "member-code": "1001"})
    yield "faults"
    send(page, form["open"], {**own, "text-reason": "い" * 9, "choice-recommend": "11"})
    yield "wrong choice"
    send(page, form["open"], {**own, **answers, "seal": "forged"})
    yield "forged"
    send(page, form["open"], {**own, **answers})
    code = page.locator(".code").inner_text()
    yield "thanks"
    send(page, form["open"], {**own, **answers, "choice-recommend": "3", "text-improve": "別の話です。"})
    yield "answered"
    yield from deletion(page, site, code)
    send(page, form["open"], {**own, **answers})
    yield "erased"
    yield from faulty(page, form)
    yield from kiosk(page, f"{form['open']}?kiosk=1", answers)
    page.goto(f"{site.url}/s/waiting")
    yield "waiting"
    page.goto(form["clinic"])
    yield "health"
    for _ in range(site.config.surveys.answers_per_minute):
        page.request.post(form["open"], form={})
    send(page, form["open"], answers)
    yield "held"


def every_form(site: Site) -> tuple[dict[str, str], dict[str, str]]:
    """Forms in every state, by what they are; and what a customer answers."""
    database, now = site.database, datetime.now(UTC)
    make_place(database, "kyobashi")
    make_survey(
        database,
        key="clinic",
        **EVERY_KIND,
        health=True,
        purpose={"ja": "健康に関する情報を、診療をよくするために使います。", "en": "Health data, to treat you better."},
    )
    make_survey(database, key="later", opens=now + timedelta(days=9))
    make_survey(database, key="over", closes=now - timedelta(days=9))
    codes: dict[str, str] = {}
    with database.session() as session:
        for survey, kind in (("store", "old"), ("clinic", "clinic"), ("later", "later"), ("over", "over")):
            codes[kind] = entry_code(session, survey, "kyobashi", "register")
        codes["open"] = renew_code(session, "store", ("kyobashi", "register"), now)
    reason = "店員さんが親切でした。"
    answers = {"choice-recommend": "9", "text-reason": reason, "contact-mail": "a@example.com", "contact-agreed": "1"}
    answers |= {"member-code": "1001", "member-agreed": "1"}
    return {kind: f"{site.url}/s/{code}" for kind, code in codes.items()}, answers


def deletion(page: Page, site: Site, code: str) -> Iterator[str]:
    address = f"{site.url}/delete"
    page.goto(address)
    yield "delete"
    for name, fields in (
        ("no code", {"code": "K7QM"}),
        ("no such answer", {"code": "K7QM-2XPD-9RTA"}),
        ("what is held", {"code": code}),
        ("erase?", {"code": code, "action": "confirm"}),
        ("erased", {"code": code, "action": "erase"}),
    ):
        send(page, address, fields)
        yield name


def faulty(page: Page, form: Mapping[str, str]) -> Iterator[str]:
    for kind in ("old", "later", "over"):
        page.goto(form[kind])
        yield kind
    page.goto(f"{form['open']}x")
    yield "unknown"
    send(page, form["over"], {"text-reason": "店員さんが親切でした。"})
    yield "kept"
    send(page, form["open"], {}, "multipart/form-data")
    yield "wrong type"


def kiosk(page: Page, address: str, answers: Mapping[str, str]) -> Iterator[str]:
    page.goto(address)
    yield "kiosk"
    seal, key = (page.locator(f"[name={name}]").input_value() for name in ("seal", "key"))
    send(page, address, {**answers, "seal": seal, "key": key})
    yield "kiosk thanks"


def test_no_page_shuts_a_customer_out(browser, lived_in):
    met, found = [], []
    with opened(browser) as page:
        for name in customers_pages(page, lived_in):
            met.append((name, page.locator("h1").inner_text()))
            found += [(name, fault) for fault in [*faults(page), *page.evaluate(SMALL_TARGETS, TARGET)]]
            on_the_phone(page)
    assert found == []
    assert met == MET


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/staff/sign-in")
    page.locator("#name").fill("佐藤")
    page.locator("#password").fill("いいえ")
    page.locator("main button").click()
    assert faults(page) == []
    on_the_phone(page)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").click()


def is_page(page: Page, address: str) -> bool:
    """Open what is at an address, unless it is a file."""
    try:
        reply = page.goto(address)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return False
    return reply is not None and reply.headers["content-type"].startswith("text/html")


def walked(page: Page, site: Site, colours: bool = True) -> list[tuple[str, str]]:
    """Open every staff page; what is wrong there. A file is none of them."""
    sign_in(page, site)
    found, seen = [], 0
    for address in site.staff_pages():
        if is_page(page, address):
            parts = urlsplit(address)
            found += [(f"{parts.path} {parse_qs(parts.query)}", fault) for fault in faults(page, colours)]
            on_the_phone(page)
            seen += 1
    assert seen > 30
    return found


def test_no_page_shuts_staff_out(browser, lived_in):
    with opened(browser) as page:
        assert walked(page, lived_in) == []


def test_no_page_shuts_staff_out_before_the_first_answer(browser, bare):
    with opened(browser, "en-US") as page:
        # what is empty has the colours of what is not: they are looked at in `make prove`
        assert walked(page, bare, colours=examples(1) > 1) == []
