"""The ranked list of improvements: gains, ranks with intervals, reasons. Formulas: docs/statistics.md."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from analysis.figures.nps import Z95
from analysis.figures.reasons import digits, reason
from analysis.figures.trends import share
from analysis.results import Estimate, Improvement, ThemeImpact, Wording

MINIMUM_STORES = 4
"""A best quarter needs at least four stores to hold one."""

MINIMUM_STORE_RESPONSES = 30
"""A store with fewer responses has no complaints by luck too often to set a level for others."""

EFFORTS = range(1, 6)
"""What staff may say that an improvement takes: 1 little, 5 much."""

_DRAWS = 2000
_QUARTILE_ERROR = 1.36
"""The standard error of the quartile of n normal numbers, in their standard deviations over the root of n."""
_SHARE_DIGITS = 9
_SMALLEST_GAIN = 0.05
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Level:
    """A share of responses with a complaint that complaints could fall to, and its standard error."""

    share: float
    error: float = 0.0


NO_COMPLAINTS = Level(0.0)


@dataclass(frozen=True, slots=True)
class PriorityInput:
    """What is known of one theme in one scope (chain, area or store) and window.

    `impact`: from the whole chain's run; its `negative` is what goes with one response's complaint, in points.
    `responses`: all responses of scope and window, with or without text; `responses_negative`: those of them with a
    negative mention. `level`: what they could fall to, that of the best quarter of stores (`best_quarter`) or no
    complaints at all. `requests`: opinions that ask for something.
    `trend`: change of the theme's share against the window before, as a fraction. `effort`: what staff think that it
    takes, 1 (little) to 5; it is shown and weighs nothing. Error: `ValueError` for another effort.
    """

    theme_id: str
    name: Wording
    impact: ThemeImpact
    responses_negative: int
    responses: int
    level: Level
    requests: int
    trend: Estimate
    effort: int | None = None

    def __post_init__(self) -> None:
        if self.effort is not None and self.effort not in EFFORTS:
            raise ValueError(f"an effort is a whole number from 1 to 5, not {self.effort}")


def rank(inputs: Sequence[PriorityInput], seed: int) -> tuple[Improvement, ...]:
    """Rank the themes by the NPS points that go with their complaints beyond the level compared with.

    Only gains that show (0.05 points and more) are listed, largest first, the same list whatever the order of
    `inputs`. Gains that read alike share a rank, in the order of theme ids. The rank's 95 % range comes from seeded
    draws of all listed gains within their intervals.
    """
    gains = {item.theme_id: gain(item) for item in inputs}
    listed = sorted(
        (item for item in inputs if (gains[item.theme_id].value or 0.0) >= _SMALLEST_GAIN),
        key=lambda item: (-_as_read(gains[item.theme_id]), item.theme_id),
    )
    found = [gains[item.theme_id] for item in listed]
    ranks = _ranks([_as_read(each) for each in found])
    ranges = _rank_ranges(listed, found, seed)
    return tuple(
        Improvement(
            place,
            min(place, low),
            max(place, high),
            item.theme_id,
            each,
            _reason(item, each, tied=ranks.count(place) > 1),
            share(item.responses_negative, item.responses),
            item.level.share,
            item.requests,
            item.trend,
            ranks.count(place) > 1,
            item.effort,
        )
        for item, each, place, (low, high) in zip(listed, found, ranks, ranges, strict=True)
    )


def at_level(inputs: Sequence[PriorityInput]) -> tuple[PriorityInput, ...]:
    """Return the themes that `rank` leaves out though their complaints surely go with lower scores.

    They are at the level compared with already (as bad in every store, say). Most points to no complaints at all first.
    """
    to_none = {item.theme_id: gain(replace(item, level=NO_COMPLAINTS)).value or 0.0 for item in inputs}
    found = [
        item
        for item in inputs
        if (item.impact.negative.high or 0.0) < 0
        if (gain(item).value or 0.0) < _SMALLEST_GAIN <= to_none[item.theme_id]
    ]
    return tuple(sorted(found, key=lambda item: (-to_none[item.theme_id], item.theme_id)))


def gain(item: PriorityInput) -> Estimate:
    """Compute the points that go with complaints falling to the level compared with.

    Minus the points that go with one complaint x (share - level). The interval joins those of both factors by
    square-and-add (Newcombe's way for differences, here for a product), and so does that of the second one. None where
    the theme has no figure of its own, 0 where the share is already at the level.
    """
    each, reach = item.impact.negative, share(item.responses_negative, item.responses)
    if each.value is None or each.low is None or each.high is None or reach.value is None:
        return Estimate(None)
    room, least, most = _room(reach, item.level)
    points = -each.value
    fewer, more = (room - least, most - room) if points > 0 else (most - room, room - least)
    below = hypot(room * (each.high - each.value), points * fewer)
    above = hypot(room * (each.value - each.low), points * more)
    value = points * room
    return Estimate(*(round(figure, _DIGITS) + 0.0 for figure in (value, value - below, value + above)))


def _room(reach: Estimate, level: Level) -> tuple[float, float, float]:
    """Return how far a share can fall to a level, at least and at most (95 %)."""
    now, low, high = _figures(reach)
    below, above = (hypot(side, Z95 * level.error) for side in (now - low, high - now))
    between = now - level.share
    return max(0.0, between), max(0.0, between - below), max(0.0, between + above)


def best_quarter(store_counts: Sequence[tuple[int, int]]) -> Level:
    """Estimate the share of responses with a complaint that the best quarter of stores does not exceed.

    `store_counts`: for each store its responses with a complaint and all its responses. Stores under 30 responses
    don't count; with fewer than four others there is no best quarter: no complaints at all. Stores also differ by luck,
    and the best ones had most of it: their shares are drawn toward the share of all, until they differ no more than
    stores truly do.
    """
    counts = np.array([pair for pair in store_counts if pair[1] >= MINIMUM_STORE_RESPONSES], dtype=np.float64)
    if len(counts) < MINIMUM_STORES:
        return NO_COMPLAINTS
    shares, every = counts[:, 0] / counts[:, 1], float(counts[:, 0].sum() / counts[:, 1].sum())
    seen = float(((shares - every) ** 2).sum() / (len(shares) - 1))
    luck = every * (1 - every) * float((1 / counts[:, 1]).mean())
    truly = sqrt(max(0.0, 1 - luck / seen)) if seen else 0.0
    raw = float(np.sort(shares)[ceil(len(shares) / 4) - 1])
    drawn = min(every, max(0.0, every + truly * (raw - every)))
    return Level(round(drawn, _SHARE_DIGITS), _QUARTILE_ERROR * sqrt(seen / len(shares)))


def _as_read(each: Estimate) -> float:
    return round(each.value or 0.0, digits(each.value or 0.0))


def _ranks(values: Sequence[float]) -> list[int]:
    """Number falling values 1, 2, 2, 4: equal ones share the first place that they hold."""
    return [1 + values.index(value) for value in values]


def _rank_ranges(listed: Sequence[PriorityInput], gains: Sequence[Estimate], seed: int) -> list[tuple[int, int]]:
    if not listed:
        return []
    # each theme draws the same numbers wherever it stands in the list: columns go by id
    columns = np.argsort(np.array([item.theme_id for item in listed]))
    noise = np.empty((_DRAWS, len(listed)))
    noise[:, columns] = np.random.default_rng(seed).standard_normal((_DRAWS, len(listed)))
    middles = np.array([each.value for each in gains], dtype=np.float64)
    draws = middles + noise * np.array([_error(each) for each in gains])
    low, high = np.quantile(_drawn_ranks(draws), (0.025, 0.975), axis=0, method="inverted_cdf")
    return [(int(first), int(last)) for first, last in zip(low, high, strict=True)]


def _drawn_ranks(draws: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rank the themes within each draw, largest first."""
    order = np.argsort(-draws, axis=1)
    ranks = np.empty(draws.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.arange(1, draws.shape[1] + 1)[None, :], axis=1)
    return ranks


def _figures(estimate: Estimate) -> tuple[float, float, float]:
    value, low, high = estimate.value or 0.0, estimate.low, estimate.high
    return value, value if low is None else low, value if high is None else high


def _error(each: Estimate) -> float:
    """Read a standard error off an interval."""
    return 0.0 if each.low is None or each.high is None else (each.high - each.low) / (2 * Z95)


def _reason(item: PriorityInput, each: Estimate, *, tied: bool) -> Wording:
    shares = item.responses_negative / item.responses, item.level.share
    return reason(item.name, shares, each, (item.requests, item.trend, tied))
