"""Rises and falls of themes beyond chance: the two newest weeks against the weeks before (docs/statistics.md)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, ndtri, stdtr

from analysis.figures.trends import share_change
from analysis.results import Estimate

RATE = 0.05
"""At most this share of weeks brings an alert where nothing changed; of all alerts, at most this share is false."""

NEWEST_WEEKS = 2
"""Together they find a theme that rises and stays sooner than each alone: half as many answers move twice as far."""

FEWEST_WEEKS = 4
"""So many weeks before, each with answers, are needed to know how a share usually moves."""

FEWEST_ANSWERS = 10
"""In the newest weeks; fewer tell nothing of a share."""

SIDES = (0.8, 0.2)
"""How the chance of a false alert is given to rises and to falls: staff must hear first of what gets more frequent."""

_PRIORS = (10.0, 1000.0)
"""Weeks that what all shares say of how they move may weigh, beside the weeks of one share itself."""

_WORTH_A_LOOK = 1.5
"""Standard errors: what differs by less is never an alert, and its exact probability is not worked out."""

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shift:
    """A share that moved beyond chance: column `column` of place `place` (None: of all places together).

    `part` of `whole` answers in the newest weeks; `before`: the share in the weeks before; `difference`: the share now
    minus that, as a fraction, with an interval that allows for all that was looked at.
    """

    place: int | None
    column: int
    part: int
    whole: int
    before: float
    difference: Estimate


@dataclass(frozen=True, slots=True)
class _Sums:
    """Weeks added up, (places, columns) each. `spread`: the variance of the share in units of p (1 - p)."""

    part: Counts
    whole: Counts
    spread: Floats

    def effective(self, place: int, column: int) -> tuple[float, float]:
        """Answers that go together say as much as fewer ones that don't: so many, part and whole."""
        part, whole = self.part[place, column], self.whole[place, column]
        inflation = max(1.0, float(self.spread[place, column] * whole))
        return float(part / inflation), float(whole / inflation)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """`chance`: of a difference so large, were nothing changed; 1 where there is too little to compare."""

    now: _Sums
    before: _Sums
    chance: Floats


def shifts(parts: Counts, wholes: Counts) -> tuple[Shift, ...]:
    """Find the shares that moved beyond chance, of all that are looked at together, the surest first.

    `parts`: (weeks, places, columns), answers with something, such as a complaint about a theme; `wholes`: (weeks,
    places), all answers. Oldest week first; the two newest are compared with all others. Besides each place all of them
    together are looked at. Error: `ValueError` for shapes that do not fit or parts beyond their wholes.
    """
    if parts.shape[:2] != wholes.shape or (parts > wholes[:, :, None]).any() or (parts < 0).any():
        raise ValueError("parts need one row a week, one column a place, and lie between 0 and their wholes")
    if len(wholes) < NEWEST_WEEKS + FEWEST_WEEKS or not parts.size:
        return ()
    each = [_compare(parts, wholes)]
    # a store that is new would move the share of all without anything having changed
    known = (wholes[:-NEWEST_WEEKS] > 0).sum(axis=0) >= FEWEST_WEEKS
    if known.sum() > 1:
        each.append(_compare(parts[:, known].sum(axis=1, keepdims=True), wholes[:, known].sum(axis=1, keepdims=True)))
    return _beyond_chance(each)


def _beyond_chance(compared: list[_Comparison]) -> tuple[Shift, ...]:
    """Choose by Benjamini and Hochberg (1995): of what is chosen, 5 % at most is chance."""
    chances = np.sort(np.concatenate([each.chance.ravel() for each in compared]))
    passed = np.nonzero(chances <= RATE * np.arange(1, len(chances) + 1) / len(chances))[0]
    if not len(passed):
        return ()
    # intervals of what was chosen for being far off must be wider (Benjamini and Yekutieli 2005)
    z = -float(ndtri(RATE * (passed[-1] + 1) / len(chances) / 2))
    found = [
        (float(each.chance[place, column]), number, int(place), int(column))
        for number, each in enumerate(compared)
        for place, column in zip(*np.nonzero(each.chance <= chances[passed[-1]]), strict=True)
    ]
    return tuple(
        _shift(compared[number], None if number else place, column, z) for _, number, place, column in sorted(found)
    )


def _shift(compared: _Comparison, place: int | None, column: int, z: float) -> Shift:
    now, before, row = compared.now, compared.before, place or 0
    difference = share_change(*before.effective(row, column), *now.effective(row, column), z)
    share = before.part[row, column] / before.whole[row, column]
    return Shift(place, column, int(now.part[row, column]), int(now.whole[row, column]), float(share), difference)


def _compare(parts: Counts, wholes: Counts) -> _Comparison:
    correlation, freedom = _correlations(parts[:-NEWEST_WEEKS], wholes[:-NEWEST_WEEKS])
    before = _sums(parts[:-NEWEST_WEEKS], wholes[:-NEWEST_WEEKS], correlation)
    now = _sums(parts[-NEWEST_WEEKS:], wholes[-NEWEST_WEEKS:], correlation)
    weeks = (wholes[:-NEWEST_WEEKS] > 0).sum(axis=0)[:, None]
    usual, spread = (before.part + 0.5) / (before.whole + 1), now.spread + before.spread
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.abs(now.part / now.whole - usual) > _WORTH_A_LOOK * np.sqrt(usual * (1 - usual) * spread)
    tried = np.nonzero(far & (weeks >= FEWEST_WEEKS) & (now.whole >= FEWEST_ANSWERS))
    chance = np.ones(now.part.shape)
    chance[tried] = _chance(now.part[tried], now.whole[tried], usual[tried], spread[tried], freedom[tried[1]])
    return _Comparison(now, before, chance)


def _sums(parts: Counts, wholes: Counts, correlation: Floats) -> _Sums:
    """Add weeks up: the answers of one week go together, those of different weeks do not."""
    part = parts.sum(axis=0)
    whole = np.broadcast_to(wholes.sum(axis=0)[:, None], part.shape)
    pairs = (wholes * np.maximum(0, wholes - 1)).sum(axis=0)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return _Sums(part, whole, np.where(whole > 0, (whole + pairs * correlation) / whole**2, np.inf))


def _chance(part: Counts, whole: Counts, usual: Floats, spread: Floats, freedom: Floats) -> Floats:
    """Work out the chance of so large a difference: a beta-binomial prediction with this variance, (tests,)."""
    strength = np.maximum(0.5, (whole - 1) / np.maximum(1e-9, spread * whole - 1) - 1)
    rises = part > usual * whole
    tails = [_tail(*law) for law in zip(part, whole, usual * strength, (1 - usual) * strength, rises, strict=True)]
    # the variance is itself estimated: from the normal distribution to Student's at the same place
    return np.minimum(1.0, stdtr(freedom, ndtri(np.clip(tails, 0.0, 1.0))) / np.where(rises, *SIDES))


def _tail(part: int, whole: int, a: float, b: float, more: bool) -> float:
    """Add up a beta-binomial distribution beyond `part`, half of `part` itself included."""
    count = np.arange(part, whole + 1) if more else np.arange(part, -1, -1)
    ways = -np.log(whole + 1) - betaln(whole - count + 1, count + 1)
    chance = np.exp(ways + betaln(count + a, whole - count + b) - betaln(a, b))
    return float(chance.sum() - chance[0] / 2)


def _correlations(parts: Counts, wholes: Counts) -> tuple[Floats, Floats]:
    """Estimate how far the answers of a week go together, for each column, and with how many degrees of freedom.

    Moments: Pearson's sum of squares of each series beyond what independent answers leave, over all places. Each column
    is drawn toward all of them, the more the less they differ.
    """
    weeks, whole = (wholes > 0).sum(axis=0)[:, None], np.maximum(1, wholes.sum(axis=0))[:, None]
    share = parts.sum(axis=0) / whole
    variance = share * (1 - share)
    told = (variance > 0) & (weeks > 1)
    free = np.where(told, weeks - 1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = wholes[:, :, None]
        squares = np.where(sizes > 0, (parts - sizes * share) ** 2 / sizes, 0.0).sum(axis=0)
        scaled = np.where(told, squares / variance * (whole - 1) / whole, 0.0).sum(axis=0)
        # the sum of squares itself varies more where counts are few
        varies = np.where(told, free * (2 + (1 / variance - 6) * weeks / whole), 0.0).sum(axis=0)
    own, pairs = free.sum(axis=0), (free * (whole / np.maximum(1, weeks) - 1)).sum(axis=0)
    inflation, overall, prior = _drawn(scaled, varies, own)
    drawn = (own * inflation + prior * overall) / (own + prior)
    correlation = np.divide((drawn - 1) * own, pairs, out=np.zeros(len(own)), where=pairs > 0)
    return np.clip(correlation, 0.0, 1.0), own + prior


def _drawn(scaled: Floats, varies: Floats, own: Counts) -> tuple[Floats, float, float]:
    """Return the inflation of the variance of each column, the mean of them, and how many weeks the mean weighs.

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
