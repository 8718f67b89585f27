"""The mean of amounts that are skewed: most are small, a few are large (formula and source: docs/statistics.md)."""

from collections.abc import Sequence
from math import cbrt, sqrt

import numpy as np
from scipy.special import stdtrit

from analysis.figures.nps import MINIMUM_ANSWERS
from analysis.results import Estimate

_SYMMETRIC = 1e-6
"""Skewness below which Hall's formula is Student's, and would divide by nothing."""


def mean_amount(amounts: Sequence[float]) -> Estimate:
    """Compute the mean of amounts (zero and more) with its 95 % interval, as Hall (1992) frees it of skewness.

    None of under ten amounts; without an interval where all are equal.
    """
    if len(amounts) < MINIMUM_ANSWERS:
        return Estimate(None)
    # sums of fractions depend on their order
    ordered = np.sort(np.asarray(amounts, dtype=np.float64))
    value = float(ordered.mean())
    if ordered[0] == ordered[-1]:
        return Estimate(value)
    error, far = float(ordered.std(ddof=1)), float(stdtrit(len(ordered) - 1, 0.975))
    skewness = float(((ordered - value) ** 3).mean()) / error**3
    low, high = (value - error / sqrt(len(ordered)) * _skewed(at, skewness, len(ordered)) for at in (far, -far))
    return Estimate(value, max(0.0, low), high)


def _skewed(at: float, skewness: float, n: int) -> float:
    """Find what a studentised mean of so skewed amounts exceeds as often as a symmetric one exceeds `at`."""
    if abs(skewness) < _SYMMETRIC:
        return at
    within = cbrt(1 + skewness * (at / sqrt(n) - skewness / (6 * n)))
    return 3 * sqrt(n) / skewness * (within - 1)
