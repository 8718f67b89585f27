"""Pilots: draws, the test against every other draw, and the verdict, by hand-computed examples."""

import numpy as np
import pytest

from analysis.figures.experiments import (
    Design,
    alike_groups,
    all_draws,
    comparisons_needed,
    draw,
    effect,
    verdict,
)
from analysis.results import Estimate


def design(groups, chosen):
    return Design(np.array(groups), np.array(chosen, dtype=bool))


def freely(trying, others):
    return design([0] * (trying + others), [True] * trying + [False] * others)


def found(made, changes, weights=None):
    changes = np.array(changes, dtype=float)
    return effect(made, changes, np.ones(len(changes)) if weights is None else np.array(weights, dtype=float))


def test_the_possible_draws_are_counted():
    assert [freely(*stores).draws for stores in ((2, 2), (2, 3), (2, 5), (3, 3), (4, 4))] == [6, 10, 21, 20, 70]
    assert design([0, 0, 1, 1, 2, 2], [1, 0, 0, 1, 1, 0]).draws == 8
    assert design([0, 0, 0, 0, 1, 1], [1, 1, 0, 0, 1, 0]).draws == 12


def test_every_draw_is_made_once_and_the_real_one_stands_first():
    made = design([0, 0, 1, 1], [0, 1, 1, 0])
    rows = all_draws(made)
    assert rows[0].tolist() == [False, True, True, False]
    assert sorted(map(tuple, rows.astype(int))) == [(0, 1, 0, 1), (0, 1, 1, 0), (1, 0, 0, 1), (1, 0, 1, 0)]


def test_of_very_many_draws_a_sample_keeps_to_the_groups():
    made = design(np.repeat(np.arange(14), 2), np.tile([True, False], 14))
    rows = all_draws(made)
    assert (rows.shape, made.draws) == ((4000, 28), 2**14)
    assert (rows[0] == made.chosen).all()
    assert (rows.reshape(4000, 14, 2).sum(axis=2) == 1).all()


def test_three_against_three_by_hand():
    # swapping one store of either side refutes every effect below the difference of the two: 9 - 2 = 7 at least
    result = found(freely(3, 3), [9, 10, 11, 0, 1, 2])
    assert result.estimate == Estimate(pytest.approx(9), None, None)
    assert (result.least, result.most) == (pytest.approx(7), pytest.approx(11))
    assert (result.chance, result.either, result.draws) == (1 / 20, 2 / 20, 20)
    assert verdict(result, 8) == "worked"


def test_four_against_four_have_an_interval_by_hand():
    # 70 draws: one lies beyond each end of the interval, three beyond each bound of one side; they swap one store with
    # one other (8 - 3 = 5, 8 - 2 = 6) or two with two (8 + 10 - 2 - 3 over 2 = 6.5)
    result = found(freely(4, 4), [8, 10, 12, 14, 0, 1, 2, 3])
    assert result.estimate == Estimate(pytest.approx(9.5), pytest.approx(5), pytest.approx(14))
    assert (result.least, result.most) == (pytest.approx(6.5), pytest.approx(12.5))
    assert result.chance == 1 / 70


def test_pairs_are_compared_within_themselves_by_hand():
    # two pairs, differences 6 and 2: one of four draws does as well, itself
    result = found(design([0, 0, 1, 1], [1, 0, 1, 0]), [106, 100, 2, 0])
    assert (result.estimate.value, result.chance, result.either) == (pytest.approx(4), 1 / 4, 2 / 4)
    assert (result.least, verdict(result, 1)) == (None, "unclear")


def test_stores_with_more_answers_count_more_by_hand():
    # the weighted means: (3 * 10 + 2) / 4 = 8 and (1 * 0 + 1 * 4) / 2 = 2
    result = found(freely(2, 2), [10, 2, 0, 4], [3, 1, 1, 1])
    assert result.estimate.value == pytest.approx(6)


def test_nothing_new_anywhere_is_no_effect_and_no_error():
    result = found(freely(3, 3), [0] * 6)
    assert (result.estimate.value, result.chance, result.either) == (0, 1, 1)
    assert verdict(result, 5) == "not_worked"


@pytest.mark.parametrize(
    ("changes", "expected", "said"),
    [
        ([9, 10, 11, 0, 1, 2], 5, "worked"),
        ([0, 1, 2, 0, 1, 3], 5, "not_worked"),
        ([0, 1, 9, 0, 1, 5], 5, "unclear"),
        ([-9, -10, -11, 0, 1, 2], 5, "not_worked"),
    ],
)
def test_the_verdict(changes, expected, said):
    assert verdict(found(freely(3, 3), changes), expected) == said


@pytest.mark.parametrize(("trying", "others"), [(2, 2), (2, 3), (2, 4), (1, 18)])
def test_too_few_draws_never_show_that_it_worked(trying, others):
    result = found(freely(trying, others), [*range(1000, 1000 + trying), *range(others)])
    assert (result.draws < 20, verdict(result, 5)) == (True, "unclear")


def test_how_many_stores_to_compare_with_make_a_verdict_possible():
    assert [comparisons_needed(trying) for trying in (1, 2, 3, 4, 5)] == [19, 5, 3, 3, 2]


def test_alike_stores_come_into_one_group():
    level = np.array([0, 50, 20, 31, 10, 41, 60, 1, 51, 21, 30, 11, 40, 61], dtype=float)
    groups = alike_groups(level, np.zeros(14), 7)
    pairs = {tuple(sorted(level[groups == group])) for group in range(7)}
    assert pairs == {(0, 1), (10, 11), (20, 21), (30, 31), (40, 41), (50, 51), (60, 61)}


def test_the_trend_parts_stores_of_one_level():
    trend = np.array([5, -5] * 7, dtype=float)
    groups = alike_groups(np.zeros(14), trend, 7)
    assert sum(len(set(trend[groups == group])) == 2 for group in range(7)) == 1


@pytest.mark.parametrize(("stores", "trying", "draws"), [(6, 3, 20), (10, 5, 120), (14, 7, 128), (7, 2, 21), (4, 2, 6)])
def test_groups_are_as_fine_as_leaves_enough_draws(stores, trying, draws):
    rng = np.random.default_rng(1)
    made = draw(alike_groups(rng.normal(size=stores), rng.normal(size=stores), trying), trying, 5)
    assert (int(made.chosen.sum()), made.draws) == (trying, draws)


def test_a_seed_draws_the_same_stores_again_and_seeds_draw_each_store_alike_often():
    groups = alike_groups(np.arange(10.0), np.zeros(10), 5)
    assert (draw(groups, 5, 3).chosen == draw(groups, 5, 3).chosen).all()
    drawn = np.mean([draw(groups, 5, seed).chosen for seed in range(400)], axis=0)
    assert drawn == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("trying", [0, 4])
def test_all_stores_or_none_cannot_be_drawn(trying):
    with pytest.raises(ValueError, match="can't try"):
        alike_groups(np.zeros(4), np.zeros(4), trying)


def test_groups_in_which_nobody_differs_compare_nothing():
    with pytest.raises(ValueError, match="no group"):
        found(design([0, 0, 1, 1], [1, 1, 0, 0]), [1, 2, 3, 4])
