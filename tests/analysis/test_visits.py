"""First-time and repeat customers side by side, worked out by hand."""

import pytest
from factories import make_survey
from sqlalchemy import select
from stored_rows import stored_comment, stored_opinion, stored_response, stored_store, stored_theme

from analysis.figures.comparison import Spoken, compare_themes
from analysis.results import Estimate
from analysis.visits import visit_figures
from surveys.tables import Store, Survey

WEEK = "2025-W40"


def test_a_difference_is_newcombes_and_has_no_interval_under_ten_answers():
    """Newcombe 1998, table II, example (a): 56/70 against 48/80 is 0.2, from 0.0524 to 0.3339."""
    (found,) = compare_themes(Spoken(80, {"queue": 48}, {"queue": 8}), Spoken(70, {"queue": 56}, {"queue": 7}))
    difference = found.mentions.difference
    assert (difference.value, difference.low, difference.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert found.complaints.difference.value == pytest.approx(0)
    (few,) = compare_themes(Spoken(9, {"queue": 3}), Spoken(70, {"queue": 7}))
    assert few.mentions.first == Estimate(pytest.approx(1 / 3))
    assert few.mentions.second.low is not None
    assert few.mentions.difference == Estimate(pytest.approx(0.1 - 1 / 3))


def test_themes_of_either_group_come_with_the_most_complained_of_first():
    first, second = Spoken(20, {"a": 1, "b": 3}), Spoken(20, {"c": 3, "a": 1})
    assert [each.theme_id for each in compare_themes(first, second)] == ["b", "c", "a"]
    second = Spoken(20, {"c": 3, "a": 1}, {"a": 1})
    assert [each.theme_id for each in compare_themes(first, second)] == ["a", "b", "c"]
    assert compare_themes(Spoken(0), Spoken(0)) == ()


def answer(session, store, number, visits, score, *polarities, key="visits", **fields):
    attributes = {key: visits} if visits else {}
    response = stored_response(
        session, f"{store.key}-{number}", store, score=score, attributes=attributes, answers=attributes, **fields
    )
    for position, polarity in enumerate(polarities):
        comment = stored_comment(session, response, "レジ", field=f"f{position}", position=position)
        stored_opinion(session, comment, "レジ", {"queue": 1.0}, polarity=polarity)


@pytest.fixture
def chain(database):
    with database.session() as session:
        ginza, ueno = stored_store(session, "ginza", "銀座店"), stored_store(session, "ueno", "上野店")
        stored_theme(session, "queue", "レジ", "Queue")
        for number in range(12):  # three promoters, nine detractors; four complain, one of them twice
            said = ["negative"] * (2 if number == 3 else 1 if number < 3 else 0)
            answer(session, ginza, number, "first", 9 if number < 3 else 2, *said)
        for number in range(12, 32):
            answer(session, ginza, number, "2to5" if number < 22 else "from11", 10, "positive")
        answer(session, ginza, 40, None, 0, "negative")
        answer(session, ginza, 41, "first", 0, counted=False)
        answer(session, ginza, 42, "first", 0, week="2025-W39")
        answer(session, ueno, 50, "2〜5回目", 10)
        answer(session, ueno, 51, "初めて", 10)
        answer(session, ueno, 52, "ときどき", 10)
        return database, ginza.id, ueno.id


def test_repeat_rate_nps_and_themes_are_those_of_the_answers_that_name_visits(chain):
    database, ginza, _ = chain
    with database.reading() as session:
        found = visit_figures(session, [[WEEK]], [ginza], {"queue"})
    assert (found.responses, [group.responses for group in found.groups]) == (32, [12, 10, 10])
    assert found.repeat_rate.value == 20 / 32
    assert found.repeat_rate.low == pytest.approx(0.4525, abs=5e-5)  # Wilson, by hand
    assert (found.first.estimate.value, found.repeat.estimate.value) == (-50, 100)
    assert found.change.value == 150
    assert found.change.low > 0
    (queue,) = found.themes
    assert (queue.mentions.first.value, queue.mentions.second.value) == (1, 1)
    assert (queue.complaints.first.value, queue.complaints.second.value) == (1, 0)
    assert queue.complaints.difference == Estimate(-1)


def test_imports_may_say_it_in_words_and_few_answers_have_no_interval(chain):
    database, _, ueno = chain
    with database.reading() as session:
        found = visit_figures(session, [[WEEK]], [ueno], {"queue"})
        everywhere = visit_figures(session, [[WEEK]], None, set())
    assert (found.responses, found.repeat_rate, found.themes) == (2, Estimate(0.5), ())
    assert [group.nps.estimate for group in found.groups][:2] == [Estimate(100), Estimate(100)]
    assert (everywhere.responses, everywhere.themes) == (34, ())


OWN = {
    "questions": [
        {"key": "recommend", "kind": "nps", "text": {"ja": "おすすめ"}},
        {"key": "times", "kind": "visits"},
        {
            "key": "visits", "kind": "single", "attribute": True, "text": {"ja": "頻度"},
            "options": [{"key": "first", "text": "はじめて"}, {"key": "weekly", "text": "毎週"}],
        },
        {
            "key": "errand", "kind": "single", "attribute": True, "text": {"ja": "用事"},
            "options": [{"key": "food", "text": "食品"}],
        },
    ]
}  # fmt: skip


def test_questions_are_known_by_their_kind_or_their_option_for_a_first_visit(database):
    make_survey(database, **OWN)
    with database.session() as session:
        survey = session.scalars(select(Survey.id)).one()
        store = stored_store(session, "ginza", "銀座店")
        answer(session, store, 1, "first", 9, key="times", survey_id=survey)
        answer(session, store, 2, "weekly", 9, survey_id=survey)
        answer(session, store, 3, "food", 9, key="errand", survey_id=survey)
        answer(session, store, 4, "weekly", 9)  # a word that the ready-made options don't know
    with database.reading() as session:
        found = visit_figures(session, [[WEEK]], None, set())
        assert visit_figures(session, [["2025-W39"]], None, set()) is None
    assert [(group.key, group.responses) for group in found.groups] == [("first", 1), ("weekly", 1)]


def test_more_weeks_are_pooled_until_both_groups_have_enough(chain):
    database, ginza, _ = chain
    periods = [[WEEK], ["2025-W39", WEEK]]
    with database.reading() as session:
        assert visit_figures(session, periods, [ginza], set()).weeks == 2
        assert visit_figures(session, periods, [ginza], set()).responses == 33
    with database.session() as session:
        store = session.get_one(Store, ginza)
        for number in range(200):
            answer(session, store, 100 + number, "first" if number < 100 else "from11", 8)
    with database.reading() as session:
        assert visit_figures(session, periods, [ginza], set()).weeks == 1
