"""What moved beyond chance is found, what only wavered is not."""

import numpy as np
import pytest
from scipy.stats import binom, norm
from scipy.stats import t as student

from analysis.figures.alerts import RATE, SIDES, shifts

WEEKS = 14


def steady(places: int = 1, columns: int = 1, answers: int = 100, part: int = 15) -> tuple[np.ndarray, np.ndarray]:
    return np.full((WEEKS, places, columns), part), np.full((WEEKS, places), answers)


def test_a_share_that_doubles_and_one_that_halves_are_found_in_their_store_alone():
    parts, wholes = steady(places=9, columns=4)
    parts[-2:, 1, 2], parts[-2:, 0, 3] = 30, 1
    found = {(each.place, each.column): each for each in shifts(parts, wholes)}
    assert set(found) == {(1, 2), (0, 3)}
    rise, fall = found[1, 2], found[0, 3]
    assert (rise.part, rise.whole, rise.before) == (60, 200, 0.15)
    assert rise.difference.value == pytest.approx(0.15)
    assert 0 < rise.difference.low < 0.15 < rise.difference.high
    assert fall.difference.low < -0.14 < fall.difference.high < 0


def test_what_moves_a_little_everywhere_is_found_in_all_stores_together():
    parts, wholes = steady(places=20)
    parts[-2:] = 18
    assert [(each.place, each.part, each.whole) for each in shifts(parts, wholes)] == [(None, 720, 4000)]


@pytest.mark.parametrize("rises", [True, False])
def test_with_one_share_and_a_long_past_the_bound_is_that_of_the_binomial_distribution(rises):
    counts = np.arange(101)
    law, side = binom(100, 0.2), SIDES[0 if rises else 1]
    tails = (law.sf(counts) if rises else law.cdf(counts - 1)) + law.pmf(counts) / 2
    # five fortnights of its own and 500 that all shares, here this one, weigh: nearly the normal distribution
    tails = student(5 + 500).sf(norm.isf(tails))
    beyond = counts[(tails / side <= RATE) & ((counts > 20) == rises)]
    first = int(beyond.min() if rises else beyond.max())
    for count, told in ((first, 1), (first - 1 if rises else first + 1, 0)):
        parts, wholes = steady(answers=1_000_000, part=200_000)
        wholes[-2:], parts[-2:, 0, 0] = 50, (count // 2, count - count // 2)
        assert len(shifts(parts, wholes)) == told


def test_a_share_that_always_wavers_must_move_further():
    parts, wholes = steady(columns=9)
    parts[:-2, 0, 0] = [2, 2, 28, 28] * 3
    parts[:-2, 0, 1:] = np.array([14, 14, 16, 16] * 3)[:, None]
    parts[-2:] = 30
    assert {each.column for each in shifts(parts, wholes)} == {1, 2, 3, 4, 5, 6, 7, 8}
    parts[-2:] = 90
    wavering, *still = sorted(shifts(parts, wholes), key=lambda each: each.column)
    assert (wavering.column, len(still)) == (0, 8)
    assert wavering.difference.high - wavering.difference.low > 1.3 * (
        still[0].difference.high - still[0].difference.low
    )


def test_the_more_is_looked_at_the_surer_a_change_must_be():
    parts, wholes = steady()
    parts[-2:] = 22
    assert len(shifts(parts, wholes)) == 1
    many, wholes = steady(columns=400)
    many[-2:, 0, 0] = 22
    assert shifts(many, wholes) == ()


def test_what_moves_every_theme_a_little_is_no_alert_and_one_that_doubles_still_is():
    parts, wholes = steady(places=8, columns=30)
    parts[-2:, :, ::2], parts[-2:, :, 1::2] = 18, 12
    assert shifts(parts, wholes) == ()
    parts[-2:, 3, 4] = 36
    assert [(each.place, each.column) for each in shifts(parts, wholes)] == [(3, 4)]


def test_a_store_that_stands_still_while_all_others_move_is_no_alert():
    parts, wholes = steady(places=8, columns=30)
    parts[-2:, 1:, ::2], parts[-2:, 1:, 1::2] = 22, 9
    assert [each.column for each in shifts(parts, wholes) if each.place == 0] == []
    parts[-2:, 0, 4] = 40
    assert [each.column for each in shifts(parts, wholes) if each.place == 0] == [4]


def test_rare_themes_take_little_of_the_chance_from_those_of_which_something_can_be_told():
    first = {}
    for others in (1, 15):
        parts, wholes = steady(columns=300, part=others)
        parts[:, 0, 0] = 15
        first[others] = next(count for count in range(16, 60) if len(shifts(_now(parts, count), wholes)) == 1)
    assert first[1] < first[15]


def test_stores_with_too_few_answers_to_be_told_of_take_nothing_from_the_others():
    few = np.zeros((WEEKS, 90, 20), int), np.ones((WEEKS, 90), int)
    first = []
    for silent in (0, 90):
        parts, wholes = (
            np.concatenate([one, other[:, :silent]], axis=1)
            for one, other in zip(steady(places=4, columns=20, answers=1000, part=150), few, strict=True)
        )
        first.append(next(count for count in range(150, 300) if shifts(_now(parts, count), wholes)))
    assert first[0] == first[1]


def _now(parts: np.ndarray, count: int) -> np.ndarray:
    changed = parts.copy()
    changed[-2:, 0, 0] = count
    return changed


@pytest.mark.parametrize(("weeks", "answers", "told"), [(6, 100, 1), (5, 100, 0), (6, 4, 0)])
def test_too_few_weeks_or_answers_tell_nothing(weeks, answers, told):
    parts, wholes = steady(answers=1000, part=10)
    wholes[-2:], parts[-2:] = answers, answers
    assert len(shifts(parts[-weeks:], wholes[-weeks:])) == told


def test_a_new_store_does_not_move_the_share_of_all():
    parts, wholes = steady(places=3)
    parts[:-2, 2], wholes[:-2, 2], parts[-2:, 2] = 0, 0, 90
    assert shifts(parts, wholes) == ()


def test_weeks_without_an_answer_are_no_weeks_before():
    parts, wholes = steady(part=1)
    parts[-2:] = 40
    parts[:9], wholes[:9] = 0, 0
    assert shifts(parts, wholes) == ()
    parts[8], wholes[8] = 1, 100
    assert len(shifts(parts, wholes)) == 1


def test_a_theme_in_no_comment_or_in_every_one_is_no_alert():
    parts, wholes = steady(places=2, columns=2)
    parts[:, :, 0], parts[:, :, 1] = 0, 100
    assert shifts(parts, wholes) == ()
    parts[-2:, 0, 0] = 20
    assert {(each.place, each.column) for each in shifts(parts, wholes)} == {(0, 0), (None, 0)}


def test_nothing_is_found_in_nothing():
    assert shifts(np.zeros((0, 0, 0), int), np.zeros((0, 0), int)) == ()
    assert shifts(np.zeros((WEEKS, 2, 3), int), np.zeros((WEEKS, 2), int)) == ()


def test_the_order_of_stores_changes_nothing():
    rng = np.random.default_rng(5)
    wholes = rng.poisson(60, (WEEKS, 6))
    parts = rng.binomial(wholes[:, :, None], 0.1, (WEEKS, 6, 8))
    parts[-2:, 2] = np.minimum(wholes[-2:, 2, None], 3 * parts[-2:, 2] + 5)
    there, back = shifts(parts, wholes), shifts(parts[:, ::-1], wholes[:, ::-1])
    told = [(each.place, each.column, each.part, round(each.difference.low or 0, 9)) for each in there]
    turned = [
        (None if each.place is None else 5 - each.place, each.column, each.part, round(each.difference.low or 0, 9))
        for each in back
    ]
    assert len(told) > 3
    assert sorted(told, key=str) == sorted(turned, key=str)


@pytest.mark.parametrize(
    ("parts", "wholes"),
    [
        (np.ones((WEEKS, 2, 1), int), np.ones((WEEKS, 3), int)),
        (np.full((WEEKS, 1, 1), 2), np.ones((WEEKS, 1), int)),
        (np.full((WEEKS, 1, 1), -1), np.ones((WEEKS, 1), int)),
    ],
)
def test_counts_that_cannot_be_are_refused(parts, wholes):
    with pytest.raises(ValueError, match="parts"):
        shifts(parts, wholes)
