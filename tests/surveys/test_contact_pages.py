"""A call back on the form: optional, agreed to, sealed, apart from the answer, and gone with it."""

import logging
from datetime import timedelta

import pytest
from factories import NOW, make_definition, make_entry, make_reception, sealed
from sqlalchemy import select

from surveys import contacts, rights
from surveys.contact_box import Box, ContactDetails, ContactSealedError, new_key
from surveys.errors import InputError
from surveys.tables import Contact, Response
from surveys.web import create_survey_app

OFFER = {"contact": {}}
HANAKO = {"contact-name": "山田花子", "contact-phone": "０９０－１２３４－５６７８", "contact-agreed": "1"}
FIELDS = ("contact-name", "contact-phone", "contact-mail")
DETAILS = ContactDetails("山田花子", "090-1234-5678", "")


@pytest.fixture
def site(database):
    code, reception = make_entry(database, **OFFER), make_reception(database)
    app = create_survey_app(reception)
    app.testing = True
    return app.test_client(), code, reception


def send(client, code, seal=None, **fields):
    form = {"seal": seal or sealed(client.get(f"/s/{code}").text), "choice-recommend": "2"}
    return client.post(f"/s/{code}?lang=ja", data=form | fields)


def kept(database, reception):
    with database.reading() as session:
        return [reception.rights.box.open(row.sealed) for row in session.scalars(select(Contact))]


def test_no_survey_asks_for_a_contact_unless_it_says_so(database):
    client = create_survey_app(make_reception(database)).test_client()
    code = make_entry(database)
    assert "contact-" not in client.get(f"/s/{code}").text
    send(client, code, **HANAKO)
    with database.reading() as session:
        assert session.scalars(select(Contact)).all() == []


def test_a_contact_is_sealed_apart_and_an_answer_needs_none(site, database, caplog):
    client, code, reception = site
    caplog.set_level(logging.DEBUG)
    assert send(client, code).status_code == 303
    assert kept(database, reception) == []
    assert send(client, code, **HANAKO).status_code == 303
    assert kept(database, reception) == [DETAILS]
    with database.reading() as session:
        row = session.scalars(select(Contact)).one()
        assert row.erase_at - row.given_at == timedelta(days=90)
        response = session.get_one(Response, row.response_id)
        everything = f"{row.sealed} {response.answers} {response.attributes} {response.comments}"
    for part in ("花子", "1234", "５６７８"):
        assert part not in everything
        assert part not in caplog.text


def test_whatever_the_score_the_offer_is_the_same(site):
    client, code, _ = site
    pages = {
        client.get(f"/s/{code}?lang=ja").text.count('name="contact-phone"'),
        send(client, code, **{"choice-recommend": "10", "contact-name": "花"}).text.count('name="contact-phone"'),
        send(client, code, **{"choice-recommend": "0", "contact-name": "花"}).text.count('name="contact-phone"'),
    }
    assert pages == {1}


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"contact-name": "花子", "contact-agreed": "1"}, {"contact-phone"}),
        ({"contact-agreed": "1"}, {"contact-phone"}),
        ({"contact-phone": "090-1234-5678"}, {"contact-agreed"}),
        ({"contact-phone": "call me", "contact-agreed": "1"}, {"contact-phone"}),
        ({"contact-mail": "hanako@", "contact-agreed": "1"}, {"contact-mail"}),
        ({"contact-name": "花" * 201, "contact-mail": "h@example.com", "contact-agreed": "1"}, {"contact-name"}),
    ],
)
def test_a_contact_that_cannot_be_used_is_told_and_nothing_typed_is_lost(site, database, fields, faulty):
    client, code, reception = site
    answer = send(client, code, **fields, **{"text-reason": "レジが遅い"})
    assert answer.status_code == 400
    assert {name for name in (*FIELDS, "contact-agreed") if f'id="{name}-fault"' in answer.text} == faulty
    for value in (*fields.values(), "レジが遅い"):
        assert value in answer.text
    assert kept(database, reception) == []


def test_sending_again_keeps_one_contact_and_the_newest_one(site, database):
    client, code, reception = site
    seal = sealed(client.get(f"/s/{code}").text)
    for _ in range(2):
        send(client, code, seal, **HANAKO)
    with database.session() as session:
        number = session.scalars(select(Contact.id)).one()
        contacts.mark_done(session, number, "suzuki", NOW)
    send(client, code, seal, **HANAKO)
    with database.reading() as session:
        assert session.scalars(select(Contact)).one().done_by == "suzuki"
    send(client, code, seal, **HANAKO | {"contact-phone": "03-9876-5432"})
    assert kept(database, reception) == [ContactDetails("山田花子", "03-9876-5432", "")]
    send(client, code, seal)
    assert kept(database, reception) == []


def test_a_contact_goes_with_its_answer_and_when_its_days_are_over(site, database):
    client, code, reception = site
    for _ in range(2):
        send(client, code, **HANAKO)
    with database.session() as session:
        first, second = session.scalars(select(Contact).order_by(Contact.id))
        digest = session.get_one(Response, first.response_id).code_digest
        assert rights.erase(session, digest, reception.rights.erased, NOW)
        over = second.erase_at
    reception.rights.erased.path.unlink()
    assert len(kept(database, reception)) == 1
    with database.session() as session:
        assert contacts.erase_expired(session, over - timedelta(seconds=1), "night") == 0
        assert contacts.erase_expired(session, over, "night") == 1
        assert contacts.contacts(session) == ()
        assert [event.kind for event in rights.events(session)] == ["contacts expired", "erased"]


def test_each_look_leaves_an_event_and_a_foreign_key_opens_nothing(site, database):
    client, code, reception = site
    send(client, code, **HANAKO)
    with database.session() as session:
        found = contacts.contacts(session)[0]
        assert (found.store_name, found.score, found.done_at) == ("銀座店", 2, None)
        assert contacts.view(session, found.number, reception.rights.box, "suzuki", NOW) == DETAILS
        with pytest.raises(ContactSealedError):
            contacts.view(session, found.number, Box([new_key()]), "suzuki", NOW)
        with pytest.raises(InputError, match="no contact 99"):
            contacts.view(session, 99, reception.rights.box, "suzuki", NOW)
        assert [(event.kind, event.made_by) for event in rights.events(session)] == [("contact viewed", "suzuki")]


def test_keys_are_changed_without_losing_a_contact(site, database):
    client, code, _ = site
    send(client, code, **HANAKO)
    old, new = new_key(), new_key()
    with database.session() as session:
        row = session.scalars(select(Contact)).one()
        row.sealed = Box([old]).seal(DETAILS)
    with database.session() as session:
        assert contacts.seal_anew(session, Box([new, old])) == 1
    with database.reading() as session:
        assert Box([new]).open(session.scalars(select(Contact)).one().sealed) == DETAILS
    with database.session() as session, pytest.raises(ContactSealedError):
        contacts.seal_anew(session, Box([old]))


def test_without_a_key_such_a_survey_is_refused_with_what_to_do(database):
    make_entry(database, **OFFER)
    with database.reading() as session, pytest.raises(InputError, match=r"survey 'store' asks .* koebako contact key"):
        contacts.check_surveys(session, None)
    with pytest.raises(InputError, match="koebako contact key"):
        contacts.check_can_ask(make_definition(**OFFER), None)
    with pytest.raises(InputError, match="holds no usable key") as refused:
        Box(["not a key"])
    assert "not a key" not in str(refused.value)


@pytest.mark.parametrize(("written", "offered"), [(True, True), (False, False), ({"text": "連絡"}, True)])
def test_an_offer_may_be_a_word_or_words_of_ones_own(written, offered):
    assert (make_definition(contact=written).contact is not None) == offered


def test_a_clinics_form_says_that_answers_concern_health_and_its_purpose_must_say_so(database):
    purpose = {
        "ja": "診療をよくするため、健康に関するご回答も使います。",
        "en": "To improve our care; health included.",
    }
    code = make_entry(database, health=True, purpose=purpose)
    page = create_survey_app(make_reception(database)).test_client().get(f"/s/{code}?lang=ja").text
    assert page.index("要配慮個人情報") < page.index('<button type="submit">')
    with pytest.raises(ValueError, match="here in en"):
        make_definition(health=True, purpose=purpose | {"en": "To make it better."})
