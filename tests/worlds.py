"""Simulated stores with known truths, for the tests of the statistics."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analysis.figures.drivers import impacts
from analysis.results import ThemeImpact


@dataclass(frozen=True)
class World:
    """Responses of some stores; `truth`: points that go with one complaint of each theme."""

    scores: NDArray[np.int64]
    stores: NDArray[np.int64]
    has_text: NDArray[np.bool_]
    negative: NDArray[np.bool_]
    positive: NDArray[np.bool_]
    truth: NDArray[np.float64]

    @property
    def theme_ids(self) -> list[str]:
        return [f"theme-{theme:02d}" for theme in range(self.negative.shape[1])]

    def impacts(self) -> tuple[ThemeImpact, ...]:
        return impacts(
            self.scores,
            self.stores,
            self.has_text,
            csr_array(self.negative),
            csr_array(self.positive),
            self.theme_ids,
        )

    def in_order(self, order: NDArray[np.int64]) -> "World":
        rows = (self.scores, self.stores, self.has_text, self.negative, self.positive)
        return World(*(values[order] for values in rows), self.truth)


def world(seed: int, n: int, stores: int, truth: list[float], *, reach: float = 0.12, together: float = 0.0) -> World:
    """Draw responses: stores differ in level, themes are mentioned together as far as `together` (0 to 1) says."""
    rng, themes = np.random.default_rng(seed), len(truth)
    store = rng.integers(0, stores, n)
    common = rng.random((n, 1)) < together
    lots = np.where(common, rng.random((n, 1)), rng.random((n, themes)))
    negative, positive = lots < reach, rng.random((n, themes)) < reach / 2
    points = 10 + rng.normal(0, 10, stores)[store] + negative @ np.array(truth) + positive @ np.full(themes, 8.0)
    passive = np.where(np.abs(points) < 70, 0.3 * rng.random(), 0.0)
    lot = rng.random(n)
    promoter = (1 - passive + np.clip(points, -100, 100) / 100) / 2
    scores = np.where(lot < promoter, 10, np.where(lot < promoter + passive, 8, 3))
    has_text = negative.any(axis=1) | positive.any(axis=1) | (rng.random(n) < 0.2)
    return World(scores, store, has_text, negative, positive, np.array(truth))
