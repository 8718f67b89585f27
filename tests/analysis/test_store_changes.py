"""How stores vary by themselves, and how long a pilot must therefore run."""

import numpy as np
import pytest

from analysis.figures.experiments import Design, draw
from analysis.figures.store_changes import (
    Noise,
    Series,
    levels_and_trends,
    measured,
    measured_before,
    noise,
    weeks_more,
    weeks_needed,
)


def series(means, answers=10, variance=0.0):
    """Weekly means by store, each of so many answers that vary so much."""
    means = np.array(means, dtype=float)
    counts = np.full(means.shape, float(answers))
    return Series(counts, counts * means, counts * (means**2 + variance))


def random_series(seed, stores=10, weeks=24, answers=30, own=0.0):
    rng = np.random.default_rng(seed)
    shocks = np.repeat(rng.normal(0, own, (stores, weeks // 4)), 4, axis=1)
    drawn = rng.normal(0, 70 / answers**0.5, (stores, weeks))
    return series(shocks + drawn, answers, 70**2 * (1 - 1 / answers))


def freely(trying, others):
    return Design(np.zeros(trying + others, dtype=int), np.arange(trying + others) < trying)


def test_noise_by_hand():
    # no two answers of a store differ; one store rises by 6 from one block to the next, the other by nothing:
    # the variance of the rises is 18, and each holds two shocks
    past = series([[0] * 4 + [6] * 4, [5] * 8])
    assert noise(past) == Noise(answer=0.0, store=pytest.approx(9))


def test_what_happens_to_all_stores_at_once_is_no_noise():
    past = series([[0] * 4 + [30] * 4, [5] * 4 + [35] * 4, [9] * 4 + [39] * 4])
    assert noise(past) == Noise(0.0, 0.0)


def test_noise_finds_what_it_was_made_of():
    found = [noise(random_series(seed, stores=20, own=6.0)) for seed in range(30)]
    assert np.mean([each.answer for each in found]) == pytest.approx(70**2, rel=0.03)
    assert np.mean([each.store for each in found]) == pytest.approx(36, rel=0.15)


def test_variances_by_hand():
    # 100 (1/10 + 1/5) + 9 (4/8 + 1): a shock lasts longer than the two weeks after
    found = Noise(100.0, 9.0).variances((np.array([10.0]), np.array([5.0])), (8, 2))
    assert found == pytest.approx([30 + 13.5])


def test_levels_and_trends_by_hand():
    past = series([[0, 2, 4, 6], [10, 10, 10, 10], [1, 1, 1, 1]])
    past.answers[2] = past.sums[2] = 0
    level, trend = levels_and_trends(past)
    assert level.tolist() == [3, 10, 6.5]
    assert trend.tolist() == [4, 0, 2]


def test_the_difference_of_differences_by_hand():
    before, during = series([[0] * 8, [10] * 8] * 3), series([[7] * 4, [12] * 4] * 3)
    result = measured(Design(np.zeros(6, dtype=int), np.array([True, False] * 3)), before, during)
    assert (result.estimate.value, result.chance) == (pytest.approx(5), 1 / 20)


def test_a_store_without_answers_is_left_out_and_too_few_say_nothing():
    before, during = series([[0] * 8] * 8), series([[6] * 4] * 4 + [[0] * 4] * 4)
    during.answers[0] = during.sums[0] = 0
    assert measured(freely(4, 4), before, during).draws == 35
    during.answers[:5] = 0
    assert measured(freely(4, 4), before, during) is None


def test_a_difference_that_grew_before_the_start_is_found():
    past = series([[0, 0, 0, 0, 5, 5, 5, 5]] * 4 + [[0] * 8] * 4)
    result = measured_before(freely(4, 4), past)
    assert (result.estimate.value, result.either) == (pytest.approx(5), 2 / 70)


def test_weeks_needed_fall_with_answers_and_expectation_and_rise_with_noise():
    design = draw(np.zeros(10, dtype=int), 5, 1)
    plain = weeks_needed(design, random_series(1), 8)
    assert 4 < plain < 30
    assert weeks_needed(design, random_series(1, answers=90), 8) < plain
    assert weeks_needed(design, random_series(1), 12) < plain
    assert plain < (weeks_needed(design, random_series(1, own=12.0), 8) or 99)


def test_weeks_needed_do_not_depend_on_the_order_of_stores():
    # one of five tries in each of five groups, 3,125 draws: more than are tried out, and some stores hardly answer
    design = Design(np.repeat(np.arange(5), 5), np.tile([True, False, False, False, False], 5))
    answers = np.where(np.arange(25) % 5 < 2, 3.0, 200.0)[:, None] * np.ones(24)
    means = np.random.default_rng(1).normal(0, 1, (25, 24)) * 70 / np.sqrt(answers)
    past = Series(answers, answers * means, answers * (means**2 + 70**2 * (1 - 1 / answers)))
    turned = np.arange(25).reshape(5, 5)[:, ::-1].ravel()
    assert weeks_needed(design, past, 6) == weeks_needed(design, past.only(turned), 6)


def test_what_can_never_be_seen_is_given_no_weeks():
    past = random_series(1)
    assert weeks_needed(freely(2, 3), random_series(1, stores=5), 50) is None
    assert weeks_needed(freely(5, 5), past, 0.5) is None
    assert weeks_needed(freely(5, 5), past, 0.0) is None


def test_an_unclear_pilot_is_told_how_long_to_go_on():
    past, during = random_series(2), random_series(3, weeks=4)
    result = measured(freely(5, 5), past, during)
    width = result.most - result.least
    assert weeks_more(result, past, 4, width) == 1
    assert 1 < weeks_more(result, past, 4, width / 1.4) < 30
    assert weeks_more(result, past, 4, width / 20) is None
    assert weeks_more(measured(freely(2, 2), series([[0] * 8] * 4), series([[1] * 4] * 4)), past, 4, 5) is None
