from datetime import UTC, datetime, timedelta

import pytest
from customers import ANSWERS, client_of
from factories import NOW, TOKYO, make_entry, make_place, make_reception, make_submission, sealed
from sqlalchemy import select

from surveys.doubts import Doubt, count_waiting, decide, doubtful
from surveys.errors import InputError
from surveys.queries import comments_of_week, scores_of_weeks, week_fingerprints, weeks_with_answers
from surveys.responses import record
from surveys.seals import seal
from surveys.submission_keys import new_submission_key
from surveys.tables import Response

WEEK = "2025-W40"
LONG = "店員さんがとても親切に案内してくれました。"


def sealed_ago(code, seconds):
    """A form that was opened so long ago."""
    begun = datetime.now(UTC) - timedelta(seconds=seconds)
    return seal(make_reception(None).secret_key, code, new_submission_key(), begun)


def marks(database):
    with database.reading() as session:
        return [(row.doubt, row.counted) for row in session.scalars(select(Response).order_by(Response.id))]


def give(database, place, key, **changes):
    """One answer of the week through the door of forms."""
    submission = make_submission(place, f"web-{key}", submission_key=key, spot_id=place.spot_id, **changes)
    with database.session() as session:
        return record(session, submission, NOW, TOKYO)


@pytest.fixture
def shop(sqlite):
    return sqlite, client_of(sqlite, fastest_seconds=2), make_entry(sqlite)


@pytest.mark.parametrize(
    ("seconds", "changes", "marked"),
    [
        (60, {}, (None, True)),
        (0, {}, ("too_fast", False)),
        (60, {"website": "https://example.com"}, ("hidden_field", False)),
        (0, {"website": "x"}, ("hidden_field", False)),
        (60, {"website": " "}, (None, True)),
        (60, {"waited": "59"}, ("too_fast", False)),
        (60, {"waited": "30"}, (None, True)),
        (60, {"waited": "3600"}, ("too_fast", False)),
    ],
)
def test_what_a_program_sends_is_stored_and_marked(shop, seconds, changes, marked):
    database, client, code = shop
    answer = client.post(f"/s/{code}", data=ANSWERS | {"seal": sealed_ago(code, seconds)} | changes)
    assert (answer.status_code, marks(database)) == (303, [marked])


def test_a_form_shown_again_does_not_make_its_sender_fast(shop):
    database, client, code = shop
    refused = client.post(f"/s/{code}", data={"seal": sealed_ago(code, 60)})
    assert client.post(f"/s/{code}", data=ANSWERS | {"seal": sealed(refused.text)}).status_code == 303
    assert marks(database) == [(None, True)]


def test_the_check_of_speed_can_be_turned_off(sqlite):
    code = make_entry(sqlite)
    client_of(sqlite, fastest_seconds=0).post(f"/s/{code}", data=ANSWERS | {"seal": sealed_ago(code, 0)})
    assert marks(sqlite) == [(None, True)]


def test_the_same_words_from_the_same_spot_within_minutes_are_marked_once_they_repeat(database):
    place = make_place(database)
    words = {"comments": {"reason": LONG}}
    give(database, place, "a" * 32, **words)
    give(database, place, "a" * 32, **words)  # the same form again
    give(database, place, "b" * 32, **words)
    give(database, place, "c" * 32, answered_at=NOW + timedelta(hours=1), **words)
    give(database, place, "d" * 32, score=3, **words)
    give(database, place, "e" * 32, comments={"reason": "おいしかった"})
    give(database, place, "f" * 32, comments={"reason": "おいしかった"})
    assert marks(database) == [
        (None, True),
        ("duplicate", False),
        (None, True),
        (None, True),
        (None, True),
        (None, True),
    ]


def test_doubtful_answers_stand_in_no_figure_until_they_are_counted(database):
    place = make_place(database)
    give(database, place, "a" * 32)
    with database.reading() as session:
        before = week_fingerprints(session)
    give(database, place, "b" * 32, doubt=Doubt.HIDDEN_FIELD, comments={"reason": LONG})
    with database.reading() as session:
        assert week_fingerprints(session) == before
        assert [info.external_id for info in scores_of_weeks(session, [WEEK])] == ["web-" + "a" * 32]
        assert [info.external_id for info in comments_of_week(session, WEEK)] == ["web-" + "a" * 32 + ":reason"]
    with database.session() as session:
        decide(session, "web-" + "b" * 32, NOW, counted=True)
    with database.reading() as session:
        assert len(scores_of_weeks(session, [WEEK])) == 2
        assert week_fingerprints(session) != before
    with database.session() as session:
        decide(session, "web-" + "b" * 32, NOW, counted=False)
    with database.reading() as session:
        assert week_fingerprints(session) == before


def test_a_week_of_doubtful_answers_alone_is_a_week_without_answers(database):
    give(database, make_place(database), "a" * 32, doubt=Doubt.TOO_FAST)
    with database.reading() as session:
        assert (weeks_with_answers(session), week_fingerprints(session)) == ((), {})


def test_staff_find_what_waits_newest_first_and_what_was_decided(database):
    place = make_place(database)
    for number, key in enumerate("abc"):
        give(database, place, key * 32, doubt=Doubt.TOO_FAST, answered_at=NOW + timedelta(hours=number))
    give(database, place, "d" * 32)
    with database.session() as session:
        decided = decide(session, "web-" + "b" * 32, NOW, counted=True)
        assert (decided.counted, decided.decided_at) == (True, NOW)
        waiting = doubtful(session)
        assert [answer.external_id[4] for answer in waiting] == ["c", "a"]
        assert (waiting[0].doubt, waiting[0].counted, waiting[0].store_name, waiting[0].spot_name) == (
            Doubt.TOO_FAST,
            False,
            "銀座店",
            "レジ横",
        )
        assert (waiting[0].score, waiting[0].comments) == (9, ("店員さんが親切でした。",))
        assert [answer.external_id[4] for answer in doubtful(session, decided=True)] == ["b"]
        assert (count_waiting(session), count_waiting(session, [])) == (2, 0)
        assert doubtful(session, [place.store_id + 1]) == ()


@pytest.mark.parametrize("external_id", ["web-" + "a" * 32, "unknown", "", "\x00"])
def test_only_a_doubtful_answer_of_ones_own_stores_can_be_decided(database, external_id):
    place = make_place(database)
    give(database, place, "a" * 32)
    give(database, place, "b" * 32, doubt=Doubt.TOO_FAST)
    with database.session() as session:
        for asked, stores in ((external_id, None), ("web-" + "b" * 32, [place.store_id + 1])):
            with pytest.raises(InputError, match="no doubtful response"):
                decide(session, asked, NOW, counted=True, store_ids=stores)
    assert marks(database) == [(None, True), ("too_fast", False)]


def test_a_counted_answer_that_a_program_changes_waits_again(shop):
    database, client, code = shop
    key = new_submission_key()
    data = ANSWERS | {"seal": sealed_ago(code, 60), "key": key, "website": "x"}
    client.post(f"/s/{code}", data=data)
    with database.session() as session:
        decide(session, doubtful(session)[0].external_id, NOW, counted=True)
    client.post(f"/s/{code}", data=data | {"change": "1", "choice-recommend": "0"})
    with database.reading() as session:
        [waiting] = doubtful(session)
    assert (waiting.score, waiting.counted, waiting.decided_at) == (0, False, None)
