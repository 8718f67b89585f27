"""NPS, its interval, and the change between two samples (formulas and sources: docs/statistics.md)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, hypot, sqrt

from analysis.results import Estimate, NpsResult

Z95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""

MINIMUM_ANSWERS = 10
"""Below this many answers no interval is shown: it covers too little (89.7 % at n = 5, NPS +80, instead of 95 %)."""

_SCORES = 11
_ADDED = 3.0
_ADDED_TO_COMPARE = 2.0
"""Of each of two samples. With three, both are pulled to the middle so far that their difference is understated."""


@dataclass(frozen=True, slots=True)
class _Adjusted:
    """The adjusted NPS of a sample as a fraction, and the variance of that figure."""

    value: float
    answer_variance: float
    n: float

    @property
    def variance(self) -> float:
        return self.answer_variance / self.n


def nps(histogram: Sequence[int]) -> NpsResult:
    """Compute NPS in points with its 95 % adjusted-Wald interval, clipped to -100 and 100 (Rocks 2016).

    `histogram`: eleven counts, score 0 to score 10. Without answers the value is None, under ten answers the
    interval is. Error: `ValueError` for another shape or a negative count.
    """
    counts = _checked(histogram)
    n = sum(counts)
    promoters, detractors = sum(counts[9:]), sum(counts[:7])
    return NpsResult(
        estimate=_estimate(promoters, detractors, n),
        n=n,
        promoters=promoters,
        passives=n - promoters - detractors,
        detractors=detractors,
        mean=sum(score * count for score, count in enumerate(counts)) / n if n else None,
        histogram=counts,
    )


def change(before: NpsResult, after: NpsResult) -> Estimate:
    """Compute NPS after minus NPS before in points, with its 95 % interval, clipped to -200 and 200.

    The intervals of both samples, each with two answers added, are joined by square-and-add (Zou and Donner 2008). None
    where either sample has under ten answers.
    """
    if before.estimate.value is None or after.estimate.value is None:
        return Estimate(None)
    old, new = before.estimate.value, after.estimate.value
    if min(before.n, after.n) < MINIMUM_ANSWERS:
        return Estimate(new - old)
    old_low, old_high = _bounds(_adjusted(before, _ADDED_TO_COMPARE))
    new_low, new_high = _bounds(_adjusted(after, _ADDED_TO_COMPARE))
    low, high = new - old - hypot(new - new_low, old_high - old), new - old + hypot(new_high - new, old - old_low)
    return Estimate(new - old, max(-200.0, low), min(200.0, high))


def more_needed(result: NpsResult, precision: float | None = None) -> int:
    """Count the answers still missing until an interval is shown.

    With `precision`: until that interval is about plus or minus so many points, if answers go on as before.
    """
    wanted = MINIMUM_ANSWERS if precision is None else max(MINIMUM_ANSWERS, answers_for(result, precision))
    return max(0, wanted - result.n)


def answers_for(result: NpsResult, precision: float) -> int:
    """Count the answers that make the interval plus or minus `precision` points, given how this sample answered.

    Error: `ValueError` when the precision is not above zero.
    """
    if not precision > 0:
        raise ValueError(f"a precision is above zero points, not {precision}")
    return max(1, ceil(_adjusted(result).answer_variance * (100 * Z95 / precision) ** 2 - _ADDED))


def smallest_change(result: NpsResult) -> float | None:
    """Tell the smallest change in points that two samples of this size and kind can tell from chance."""
    if result.n < MINIMUM_ANSWERS:
        return None
    return 100 * Z95 * sqrt(2 * _adjusted(result).variance)


def pool(histograms: Iterable[Sequence[int]]) -> tuple[int, ...]:
    """Add histograms of eleven counts up; of none it is eleven zeros."""
    total = [0] * _SCORES
    for histogram in histograms:
        total = [have + more for have, more in zip(total, _checked(histogram), strict=True)]
    return tuple(total)


def _checked(histogram: Sequence[int]) -> tuple[int, ...]:
    counts = tuple(int(count) for count in histogram)
    if len(counts) != _SCORES or min(counts) < 0:
        raise ValueError(f"a histogram has eleven counts from score 0 to 10, none below zero: {counts}")
    return counts


def _estimate(promoters: int, detractors: int, n: int) -> Estimate:
    if n == 0:
        return Estimate(None)
    value = 100 * (promoters - detractors) / n
    if n < MINIMUM_ANSWERS:
        return Estimate(value)
    low, high = _bounds(_adjust(promoters, detractors, n, _ADDED))
    return Estimate(value, low, high)


def _bounds(adjusted: _Adjusted) -> tuple[float, float]:
    """Bound an NPS in points, clipped to -100 and 100."""
    half = 100 * Z95 * sqrt(adjusted.variance)
    return max(-100.0, 100 * adjusted.value - half), min(100.0, 100 * adjusted.value + half)


def _adjusted(result: NpsResult, added: float = _ADDED) -> _Adjusted:
    return _adjust(result.promoters, result.detractors, result.n, added)


def _adjust(promoters: int, detractors: int, n: int, added: float) -> _Adjusted:
    """Add made-up answers, a quarter promoters, a quarter detractors and the rest passives (Rocks 2016)."""
    size = n + added
    up, down = (promoters + added / 4) / size, (detractors + added / 4) / size
    return _Adjusted(up - down, up + down - (up - down) ** 2, size)
