"""The weekly analysis over the database: what is due, what is stored, and that it is always the same."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from weekly_answers import (
    LAST_WEEK,
    NOW,
    ORGANISATION,
    SETTINGS,
    STORES,
    dice,
    make_answer,
    make_answers,
    record_answers,
    stored_results,
)

from analysis import records
from analysis.errors import WeekNotAnalysedError, WeekNotCompleteError
from analysis.tables import OpinionRow
from analysis.weeks.runs import Progress, analyse
from surveys.database import Database
from surveys.errors import InputError
from surveys.tables import Response
from surveys.weeks import shift

WEEKS = ("2025-W37", "2025-W38", "2025-W39", "2025-W40")


def run(database, *, now=NOW, settings=SETTINGS, **options):
    return [(info.week, info.revision) for info in analyse(database, ORGANISATION, settings, now=now, **options)]


def test_every_complete_week_with_answers_is_analysed_once(database):
    record_answers(database, make_answers())
    assert run(database) == [(week, 1) for week in WEEKS]
    assert run(database) == []
    with database.reading() as session:
        assert records.analysed_weeks(session) == WEEKS
        assert records.latest_week(session) == LAST_WEEK
        assert records.current_run(session) is None


def test_counts_add_up_to_the_answers(database):
    record_answers(database, make_answers())
    run(database)
    with database.reading() as session:
        counts = records.store_weeks(session, WEEKS)
        themes = records.theme_weeks(session, WEEKS)
        provenance = records.finished_run(session, LAST_WEEK).provenance
    assert sum(row.responses for row in counts) == 120
    assert sum(sum(row.histogram) for row in counts) == 120 - 4 * 3
    assert all(0 <= row.unexplained <= row.opinions for row in counts)
    assert all(row.positive + row.negative <= row.opinions for row in themes)
    of_last = [row for row in counts if row.week == LAST_WEEK]
    assert provenance["read"] == {
        "comments": sum(row.with_text for row in of_last),
        "responses": 30,
        "none_answers": sum(row.none_answers for row in of_last),
        "foreign": 0,
        "opinions": sum(row.opinions for row in of_last),
        "unexplained": sum(row.unexplained for row in of_last),
    }


def test_the_running_week_and_the_future_are_refused(sqlite):
    record_answers(sqlite, make_answers())
    for week in ("2025-W41", "2031-W01"):
        with pytest.raises(WeekNotCompleteError, match=f"week {week} is not over yet; the last complete week is"):
            run(sqlite, week=week)
    for week in ("2025-W54", "last week", "0001-W01"):
        with pytest.raises(InputError):
            run(sqlite, week=week)


def test_answers_of_the_running_week_wait_for_its_end(sqlite):
    record_answers(sqlite, make_answers())
    before_its_end = NOW - timedelta(weeks=1)
    assert run(sqlite, now=before_its_end) == [(week, 1) for week in WEEKS[:3]]
    with sqlite.reading() as session, pytest.raises(WeekNotAnalysedError, match=LAST_WEEK):
        records.finished_run(session, LAST_WEEK)
    assert run(sqlite) == [(LAST_WEEK, 1)]


def test_one_week_may_be_asked_for_and_brings_the_weeks_it_looks_back_on(sqlite):
    record_answers(sqlite, make_answers())
    assert run(sqlite, week=LAST_WEEK) == [(LAST_WEEK, 1)]
    assert run(sqlite, week=LAST_WEEK) == []
    with sqlite.reading() as session:
        assert {row.week for row in records.store_weeks(session, WEEKS)} == set(WEEKS)


def test_an_empty_database_has_nothing_to_do_and_an_empty_week_gets_an_honest_run(database):
    assert run(database) == []
    assert run(database, week=LAST_WEEK) == [(LAST_WEEK, 1)]
    with database.reading() as session:
        info = records.finished_run(session, LAST_WEEK)
        assert (info.impact_window, records.impacts(session, info.id)) == (None, ())
        assert records.store_weeks(session, [LAST_WEEK]) == ()
    assert info.provenance["read"] == dict.fromkeys(
        ("comments", "responses", "none_answers", "foreign", "opinions", "unexplained"), 0
    )


def test_a_silent_week_between_others_is_analysed_too(sqlite):
    record_answers(sqlite, [answer for answer in make_answers() if "W38" not in answer.external_id])
    assert run(sqlite) == [(week, 1) for week in WEEKS]


def test_a_late_answer_makes_its_week_and_the_later_ones_stale(database):
    answers = make_answers()
    record_answers(database, answers)
    run(database)
    late = make_answer("2025-W39", 900, dice(3))
    record_answers(database, [late])
    assert run(database) == [("2025-W39", 2), ("2025-W40", 2)]
    assert run(database) == []


def test_only_weeks_whose_answers_changed_are_read(database):
    answers = make_answers()
    record_answers(database, [answer for answer in answers if not answer.external_id.startswith(LAST_WEEK)])
    run(database)
    mark_what_was_read(database)
    record_answers(database, [answer for answer in answers if answer.external_id.startswith(LAST_WEEK)])
    assert run(database) == [(LAST_WEEK, 1)]
    assert read_since_marked(database) == {LAST_WEEK}
    mark_what_was_read(database)
    record_answers(database, [make_answer("2025-W38", 900, dice(1))])
    assert len(run(database)) == 3
    assert read_since_marked(database) == {"2025-W38"}


def mark_what_was_read(database):
    with database.session() as session:
        session.execute(update(OpinionRow).values(text="前に読んだ"))


def read_since_marked(database):
    with database.reading() as session:
        return set(session.scalars(select(OpinionRow.week).where(OpinionRow.text != "前に読んだ")))


def test_late_answers_end_in_the_same_results_as_answers_in_time(sqlite_url, tmp_path, sqlite_template):
    settings = SETTINGS.model_copy(update={"discovery": False})
    answers = make_answers()
    in_time, late = Database(sqlite_url), copied_template(sqlite_template, tmp_path / "late.db")
    record_answers(in_time, answers)
    run(in_time, settings=settings)
    record_answers(late, answers[5:])
    run(late, settings=settings)
    record_answers(late, answers[:5])
    run(late, settings=settings)
    expected, found = (stored_results(each, with_revisions=False) for each in (in_time, late))
    in_time.close()
    late.close()
    assert found == expected


def test_a_removed_answer_leaves_the_counts(database):
    record_answers(database, make_answers(weeks=1))
    run(database)
    with database.session() as session:
        session.execute(delete(Response))
    record_answers(database, make_answers(weeks=1, a_week=1, seed=5))
    assert run(database) == [(LAST_WEEK, 2)]
    with database.reading() as session:
        assert [row.responses for row in records.store_weeks(session, [LAST_WEEK])] == [1]


def test_an_emptied_week_is_read_as_empty(database):
    record_answers(database, make_answers(weeks=2))
    run(database)
    with database.session() as session:
        session.execute(delete(Response).where(Response.week == LAST_WEEK))
    assert run(database, week=LAST_WEEK) == [(LAST_WEEK, 2)]
    with database.reading() as session:
        assert records.store_weeks(session, [LAST_WEEK]) == ()
        assert records.theme_weeks(session, [LAST_WEEK]) == ()


def test_settings_that_shape_results_make_every_week_stale_and_others_none(sqlite):
    record_answers(sqlite, make_answers())
    run(sqlite)
    assert run(sqlite, settings=SETTINGS.model_copy(update={"lease_seconds": 900})) == []
    other = SETTINGS.model_copy(update={"catalogue": "sightseeing"})
    assert run(sqlite, settings=other) == [(week, 2) for week in WEEKS]
    with sqlite.reading() as session:
        assert records.finished_run(session, LAST_WEEK).provenance["catalogue"] == "sightseeing"
        assert records.finished_run(session, LAST_WEEK, revision=1).provenance["catalogue"] == "retail"


def test_the_order_of_rows_and_the_database_leave_no_trace(sqlite_url, postgresql_url):
    answers = make_answers(weeks=6)
    straight, shuffled = Database(sqlite_url), Database(postgresql_url)
    record_answers(straight, answers)
    record_answers(shuffled, dice(1).sample(answers, len(answers)), STORES[::-1])
    run(straight)
    run(shuffled)
    expected, found = stored_results(straight), stored_results(shuffled)
    straight.close()
    shuffled.close()
    assert found == expected
    assert any(figures["impact"][0] is not None for *_, rows in found["runs"] for *_, figures in rows)


def test_progress_rises_through_the_stages(sqlite):
    record_answers(sqlite, make_answers(weeks=2))
    heard: list[Progress] = []
    run(sqlite, progress=heard.append)
    steps = [(step.finished, step.percent) for step in heard]
    assert steps == sorted(steps)
    assert {step.total for step in heard} == {2}
    assert [step.stage for step in heard if step.week == LAST_WEEK] == ["reading", "measuring"]


def test_weeks_far_apart_are_analysed_by_themselves(sqlite):
    chance = dice(2)
    far = shift(LAST_WEEK, -60)
    record_answers(sqlite, [make_answer(week, 1, chance) for week in (far, LAST_WEEK)])
    assert len(run(sqlite)) == 61
    record_answers(sqlite, [make_answer(far, 2, chance)])
    assert [week for week, _ in run(sqlite)] == [shift(far, later) for later in range(52)]


def copied_template(template, path):
    path.write_bytes(template.read_bytes())
    return Database(f"sqlite:///{path}")
