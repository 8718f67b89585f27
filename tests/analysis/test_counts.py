"""Counting what was read, finding what is due, joining weeks for the impacts: the pure parts of a run."""

from datetime import UTC, datetime

import numpy as np
import pytest

from analysis.polarity.valences import Valences
from analysis.reading.text import read_opinions
from analysis.results import Lesson, Opinion, ReadOpinion, StoreWeekCounts, Tag, Theme, ThemeWeekCounts
from analysis.weeks.counts import Mention, ReadComment, count_stores, count_themes, mentions
from analysis.weeks.due import HISTORY_WEEKS, fingerprint, history
from analysis.weeks.pipeline import Discoveries, Reader, WeekAnswers, read_week
from analysis.weeks.samples import WeekMentions, WeekScores, Window
from surveys.queries import CommentInfo, ScoreInfo
from surveys.weeks import shift

WEEK = "2025-W40"
NOON = datetime(2025, 10, 1, 3, tzinfo=UTC)


def score(number, store_id=1, value=9, *, has_text=True):
    return ScoreInfo(number, f"r-{number}", WEEK, store_id, NOON, value, has_text)


def comment(number, text="", store_id=1):
    return CommentInfo(number, f"r-{number}:reason", number, WEEK, store_id, text, 9)


def opinion(kind="opinion", polarity="negative", *tags, is_request=False):
    read = Opinion("…", 0, kind, (), is_request)
    return ReadOpinion(read, polarity, tuple(Tag(tag, 0.8) for tag in tags))


def theme(theme_id, *words, origin="catalogue"):
    return Theme(theme_id, {"ja": theme_id}, origin, dict.fromkeys(words, 1.0), {}, {})


def test_a_store_is_counted_with_all_its_answers_also_silent_ones():
    read = [
        ReadComment(comment(1), (opinion("opinion", "negative", "queue"), opinion("opinion", "positive", "d-1"))),
        ReadComment(comment(2), (opinion("none"),)),
        ReadComment(comment(3, store_id=2), (opinion("foreign"), opinion())),
    ]
    scores = [score(1), score(2, value=0), score(3, 2, None), score(4, value=9, has_text=False)]
    assert count_stores(WEEK, scores, read, {"d-1"}) == (
        StoreWeekCounts(WEEK, 1, 3, (1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0), 2, 1, 0, 2, 1),
        StoreWeekCounts(WEEK, 2, 1, (0,) * 11, 1, 0, 1, 1, 1),
    )


@pytest.mark.parametrize("tags", [(), ("queue",), ("d-1",), ("queue", "d-1"), ("d-1", "d-2")])
def test_what_is_unexplained_is_known_once_mentions_of_discovered_themes_are_taken_off(tags):
    (counted,) = count_stores(
        WEEK, [score(1)], [ReadComment(comment(1), (opinion("opinion", "neutral", *tags),))], {"d-1", "d-2"}
    )
    assert counted.unexplained - sum(tag.startswith("d-") for tag in tags) == (not tags)


def test_a_theme_counts_opinions_and_the_responses_behind_them():
    found = [
        Mention("queue", 1, 7, "negative", is_request=False),
        Mention("queue", 1, 7, "negative", is_request=True),
        Mention("queue", 1, 8, "positive", is_request=False),
        Mention("queue", 2, 9, "neutral", is_request=False),
    ]
    assert count_themes(WEEK, found) == (
        ThemeWeekCounts(WEEK, 1, "queue", 3, 1, 2, 1, 2, 1, 1),
        ThemeWeekCounts(WEEK, 2, "queue", 1, 0, 0, 0, 1, 0, 0),
    )


def test_an_opinion_about_two_themes_is_a_mention_of_each():
    read = [ReadComment(comment(5, store_id=3), (opinion("opinion", "positive", "queue", "staff"),))]
    assert list(mentions(read)) == [
        Mention("queue", 3, 5, "positive", is_request=False),
        Mention("staff", 3, 5, "positive", is_request=False),
    ]


def test_a_change_in_any_week_that_a_report_may_show_changes_its_fingerprint_and_no_other_does():
    contents = {shift(WEEK, -back): f"digest {back}" for back in range(70)}
    before = fingerprint(WEEK, contents, "versions")
    for back in (0, 1, HISTORY_WEEKS - 1):
        assert fingerprint(WEEK, {**contents, shift(WEEK, -back): "changed"}, "versions") != before
    for elsewhere in (shift(WEEK, -HISTORY_WEEKS), shift(WEEK, 1)):
        assert fingerprint(WEEK, {**contents, elsewhere: "changed"}, "versions") == before
    assert fingerprint(WEEK, contents, "other versions") != before
    assert (history(WEEK)[0], history(WEEK)[-1]) == (shift(WEEK, -51), WEEK)


def test_a_text_is_read_alike_however_often_it_comes():
    reader = Reader([theme("queue", "レジ"), theme("parking", "駐車場")])
    first = reader.read(["レジが遅い", "駐車場が狭い", "レジが遅い"])
    assert first[0] is first[2]
    assert reader.read(["レジが遅い"]) == [first[0]]
    assert [tag.theme_id for of_text in first for read in of_text for tag in read.tags] == ["queue", "parking", "queue"]


def test_an_older_discovery_wins_over_a_newer_one_and_none_reaches_further_back_than_its_first_report():
    older, newer = theme("d-old", "風船", origin="discovered"), theme("d-new", "風船", "風鈴", origin="discovered")
    discoveries = Discoveries({"2025-W20": [older], "2025-W30": [newer]})

    def tagged(week):
        answers = WeekAnswers(week, "", [comment(1, "風船が割れた"), comment(2, "風鈴が鳴った")], [score(1), score(2)])
        result = read_week(answers, Reader([theme("queue", "レジ")]), discoveries, Valences({}))
        return [tag.theme_id for read in result.comments for each in read.opinions for tag in each.tags]

    assert tagged("2025-W40") == ["d-old", "d-new"]
    assert tagged(shift("2025-W30", -51)) == ["d-old", "d-new"]
    assert tagged(shift("2025-W30", -52)) == ["d-old"]
    assert tagged(shift("2025-W20", -52)) == []


def test_a_lesson_about_a_discovered_theme_teaches_those_that_say_the_same():
    discovered = theme("d-1", "風船", origin="discovered")
    moved, far = read_opinions("入口の飾りがかわいい"), read_opinions("電話がつながらない")
    answers = WeekAnswers(
        WEEK, "", [comment(1, "入口の飾りがかわいい"), comment(2, "電話がつながらない")], [score(1), score(2)]
    )

    def tagged(*lessons):
        discoveries = Discoveries({"2025-W20": [discovered]}, lessons)
        result = read_week(answers, Reader([theme("queue", "レジ")], lessons), discoveries, Valences({}))
        return [tag.theme_id for read in result.comments for each in read.opinions for tag in each.tags]

    assert tagged() == []
    assert tagged(Lesson(moved, frozenset({"d-1"}))) == ["d-1"]
    assert tagged(Lesson(far, frozenset({"queue"}))) == ["queue"]


@pytest.fixture
def two_weeks():
    """Forty answers of two stores in two weeks; every other one complains of the queue with a low score."""
    numbers = np.arange(20)
    scores = WeekScores(
        {int(number): int(number) for number in numbers},
        np.where(numbers % 2, 3, 9),
        numbers % 4 // 2,
        numbers >= 0,
        np.array(["qr"] * 20),
        np.array(["", "first"] * 10),
    )
    complaints = numbers[numbers % 2 == 1]
    said = WeekMentions(complaints, np.zeros_like(complaints), np.full_like(complaints, -1))
    return Window([scores, scores], [said, said], {"queue": 0, "later": 1})


def test_the_weeks_of_a_window_are_joined_row_by_row(two_weeks):
    (found,) = two_weeks.measure({"queue"}, {0: 0, 1: 1})
    assert (found.theme_id, found.mentions_negative, found.mentions_positive) == ("queue", 20, 0)
    # whoever came first complained, and nobody else did: that can't be told apart
    assert (found.responses, found.negative.value, found.left_out_negative.value) == (40, None, -100.0)


def test_a_theme_that_is_not_known_yet_has_no_impact(two_weeks):
    assert two_weeks.measure({"later"}, {0: 0, 1: 1}) == ()
    assert Window([], [], {}).measure({"queue"}, {}) == ()
