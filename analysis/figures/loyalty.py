"""Do those who recommend come back? Purchases after an answer, by promoter class (docs/statistics.md)."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from analysis.figures.amounts import mean_amount
from analysis.figures.nps import MINIMUM_ANSWERS
from analysis.figures.trends import share, share_change
from analysis.results import Estimate

MONTH_DAYS = 30
PromoterClass = Literal["promoter", "passive", "detractor"]
CLASSES: tuple[PromoterClass, ...] = ("promoter", "passive", "detractor")
_PROMOTES, _PASSES = 9, 7


@dataclass(frozen=True, slots=True)
class MemberHistory:
    """What one member bought after an answer.

    `score` 0-10; `followed`: days after that of the answer for which purchases are known; `purchases`: day after the
    answer (from 1) and amount of each, in any order.
    """

    score: int
    followed: int
    purchases: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class ClassLoyalty:
    """The members of one class. Every figure of under ten members is None.

    `followed`: how many were followed for the whole horizon, of whom `repeat_rate` (share who bought again within it,
    from 0 to 1) and `value` (mean amount bought within it) are told; `returned`: share who bought again within 30, 60
    ... days, of all members, as long as ten are followed.
    """

    name: PromoterClass
    members: int
    followed: int
    repeat_rate: Estimate
    returned: tuple[Estimate, ...]
    value: Estimate


@dataclass(frozen=True, slots=True)
class Loyalty:
    """All classes over one horizon in days. `difference`: repeat rate of promoters minus that of detractors."""

    horizon: int
    classes: tuple[ClassLoyalty, ...]
    difference: Estimate


def loyalty(members: Sequence[MemberHistory], horizon: int) -> Loyalty:
    """Compare promoters, passives and detractors over `horizon` days (30 at least) after their answers.

    The order of members changes nothing. Error: `ValueError` for a shorter horizon.
    """
    if horizon < MONTH_DAYS:
        raise ValueError(f"a horizon has at least {MONTH_DAYS} days, not {horizon}")
    groups = {name: [member for member in members if promoter_class(member.score) == name] for name in CLASSES}
    whole = {name: [member for member in group if member.followed >= horizon] for name, group in groups.items()}
    again = {name: sum(_first(member) <= horizon for member in group) for name, group in whole.items()}
    return Loyalty(
        horizon=horizon,
        classes=tuple(
            ClassLoyalty(
                name=name,
                members=len(groups[name]),
                followed=len(whole[name]),
                repeat_rate=_shown(share(again[name], len(whole[name])), len(whole[name])),
                returned=_returned(groups[name], range(MONTH_DAYS, horizon + 1, MONTH_DAYS)),
                value=mean_amount([_spent(member, horizon) for member in whole[name]]),
            )
            for name in CLASSES
        ),
        difference=_shown(
            share_change(again["detractor"], len(whole["detractor"]), again["promoter"], len(whole["promoter"])),
            min(len(whole["detractor"]), len(whole["promoter"])),
        ),
    )


def promoter_class(score: int) -> PromoterClass:
    """Name the class of a score."""
    return "promoter" if score >= _PROMOTES else "passive" if score >= _PASSES else "detractor"


def _shown(estimate: Estimate, members: int) -> Estimate:
    return estimate if members >= MINIMUM_ANSWERS else Estimate(None)


def _first(member: MemberHistory) -> float:
    """The day of the first purchase after the answer, infinite without one."""
    return min((day for day, _ in member.purchases), default=float("inf"))


def _spent(member: MemberHistory, horizon: int) -> float:
    return sum(amount for day, amount in member.purchases if day <= horizon)


def _returned(members: Sequence[MemberHistory], days: Sequence[int]) -> tuple[Estimate, ...]:
    """Compute one minus Kaplan and Meier's curve of the days until the next purchase.

    With Greenwood's variance on the scale log(-log); where that has no bounds (nobody is back yet, or everybody),
    Wilson's interval of those who were followed so long. None where these are fewer than ten.
    """
    from scipy.stats import CensoredData, ecdf  # large: a server loads it only when these figures are asked for

    followed = [(min(_first(member), member.followed), _first(member) <= member.followed) for member in members]
    times = [(time, back) for time, back in followed if time >= 1]
    known = [sum(member.followed >= day for member in members) for day in days]
    if len(times) < MINIMUM_ANSWERS:
        return tuple(Estimate(None) for _ in days)
    curve = ecdf(
        CensoredData(
            uncensored=[time for time, back in times if back], right=[time for time, back in times if not back]
        )
    ).sf
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # of a curve that ends at 0 or never leaves 1: see below
        bounds: Any = curve.confidence_interval(method="log-log")
    found = []
    for day, told in zip(days, known, strict=True):
        away, low, high = (float(one.evaluate(np.array([day]))[0]) for one in (curve, bounds.low, bounds.high))
        if told < MINIMUM_ANSWERS:
            found.append(Estimate(None))
        elif away in {0.0, 1.0}:
            found.append(share(told if away == 0 else 0, told))
        else:
            found.append(Estimate(1 - away, 1 - high, 1 - low))
    return tuple(found)
