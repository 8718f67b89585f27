"""Hostile requests by the thousand: no fault of ours, nothing stored that was not valid, nothing stored twice."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from effort import examples
from factories import NOW, make_entry
from hostile import FORM, SECRETS, Attacker, Request, injected
from sqlalchemy import select

from feedback.app import create_app
from feedback.config import Config
from surveys.contact_box import Box, new_key
from surveys.database import Database
from surveys.headers import CONTENT_POLICY
from surveys.places import create_spot, renew_code, retire_spot
from surveys.seals import read_receipt, seal
from surveys.submission_keys import digest, new_submission_key, read_code
from surveys.tables import Comment, Contact, Coupon, PrivacyEvent, Response, Survey
from surveys.texts import is_storable

OTHER = {"key": "other", "other": True, "text": "その他"}
QUESTIONS = [
    {"key": "recommend", "kind": "nps", "text": "すすめたいですか。"},
    {"key": "liked", "kind": "text", "scores": "9-10", "asks": "praise", "text": "よかった点は。"},
    {"key": "reason", "kind": "text", "scores": "0-6", "text": "困った点は。"},
    {"key": "satisfaction", "kind": "csat", "text": "満足しましたか。"},
    {"key": "mood", "kind": "rating", "text": "気分はいかがですか。"},
    {"key": "visits", "kind": "visits"},
    {"key": "errand", "kind": "single", "text": "ご用は。", "options": [{"key": "food", "text": "食料品"}, OTHER]},
    {
        "key": "bought",
        "kind": "multiple",
        "text": "お求めは。",
        "options": [{"key": "gift", "text": "贈りもの"}, OTHER],
    },
]
TEXTS = {"liked", "reason", "errand.other", "bought.other"}
CHOICES = {"mood": {1, 2, 3, 4, 5}, "errand": {"food", "other"}, "visits": {"first", "2to5", "6to10", "from11"}}
COUPON = {"text": "コーヒー1杯", "days": 30, "limit": 200}
LONGEST = 2000


class Battle:
    """A server of customers' pages under attack, and what it has acknowledged so far."""

    def __init__(self, config: Config, database: Database, seed: int, **limits: int) -> None:
        keys = [new_key()]
        settings = {"fastest_seconds": 0, "answers_per_minute": 0, "max_text_length": LONGEST, **limits}
        config = config.model_validate(
            config.model_dump()
            | {"surveys": settings, "secret_key": config.secret_key, "database_url": config.database_url}
            | {"contact_keys": keys, "privacy": {"erased_file": f"{database.engine.url.database}.erased"}}
        )
        self.database, self.box = database, Box(keys)
        self.secret = config.secret_key.get_secret_value()
        self.code = make_entry(database, questions=QUESTIONS, contact=True, coupon=COUPON)
        self.attacker = Attacker(seed, self._codes())
        self.attacker.seals = [self._seal(code) for code in self.attacker.codes] + [self._seal(self.code)] * 12
        app = create_app(config, database, "surveys")
        app.testing = True  # an error of ours flies instead of becoming a page
        self.client = app.test_client()
        self.held: set[str] = set()
        self.statuses: dict[int, int] = {}

    def _codes(self) -> list[str]:
        """The open code many times, an old one of it, and one of a spot that is no more."""
        with self.database.session() as session:
            open_code = self.code = renew_code(session, "store", ("ginza", "register"), datetime.now(UTC))
            old = session.execute(select(Survey.id)).scalar_one()
            create_spot(session, "ginza", "door", "入口")
            gone = renew_code(session, "store", ("ginza", "door"), NOW)
            retire_spot(session, "ginza", "door", NOW)
        return [open_code] * 12 + [open_code.upper(), gone, str(old)]

    def _seal(self, code: str) -> str:
        return seal(self.secret, code, new_submission_key(), datetime.now(UTC) - timedelta(minutes=1))

    def send(self, request: Request) -> None:
        """Send one, and check what came back."""
        answer = self.client.open(**request.options())
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, request
        assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY, request
        assert answer.headers["X-Content-Type-Options"] == "nosniff", request
        if not request.path.startswith(b"/survey/"):
            assert {"no-store", "no-cache"} & {answer.headers.get("Cache-Control")}, request
        assert "Set-Cookie" not in answer.headers, request
        if answer.mimetype == "text/html":
            assert injected(answer.text) == [], request
        self._note(request, answer.status_code, answer.headers.get("Location", ""))

    def _note(self, request: Request, status: int, location: str) -> None:
        assert "HTTP_HOST" in request.environ or urlsplit(location).netloc in {"", "localhost"}, request
        receipt = parse_qs(urlsplit(location).query).get("receipt", [""])[0]
        code = read_receipt(self.secret, self.code, receipt)
        if status == 303 and code and request.method == "POST":
            self.held.add(digest(code))
            self.attacker.deletion_codes = [*self.attacker.deletion_codes[-200:], code]
            self.attacker.seals[0] = receipt
        if status == 303 and "/delete/done" in location:
            asked = parse_qs(request.body.decode("ascii", "replace"), errors="replace")
            self.held.discard(digest(read_code(asked["code"][0])))

    def check_stored(self) -> None:
        """Every acknowledged answer is there once, no other is, and each is one that the form offers."""
        with self.database.reading() as session:
            rows = session.scalars(select(Response)).all()
            assert sorted(row.code_digest for row in rows) == sorted(self.held)
            for row in rows:
                self._check(row)
            assert set(session.scalars(select(Coupon.response_id))) <= {None, *(row.id for row in rows)}
            assert len(session.scalars(select(Coupon.id)).all()) <= COUPON["limit"]
            assert all(self.box.try_open(sealed) for sealed in session.scalars(select(Contact.sealed)))
            assert {event.kind for event in session.scalars(select(PrivacyEvent))} <= {"erased", "shown"}

    def _check(self, row: Response) -> None:
        assert row.score in {None, *range(11)}
        assert row.satisfaction in {None, 1, 2, 3, 4, 5}
        assert row.answers.keys() <= {*CHOICES, "bought"}
        assert all(row.answers[key] in allowed for key, allowed in CHOICES.items() if key in row.answers)
        assert row.answers.get("bought", []) in ([], ["gift"], ["other"], ["gift", "other"])
        assert row.attributes == {key: value for key, value in row.answers.items() if key == "visits"}
        assert row.channel in {"qr", "kiosk"}
        assert len(row.submission_key) == len(row.code_digest) == len(row.content_digest) == 64
        assert timedelta() <= row.received_at - row.answered_at <= timedelta(hours=72)
        assert row.answers or row.comments or row.score is not None or row.satisfaction
        for comment in row.comments:
            self._check_comment(comment)

    def _check_comment(self, comment: Comment) -> None:
        assert comment.field in TEXTS
        assert comment.text == comment.text.strip() != ""
        assert is_storable(comment.text)
        assert not any(secret in comment.text for secret in SECRETS)

    def fight(self, submissions: int) -> None:
        """Send so many hostile submissions, and a fourth as many other requests between them."""
        for number in range(submissions):
            self.send(self.attacker.submission())
            if number % 4 == 0:
                self.send(self.attacker.request())
        self.check_stored()
        assert self.statuses.keys() >= {200, 303, 400, 404, 409, 410, 415}, "some doors were never reached"
        assert len(self.held) > submissions / 10, "nearly nothing was stored"


def test_hostile_submissions_are_taken_whole_or_refused(config, sqlite):
    Battle(config, sqlite, seed=2025).fight(400)


@pytest.mark.long
def test_twenty_thousand_hostile_submissions_are_taken_whole_or_refused(config, sqlite):
    Battle(config, sqlite, seed=2026).fight(examples(1000))


def test_hostile_submissions_that_are_held_back_come_back_as_text(config, sqlite):
    battle = Battle(config, sqlite, 7, answers_per_minute=1)
    for _ in range(150):
        battle.send(battle.attacker.submission())
    assert battle.statuses[429] > 50
    battle.check_stored()


@pytest.mark.parametrize("body", ["text-a=b&" * 1001, f"text-a={'b' * 300_000}"], ids=["fields", "size"])
def test_a_body_that_cannot_be_read_gets_a_page_where_others_are_handed_back(config, sqlite, body):
    client = Battle(config, sqlite, 1, answers_per_minute=1).client
    answers = [client.post(path, data=body, content_type=FORM) for path in ("/nowhere", "/s/nowhere", "/s/nowhere")]
    assert [answer.status_code for answer in answers] == [404, 413, 413]
    assert all("<h1>" in answer.text for answer in answers)


@pytest.mark.parametrize("part", [{"QUERY_STRING": "lang=\xff\x9e"}, {"HTTP_HOST": "9" * 64}, {"HTTP_HOST": "a..b:80"}])
@pytest.mark.parametrize(("path", "status"), [("/delete", 200), ("/s/nowhere", 404)])
def test_an_address_that_no_browser_writes_gets_its_page(config, sqlite, part, path, status):
    answer = Battle(config, sqlite, 1).client.get(path, environ_overrides=part)
    assert (answer.status_code, "<h1>" in answer.text) == (status, True)
