"""How far shares waver by themselves: how answers of a fortnight go together, and what moves all themes."""

from bisect import bisect_left
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtr, chdtrc, expit, logit

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

_PRIORS = (5.0, 500.0)
"""Fortnights that what all shares say of how they move may weigh, beside those of one share itself."""

_FEWEST_SHARES = 10
_FEWEST_MENTIONS = 10
"""Fewer shares, of so many mentions before, do not tell what moved all of them from what happened to one."""

_FURTHEST = 4.0
"""Squared standard errors: a share that truly changed counts no more than one that is two of them off."""

_USUAL_SQUARE = float(chdtr(3, _FURTHEST) + _FURTHEST * chdtrc(1, _FURTHEST))
"""What a squared standard normal number, cut off there, is on the average."""

_STEPS, _STEP = 400, 0.005
"""Of the standard deviation in log odds: up to 2."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Fortnights added up, (places, columns) each. `spread`: the variance of the share in units of p (1 - p)."""

    part: Counts
    whole: Counts
    spread: Floats

    def effective(self, place: int, column: int) -> tuple[float, float]:
        """Answers that go together say as much as fewer ones that don't: so many, part and whole."""
        part, whole = self.part[place, column], self.whole[place, column]
        inflation = max(1.0, float(self.spread[place, column] * whole))
        return float(part / inflation), float(whole / inflation)


def fortnights(weeks: Counts) -> Counts:
    """Add weeks up two by two, as the newest ones are: what is left of one week in the next counts with it.

    Weeks along the first axis, oldest first; of an odd number the first one stands alone.
    """
    odd = len(weeks) % 2
    return np.concatenate([weeks[:odd], weeks[odd::2] + weeks[odd + 1 :: 2]])


def add_up(parts: Counts, wholes: Counts, correlation: Floats) -> Sums:
    """Add fortnights up: the answers of one go together, those of different ones do not."""
    part = parts.sum(axis=0)
    whole = np.broadcast_to(wholes.sum(axis=0)[:, None], part.shape)
    pairs = (wholes * np.maximum(0, wholes - 1)).sum(axis=0)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return Sums(part, whole, np.where(whole > 0, (whole + pairs * correlation) / whole**2, np.inf))


@dataclass(frozen=True, slots=True)
class Sides:
    """The newest weeks and those before, and what is known of that which moves every share from these to those.

    `moved`: by how much it is expected to have moved a share, in log odds; `open`: the variance that this leaves.
    """

    before: Sums
    now: Sums
    moved: Floats | float = 0.0
    open: Floats | float = 0.0

    @property
    def expected(self) -> Floats:
        """The shares now where nothing changed but what moves all; never 0 or 1."""
        return np.asarray(expit(logit(_usual(self.before)) + self.moved))

    @property
    def spread(self) -> Floats:
        """The variance of now less expected, in units of p (1 - p)."""
        expected = self.expected
        return np.asarray(self.now.spread + self.before.spread + expected * (1 - expected) * self.open)


def common_unrest(sides: Sides) -> float:
    """Estimate how much season, holidays and whatever else moves every theme did so now: a variance, in log odds.

    It is the one that brings the differences of all shares to the size that they would have by chance.
    """
    known = (sides.before.part >= _FEWEST_MENTIONS) & (sides.now.whole > 0)
    if known.sum() < _FEWEST_SHARES:
        return 0.0
    usual, by_chance = sides.expected[known], sides.spread[known]
    squares = (sides.now.part[known] / sides.now.whole[known] - usual) ** 2 / (usual * (1 - usual))

    def leaves(step: int) -> float:
        variance = by_chance + usual * (1 - usual) * (step * _STEP) ** 2
        return -float(np.minimum(squares / variance, _FURTHEST).mean())

    return (bisect_left(range(_STEPS), -_USUAL_SQUARE, key=leaves) * _STEP) ** 2


def in_light_of_others(sides: Sides, common: float, known: NDArray[np.bool_]) -> Sides:
    """Expect of each place what all others did, as far as that is sure: drawn to nothing where they say little.

    `known`: (places,) which of them have been there long enough to tell.
    """
    before, now = _others(sides.before, known), _others(sides.now, known)
    usual = _usual(before)
    told = (before.whole > 0) & (now.whole > 0)
    error = np.divide(before.spread + now.spread, usual * (1 - usual), out=np.full(told.shape, np.inf), where=told)
    weight = np.divide(common, common + error, out=np.zeros(told.shape), where=np.isfinite(error) & (common > 0))
    return replace(sides, moved=weight * (logit(_usual(now)) - logit(usual)), open=common * (1 - weight))


def _others(sums: Sums, known: NDArray[np.bool_]) -> Sums:
    """Add up, for each place, all others that are known."""
    varies = np.where(sums.whole > 0, sums.spread, 0.0) * sums.whole.astype(float) ** 2
    counted = (each * known[:, None] for each in (sums.part, sums.whole, varies))
    part, whole, varied = (each.sum(axis=0) - each for each in counted)
    return Sums(part, whole, varied / np.maximum(1, whole).astype(float) ** 2)


def _usual(sums: Sums) -> Floats:
    return (sums.part + 0.5) / (sums.whole + 1)


def correlations(parts: Counts, wholes: Counts) -> tuple[Floats, Floats]:
    """Estimate how far the answers of a fortnight go together, for each column, and with how many degrees of freedom.

    Moments: Pearson's sum of squares of each series beyond what independent answers leave, over all places. Each column
    is drawn toward all of them, the more the less they differ.
    """
    times, whole = (wholes > 0).sum(axis=0)[:, None], np.maximum(1, wholes.sum(axis=0))[:, None]
    share = parts.sum(axis=0) / whole
    variance = share * (1 - share)
    told = (variance > 0) & (times > 1)
    free = np.where(told, times - 1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = wholes[:, :, None]
        squares = np.where(sizes > 0, (parts - sizes * share) ** 2 / sizes, 0.0).sum(axis=0)
        scaled = np.where(told, squares / variance * (whole - 1) / whole, 0.0).sum(axis=0)
        # the sum of squares itself varies more where counts are few
        varies = np.where(told, free * (2 + (1 / variance - 6) * times / whole), 0.0).sum(axis=0)
    own, pairs = free.sum(axis=0), (free * (whole / np.maximum(1, times) - 1)).sum(axis=0)
    inflation, overall, prior = _drawn(scaled, varies, own)
    drawn = (own * inflation + prior * overall) / (own + prior)
    correlation = np.divide((drawn - 1) * own, pairs, out=np.zeros(len(own)), where=pairs > 0)
    return np.clip(correlation, 0.0, 1.0), own + prior


def _drawn(scaled: Floats, varies: Floats, own: Counts) -> tuple[Floats, float, float]:
    """Return the inflation of the variance of each column, the mean of them, and how many fortnights the mean weighs.

    It weighs much where the columns differ no more than by chance (the idea of G. K. Smyth 2004).
    """
    known = own > 0
    if not known.any():
        return np.ones(len(own)), 1.0, _PRIORS[0]
    inflation = np.divide(scaled, own, out=np.ones(len(own)), where=known)
    overall = float(np.average(inflation, weights=own))
    by_chance = np.divide(varies, own.astype(float) ** 2, out=np.zeros(len(own)), where=known)
    beyond = float(np.average((inflation - overall) ** 2 - by_chance, weights=own))
    return inflation, overall, float(np.clip(2 * max(overall, 1.0) ** 2 / max(beyond, 1e-9), *_PRIORS))
