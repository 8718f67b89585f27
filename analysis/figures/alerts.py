"""Rises and falls of themes beyond chance: the two newest weeks against the weeks before (docs/statistics.md)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, ndtr, ndtri, stdtr

from analysis.figures.trends import share_change
from analysis.figures.unrest import (
    Counts,
    Floats,
    Sides,
    add_up,
    common_unrest,
    correlations,
    fortnights,
    in_light_of_others,
)
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

_WORTH_A_LOOK = 1.5
"""Standard errors: what differs by less is never an alert, and its exact probability is not worked out."""

_EVEN = 0.05
"""What a test weighs in which not even a share that doubles could be found, beside 1 where it surely would be."""


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
class _Comparison:
    """Some places' shares now and before, (places, columns). `freedom`: behind each column's spread, (columns,).

    `enough`: where there are answers enough to compare.
    """

    sides: Sides
    freedom: Floats
    enough: NDArray[np.bool_]


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
    # a store that is new would move the share of all without anything having changed
    known = (wholes[:-NEWEST_WEEKS] > 0).sum(axis=0) >= FEWEST_WEEKS
    every = _compare(parts[:, known].sum(axis=1, keepdims=True), wholes[:, known].sum(axis=1, keepdims=True))
    common = common_unrest(every.sides)
    each = _compare(parts, wholes)
    if known.sum() < 2:  # noqa: PLR2004  one place is all there is
        return _beyond_chance([replace(each, sides=replace(each.sides, open=common))])
    each = replace(each, sides=in_light_of_others(each.sides, common, known))
    return _beyond_chance([each, replace(every, sides=replace(every.sides, open=common))])


def _compare(parts: Counts, wholes: Counts) -> _Comparison:
    earlier = fortnights(parts[:-NEWEST_WEEKS]), fortnights(wholes[:-NEWEST_WEEKS])
    correlation, freedom = correlations(*earlier)
    before = add_up(*earlier, correlation)
    now = add_up(fortnights(parts[-NEWEST_WEEKS:]), fortnights(wholes[-NEWEST_WEEKS:]), correlation)
    weeks = (wholes[:-NEWEST_WEEKS] > 0).sum(axis=0)[:, None]
    return _Comparison(Sides(before, now), freedom, (weeks >= FEWEST_WEEKS) & (now.whole >= FEWEST_ANSWERS))


def _beyond_chance(compared: Sequence[_Comparison]) -> tuple[Shift, ...]:
    """Choose by Benjamini and Hochberg (1995) with weights (Genovese and others 2006): 5 % at most is chance."""
    tests = sum(int(each.enough.sum()) for each in compared)
    if not tests:
        return ()
    weights = _weights(compared, tests)
    chances = [_weighed(each, weight) for each, weight in zip(compared, weights, strict=True)]
    ordered = np.sort(np.concatenate([each.ravel() for each in chances]))[:tests]
    passed = np.nonzero(ordered <= RATE * np.arange(1, tests + 1) / tests)[0]
    if not len(passed):
        return ()
    part = (passed[-1] + 1) / tests
    found = sorted(
        (float(chance[place, column]), number, int(place), int(column))
        for number, chance in enumerate(chances)
        for place, column in zip(*np.nonzero(chance <= ordered[passed[-1]]), strict=True)
    )
    return tuple(
        _shift(
            compared[number].sides, (place, column), None if number else place, part * weights[number][place, column]
        )
        for _, number, place, column in found
    )


def _shift(sides: Sides, where: tuple[int, int], place: int | None, part: float) -> Shift:
    """Describe what was chosen. `part`: of the tests, weighed, so many were chosen."""
    # intervals of what was chosen for being far off must be wider (Benjamini and Yekutieli 2005)
    z = -float(ndtri(RATE * min(1.0, part) / 2))
    now, before = sides.now, sides.before
    difference = share_change(*before.effective(*where), *now.effective(*where), z)
    share = before.part[where] / before.whole[where]
    return Shift(place, where[1], int(now.part[where]), int(now.whole[where]), float(share), difference)


def _weights(compared: Sequence[_Comparison], tests: int) -> list[Floats]:
    """Weigh each test by how likely it would find a share that doubles, 1 on the average; what is not tested has 0.

    They rest on what is expected and on how many answers there are, never on what these say of the share tested.
    """
    made = []
    for each in compared:
        expected = each.sides.expected
        far = np.sqrt(expected / (1 - expected) / each.sides.spread)
        made.append(np.where(each.enough, _EVEN + ndtr(far + ndtri(RATE / tests)), 0.0))
    mean = sum(float(each.sum()) for each in made) / tests
    return [each / mean for each in made]


def _weighed(compared: _Comparison, weights: Floats) -> Floats:
    """Work out the chance of a difference so large, were nothing changed, over its weight; infinite if not tested."""
    sides, now = compared.sides, compared.sides.now
    expected, spread = sides.expected, sides.spread
    with np.errstate(divide="ignore", invalid="ignore"):
        share, least = now.part / now.whole, _WORTH_A_LOOK * np.sqrt(expected * (1 - expected) * spread)
        before = sides.before.part / sides.before.whole
    # a share that stands still while all others move is no news
    moved = np.where(share > expected, share - before, before - share) > least
    far = moved & (np.abs(share - expected) > least)
    tried = np.nonzero(far & compared.enough)
    chance = np.where(compared.enough, 1.0, np.inf)
    counts = now.part[tried], now.whole[tried]
    chance[tried] = _chance(*counts, expected[tried], spread[tried], compared.freedom[tried[1]])
    return np.divide(chance, weights, out=chance, where=compared.enough)


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
