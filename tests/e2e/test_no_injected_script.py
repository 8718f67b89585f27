"""What customers and staff type is shown as text: no page runs it, in a browser that would tell us."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from every_room import EVERY_KIND, fill_every_room, staff_addresses
from factories import SURVEY
from flask import Flask
from hostile import MARKUP, injected
from playwright.sync_api import Browser, Dialog, Page
from sqlalchemy import update
from staff_site import NOW, PASSWORD, add_staff
from waitress import create_server

from analysis.tables import CorrectionRow, OpinionRow, ThemeRow
from feedback.app import create_app
from feedback.config import Config
from feedback.improvement_changes import add_note
from feedback.schema import upgrade_schema
from feedback.tables import AuditEntry, CriticalFinding, ImprovementRow, PilotRow
from surveys.contact_box import new_key
from surveys.database import Base, Database
from surveys.definitions import SurveyDefinition, save_survey
from surveys.notices import NewNotice, publish_notice
from surveys.places import entry_code
from surveys.submission_keys import new_submission_key, written_code
from surveys.tables import Area, Comment, PrivacyEvent, Response, Spot, Store

pytestmark = pytest.mark.browser
HOSTILE = "".join(MARKUP)
NAME = "</title><script>pwned=1</script>\"'><img src=x onerror=pwned=1>"
WATCH = """
  window.violations = [];
  addEventListener("securitypolicyviolation", (event) => {
    violations.push(`${event.effectiveDirective} ${event.sample}`);
  });
"""
FOUND = """
() => [
  ...(window.pwned === undefined ? [] : ["a script ran"]),
  ...window.violations,
  ...[...document.querySelectorAll("[onerror],[onload],[onfocus],[srcdoc],[http-equiv]")].map((one) => one.outerHTML),
  ...[...document.querySelectorAll("base,object,embed,script:not([src])")].map((one) => one.outerHTML),
  ...[...document.querySelectorAll("[href],[src],[action],[formaction]")]
    .flatMap((one) => [one.href, one.src, one.getAttribute("action") && one.action, one.formAction])
    .filter((address) => typeof address === "string" && /^(javascript|data):|^https?:[/][/]evil[.]/.test(address)),
]
"""
DRAFT = (
    '{"key": "store", "questions": [{"key": "x", "kind": "</textarea><script>pwned=1</script>", "text": {"ja": "x"}}]}'
)
SPOKEN: list[str] = []
NAMES = (
    *("scope", "week", "window", "days", "store", "theme", "survey", "q", "text", "page", "show", "code", "comment"),
    *("position", "done", "seen", "decided", "number", "improvement", "title", "kind", "format", "from", "to"),
)
QUERY = "&".join(f"{name}={quote(HOSTILE)}" for name in NAMES)
TYPED: dict[type[Base], tuple[str, ...]] = {
    Area: ("name",),
    AuditEntry: ("who", "subject"),
    CorrectionRow: ("made_by",),
    CriticalFinding: ("seen_by",),
    ImprovementRow: ("title", "owner", "made_by"),
    PilotRow: ("made_by",),
    PrivacyEvent: ("made_by",),
    Spot: ("name",),
    Store: ("name",),
}
"""What people typed, as it is stored."""
NOTHING_TYPED = {f"/staff/{name}?" for name in ("nowhere", "password", "posters", "runs", "survey")}
"""Pages on which no word of customers or staff stands."""
POST = """
([path, fields]) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: path });
  for (const [name, value] of fields) {
    const field = form.appendChild(document.createElement("textarea"));
    Object.assign(field, { name, value });
  }
  document.body.append(form);
  form.submit();
}
"""


@dataclass
class Server:
    """A running server all of whose texts are hostile."""

    url: str
    app: Flask
    database: Database
    code: str


def wordings(value: object) -> object:
    """The test survey with every wording replaced."""
    if isinstance(value, dict):
        return {
            key: {"ja": NAME, "en": HOSTILE}
            if key in {"title", "introduction", "purpose", "thanks", "text"}
            else wordings(each)
            for key, each in value.items()
        }
    return [wordings(each) for each in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    url = f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'koebako.db'}"
    values = {
        "database_url": url,
        "secret_key": "a secret key for tests only, long enough",
        "contact_keys": [new_key()],
        "organisation": {"name": NAME},
        "surveys": {"fastest_seconds": 0},
        "privacy": {"member_codes": True},
    }
    config = Config.model_validate(values)
    database = Database(url)
    upgrade_schema(database)
    fill_every_room(database, config, datetime.now(UTC))
    add_staff(database, "佐藤", "admin")
    text = {"ja": NAME, "en": HOSTILE}
    offers = {"coupon": {"text": text, "days": 9}, "review": {"text": text, "url": "https://reviews.example.jp/"}}
    offers |= {kind: {"text": text, "consent": text} for kind in ("contact", "member")}
    with database.session() as session:
        save_survey(session, SurveyDefinition.model_validate(wordings({**SURVEY, **EVERY_KIND}) | offers))
        publish_notice(session, NewNotice({"ja": NAME, "en": NAME}, {"ja": NAME}, None, "queue", 3), NAME, NOW)
        add_note(session, 1, HOSTILE, NAME, NOW)
        for table, columns in TYPED.items():
            session.execute(update(table).values(dict.fromkeys(columns, NAME)))
        session.execute(update(Comment).values(text=HOSTILE))
        session.execute(update(OpinionRow).values(text=HOSTILE))
        session.execute(update(ThemeRow).values(name=text, advice=text, words={NAME: 1.0}))
        session.execute(update(Store).where(Store.key == "rival").values(operator=NAME))
        session.execute(update(Response).values(attributes={NAME: HOSTILE}))
        code = entry_code(session, "store", "ginza", "register")
    app = create_app(config, database)
    running = create_server(app, host="127.0.0.1", port=0)
    threading.Thread(target=running.run, daemon=True).start()
    yield Server(f"http://127.0.0.1:{running.effective_port}", app, database, code)
    running.close()
    database.close()


@pytest.fixture(scope="module")
def page(browser: Browser, server: Server) -> Iterator[Page]:
    yield watched(browser, server)
    assert SPOKEN == []


def answer(dialog: Dialog) -> None:
    """Leave a half-edited survey when asked whether to; any other dialog comes from a script that was injected."""
    if dialog.type != "beforeunload":
        SPOKEN.append(dialog.message)
    dialog.accept()


def watched(browser: Browser, server: Server) -> Page:
    """A page that notes every dialog that a script opens, signed in to the staff pages."""
    context = browser.new_context(locale="en")
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("dialog", answer)
    page.goto(f"{server.url}/staff/sign-in")
    page.locator("[name=name]").fill("佐藤")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/staff/report**")
    return page


def post(page: Page, path: str, fields: list[tuple[str, str]]) -> None:
    """Send fields from the page that is open, as its own form would, and wait for the answer to be shown."""
    with page.expect_navigation():
        page.evaluate(POST, [path, fields])


def test_markup_that_got_into_a_page_would_be_found(page, server):
    page.goto(f"{server.url}/delete")
    assert page.evaluate(FOUND) == []
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=pwned=1>')")
    page.wait_for_function("violations.length")
    assert [told.partition(" ")[0] for told in page.evaluate(FOUND)] == ["script-src-attr", "<img"]


def test_hostile_texts_are_text_on_every_page_of_customers(page, server):
    form, key, found = f"/s/{server.code}", new_submission_key(), {}
    hostile = [("text-reason", HOSTILE), ("contact-name", NAME), ("contact-phone", NAME), ("contact-mail", HOSTILE)]

    def look(what: str) -> None:
        assert page.locator("main").inner_text(), what
        found[what] = page.evaluate(FOUND)

    page.goto(server.url + form)
    look("form")
    seal = page.locator("[name=seal]").get_attribute("value")
    post(page, form, [("seal", seal), ("key", key), *hostile])
    look("faults")
    assert page.locator("[name=text-reason]").input_value() == HOSTILE
    post(page, form, [("seal", HOSTILE), ("key", HOSTILE), ("choice-recommend", NAME), *hostile])
    look("forged")
    post(page, f"{form}?lang=en&kiosk={quote(HOSTILE)}", [("seal", seal), ("language", HOSTILE), *hostile])
    look("another language")
    answer = [("seal", seal), ("key", key), ("choice-recommend", "9"), ("website", "x")]
    contact = [("contact-name", NAME), ("contact-phone", "03-1234-5678"), ("contact-agreed", "on")]
    post(page, form, [*answer, ("text-reason", HOSTILE), *contact])
    look("thanks")
    assert "/thanks" in page.url
    page.goto(f"{server.url}{form}?lang={quote(HOSTILE)}")
    post(page, form, [*answer, ("text-reason", f"{HOSTILE} 2"), *contact])
    look("conflict")
    assert page.locator("[name=another]").count() == 1
    post(page, "/s/nowhere", hostile)
    look("kept texts")
    assert page.locator("blockquote").inner_text()
    for typed in MARKUP:
        post(page, f"/delete?lang={quote(typed)}", [("code", typed), ("action", typed)])
        look(f"code {typed}")
    for action in ("show", "confirm"):
        post(page, "/delete", [("code", written_code(key[:12])), ("action", action)])
        look(action)
    page.goto(f"{server.url}/s/{server.code}/thanks?receipt={quote(HOSTILE)}&kiosk={quote(HOSTILE)}")
    look("thanks with a forged receipt")
    page.goto(f"{server.url}/{quote(HOSTILE)}")
    assert {what: told for what, told in found.items() if told} == {}


def test_hostile_texts_are_text_on_every_page_of_staff(page, server):
    found, silent = {}, set()
    for address in [*staff_pages(page, server), "/staff/nowhere?"]:
        page.goto(server.url + address)
        found[address] = page.evaluate(FOUND)
        if "pwned" not in page.evaluate("(document.querySelector('main') ?? document.body).textContent"):
            silent.add(address)
    for path in {address.partition("?")[0] for address in found}:
        page.goto(f"{server.url}{path}?{QUERY}")
        found[path] = page.evaluate(FOUND)
    assert {what: told for what, told in found.items() if told} == {}
    assert silent == NOTHING_TYPED, "the hostile text is not there at all"


def staff_pages(page: Page, server: Server) -> Iterator[str]:
    """Every page of staff that is no file."""
    for _, address in staff_addresses(server.app):
        reply = page.request.get(server.url + address)
        if reply.headers["content-type"].startswith("text/html"):
            yield address


def test_what_staff_send_comes_back_as_text(page, server):
    found = {}
    for path, fields in {
        "coupons": {"code": HOSTILE},
        "notices/new": {"heard_ja": HOSTILE, "done_ja": NAME, "heard_en": NAME, "done_en": NAME, "step": "preview"},
        "stores": {"action": "store added", "key": f"{NAME}\n", "name": HOSTILE},
        "contacts": {"number": "1", "action": "view"},
        "surveys": {"action": "survey opened", "survey": "store", "at": HOSTILE},
        "survey": {"draft": DRAFT, "title.ja": HOSTILE, "do": "save"},
        "posters": {"what": HOSTILE, "survey": HOSTILE, "line_ja": HOSTILE},
        "theme": {"theme": "queue", "action": "rename", "name_ja": HOSTILE},
    }.items():
        page.goto(f"{server.url}/staff/password")
        token = page.locator("main [name=form_token]").first.get_attribute("value")
        post(page, f"/staff/{path}", [("form_token", token), *fields.items()])
        found[path] = page.evaluate(FOUND)
    assert {what: told for what, told in found.items() if told} == {}


def test_a_preview_of_hostile_wordings_holds_them_as_text(page, server):
    page.goto(f"{server.url}/staff/survey?survey=store")
    page.locator("[name='title.ja']").fill(HOSTILE)
    with page.expect_response("**/survey/preview*") as answer:
        page.locator("[formaction*=preview]").first.click()
    assert "sandbox" in answer.value.headers["content-security-policy"]
    assert "pwned" in answer.value.text()
    assert injected(answer.value.text()) == []
    assert page.evaluate(FOUND) == []
