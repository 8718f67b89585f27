"""What scores teach: words on which the lexicon says nothing lean by the answers of earlier weeks."""

from dataclasses import replace

import pytest
from weekly_answers import LAST_WEEK, NOW, ORGANISATION, SETTINGS, make_answers, record_answers, stored_results

from analysis.polarity.rules import read_polarity
from analysis.polarity.valences import SAMPLE, Valences, Voice, learn, sample, words_of
from analysis.reading.text import read_opinions
from analysis.results import Polarity, ReadOpinion
from analysis.weeks.runs import analyse
from analysis.weeks.weekly import is_discovery_week
from surveys.weeks import shift, window

WEEKS = 8
WEEK = "2025-W20"


def voices(word: str, scores: list[int], others: int = 60, store: int = 1) -> list[Voice]:
    """Answers that hold the word with these scores, and others of the same store that get a 7 or an 8."""
    said = [Voice(f"{word}-{place}", store, score, frozenset([word])) for place, score in enumerate(scores)]
    rest = [Voice(f"other-{store}-{place}", store, 7 + place % 2, frozenset(["棚"])) for place in range(others)]
    return said + rest


def test_a_word_of_detractors_leans_negative_and_one_of_promoters_positive():
    found = learn(voices("券売機", [2, 3, 4] * 10) + voices("足湯", [10, 9, 10] * 10))
    assert found["券売機"] < -0.3
    assert found["足湯"] > 0.2
    assert abs(found.get("棚", 0.0)) < 0.2


@pytest.mark.parametrize(
    "scores",
    [[2] * 19, [7, 8] * 20, [0, 10] * 20, [6, 9, 7, 8] * 10],
    ids=["too few answers", "like all others", "as often loved as hated", "no clear difference"],
)
def test_nothing_is_learned_from_few_or_divided_answers(scores: list[int]):
    assert "券売機" not in learn(voices("券売機", scores))


def test_one_answer_that_repeats_a_word_teaches_once():
    assert learn([*voices("棚", []), *(Voice("one", 1, 0, frozenset(["券売機"])) for _ in range(50))]) == {}


def test_the_words_of_a_beloved_place_are_no_praise():
    loved = [Voice(f"loved-{place}", 1, 8 + place % 3, frozenset(["足湯"])) for place in range(200)]
    usual = [Voice(f"usual-{place}", 2, 5 + place % 3, frozenset(["棚"])) for place in range(200)]
    assert learn(loved + usual) == {}


def test_fewer_answers_teach_less():
    few, many = (
        learn(voices("券売機", [2] * 25)),
        learn(voices("券売機", [2] * 25, others=60) + voices("列", [2] * 100)),
    )
    assert abs(few["券売機"]) < abs(many["列"]) * 1.5
    assert learn([]) == {}
    assert learn(voices("券売機", [5] * 30, others=0)) == {}


def test_the_order_of_answers_does_not_matter():
    answers = voices("券売機", [2, 3, 4] * 10) + voices("足湯", [10, 9, 10] * 10)
    assert learn(answers[::-1]) == learn(answers)


def test_a_clear_word_is_not_taught_and_a_negated_word_is_another_one():
    assert words_of(read_opinions("券売機が遅い")) == {"券売機"}
    assert words_of(read_opinions("券売機を押さない")) == {"券売機", "押す!"}
    assert words_of(read_opinions("特になし")) == frozenset()


def test_the_sample_is_bounded_and_does_not_depend_on_order():
    names = [f"answer-{number}" for number in range(SAMPLE + 500)]
    assert len(sample(names)) == SAMPLE
    assert sample(names) == sample(names[::-1])


def judged(valences: Valences, week: str, text: str) -> list[Polarity]:
    found = [ReadOpinion(opinion, read_polarity(opinion), ()) for opinion in read_opinions(text)]
    return [read.polarity for read in valences.judge(week, found)]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("入口の券売機", "negative"),
        ("券売機の店員さんが親切", "positive"),
        ("券売機をもう一台置いてほしい", "neutral"),
        ("足湯の券売機", "neutral"),
        ("足湯", "positive"),
        ("足湯が狭い", "negative"),
        ("入口の棚", "neutral"),
    ],
)
def test_what_was_learned_judges_only_what_words_leave_open(text: str, polarity: str):
    assert judged(Valences({WEEK: {"券売機": -0.6, "足湯": 0.5}}), shift(WEEK, 1), text) == [polarity]


def test_a_week_is_judged_by_the_newest_fit_before_it():
    valences = Valences({"2025-W16": {"券売機": 0.6}, WEEK: {"券売機": -0.6}})
    found = [judged(valences, week, "入口の券売機") for week in ("2025-W16", "2025-W17", WEEK, "2025-W21")]
    assert found == [["neutral"], ["positive"], ["positive"], ["negative"]]


def ticket_machines(weeks: int = WEEKS):
    """Every third answer is a detractor's and only names the ticket machine; a promoter's complaint is one of them."""
    made = []
    for number, answer in enumerate(make_answers(weeks=weeks)):
        if number % 3 == 0:
            made.append(replace(answer, score=number % 5, comments={"reason": "入口の券売機です"}))
        elif number % 30 == 1:
            made.append(replace(answer, score=10, comments={"reason": "券売機が汚い"}))
        else:
            made.append(answer)
    return made


def polarities(results, text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in results["opinions"]:
        if row[5] == text:
            found.setdefault(row[2], set()).add(row[6])
    return found


def test_scores_of_earlier_weeks_judge_later_ones_and_no_week_is_read_again(database):
    weeks = window(LAST_WEEK, WEEKS)
    fitted = next(week for week in weeks if is_discovery_week(week))
    record_answers(database, ticket_machines())
    analyse(database, ORGANISATION, SETTINGS, now=NOW)
    found = stored_results(database)
    assert {key for week, key, value in found["valences"] if week == fitted and value < 0} >= {"券売機"}
    assert polarities(found, "入口の券売機です") == {
        week: {"neutral" if week <= fitted else "negative"} for week in weeks
    }
    assert set.union(*polarities(found, "券売機が汚い").values()) == {"negative"}
    assert analyse(database, ORGANISATION, SETTINGS, now=NOW) == ()


def test_week_by_week_and_all_at_once_learn_the_same(database, sqlite):
    answers = ticket_machines()
    record_answers(sqlite, answers)
    analyse(sqlite, ORGANISATION, SETTINGS, now=NOW)
    for week in window(LAST_WEEK, WEEKS):
        record_answers(database, [answer for answer in answers if answer.external_id.startswith(week)][::-1])
        analyse(database, ORGANISATION, SETTINGS, now=NOW)
    once, weekly = stored_results(sqlite), stored_results(database)
    assert weekly["valences"] == once["valences"]
    assert weekly["opinions"] == once["opinions"]
