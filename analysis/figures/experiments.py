"""Pilots: which stores try something, and what came of it (formulas and sources: docs/statistics.md).

Everything rests on the draw alone: had it made no difference which stores try, every other draw that was possible would
have been as good, so what happened is compared with all of them.
"""

from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.results import Estimate

Verdict = Literal["worked", "not_worked", "unclear"]
Numbers = NDArray[np.float64]
Groups = NDArray[np.int64]
Chosen = NDArray[np.bool_]

FEWEST_DRAWS = 20
"""With fewer possible draws chance alone makes the best one more often than once in twenty."""
COMFORTABLE_DRAWS = 100
"""Stores are split into alike groups as finely as this leaves draws: with 32 only the very best of them would count."""
CHANCE = 0.05
_BOTH_SIDES = 0.025
_MOST_DRAWS = 4000
_PASSES = 20


@dataclass(frozen=True, slots=True)
class Design:
    """Which stores are alike, and which of them try: for each store its group's number, and whether it tries."""

    groups: Groups
    chosen: Chosen

    @property
    def draws(self) -> int:
        """How many draws were possible: within each group, so many stores as now try."""
        return prod(
            comb(int(np.sum(self.groups == group)), int(self.chosen[self.groups == group].sum()))
            for group in np.unique(self.groups)
        )

    def only(self, kept: NDArray[np.bool_]) -> "Design":
        """Leave out the stores that are not kept."""
        return Design(self.groups[kept], self.chosen[kept])


@dataclass(frozen=True, slots=True)
class Effect:
    """How much more the trying stores changed than the others, upward being good, in the unit of the changes.

    `estimate` has the 95 % interval (None: too few draws for one); `least` and `most` are bounds of 95 % to one side
    each. `chance`: how often a draw does as well by luck alone; `either`: the same to either side.
    """

    estimate: Estimate
    least: float | None
    most: float | None
    chance: float
    either: float
    draws: int


def alike_groups(level: Numbers, trend: Numbers, trying: int) -> Groups:
    """Sort stores into groups that are alike in past level and trend, from each of which some will try.

    Pairs where `trying` is half of many stores; larger groups where pairs would leave too few draws.
    Error: `ValueError` unless both some stores try and some don't.
    """
    stores = len(level)
    if not 0 < trying < stores:
        raise ValueError(f"{trying} of {stores} stores can't try: some must, and some must not")
    sizes = next(
        sizes
        for sizes in (_sizes(stores, trying, count) for count in range(min(trying, stores - trying), 0, -1))
        if len(sizes) == 1 or prod(comb(size, part) for size, part in sizes) >= COMFORTABLE_DRAWS
    )
    places = np.column_stack([_standard(level), _standard(trend)])
    return _closest(places, [size for size, _ in sizes])


def draw(groups: Groups, trying: int, seed: int) -> Design:
    """Draw the stores that try, at random within each group; the same seed draws the same stores."""
    rng = np.random.default_rng(seed)
    chosen = np.zeros(len(groups), dtype=np.bool_)
    found = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    for places, (_, part) in zip(found, _sizes(len(groups), trying, len(found)), strict=True):
        chosen[rng.choice(places, part, replace=False)] = True
    return Design(groups, chosen)


def effect(design: Design, changes: Numbers, weights: Numbers) -> Effect:
    """Compare the changes of the stores that try with the others', within groups, against every possible draw.

    `changes`: one number a store, upward being good; `weights`: how much each store counts.
    Error: `ValueError` where no group has both.
    """
    rows = all_draws(design)
    scores = contrasts(rows, design.groups, weights)
    own = scores[0] @ design.chosen
    if not own > 0:
        raise ValueError("no group of stores has both stores that try and stores that don't")
    statistics, shared = scores @ changes, scores @ design.chosen
    others = ~(rows == design.chosen).all(axis=1)
    steps = np.sort((statistics[0] - statistics[others]) / (own - shared[others]))
    draws, within = len(rows), 1e-9 * max(1.0, float(np.abs(changes).max()))
    return Effect(
        estimate=Estimate(float(statistics[0] / own), _bound(steps, _BOTH_SIDES), _upper(steps, _BOTH_SIDES)),
        least=_bound(steps, CHANCE),
        most=_upper(steps, CHANCE),
        chance=float(1 + np.sum(steps <= within)) / draws,
        either=float(np.mean(np.abs(statistics) >= abs(statistics[0]) - within)),
        draws=design.draws,
    )


def verdict(found: Effect, expected: float) -> Verdict:
    """Say whether it worked; that it did not is said where the expected gain is out of reach."""
    if found.draws >= FEWEST_DRAWS and found.chance <= CHANCE:
        return "worked"
    return "not_worked" if found.most is not None and found.most < expected else "unclear"


def comparisons_needed(trying: int) -> int:
    """Count the stores to compare with that make a verdict possible where so many stores try."""
    if trying < 1:
        raise ValueError("at least one store tries")
    return next(others for others in range(1, FEWEST_DRAWS) if comb(trying + others, trying) >= FEWEST_DRAWS)


def all_draws(design: Design) -> NDArray[np.bool_]:
    """Every possible draw, one a row, the one that was made first; of very many a seeded sample."""
    if design.draws > _MOST_DRAWS:
        return _sampled(design)
    parts = []
    for group in np.unique(design.groups):
        places = np.flatnonzero(design.groups == group)
        parts.append(list(combinations(places, int(design.chosen[places].sum()))))
    rows = np.zeros((design.draws, len(design.groups)), dtype=np.bool_)
    for row, chosen in enumerate(product(*parts)):
        rows[row, [place for part in chosen for place in part]] = True
    made = int(np.flatnonzero((rows == design.chosen).all(axis=1))[0])
    rows[[0, made]] = rows[[made, 0]]
    return rows


def contrasts(rows: NDArray[np.bool_], groups: Groups, weights: Numbers) -> Numbers:
    """Turn each draw into the weights, of length one, by which it compares those who try with those who don't."""
    centred = rows.astype(np.float64)
    for group in np.unique(groups):
        inside = groups == group
        centred[:, inside] -= (centred[:, inside] @ weights[inside] / weights[inside].sum())[:, None]
    length = np.sqrt((centred**2) @ weights)
    return np.asarray(centred * weights / np.where(length > 0, length, 1.0)[:, None])


def _sampled(design: Design) -> NDArray[np.bool_]:
    rng, rows = np.random.default_rng(0), np.tile(design.chosen, (_MOST_DRAWS, 1))
    for group in np.unique(design.groups):
        places = np.flatnonzero(design.groups == group)
        rows[1:, places] = rng.permuted(rows[1:, places], axis=1)
    return rows


def _bound(steps: Numbers, chance: float) -> float | None:
    """Return the smallest effect that is not refuted on one side: `steps` are where one more draw does as well."""
    place = int(chance * (len(steps) + 1) + 1e-9)
    return float(steps[place - 1]) if place else None


def _upper(steps: Numbers, chance: float) -> float | None:
    bound = _bound(-steps[::-1], chance)
    return None if bound is None else -bound


def _sizes(stores: int, trying: int, groups: int) -> list[tuple[int, int]]:
    """Size of each group, and how many of it try: as even as whole stores can be."""
    return [
        (
            (trying + groups - 1 - group) // groups + (stores - trying + groups - 1 - group) // groups,
            (trying + groups - 1 - group) // groups,
        )
        for group in range(groups)
    ]


def _standard(values: Numbers) -> Numbers:
    spread = float(np.std(values))
    return (values - np.mean(values)) / (spread or 1.0)


def _closest(places: Numbers, sizes: list[int]) -> Groups:
    """Sort places into groups of these sizes; two places are swapped as long as that brings groups closer together."""
    groups = np.empty(len(places), dtype=np.int64)
    groups[np.argsort(places.sum(axis=1), kind="stable")] = np.repeat(np.arange(len(sizes)), sizes)
    for _ in range(_PASSES):
        if not sum(_swapped(places, groups, store) for store in range(len(places))):
            break
    return groups


def _swapped(places: Numbers, groups: Groups, store: int) -> bool:
    """Swap one store with the one that gains most by it, if any does."""
    sums = np.array([places[groups == group].sum(axis=0) for group in range(groups.max() + 1)])
    sizes = np.bincount(groups)
    mine, moved = groups[store], places - places[store]
    leaving = (np.sum((sums[mine] + moved) ** 2, axis=1) - np.sum(sums[mine] ** 2)) / sizes[mine]
    coming = (np.sum((sums[groups] - moved) ** 2, axis=1) - np.sum(sums[groups] ** 2, axis=1)) / sizes[groups]
    gains = np.where(groups == mine, 0.0, leaving + coming)
    best = int(np.argmax(gains))
    if gains[best] <= 1e-9:  # noqa: PLR2004 - rounding alone
        return False
    groups[[store, best]] = groups[[best, store]]
    return True
