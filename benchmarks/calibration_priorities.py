"""How often the truly best improvement comes first, and lies within the rank that is stated for it."""

from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np
from calibration_figure import Figure, rate
from calibration_impacts import PRECISION, RECALL
from worlds import World, world

from analysis.results import Improvement

RESPONSES, STORES, NOISE_THEMES = 500, 10, 8
GAINS = (6.0, 3.0, 1.5)
"""NPS points that go with all complaints of a theme, the best theme first."""
REACHES = (0.1, 0.15, 0.2)
FIRST, INSIDE = (0.85, 1.0), (0.95, 1.0)


def best_first(worlds: int) -> Iterator[Figure]:
    """Draw 500 responses: three themes that go with points, at a reach of 10 to 20 %, and eight that go with none."""
    rare = [_chain(seed, 0.5) for seed in range(worlds)]
    yield from _figures("noise themes half as frequent", [made.ranked(seed) for seed, made in enumerate(rare)])
    frequent = [_chain(seed, 1.0).ranked(seed) for seed in range(worlds)]
    yield from _figures("noise themes as frequent", frequent)
    read = [made.mistagged(seed, RECALL, PRECISION).ranked(seed) for seed, made in enumerate(rare)]
    yield from _figures(f"recall {RECALL}, precision {PRECISION}", read, aimed=False)


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
