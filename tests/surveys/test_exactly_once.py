import re
from datetime import UTC, datetime, timedelta
from html import unescape
from threading import Barrier, Thread

import pytest
from customers import ANSWERS, REASON, client_of, seen, send, stored
from factories import make_entry, make_reception, make_survey, sealed
from itsdangerous import URLSafeTimedSerializer, timed
from sqlalchemy import select

from surveys.queries import week_fingerprints
from surveys.seals import receipt
from surveys.submission_keys import code_of, digest, new_submission_key, written_code
from surveys.tables import Response

KEY = "k7qm2xpd9rt0" + "a" * 20
OTHER = ANSWERS | {"text-reason": "やはり混んでいました。", "choice-recommend": "3"}
CODE = r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"


@pytest.fixture
def shop(database):
    code = make_entry(database)
    return database, client_of(database), code


def opened(client, code, **fields):
    return {"seal": sealed(client.get(f"/s/{code}").text)} | ANSWERS | fields


def rows(database):
    with database.reading() as session:
        return list(session.scalars(select(Response).order_by(Response.id)))


def code_shown(client, answer):
    """The deletion code on the page that an answer leads to."""
    [code] = re.findall(CODE, seen(client.get(answer.location).text))
    return code


def aged_seal(code, hours):
    """A genuine seal of a form that was opened so long ago."""

    class Earlier(timed.TimestampSigner):
        def get_timestamp(self):
            return int(datetime.now(UTC).timestamp()) - hours * 3600

    secret, salt = make_reception(None).secret_key, "koebako survey form"
    return URLSafeTimedSerializer(secret, salt, signer=Earlier).dumps([code, new_submission_key(), 0])


def test_what_is_stored_of_a_key_opens_nothing(shop):
    database, client, code = shop
    client.post(f"/s/{code}", data=opened(client, code, key=KEY))
    [row] = rows(database)
    assert (row.submission_key, row.code_digest) == (digest(KEY), digest("k7qm2xpd9rt0"))
    assert KEY[:12] not in row.external_id
    # what a reader of the database finds is taken for no key of ours, and changes nothing
    stolen = opened(client, code, key=row.submission_key, change="1", **{"choice-recommend": "0"})
    client.post(f"/s/{code}", data=stolen)
    assert [row.score for row in rows(database)] == [9, 0]


def test_thanks_show_the_deletion_code_of_the_pages_own_key(shop):
    _, client, code = shop
    answers = [client.post(f"/s/{code}", data=opened(client, code, key=KEY)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    pages = [client.get(answer.location) for answer in answers]
    assert [re.findall(CODE, seen(page.text)) for page in pages] == [["K7QM-2XPD-9RT0"]] * 2
    assert {page.headers["Cache-Control"] for page in pages} == {"no-store"}
    english = re.search(r'href="([^"]+)" lang="en"', pages[0].text)[1]
    assert "K7QM-2XPD-9RT0" in client.get(f"/s/{code}/thanks{unescape(english)}").text


def test_without_script_the_key_of_the_seal_gives_the_code(shop):
    database, client, code = shop
    data = opened(client, code, key="")
    codes = {code_shown(client, client.post(f"/s/{code}", data=data)) for _ in range(2)}
    [shown] = codes
    assert [row.code_digest for row in rows(database)] == [digest(shown.replace("-", "").lower())]


@pytest.mark.parametrize("key", ["k", "K" * 32, "u" * 32, "0" * 31, "<script>", "\x00" * 32])
def test_a_key_that_no_page_makes_is_passed_over_for_the_seals(sqlite, key):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    assert client.post(f"/s/{code}", data=opened(client, code, key=key)).status_code == 303
    assert rows(sqlite)[0].submission_key != digest(key)


@pytest.mark.parametrize("signed", ["", "x", "a.b", "WyJ4Il0.abc", "erased", "other code", "foreign"])
def test_a_receipt_that_we_did_not_write_or_whose_answer_is_gone_gets_plain_thanks(sqlite, signed):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    client.post(f"/s/{code}", data=opened(client, code, key=KEY))
    secret = make_reception(None).secret_key
    signed = {
        "erased": receipt(secret, code, code_of(new_submission_key())),
        "other code": receipt(secret, "bbbbbbbb", code_of(KEY)),
        "foreign": receipt("another secret altogether", code, code_of(KEY)),
    }.get(signed, signed)
    page = client.get(f"/s/{code}/thanks", query_string={"receipt": signed})
    assert page.status_code == 200
    assert "ご回答ありがとうございました" in page.text
    assert re.findall(CODE, seen(page.text)) == []
    known = client.get(f"/s/{code}/thanks", query_string={"receipt": receipt(secret, code, code_of(KEY))})
    assert re.findall(CODE, seen(known.text)) == [written_code(code_of(KEY))]


def test_another_content_under_a_used_key_is_kept_on_the_page_and_offered_as_a_change(shop):
    database, client, code = shop
    first = opened(client, code, key=KEY)
    client.post(f"/s/{code}", data=first)
    again = client.post(f"/s/{code}", data=first | OTHER)
    assert again.status_code == 409
    assert all(
        said in seen(again.text) for said in ("前の回答は届いています", "この内容に変更する", "別の回答として送る")
    )
    assert OTHER["text-reason"] in again.text
    assert f'name="key" value="{KEY}"' in again.text
    assert [row.score for row in rows(database)] == [9]


def test_a_change_replaces_the_answer_and_makes_its_week_stale(shop):
    database, client, code = shop
    first = opened(client, code, key=KEY)
    client.post(f"/s/{code}", data=first)
    before = rows(database)[0]
    with database.reading() as session:
        fingerprints = week_fingerprints(session)
    conflict = client.post(f"/s/{code}", data=first | OTHER)
    change = OTHER | {"seal": sealed(conflict.text), "key": KEY, "change": "1", "waited": "3000"}
    answers = [client.post(f"/s/{code}", data=change) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert {code_shown(client, answer) for answer in answers} == {"K7QM-2XPD-9RT0"}
    [row] = rows(database)
    assert (row.id, row.revision, row.score) == (before.id, 2, 3)
    assert (row.week, row.answered_at, row.code_digest) == (before.week, before.answered_at, before.code_digest)
    assert stored(database)[0][-1] == ["やはり混んでいました。"]
    with database.reading() as session:
        assert week_fingerprints(session).keys() == fingerprints.keys()
        assert week_fingerprints(session) != fingerprints


def test_another_person_at_the_same_phone_sends_an_answer_of_their_own(shop):
    database, client, code = shop
    first = opened(client, code, key=KEY)
    client.post(f"/s/{code}", data=first)
    conflict = client.post(f"/s/{code}", data=first | OTHER)
    [new_seal] = re.findall(r'name="another" value="([^"]+)"', conflict.text)
    data = OTHER | {"seal": sealed(conflict.text), "key": KEY, "another": new_seal}
    codes = {code_shown(client, client.post(f"/s/{code}", data=data)) for _ in range(3)}
    assert len(codes) == 1
    assert codes != {"K7QM-2XPD-9RT0"}
    assert [row.score for row in rows(database)] == [9, 3]


def test_a_change_without_the_key_is_an_answer_of_its_own(shop):
    database, client, code = shop
    client.post(f"/s/{code}", data=opened(client, code, key=KEY))
    client.post(f"/s/{code}", data=opened(client, code, change="1", **{"choice-recommend": "0"}))
    assert [(row.score, row.revision) for row in rows(database)] == [(9, 1), (0, 1)]


def test_a_key_made_up_with_anothers_deletion_code_stores_nothing(shop):
    database, client, code = shop
    client.post(f"/s/{code}", data=opened(client, code, key=KEY))
    clash = client.post(f"/s/{code}", data=opened(client, code, key=KEY[:12] + "b" * 20))
    assert (clash.status_code, REASON in clash.text) == (400, True)
    assert len(rows(database)) == 1


def test_two_different_answers_under_one_key_at_once_leave_one_and_tell_the_other(shop):
    database, client, code = shop
    data = opened(client, code, key=KEY)
    barrier, answers = Barrier(6), []

    def post(score):
        own = client.application.test_client()
        barrier.wait()
        answers.append(own.post(f"/s/{code}", data=data | {"choice-recommend": str(score)}).status_code)

    threads = [Thread(target=post, args=[score]) for score in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409, 409, 409, 409, 409]
    assert len(rows(database)) == 1


@pytest.mark.parametrize(
    ("waited", "hours"),
    [
        ("3600", 1),
        ("259200", 72),
        ("9999999", 72),
        ("9" * 500, 72),
        ("0", 0),
        ("-5", 0),
        ("1.5", 0),
        ("１", 0),
        ("", 0),
    ],
)
def test_an_answer_that_waited_was_given_before_it_came(sqlite, waited, hours):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    client.post(f"/s/{code}", data=opened(client, code, key=KEY, waited=waited))
    [row] = rows(sqlite)
    assert row.received_at - row.answered_at == timedelta(hours=hours)


def test_the_age_of_a_form_refuses_only_what_did_not_wait(sqlite):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    old = ANSWERS | {"seal": aged_seal(code, 97), "key": KEY}
    refused = client.post(f"/s/{code}", data=old)
    assert (refused.status_code, "時間がたった" in refused.text, rows(sqlite)) == (400, True, [])
    assert client.post(f"/s/{code}", data=old | {"waited": "60"}).status_code == 303
    assert client.post(f"/s/{code}", data=ANSWERS | {"seal": aged_seal(code, 95)}).status_code == 303
    forged = client.post(f"/s/{code}", data=ANSWERS | {"seal": "forged", "waited": "60"})
    assert (forged.status_code, len(rows(sqlite))) == (400, 2)


def test_an_answer_given_before_the_closing_may_come_after_it(sqlite):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    data = opened(client, code, key=KEY)
    make_survey(sqlite, closes=datetime.now(UTC) - timedelta(minutes=10))
    assert client.post(f"/s/{code}", data=data | {"waited": "60"}).status_code == 410
    assert client.post(f"/s/{code}", data=data | {"waited": "1200"}).status_code == 303
    assert len(rows(sqlite)) == 1


def test_each_page_has_a_key_of_its_own_and_a_fresh_one_leaves_the_field_to_the_script(sqlite):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    pages = [client.get(f"/s/{code}").text for _ in range(2)]
    assert len({sealed(page) for page in pages}) == 2
    assert all('name="key" value=""' in page for page in pages)
    refused = send(client, code, {"key": KEY, "text-reason": "x"})
    assert (refused.status_code, f'name="key" value="{KEY}"' in refused.text) == (400, True)
