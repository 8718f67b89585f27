"""How often the intervals of what members buy after their answers hold the truth."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from math import exp

import numpy as np
from calibration_figure import COVERAGE, Figure, average

from analysis.figures.loyalty import MONTH_DAYS, Loyalty, MemberHistory, loyalty
from analysis.results import Estimate

HORIZON = 180
MEMBERS = (10, 20, 60, 200)
"""Of each class, followed for the whole horizon; as many others answered lately."""
GAP = 60.0
"""Days between two purchases of those who come back, on the average."""
SPREAD, PART = 0.7, 0.7
"""How unlike regulars are in how often they come (shape of a gamma distribution); the part of others who come back."""


@dataclass(frozen=True, slots=True)
class Custom:
    """How customers buy: purchases a day of each member, one amount, the share back by a day, the mean of an amount."""

    often: Callable[[np.random.Generator, int], np.ndarray]
    amount: Callable[[np.random.Generator, int], np.ndarray]
    back: Callable[[float], float]
    mean: float

    @property
    def value(self) -> float:
        """What a member spends on the average; in both customs somebody buys PART or 1 times in GAP days."""
        return self.mean * HORIZON / GAP


CUSTOMS = {
    "3 in 10 never come back, lognormal amounts": Custom(
        often=lambda rng, n: (rng.random(n) < PART) / GAP,
        amount=lambda rng, n: rng.lognormal(7, 1, n),
        back=lambda day: PART * (1 - exp(-day / GAP)),
        mean=PART * exp(7.5),
    ),
    "regulars and others, gamma amounts": Custom(
        often=lambda rng, n: rng.gamma(SPREAD, 1 / SPREAD, n) / GAP,
        amount=lambda rng, n: rng.gamma(2, 500, n),
        back=lambda day: 1 - (1 + day / GAP / SPREAD) ** -SPREAD,
        mean=1000.0,
    ),
}


def members(worlds: int) -> Iterator[Figure]:
    """Draw promoters and detractors who buy alike, at random times and amounts."""
    for (told, custom), n in product(CUSTOMS.items(), MEMBERS):
        drawn = [loyalty(_drawn(world, custom, n), HORIZON) for world in range(worlds)]
        for name, held in _held(drawn, custom).items():
            yield average(f"coverage of {name}, {n} members, {told}", held, COVERAGE)


def _held(drawn: list[Loyalty], custom: Custom) -> dict[str, list[float]]:
    days = range(MONTH_DAYS, HORIZON + 1, MONTH_DAYS)
    first = [each.classes[0] for each in drawn]
    return {
        "value": [_holds(each.value, custom.value) for each in first if each.value.low is not None],
        "repeat rate": [_holds(each.repeat_rate, custom.back(HORIZON)) for each in first],
        "difference of repeat rates": [_holds(each.difference, 0.0) for each in drawn],
        "return curve": [
            float(np.mean([_holds(at, custom.back(day)) for at, day in zip(each.returned, days, strict=True)]))
            for each in first
        ],
    }


def _drawn(world: int, custom: Custom, n: int) -> list[MemberHistory]:
    rng = np.random.default_rng([world, n])
    found = []
    for score in (10, 0):
        followed = np.concatenate([rng.integers(HORIZON, 2 * HORIZON, n), rng.integers(MONTH_DAYS, HORIZON, n)])
        for days, often in zip(followed.tolist(), custom.often(rng, 2 * n).tolist(), strict=True):
            # a purchase is known by its day, counted from the day after the answer
            bought = np.ceil(rng.uniform(0, days, rng.poisson(often * days))).astype(int).tolist()
            amounts = custom.amount(rng, len(bought)).tolist()
            found.append(MemberHistory(score, days, tuple(zip(bought, amounts, strict=True))))
    return found


def _holds(estimate: Estimate, truth: float) -> float:
    if estimate.low is None or estimate.high is None:
        raise ValueError("of ten members and more every figure has an interval")
    return float(estimate.low <= truth <= estimate.high)
