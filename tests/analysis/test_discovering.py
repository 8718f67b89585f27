"""Themes that no catalogue knows, found by the weekly analysis."""

from dataclasses import replace
from itertools import pairwise

import pytest
from weekly_answers import LAST_WEEK, NOW, ORGANISATION, SETTINGS, make_answers, record_answers, stored_results

from analysis import records
from analysis.opinions import OTHER, OpinionFilter, opinions_page
from analysis.weeks import answers
from analysis.weeks.pipeline import Reader
from analysis.weeks.provenance import basis_of
from analysis.weeks.runs import analyse
from analysis.weeks.weekly import is_discovery_week
from surveys.weeks import shift

BALLOONS = (
    "風船を配る日を知りたい",
    "風船を空に飛ばした",
    "風船を持ち帰った",
    "風船を結んだ",
    "風船が黄色かった",
)
WEEKS = 8


def make_balloons():
    """Every third answer speaks of balloons, which no shop's catalogue knows."""
    return [
        replace(answer, comments={"reason": BALLOONS[number // 3 % len(BALLOONS)]}) if number % 3 == 0 else answer
        for number, answer in enumerate(make_answers(weeks=WEEKS))
    ]


def run(database, **options):
    return analyse(database, ORGANISATION, SETTINGS, now=NOW, **options)


def discovered(session):
    return {key: theme for key, theme in records.themes(session).items() if theme.origin == "discovered"}


@pytest.fixture
def analysed(sqlite):
    record_answers(sqlite, make_balloons())
    run(sqlite)
    return sqlite


def first_discovery():
    return next(week for back in range(WEEKS - 1, -1, -1) if is_discovery_week(week := shift(LAST_WEEK, -back)))


def test_every_fourth_calendar_week_looks_for_new_themes():
    weeks = [shift("2024-W50", later) for later in range(60)]
    found = [place for place, week in enumerate(weeks) if is_discovery_week(week)]
    assert [later - earlier for earlier, later in pairwise(found)] == [4] * (len(found) - 1)


def test_a_theme_that_no_catalogue_knows_is_found_named_and_counted_back_to_the_first_week(analysed):
    with analysed.reading() as session:
        themes = discovered(session)
        balloons = [key for key, theme in themes.items() if "風船" in theme.name["ja"]]
        weeks = [shift(LAST_WEEK, -back) for back in range(WEEKS)]
        counts = [row for row in records.theme_weeks(session, weeks) if row.theme_id in balloons]
    assert balloons
    assert {row.week for row in counts} == set(weeks)


def test_a_report_from_before_the_discovery_does_not_know_the_theme(analysed):
    first, before = first_discovery(), shift(first_discovery(), -1)
    with analysed.reading() as session:
        found = set(discovered(session))
        assert found <= set(records.themes(session, known_at=LAST_WEEK))
        assert not found & set(records.themes(session, known_at=before))
        assert not {row.theme_id for row in records.theme_weeks(session, [before], known_at=before)} & found
        unknown_then = opinions_page(session, OpinionFilter([before], theme=OTHER, known_at=before)).total
        unknown_now = opinions_page(session, OpinionFilter([before], theme=OTHER, known_at=first)).total
    assert unknown_now < unknown_then


def test_a_week_that_is_read_again_keeps_the_tags_of_themes_found_later(analysed):
    before = stored_results(analysed)
    late = replace(make_answers(weeks=WEEKS)[0], external_id="late", comments={"reason": "風船を飛ばした"})
    record_answers(analysed, [late])
    run(analysed)
    after = stored_results(analysed)
    assert [row for row in after["opinions"] if row[0] != "late:reason"] == before["opinions"]
    assert after["themes"] == before["themes"]
    (new,) = [row for row in after["opinions"] if row[0] == "late:reason"]
    assert new[-1]


def test_the_newest_week_analysed_again_finds_the_same_themes(sqlite):
    answers = [answer for answer in make_balloons() if answer.external_id[:8] <= first_discovery()]
    record_answers(sqlite, answers[:-1])
    run(sqlite)
    record_answers(sqlite, answers)
    run(sqlite)
    again = stored_results(sqlite, with_revisions=False)
    with sqlite.reading() as session:
        assert discovered(session)
    assert len({theme for theme, *_ in again["themes"]}) == len(again["themes"])


def test_a_sample_of_the_unexplained_does_not_depend_on_how_many_are_wanted(analysed, monkeypatch):
    monkeypatch.setattr(answers, "_IDS_AT_ONCE", 30)
    weeks = [shift(LAST_WEEK, -back) for back in range(WEEKS)]
    with analysed.reading() as session:
        reader = Reader(basis_of(session, SETTINGS).themes)
        every = answers.unexplained(session, reader, weeks, list(discovered(session)))
        samples = [answers.unexplained(session, reader, weeks, list(discovered(session)), n) for n in (7, len(every))]
    assert [item.id for item in every] == sorted(item.id for item in every)
    assert len(every) > 30  # more than one question to the database asks for
    assert samples[1][:7] == samples[0]
    assert samples[1] != every
    assert sorted(samples[1], key=lambda item: item.id) == list(every)


def test_discovery_can_be_switched_off(sqlite):
    record_answers(sqlite, make_balloons())
    analyse(sqlite, ORGANISATION, SETTINGS.model_copy(update={"discovery": False}), now=NOW)
    with sqlite.reading() as session:
        assert discovered(session) == {}
