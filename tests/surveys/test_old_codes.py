"""What people meet who scan a poster that should no longer hang."""

import re
from datetime import UTC, datetime

import pytest
from factories import make_entry, make_reception, make_survey, sealed

from surveys.places import create_spot, entry_code, renew_code, retire_spot
from surveys.tables import Response
from surveys.web import create_survey_app

NOW = datetime.now(UTC)
LINK = re.compile(r'<a class="button" href="/s/([^?"]+)')


@pytest.fixture
def old(database):
    return make_entry(database)


@pytest.fixture
def client(database):
    return create_survey_app(make_reception(database)).test_client()


def test_a_renewed_code_says_so_and_leads_to_the_new_one(database, client, old):
    with database.session() as session:
        new = renew_code(session, "store", ("ginza", "register"), NOW)
    page = client.get(f"/s/{old}")
    assert (page.status_code, LINK.findall(page.text)) == (410, [new])
    assert "このQRコードでの受付は終わりました" in page.text
    assert client.get(f"/s/{new}").status_code == 200


def test_a_code_that_spread_leads_nowhere(database, client, old):
    with database.session() as session:
        renew_code(session, "store", ("ginza", "register"), NOW, leads_on=False)
    page = client.get(f"/s/{old}")
    assert (page.status_code, LINK.findall(page.text)) == (410, [])
    assert "お店にある新しいQRコードを読み取ってください" in page.text


def test_a_retired_spot_leads_to_another_one_of_the_store_and_keeps_what_was_written(database, client, old):
    form = client.get(f"/s/{old}").text
    with database.session() as session:
        create_spot(session, "ginza", "toilet", "お手洗い")
        toilet = entry_code(session, "store", "ginza", "toilet")
        retire_spot(session, "ginza", "register", NOW)
    page = client.post(f"/s/{old}", data={"seal": sealed(form), "text-reason": "並んだ列が長かったです。"})
    assert (page.status_code, LINK.findall(page.text)) == (410, [toilet])
    assert "並んだ列が長かったです。" in page.text
    with database.reading() as session:
        assert session.query(Response).count() == 0


def test_a_closed_survey_leads_to_the_one_that_followed_it(database, client, old):
    make_survey(database, closes=NOW)
    make_survey(database, key="autumn")
    assert LINK.findall(client.get(f"/s/{old}").text) == []
    with database.session() as session:
        follower = entry_code(session, "autumn", "ginza", "register")
    page = client.get(f"/s/{old}")
    assert "このアンケートは終了しました" in page.text
    assert LINK.findall(page.text) == [follower]
