"""The mean of skewed amounts keeps its promise with few members."""

import random
from math import sqrt
from statistics import fmean, stdev

import numpy as np
import pytest
from scipy.stats import t as student
from scipy.stats import ttest_1samp

from analysis.figures.amounts import mean_amount
from analysis.results import Estimate

SKEWED = [0.0] * 6 + [300.0, 500.0, 800.0, 1200.0, 2500.0, 9000.0]


def test_the_bounds_solve_halls_cubic():
    """Hall (1992): T + c T^2 / 3 + c^2 T^3 / 27 + c / 6 is nearly symmetric; T studentised, c skewness over root n."""
    found, n = mean_amount(SKEWED), len(SKEWED)
    error, mean = stdev(SKEWED) / sqrt(n), fmean(SKEWED)
    skewness = fmean((each - mean) ** 3 for each in SKEWED) / stdev(SKEWED) ** 3 / sqrt(n)
    for bound, quantile in ((found.low, 0.975), (found.high, 0.025)):
        far = (mean - bound) / error
        made = far + skewness * far**2 / 3 + skewness**2 * far**3 / 27 + skewness / 6
        assert made == pytest.approx(student.ppf(quantile, n - 1))
    assert found.value == pytest.approx(mean)
    assert found.high - found.value > 2 * (found.value - found.low)


def test_symmetric_amounts_have_students_interval():
    amounts = [float(each) for each in (10, 20, 30, 40, 50, 50, 60, 70, 80, 90)]
    textbook = ttest_1samp(amounts, 0).confidence_interval(0.95)
    assert mean_amount(amounts) == Estimate(50, pytest.approx(textbook.low), pytest.approx(textbook.high))


def test_no_mean_lies_below_nothing():
    found = mean_amount([0.0] * 19 + [1000.0])
    assert (found.value, found.low) == (50, 0)
    assert found.high > 100


def test_few_amounts_tell_nothing_and_equal_ones_have_no_interval():
    assert mean_amount([1.0, 2.0] * 4 + [3.0]) == Estimate(None)
    assert mean_amount([7.0] * 10) == Estimate(7)


def test_the_order_of_amounts_changes_nothing():
    shuffled = [each / 7 for each in SKEWED]
    random.Random(2).shuffle(shuffled)
    assert mean_amount(shuffled) == mean_amount([each / 7 for each in SKEWED])


@pytest.mark.parametrize("n", [20, 60])
def test_the_interval_covers_as_promised_where_three_in_ten_buy_nothing(n):
    held = []
    for seed in range(600):
        rng = np.random.default_rng([seed, n])
        amounts = rng.lognormal(7, 1, n) * (rng.random(n) > 0.3)
        found = mean_amount(amounts.tolist())
        held.append(found.low <= 0.7 * np.exp(7.5) <= found.high)
    assert 0.92 <= np.mean(held) <= 0.98
