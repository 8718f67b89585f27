"""How often the intervals of NPS, of its change, and of small stores hold the truth."""

from collections.abc import Iterator
from itertools import product
from math import comb

import numpy as np
from calibration_figure import COVERAGE, Figure, average, exact

from analysis.figures.nps import change, nps
from analysis.figures.shrinkage import chain_of, shrunken
from analysis.results import NpsResult

TRUTHS = {-80: (0.05, 0.85), -40: (0.15, 0.55), 0: (0.3, 0.3), 40: (0.55, 0.15), 80: (0.85, 0.05)}
"""NPS in points -> shares of promoters and detractors."""
CHAINS = ((8, 20), (30, 20), (30, 60), (92, 40), (200, 40))
"""Stores, and how much stores are alike: the strength of the Dirichlet distribution that they are drawn from."""
NARROWER = (0.0, 0.8)


def coverage_of_nps(_worlds: int) -> Iterator[Figure]:
    """Add up, over every sample that can occur, how likely it is where the interval holds the truth."""
    for n, (points, truth) in product((10, 30, 100), TRUTHS.items()):
        samples = _samples(n)
        held = [
            result.estimate.low is not None
            and result.estimate.high is not None
            and result.estimate.low - 1e-9 <= points <= result.estimate.high + 1e-9
            for result in samples
        ]
        yield exact(f"coverage of NPS, n = {n}, truth {points:+d}", float(_chances(samples, truth) @ held), COVERAGE)


def coverage_of_change(_worlds: int) -> Iterator[Figure]:
    """The same for two samples of one size, over all pairs of truths."""
    for n in (10, 30):
        samples = _samples(n)
        pairs = [change(before, after) for before, after in product(samples, samples)]
        low = np.array([pair.low for pair in pairs]).reshape(len(samples), -1)
        high = np.array([pair.high for pair in pairs]).reshape(len(samples), -1)
        for (first, before), (second, after) in product(TRUTHS.items(), TRUTHS.items()):
            held = (low - 1e-9 <= second - first) & (second - first <= high + 1e-9)
            value = float(_chances(samples, before) @ held @ _chances(samples, after))
            yield exact(f"coverage of change, n = {n}, from {first:+d} to {second:+d}", value, COVERAGE)


def shrunken_stores(worlds: int) -> Iterator[Figure]:
    """Draw chains of stores with ten answers each, and stores from them."""
    for stores, strength in CHAINS:
        covered, widths = [], []
        for world in range(worlds):
            truths, results = _chain(world, stores, strength)
            chain = chain_of(results)
            if chain is None:
                raise ValueError("a chain of so few stores can't be simulated")
            found = shrunken(results, chain)
            covered.append(float(np.mean([_holds(each, truth) for each, truth in zip(found, truths, strict=True)])))
            pairs = zip(found, results, strict=True)
            widths.append(float(np.mean([_width(each) / _width(result.estimate) for each, result in pairs])))
        told = f"{stores} stores, strength {strength}"
        yield average(f"coverage of shrunken stores, {told}", covered, COVERAGE)
        yield average(f"width of shrunken stores, n = 10, of unshrunken, {told}", widths, NARROWER)


def _samples(n: int) -> list[NpsResult]:
    return [_answers(up, n - up - down, down) for up in range(n + 1) for down in range(n - up + 1)]


def _answers(promoters: int, passives: int, detractors: int) -> NpsResult:
    return nps([detractors, *[0] * 6, 0, passives, 0, promoters])


def _chances(samples: list[NpsResult], truth: tuple[float, float]) -> np.ndarray:
    up, down = truth
    return np.array(
        [
            comb(each.n, each.promoters)
            * comb(each.n - each.promoters, each.detractors)
            * (up**each.promoters * down**each.detractors * (1 - up - down) ** each.passives)
            for each in samples
        ]
    )


def _chain(seed: int, stores: int, strength: float) -> tuple[np.ndarray, list[NpsResult]]:
    """Draw a chain: the true NPS of its stores, and ten answers of each."""
    rng = np.random.default_rng([seed, stores])
    shares = rng.dirichlet(strength * np.array([0.2, 0.4, 0.4]), stores)
    return 100 * (shares[:, 0] - shares[:, 2]), [_answers(*map(int, rng.multinomial(10, each))) for each in shares]


def _holds(estimate, truth: float) -> bool:  # noqa: ANN001
    return bool(estimate.low <= truth <= estimate.high)


def _width(estimate) -> float:  # noqa: ANN001
    return float(estimate.high - estimate.low)
