from datetime import timedelta

import pytest
from customers import ANSWERS, client_of, seen
from factories import make_entry, make_reception, sealed
from sqlalchemy import select

from surveys import pages
from surveys.seals import read_receipt, receipt
from surveys.tables import Response


@pytest.fixture
def kiosk(database):
    code = make_entry(database)
    return database, client_of(database), code


def answer(client, code, **changes):
    page = client.get(f"/s/{code}?kiosk=1&lang=en").text
    return client.post(f"/s/{code}?kiosk=1&lang=en", data={"seal": sealed(page)} | ANSWERS | changes)


def rows(database):
    with database.reading() as session:
        return [(row.channel, row.score) for row in session.scalars(select(Response).order_by(Response.id))]


def test_each_person_at_a_kiosk_is_a_response_of_its_channel(kiosk):
    database, client, code = kiosk
    assert [answer(client, code).status_code for _ in range(3)] == [303] * 3
    assert rows(database) == [("kiosk", 9)] * 3


def test_the_form_keeps_no_draft_and_stays_a_kiosks_in_every_language(kiosk):
    _, client, code = kiosk
    page = client.get(f"/s/{code}?kiosk=1").text
    assert " data-kiosk" in page
    assert '"?lang=en&amp;kiosk=1"' in page
    assert f'action="/s/{code}?lang=ja&amp;kiosk=1"' in page
    assert "kiosk" not in client.get(f"/s/{code}").text


def test_thanks_return_to_the_start_after_twenty_seconds(kiosk):
    _, client, code = kiosk
    thanks = client.get(answer(client, code).location)
    assert thanks.headers["Refresh"] == f"20; url=/s/{code}?kiosk=1"
    assert "After 20 seconds" in seen(thanks.text)
    assert f'href="/s/{code}?kiosk=1"' in thanks.text
    ordinary = client.get(f"/s/{code}/thanks")
    assert ("Refresh" in ordinary.headers, "kiosk" in ordinary.text) == (False, False)


@pytest.mark.parametrize("signed", ["", "forged", "old"])
def test_who_goes_back_to_the_thanks_of_another_begins_anew(kiosk, signed, monkeypatch):
    _, client, code = kiosk
    place = answer(client, code).location
    if signed == "old":
        monkeypatch.setattr(pages, "KIOSK_SHOWS", -timedelta(minutes=1))
    else:
        place = f"/s/{code}/thanks?kiosk=1&receipt={signed}"
    back = client.get(place)
    assert (back.status_code, back.location) == (
        303,
        f"/s/{code}?lang=" + ("en" if signed == "old" else "ja") + "&kiosk=1",
    )


def test_a_page_that_was_used_before_sends_the_next_persons_answer_under_a_new_key(kiosk):
    database, client, code = kiosk
    page = {"seal": sealed(client.get(f"/s/{code}?kiosk=1").text)}
    client.post(f"/s/{code}?kiosk=1", data=page | ANSWERS)
    second = client.post(f"/s/{code}?kiosk=1", data=page | ANSWERS | {"choice-recommend": "4"})
    assert second.status_code == 409
    assert "前の方の回答は届いています" in second.text
    assert 'name="change"' not in second.text
    again = {"seal": sealed(second.text)} | ANSWERS | {"choice-recommend": "4"}
    assert [client.post(f"/s/{code}?kiosk=1", data=again).status_code for _ in range(2)] == [303, 303]
    assert rows(database) == [("kiosk", 9), ("kiosk", 4)]


def test_a_fault_page_of_a_kiosk_is_a_page(kiosk):
    _, client, _ = kiosk
    assert client.get("/s/zzzzzzzz?kiosk=1").status_code == 404
    assert client.get("/survey/static/missing.css?kiosk=1").status_code == 404


def test_a_receipt_is_read_for_as_long_as_it_may_be():
    secret = make_reception(None).secret_key
    signed = receipt(secret, "code", "k7qm2xpd9rt0")
    assert read_receipt(secret, "code", signed, timedelta(minutes=1)) == "k7qm2xpd9rt0"
    assert read_receipt(secret, "code", signed, timedelta(seconds=-1)) is None
