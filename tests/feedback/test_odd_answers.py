"""Answers from which little can be told: they are analysed, and the report says what it can't say."""

from dataclasses import replace

import pytest
from weekly_answers import LAST_WEEK, NOW, ORGANISATION, SETTINGS, STORES, make_answers, record_answers

from analysis.weeks.runs import analyse
from feedback.config import Config
from feedback.report.build import build_report
from feedback.report.text_file import to_text
from feedback.results import Report
from surveys.database import Database
from surveys.submissions import Submission

WAITED = "レジの待ち時間が長い"
NOTHING_TO_SAY = "まだ言えることがありません。"


def report(database: Database, answers: list[Submission], stores: tuple[str, ...] = STORES) -> Report:
    record_answers(database, answers, stores)
    analyse(database, ORGANISATION, SETTINGS, now=NOW, week=LAST_WEEK)
    with database.reading() as session:
        return build_report(session, Config(analysis=SETTINGS), LAST_WEEK)


def test_where_all_scores_are_equal_nothing_goes_with_any_theme(database):
    made = report(database, [replace(answer, score=9) for answer in make_answers(weeks=3)])
    assert (made.nps.estimate.value, made.improvements) == (100.0, ())
    assert {theme.impact.value for theme in made.themes} == {None}
    assert all(theme.complaints.each.value is None for theme in made.themes)
    assert NOTHING_TO_SAY in to_text(made)


def test_a_complaint_in_every_comment_is_not_told_from_commenting(database):
    made = report(database, [replace(answer, comments={"reason": WAITED}) for answer in make_answers(weeks=3)])
    assert [theme.name["ja"] for theme in made.themes] == ["レジの待ち時間"]
    (queue,) = made.themes
    # with a score, and all of them complaining: nobody is left to compare with
    assert (queue.complaints.reach, queue.impact.value, queue.complaints.left_out.value) == (1.0, None, None)
    assert made.improvements == ()


@pytest.mark.parametrize("a_week", [1, 30])
def test_a_store_with_one_answer_stands_beside_the_others_without_an_interval(sqlite, a_week):
    answers = make_answers(a_week=a_week)
    alone = replace(answers[-1], external_id="alone", store_id=2, score=0, comments={"reason": WAITED})
    made = report(sqlite, [*(replace(answer, store_id=answer.store_id % 2) for answer in answers), alone])
    tenjin = next(store for store in made.stores if store.key == "tenjin")
    assert (tenjin.nps.n, tenjin.nps.estimate.value, tenjin.nps.estimate.low, tenjin.more_needed) == (
        1,
        -100.0,
        None,
        9,
    )
    assert (made.impact_window is None) == (a_week == 1)


def test_a_chain_of_one_answer_says_how_many_are_missing(sqlite):
    (answer,) = make_answers(weeks=1, a_week=1)
    made = report(sqlite, [replace(answer, score=2, comments={"reason": WAITED})])
    assert (made.responses, made.nps.estimate.value, made.nps.estimate.low) == (1, -100.0, None)
    assert (made.impact_window, made.improvements, made.more_needed) == (None, (), 99)
    assert "あと約99件" in to_text(made)


def test_a_week_without_answers_rests_on_the_weeks_before_it(sqlite):
    made = report(sqlite, [answer for answer in make_answers(weeks=3) if LAST_WEEK not in answer.external_id])
    assert (made.responses, made.weeks[-1].responses, made.weeks[-1].nps.value) == (0, 0, None)
    assert made.nps.n > 0
