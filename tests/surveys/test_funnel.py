"""Seen, started, sent: by spot and by day."""

from datetime import UTC, date, datetime

import pytest
from factories import NOW, TOKYO, make_place, make_submission, make_survey
from sqlalchemy import select

from surveys.errors import InputError
from surveys.funnel import Funnel, by_day, by_spot, read_funnel
from surveys.responses import record
from surveys.tables import FormDay, Survey

DAY = date(2025, 10, 3)


@pytest.fixture
def survey_id(database):
    make_survey(database)
    make_survey(database, key="second")
    with database.reading() as session:
        return session.scalars(select(Survey.id).where(Survey.key == "store")).one()


def sent(session, place, survey_id, number, **changes):
    values = {"survey_id": survey_id, "spot_id": place.spot_id, "submission_key": f"k{number}"} | changes
    record(session, make_submission(place, f"r-{number}", **values), NOW, TOKYO)


def read(session, first=DAY, last=DAY, key="store"):
    days = read_funnel(session, key, first, last, TOKYO)
    return [(f"{one.spot.store.key}/{one.spot.key}", one.day, one.funnel) for one in days]


def test_days_of_the_organisation_with_what_was_seen_begun_and_sent(database, survey_id):
    register, exit_ = make_place(database), make_place(database, "ueno", "exit")
    with database.session() as session:
        session.add(FormDay(survey_id=survey_id, spot_id=register.spot_id, day="2025-10-03", seen=10, started=6))
        session.add(FormDay(survey_id=survey_id, spot_id=register.spot_id, day="2025-10-04", seen=2, started=1))
        session.add(FormDay(survey_id=survey_id, spot_id=register.spot_id, day="2025-10-05", seen=9, started=9))
        sent(session, register, survey_id, 1)
        sent(session, register, survey_id, 2, answered_at=datetime(2025, 10, 3, 14, 59, tzinfo=UTC))
        sent(session, register, survey_id, 3, answered_at=datetime(2025, 10, 3, 15, 0, tzinfo=UTC))  # Saturday in Tokyo
        sent(session, exit_, survey_id, 4)
        sent(session, exit_, survey_id, 5, submission_key=None)  # imported
        sent(session, exit_, None, 6)
    with database.reading() as session:
        assert read(session, last=date(2025, 10, 4)) == [
            ("ginza/register", DAY, Funnel(10, 6, 2)),
            ("ginza/register", date(2025, 10, 4), Funnel(2, 1, 1)),
            ("ueno/exit", DAY, Funnel(sent=1)),
        ]
        days = read_funnel(session, "store", DAY, date(2025, 10, 4), TOKYO)
        assert read(session, key="second") == []
        with pytest.raises(InputError, match="no survey has the key 'third'"):
            read(session, key="third")
    assert [(spot.key, found) for spot, found in by_spot(days).items()] == [
        ("register", Funnel(12, 7, 3)),
        ("exit", Funnel(sent=1)),
    ]
    assert by_day(days) == {DAY: Funnel(10, 6, 3), date(2025, 10, 4): Funnel(2, 1, 1)}


def test_a_share_of_pages_that_were_never_counted_is_not_given():
    assert [Funnel(10, 6, 2).share(count) for count in (10, 6, 0)] == [1.0, 0.6, 0.0]
    assert [Funnel().share(0), Funnel(1).share(2)] == [None, None]
