"""How often the truly best improvement comes first, and lies within the rank that is stated for it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from math import ceil
from statistics import fmean

import numpy as np
from calibration_figure import COVERAGE, Figure, average, rate
from calibration_impacts import PRECISION, RECALL
from worlds import World, as_input, world

from analysis.figures.priorities import best_quarter, gain
from analysis.results import Improvement

RESPONSES, STORES, NOISE_THEMES = 500, 10, 8
GAINS = (6.0, 3.0, 1.5)
"""NPS points that go with all complaints of a theme, the best theme first."""
REACHES = (0.1, 0.15, 0.2)
UNEVEN = (-50.0, -25.0, -12.5)
"""Points that go with one complaint, of three themes of which stores are complained of unequally."""
HELD = (0.93, 1.0)
"""A level that is estimated from few stores makes an interval rather too wide than too narrow."""
FIRST, INSIDE = (0.85, 1.0), (0.95, 1.0)


def best_first(worlds: int) -> Iterator[Figure]:
    """Draw 500 responses: three themes that go with points, at a reach of 10 to 20 %, and eight that go with none."""
    rare = [_chain(seed, 0.5) for seed in range(worlds)]
    yield from _figures("noise themes half as frequent", [made.ranked(seed) for seed, made in enumerate(rare)])
    frequent = [_chain(seed, 1.0).ranked(seed) for seed in range(worlds)]
    yield from _figures("noise themes as frequent", frequent)
    read = [made.mistagged(seed, RECALL, PRECISION).ranked(seed) for seed, made in enumerate(rare)]
    yield from _figures(f"recall {RECALL}, precision {PRECISION}", read, aimed=False)


def gains(worlds: int) -> Iterator[Figure]:
    """Draw chains whose stores are complained of unequally, and look at gains to zero and to the best quarter."""
    for stores, n in ((8, 800), (40, 4000)):
        drawn = [_gains(seed, stores, n) for seed in range(worlds)]
        told = f"{stores} stores, {n} responses"
        yield average(f"coverage of gains to zero, {told}", [held[0] for held, _ in drawn], COVERAGE)
        yield average(f"coverage of gains to the best quarter of stores, {told}", [held[1] for held, _ in drawn], HELD)
        yield average(f"gain to the best quarter, of the true one, {told}", [part for _, part in drawn], None)


def _gains(seed: int, stores: int, n: int) -> tuple[tuple[float, float], float]:
    """How many intervals hold the true gain, to zero and to the level; and all gains to the level, of the true ones."""
    # a store is complained of 0.4 times more or less than another (standard deviation)
    rates = 0.12 * np.random.default_rng([seed, 4]).gamma(1 / 0.16, 0.16, (stores, len(UNEVEN)))
    made = world(seed, n, stores, UNEVEN, reach=rates)
    points, levels = -np.array(UNEVEN), np.sort(rates, axis=0)[ceil(stores / 4) - 1]
    truths = points * rates.mean(axis=0), points * (rates.mean(axis=0) - levels)
    sizes = np.bincount(made.stores, minlength=stores)
    found = []
    for each, said in zip(made.impacts(), made.negative.T, strict=True):
        item = as_input(each, n)
        counts = zip(np.bincount(made.stores, said, stores).astype(int).tolist(), sizes.tolist(), strict=True)
        found.append((gain(item), gain(replace(item, level=best_quarter(list(counts))))))
    held = [
        fmean(each.low <= truth <= each.high for each, truth in zip(mine, true, strict=True))
        for mine, true in zip(zip(*found, strict=True), truths, strict=True)
    ]
    return (held[0], held[1]), sum(each.value for _, each in found) / truths[1].sum()


def _chain(seed: int, frequent: float) -> World:
    """Each order of the three reaches comes in turn; noise themes are so many times as frequent."""
    reaches = list(permutations(REACHES))[seed % 6]
    truth = [-gain / reach for gain, reach in zip(GAINS, reaches, strict=True)]
    noise = frequent * np.linspace(min(REACHES), max(REACHES), NOISE_THEMES)
    return world(seed, RESPONSES, STORES, [*truth, *[0.0] * NOISE_THEMES], reach=np.array([*reaches, *noise]))


def _figures(told: str, lists: Sequence[tuple[Improvement, ...]], *, aimed: bool = True) -> Iterator[Figure]:
    best = [{each.theme_id: each for each in ranked}.get("theme-00") for ranked in lists]
    first = sum(each is not None and each.rank == 1 for each in best)
    inside = sum(each is not None and each.rank_low == 1 for each in best)
    yield rate(f"the best improvement is ranked first, {told}", first, len(lists), FIRST if aimed else None)
    yield rate(f"its interval of ranks holds rank 1, {told}", inside, len(lists), INSIDE if aimed else None)
