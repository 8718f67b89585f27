"""Pages of call backs and of the trail of personal data: who sees what, and that each look is kept."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy import select
from staff_site import NOW, fill_chain, signed_in

from feedback.cli import main
from surveys import contacts, rights
from surveys.contact_box import ContactDetails, new_key
from surveys.contacts import Keeping
from surveys.tables import Contact, Response

HANAKO = ContactDetails("山田花子", "090-1234-5678", "hanako@example.com")


@pytest.fixture
def keyed(config):
    return config.model_copy(update={"contact_keys": (SecretStr(new_key()),)})


@pytest.fixture
def chain(database, keyed):
    """A chain in which a customer of each store asked to be called."""
    from feedback.privacy import contact_box

    fill_chain(database)
    keeping = Keeping(contact_box(keyed), timedelta(days=90))
    with database.session() as session:
        for answer in ("r-ginza", "r-ueno"):
            contacts.keep(session, answer, HANAKO, keeping, NOW)
    return database


def number_of(database, answer):
    with database.reading() as session:
        return str(session.scalar(select(Contact.id).join(Response).where(Response.external_id == answer)))


def trail(database):
    with database.reading() as session:
        return [(event.kind, event.made_by) for event in rights.events(session)]


def test_a_manager_sees_who_waits_in_the_own_store_and_looks_at_one_contact_at_a_time(keyed, chain):
    suzuki = signed_in(keyed, chain, "suzuki", "manager", store="ginza")
    page = suzuki.page("/staff/contacts")
    assert ("銀座店" in page, "上野店" in page, "レジが長蛇の列でした" in page) == (True, False, True)
    assert "090-1234" not in page
    assert trail(chain) == []
    mine = number_of(chain, "r-ginza")
    shown = suzuki.post("/staff/contacts", form_from="/staff/contacts", number=mine, action="view")
    for part in ("山田花子", "tel:090-1234-5678", "mailto:hanako@example.com"):
        assert part in shown.text
    assert trail(chain) == [("contact viewed", "suzuki")]


def test_a_contact_of_another_store_is_answered_like_one_that_is_not_there(keyed, chain):
    suzuki = signed_in(keyed, chain, "suzuki", "manager", store="ginza")
    for number in (number_of(chain, "r-ueno"), "999", "x"):
        for action in ("view", "done"):
            reply = suzuki.post("/staff/contacts", form_from="/staff/contacts", number=number, action=action)
            assert reply.status_code == 404
    assert trail(chain) == []


def test_a_call_is_noted_once_with_who_made_it(keyed, chain):
    honbu = signed_in(keyed, chain, "本部", "admin")
    number = number_of(chain, "r-ueno")
    done = honbu.post("/staff/contacts", form_from="/staff/contacts", number=number, action="done")
    assert (done.status_code, done.location) == (303, "/staff/contacts?done=1")
    page = honbu.page("/staff/contacts")
    assert "本部さんが連絡ずみ" in page
    assert page.index("銀座店") < page.index("上野店")
    assert trail(chain) == [("contact done", "本部")]


@pytest.mark.parametrize(("role", "path"), [("viewer", "/staff/contacts"), ("analyst", "/staff/privacy")])
def test_nobody_below_the_role_gets_in(keyed, chain, role, path):
    assert signed_in(keyed, chain, role, role).get(path).status_code == 403


def test_a_server_without_the_key_says_so_and_shows_nothing(config, chain):
    honbu = signed_in(config, chain, "本部", "admin")
    number = number_of(chain, "r-ueno")
    shown = honbu.post("/staff/contacts", form_from="/staff/contacts", number=number, action="view")
    assert "この連絡先を開く鍵がありません" in shown.text
    assert trail(chain) == []


def test_head_office_reads_the_trail_of_personal_data(keyed, chain):
    honbu = signed_in(keyed, chain, "本部", "admin")
    assert "まだ記録はありません。" in honbu.page("/staff/privacy")
    with chain.session() as session:
        rights.record_event(session, rights.ERASED, NOW, rights.CUSTOMER, digest="ab" * 32)
    page = honbu.page("/staff/privacy")
    for part in ("回答を削除", "お客さま", "<code>abababababab</code>", "2025-10-06 10:00", "連絡先は90日で消えます"):
        assert part in page
    assert "answer erased" in honbu.page("/staff/privacy?lang=en")


def test_the_commands_list_show_and_rotate(sqlite, sqlite_url, tmp_path):
    key, config_file = CliRunner().invoke(main, ["contact", "key"]).output.strip(), tmp_path / "shop.yaml"
    config_file.write_text("{}", encoding="utf-8")

    def koebako(*arguments, keys=key):
        environment = {"KOEBAKO_DATABASE_URL": sqlite_url, "KOEBAKO_CONTACT_KEYS": keys, "COLUMNS": "200"}
        result = CliRunner().invoke(main, ["--config", str(config_file), *arguments], env=environment)
        return result.exit_code, result.output

    from surveys.contact_box import Box

    fill_chain(sqlite)
    with sqlite.session() as session:
        contacts.keep(session, "r-ginza", HANAKO, Keeping(Box([key]), timedelta(days=90)), NOW)
    listed = koebako("contact", "list")[1]
    assert ("銀座店" in listed, "waits" in listed, "090-" in listed) == (True, True, False)
    assert koebako("contact", "show", "1", "--by", "suzuki") == (
        0,
        "Name: 山田花子\nPhone: 090-1234-5678\nMail: hanako@example.com\n",
    )
    assert koebako("contact", "done", "1", "--by", "suzuki") == (0, "Contact 1 is done.\n")
    assert "done by suzuki" in koebako("contact", "list")[1]
    newer = new_key()
    assert koebako("contact", "rotate", keys=f"{newer},{key}") == (0, "1 contacts are sealed with the first key.\n")
    assert koebako("contact", "show", "1", keys=newer)[0] == 0
    assert koebako("contact", "show", "1")[0] == 2
    exit_code, said = koebako("contact", "show", "1", keys="")
    assert (exit_code, "koebako contact key" in said) == (2, True)


@pytest.mark.usefixtures("sqlite")
def test_a_survey_that_asks_for_contacts_is_not_loaded_without_a_key(sqlite_url, tmp_path):
    file = tmp_path / "survey.yaml"
    file.write_text(
        "{key: store, title: 声, purpose: お店のため, contact: true, questions: [{key: q, kind: nps, text: 点}]}",
        encoding="utf-8",
    )
    result = CliRunner().invoke(main, ["survey", "load", str(file)], env={"KOEBAKO_DATABASE_URL": sqlite_url})
    assert (result.exit_code, "survey 'store' asks for contacts" in result.output) == (2, True)
