"""Shares and their change from one window to the next (formulas and sources: docs/statistics.md)."""

from math import sqrt

from analysis.figures.nps import Z95
from analysis.results import Estimate


def share(part: float, whole: float, z: float = Z95) -> Estimate:
    """Compute a share from 0 to 1 with its 95 % Wilson score interval (Wilson 1927); of nothing it is None.

    `z`: the point of the standard normal distribution, of an interval other than 95 %. Error: `ValueError` unless
    0 <= part <= whole.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"a part lies between 0 and the whole: {part} of {whole}")
    if whole == 0:
        return Estimate(None)
    value, added = part / whole, z**2 / whole
    middle = value + added / 2
    half = z * sqrt(value * (1 - value) / whole + added / (4 * whole))
    low, high = (middle - half) / (1 + added), (middle + half) / (1 + added)
    # at 0 and 1 the bounds are exact; rounding would leave 1e-17
    return Estimate(value, low if part else 0.0, high if part < whole else 1.0)


def share_change(before_part: float, before_whole: float, part: float, whole: float, z: float = Z95) -> Estimate:
    """Compute the share now minus the share before, from -1 to 1, with its 95 % interval.

    The interval joins two Wilson intervals by square-and-add (Newcombe 1998, method 10). None where either whole is
    empty.
    """
    before, now = share(before_part, before_whole, z), share(part, whole, z)
    if before.value is None or now.value is None:
        return Estimate(None)
    value = now.value - before.value
    below = sqrt(_reach(now, now.low) ** 2 + _reach(before, before.high) ** 2)
    above = sqrt(_reach(now, now.high) ** 2 + _reach(before, before.low) ** 2)
    return Estimate(value, max(-1.0, value - below), min(1.0, value + above))


def _reach(estimate: Estimate, bound: float | None) -> float:
    """How far a bound lies from its value."""
    return 0.0 if bound is None or estimate.value is None else bound - estimate.value
