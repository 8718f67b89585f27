from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from factories import NOW, TOKYO, make_place, make_submission
from sqlalchemy import select

from surveys.errors import InputError
from surveys.responses import Outcome, Recorded, record, record_many
from surveys.tables import Comment, Response


def stored(database):
    with database.reading() as session:
        return [
            (row.external_id, row.revision, row.score, [(c.field, c.text) for c in row.comments])
            for row in session.scalars(select(Response).order_by(Response.external_id))
        ]


def test_a_recorded_answer_keeps_everything_but_personal_data(database):
    place = make_place(database)
    submission = make_submission(
        place,
        spot_id=place.spot_id,
        satisfaction=4,
        comments={"reason": " 早い\r\nmail@example.jp へ ", "wish": "  "},
        answers={"visit": ["meal", "gift"]},
        attributes={"年代": "30代"},
    )
    with database.session() as session:
        assert record(session, submission, NOW, TOKYO) == Recorded("r-1", Outcome.ADDED)
    with database.reading() as session:
        row = session.scalars(select(Response)).one()
        assert (row.week, row.channel, row.answered_at, row.received_at) == ("2025-W40", "qr", NOW, NOW)
        assert (row.store_id, row.spot_id, row.score, row.satisfaction) == (place.store_id, place.spot_id, 9, 4)
        assert (row.answers, row.attributes) == ({"visit": ["meal", "gift"]}, {"年代": "30代"})
        assert [(c.external_id, c.field, c.position, c.text) for c in row.comments] == [
            ("r-1:reason", "reason", 0, "早い\n［メールアドレス］ へ")
        ]


def test_the_week_is_counted_in_the_zone_of_the_organisation(sqlite):
    place = make_place(sqlite)
    monday_in_tokyo = datetime(2025, 9, 28, 15, 30, tzinfo=UTC)
    with sqlite.session() as session:
        record(session, make_submission(place, answered_at=monday_in_tokyo), NOW, TOKYO)
    with sqlite.reading() as session:
        assert session.scalars(select(Response.week)).all() == ["2025-W40"]


def test_a_known_id_is_unchanged_reported_or_replaced(database):
    place = make_place(database)
    first = make_submission(place)
    other = make_submission(place, score=2, comments={"wish": "椅子がほしいです。"})
    with database.session() as session:
        outcomes = [
            recorded.outcome
            for changed, item in [(False, first), (False, first), (False, other), (True, other), (True, other)]
            for recorded in record_many(session, [item], NOW, TOKYO, replace_changed=changed)
        ]
    assert outcomes == ["added", "unchanged", "changed", "replaced", "unchanged"]
    assert stored(database) == [("r-1", 2, 2, [("wish", "椅子がほしいです。")])]


def test_many_are_told_apart_one_by_one_and_bad_ones_keep_nobody_out(database):
    place = make_place(database)
    batch = [
        make_submission(place, "b"),
        make_submission(place, "a", comments={}),
        make_submission(place, "b"),
        make_submission(place, "b", score=1),
        make_submission(place, "c", score=11),
    ]
    with database.session() as session:
        found = record_many(session, batch, NOW, TOKYO)
    assert [(item.external_id, item.outcome) for item in found] == [
        ("b", Outcome.ADDED),
        ("a", Outcome.ADDED),
        ("b", Outcome.UNCHANGED),
        ("b", Outcome.CHANGED),
        ("c", Outcome.REFUSED),
    ]
    assert found[-1].reason == "the score 11 is not a whole number from 0 to 10"
    assert stored(database) == [("a", 1, 9, []), ("b", 1, 9, [("reason", "店員さんが親切でした。")])]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"score": -1}, "score -1"),
        ({"score": True}, "score True"),
        ({"satisfaction": 0}, "satisfaction 0"),
        ({"external_id": ""}, "the id"),
        ({"external_id": "x" * 201}, "the id"),
        ({"channel": ""}, "the channel"),
        ({"comments": {"reason": "a\x00b"}}, "'reason' holds control"),
        ({"comments": {"reason": "\ud800"}}, "'reason' holds control"),
        ({"comments": {"": "x"}}, "comment field"),
        ({"answers": {"visit": ["\x1b"]}}, "an answer holds control"),
        ({"attributes": {"\x00": "x"}}, "an answer holds control"),
        ({"answered_at": datetime(2025, 1, 1)}, "is impossible"),  # noqa: DTZ001 - naive on purpose
        ({"answered_at": datetime(1, 1, 1, tzinfo=UTC)}, "is impossible"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_name(sqlite, changes, message):
    place = make_place(sqlite)
    submission = make_submission(place)
    values = {name: getattr(submission, name) for name in submission.__slots__} | changes
    with sqlite.session() as session, pytest.raises(InputError, match=message):
        record(session, type(submission)(**values), NOW, TOKYO)
    assert stored(sqlite) == []


def test_a_form_sent_again_later_is_the_same_answer(database):
    place = make_place(database)
    later = NOW.replace(hour=5)
    with database.session() as session:
        record(session, make_submission(place, submission_key="k"), NOW, TOKYO)
        again = record(session, make_submission(place, submission_key="k", answered_at=later), later, TOKYO)
        stranger = make_submission(place, "r-2", submission_key="k")
        with pytest.raises(InputError, match="belongs to another"):
            record(session, stranger, NOW, TOKYO)
    assert again.outcome is Outcome.UNCHANGED
    assert len(stored(database)) == 1


def test_eight_at_the_same_moment_leave_one_response(database):
    place = make_place(database)
    barrier, outcomes = Barrier(8), []

    def send():
        barrier.wait()
        with database.session() as session:
            outcomes.append(record(session, make_submission(place, submission_key="k"), NOW, TOKYO).outcome)

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["added", *["unchanged"] * 7]
    with database.reading() as session:
        assert len(session.scalars(select(Comment)).all()) == 1
