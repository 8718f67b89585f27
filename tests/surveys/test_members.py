"""A member code on the form: optional, agreed to, kept as a keyed digest alone, and gone with its answer."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from factories import MEMBERS, NOW, make_definition, make_entry, make_reception, sealed
from sqlalchemy import select

from surveys import held, rights
from surveys.errors import InputError
from surveys.members import check_may_ask, erase_members, forget_member, plain_code
from surveys.purchases import Bought, add_purchases, erase_unheld
from surveys.retention import clear_week
from surveys.settings import Retain
from surveys.tables import Comment, Member, Purchase, Response
from surveys.web import create_survey_app

AGREED = {"member-code": "１２３４－５６７８", "member-agreed": "1"}
DIGEST = MEMBERS.digest("12345678")


@pytest.fixture
def site(database):
    code, reception = make_entry(database, member={}), make_reception(database)
    return create_survey_app(reception).test_client(), code, reception


def send(client, code, seal=None, **fields):
    form = {"seal": seal or sealed(client.get(f"/s/{code}").text), "choice-recommend": "9"}
    return client.post(f"/s/{code}?lang=ja", data=form | fields)


def members(database):
    with database.reading() as session:
        return list(session.scalars(select(Member.digest).order_by(Member.response_id)))


def buy(database, *digests):
    """One purchase of each member."""
    with database.session() as session:
        store = session.scalars(select(Response.store_id)).first()
        add_purchases(session, [Bought(each, each, store, NOW.date(), 100) for each in digests])


def bought(database):
    with database.reading() as session:
        return set(session.scalars(select(Purchase.digest)))


def test_no_form_asks_unless_survey_and_settings_both_say_so(database):
    code, reception = make_entry(database, member={}), make_reception(database)
    forbidden = replace(reception, rights=replace(reception.rights, members=None))
    client = create_survey_app(forbidden).test_client()
    assert "member-code" not in client.get(f"/s/{code}").text
    send(client, code, **AGREED)
    assert members(database) == []
    assert "member-code" in create_survey_app(reception).test_client().get(f"/s/{code}").text
    check_may_ask(make_definition(member={}), allowed=True)
    check_may_ask(make_definition(), allowed=False)
    with pytest.raises(InputError, match=r"privacy\.member_codes: true"):
        check_may_ask(make_definition(member={}), allowed=False)


def test_a_survey_on_health_asks_for_no_member_code():
    with pytest.raises(ValueError, match="cannot ask for a member code"):
        make_definition(member={}, health=True, purpose={"ja": "健康に関するご回答も診療のためだけに使います"})


def test_only_a_keyed_digest_is_stored_and_an_answer_needs_none(site, database, caplog):
    client, code, _ = site
    caplog.set_level(logging.DEBUG)
    assert send(client, code).status_code == 303
    assert members(database) == []
    assert send(client, code, **AGREED).status_code == 303
    assert members(database) == [DIGEST]
    with database.reading() as session:
        row = session.scalars(select(Member)).one()
        response = session.get_one(Response, row.response_id)
        everything = f"{response.answers} {response.attributes} {response.content_digest}"
        everything += "".join(session.scalars(select(Comment.text)))
    assert row.erase_at - row.given_at == timedelta(days=730)
    for part in ("12345678", "１２３４", "1234-5678"):
        assert part not in everything
        assert part not in caplog.text


def test_however_a_code_is_written_it_is_the_same_member_and_another_key_makes_another_digest():
    assert {plain_code(text) for text in ("ab-12 34", "ＡＢ１２３４", "AB‐1234", " ab12ー34")} == {"ab1234"}
    assert MEMBERS.digest("ab1234") != replace(MEMBERS, secret="another secret key").digest("ab1234")


def test_a_code_that_cannot_be_used_is_told_and_nothing_typed_is_lost(site, database):
    client, code, _ = site
    for fields, faulty in (
        ({"member-code": "1234"}, {"member-agreed"}),
        ({"member-agreed": "1"}, {"member-code"}),
        ({"member-code": "--", "member-agreed": "1"}, {"member-code"}),
        ({"member-code": "9" * 101, "member-agreed": "1"}, {"member-code"}),
    ):
        answer = send(client, code, **fields, **{"text-reason": "レジが遅い"})
        assert answer.status_code == 400
        assert {name for name in ("member-code", "member-agreed") if f'id="{name}-fault"' in answer.text} == faulty
        for value in (*fields.values(), "レジが遅い"):
            assert value in answer.text
    assert members(database) == []


def test_the_newest_word_holds_and_purchases_of_a_code_typed_by_mistake_go(site, database):
    client, code, _ = site
    seal = sealed(client.get(f"/s/{code}").text)
    send(client, code, seal, **AGREED)
    buy(database, DIGEST)
    send(client, code, seal, **AGREED)
    assert (members(database), bought(database)) == ([DIGEST], {DIGEST})
    send(client, code, seal, **AGREED | {"member-code": "99"})
    assert (members(database), bought(database)) == ([MEMBERS.digest("99")], set())
    send(client, code, seal)
    assert members(database) == []


def test_purchases_go_with_the_last_answer_of_their_member(site, database):
    client, code, reception = site
    for _ in range(2):
        send(client, code, **AGREED)
    send(client, code, **AGREED | {"member-code": "99"})
    buy(database, DIGEST, MEMBERS.digest("99"))
    with database.session() as session:
        first, second = session.scalars(
            select(Response.code_digest).join(Member).where(Member.digest == DIGEST).order_by(Response.id)
        )
        assert rights.erase(session, first, reception.rights.erased, NOW)
    assert bought(database) == {DIGEST, MEMBERS.digest("99")}
    with database.session() as session:
        assert rights.erase(session, second, reception.rights.erased, NOW)
    assert bought(database) == {MEMBERS.digest("99")}
    reception.rights.erased.path.unlink()


def test_an_older_copy_that_comes_back_loses_member_and_purchases_again(site, database):
    client, code, reception = site
    send(client, code, **AGREED)
    buy(database, DIGEST)
    with database.session() as session:
        reception.rights.erased.add(session.scalars(select(Response.code_digest)).one())
        assert rights.replay(session, reception.rights.erased, NOW, "replay").erased == 1
    reception.rights.erased.path.unlink()
    assert (members(database), bought(database)) == ([], set())


def test_customers_see_that_a_code_is_kept_but_never_what_its_member_bought(site, database):
    """Whoever types somebody else's member code must not read that person's purchases with the deletion code."""
    client, code, _ = site
    send(client, code, **AGREED)
    buy(database, DIGEST)
    with database.reading() as session:
        own = session.scalars(select(Response.code_digest)).one()
        found = held.held_for(session, own, lambda _session, _id: (), None)
        until = session.scalars(select(Member.erase_at)).one()
    assert found.member_until == until
    assert found.as_json()["member_until"] == until.isoformat()
    assert DIGEST not in str(found)


def test_members_and_old_purchases_are_erased_when_their_days_are_over(site, database):
    client, code, _ = site
    send(client, code, **AGREED)
    with database.session() as session:
        row = session.scalars(select(Member)).one()
        row.erase_at, store = NOW, session.scalars(select(Response.store_id)).one()
        today = NOW.date()
        old = Bought("old", DIGEST, store, today - timedelta(days=731), 100)
        add_purchases(session, [old, Bought("new", DIGEST, store, today - timedelta(days=730), 100)])
    with database.session() as session:
        early = NOW - timedelta(seconds=1)
        assert erase_members(session, 730, early, today, "night") == 1
        assert session.scalars(select(Purchase.identity)).all() == ["new"]
        assert erase_members(session, 730, NOW, today, "night") == 2
        assert erase_members(session, 730, NOW, today, "night") == 0
        assert session.scalar(select(Response.id)) is not None
        assert [event.kind for event in rights.events(session)] == ["members expired", "members expired"]


def test_answers_cleared_by_age_take_their_purchases_along(site, database):
    client, code, _ = site
    send(client, code, **AGREED)
    buy(database, DIGEST)
    with database.session() as session:
        week = session.scalars(select(Response.week)).one()
        clear_week(session, week, Retain.COMMENTS, NOW, "night")
        assert session.scalar(select(Purchase.id)) is not None
        clear_week(session, week, Retain.RESPONSES, NOW, "night")
        assert session.scalar(select(Purchase.id)) is None


def test_a_member_who_asks_is_forgotten_and_the_answers_stay(site, database):
    client, code, _ = site
    for _ in range(2):
        send(client, code, **AGREED)
    buy(database, DIGEST)
    with database.session() as session:
        assert forget_member(session, "1234 5678", MEMBERS, "suzuki", NOW) == 3
        with pytest.raises(InputError, match="nothing is held"):
            forget_member(session, "1234 5678", MEMBERS, "suzuki", NOW)
        assert len(session.scalars(select(Response.id)).all()) == 2
        assert [(event.kind, event.count) for event in rights.events(session)] == [("member forgotten", 3)]
        assert erase_unheld(session) == 0
