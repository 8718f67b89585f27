from datetime import date, timedelta

import pytest
from factories import NOW, TOKYO, make_place, make_submission

from surveys.places import create_spot, create_store
from surveys.responses import record
from surveys.tables import Response
from surveys.today import DayComment, DayOfAnswers, DaySpot, answers_of_day

TODAY = date(2025, 10, 3)


@pytest.fixture
def filled(database):
    """Ginza's register and Ueno's desk today; one answer of yesterday, one without a spot, one in doubt."""
    ginza = make_place(database)
    with database.session() as session:
        ueno = create_store(session, "ueno", "上野店")
        desk = create_spot(session, "ueno", "desk", "受付")
    answers = [
        make_submission(ginza, "a", score=9, spot_id=ginza.spot_id, comments={"reason": "電話は090-1234-5678です。"}),
        make_submission(ginza, "b", score=4, spot_id=ginza.spot_id, answered_at=NOW - timedelta(hours=1), comments={}),
        make_submission(ginza, "y", answered_at=NOW - timedelta(hours=13)),
        make_submission(ginza, "d", score=0, spot_id=ginza.spot_id, comments={"reason": "あああああ"}),
        make_submission(
            ginza, "i", score=None, channel="phone", answered_at=NOW - timedelta(hours=2), comments={"reason": "広い。"}
        ),
    ]
    with database.session() as session:
        for answer in answers:
            record(session, answer, NOW, TOKYO)
        ueno_answer = make_submission(ginza, "u", score=10, comments={}, answered_at=NOW - timedelta(hours=3))
        record(session, ueno_answer, NOW, TOKYO)
        moved = session.query(Response).filter_by(external_id="u").one()
        moved.store_id, moved.spot_id = ueno.id, desk.id
        session.query(Response).filter_by(external_id="d").one().counted = False
    return database, ginza, ueno, desk


def test_a_day_is_counted_by_score_and_spot_newest_first(filled):
    database, ginza, _, desk = filled
    with database.reading() as session:
        found = answers_of_day(session, TODAY, TOKYO)
    assert found == DayOfAnswers(
        TODAY,
        answers=4,
        doubtful=1,
        scores=(0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1),
        spots=(
            DaySpot("銀座店", "レジ横", ginza.spot_id, 2, 6.5, NOW),
            DaySpot("銀座店", None, None, 1, None, NOW - timedelta(hours=2)),
            DaySpot("上野店", "受付", desk.id, 1, 10.0, NOW - timedelta(hours=3)),
        ),
        comments=(
            DayComment("電話は［電話番号］です。", 9, NOW, "銀座店", "レジ横"),
            DayComment("広い。", None, NOW - timedelta(hours=2), "銀座店", None),
        ),
    )


def test_only_the_stores_that_were_asked_for_are_read(filled):
    database, _, ueno, _ = filled
    with database.reading() as session:
        assert answers_of_day(session, TODAY, TOKYO, [ueno.id]).answers == 1
        assert answers_of_day(session, TODAY, TOKYO, []).answers == 0


def test_a_day_begins_and_ends_at_midnight_of_the_zone(filled):
    database, *_ = filled
    with database.reading() as session:
        yesterday = answers_of_day(session, TODAY - timedelta(days=1), TOKYO)
    assert (yesterday.answers, yesterday.spots[0].last_at) == (1, NOW - timedelta(hours=13))
