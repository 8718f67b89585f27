"""Every form of the staff pages, filled in with what no person types: refused or taken, never a fault of ours."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from random import Random
from urllib.parse import quote, urlsplit

import pytest
from effort import examples
from every_room import fill_every_room, staff_addresses
from hostile import FORM, Attacker, injected
from pydantic import SecretStr
from staff_site import signed_in

from feedback.pages.comments import page_address
from surveys.contact_box import new_key
from surveys.settings import PrivacySettings

LEFT_ALONE = {"/staff/sign-out", "/staff/sign-in", "/staff/password"}


@dataclass
class StaffForm:
    """A form as it stands in a page: where it goes, how, and what it holds."""

    path: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """Collects the forms of a page with all their fields and buttons."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address, self.found = address, dict[str, StaffForm]()
        self._now, self._area = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a form, or note a field of one."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._now = given.get("id") or f"{len(self.found)}"
            path = urlsplit(given.get("action") or self.address).path
            self.found[self._now] = StaffForm(path, given.get("method", "get").upper())
        elif given.get("name"):
            form = self.found.get(given.get("form", self._now))
            if form:
                form.fields.append((given["name"], given.get("value", "")))
            self._area = given["name"] if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        """Leave a form."""
        self._now = "" if tag == "form" else self._now


def spoilt(random: Random, attacker: Attacker, name: str, value: str) -> str:
    """A field's value: often its own, else a hostile one; a draft keeps its shape and gets a hostile part."""
    if name == "form_token" or random.random() < 0.6:
        return value
    if name == "draft" and random.random() < 0.9:
        return json.dumps(_spoilt_part(random, attacker, json.loads(value)))
    return attacker.value()


def _spoilt_part(random: Random, attacker: Attacker, part: object) -> object:
    if random.random() < 0.08:
        return random.choice([attacker.value(), None, [], {}, -1, 10**400, 1.5, True, [[]], {"ja": attacker.value()}])
    if isinstance(part, dict):
        return {key: _spoilt_part(random, attacker, value) for key, value in part.items() if random.random() > 0.03}
    if isinstance(part, list):
        return [_spoilt_part(random, attacker, value) for value in part]
    return part


@pytest.fixture
def admin(config, sqlite):
    config = config.model_copy(
        update={"contact_keys": (SecretStr(new_key()),), "privacy": PrivacySettings(member_codes=True)}
    )
    fill_every_room(sqlite, config, datetime.now(UTC))
    found = signed_in(config, sqlite, "佐藤", "admin")
    found.client.application.testing = True  # an error of ours flies instead of becoming a page
    return found


def test_any_form_of_staff_is_taken_or_refused_with_a_page(admin):
    attacker = Attacker(11, ["x"])
    random = attacker.random
    addresses = [address for _, address in staff_addresses(admin.client.application)]
    posts = 0
    while posts < examples(150):
        address = random.choice(addresses)
        page = admin.client.get(address)
        assert page.status_code < 500, address
        forms = [form for form in Forms(page.text, address).found.values() if form.path not in LEFT_ALONE]
        for form in random.sample(forms, min(4, len(forms))):
            fields = [(name, spoilt(random, attacker, name, value)) for name, value in form.fields]
            kept = [each for each in fields if each[0] == "form_token" or random.random() > 0.05]
            random.shuffle(kept)
            body = "&".join(f"{quote(name)}={quote(text.encode('utf-8', 'surrogatepass'))}" for name, text in kept)
            options = {"data": body, "content_type": FORM} if form.method == "POST" else {"query_string": body}
            answer = admin.client.open(form.path, method=form.method, **options)
            assert answer.status_code < 500, (form.path, body)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            if answer.mimetype == "text/html":
                assert injected(answer.text) == [], (form.path, body)
            posts += form.method == "POST"


@pytest.mark.parametrize("hostile", ["endpoint=x", "_scheme=javascript&_external=1", "_anchor=x&_method=FOO"])
def test_the_way_through_the_comments_leads_nowhere_else(admin, hostile):
    answer = admin.client.get(f"/staff/comments?{hostile}")
    assert answer.status_code == 200
    assert injected(answer.text) == []
    with admin.client.application.test_request_context(f"/staff/comments?{hostile}"):
        assert page_address(2) == f"/staff/comments?{hostile}&page=2"


def test_a_poster_leaves_out_what_no_paper_shows(admin):
    answer = admin.post("/staff/posters", form_from="/staff/posters", what="", line_ja="お聞かせ\x0eください\ufffe")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")


@pytest.mark.parametrize(
    "draft", ["[]", '{"key": 1}', '{"key": "a", "questions": [{"key": {}, "kind": "nps"}]}', "\ud800"]
)
def test_a_draft_that_is_none_is_refused(admin, draft):
    sent = draft.encode("utf-8", "replace")
    assert admin.post("/staff/survey", form_from="/staff/survey", draft=sent, do="save").status_code == 400
