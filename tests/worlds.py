"""Simulated stores with known truths, for the tests of the statistics and for the calibration."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from analysis.figures.drivers import Answers, impacts
from analysis.figures.priorities import NO_COMPLAINTS, PriorityInput, rank
from analysis.results import Estimate, Improvement, ThemeImpact

WEEKS, CHANNELS = 13, 3
VISITS = np.array([-9.0, -3.0, 3.0, 9.0])
"""Points that go with the first visit, and with later ones."""


@dataclass(frozen=True)
class World:
    """Responses of some stores; `truth`: points that go with one complaint of each theme."""

    scores: NDArray[np.int64]
    stores: NDArray[np.int64]
    has_text: NDArray[np.bool_]
    negative: NDArray[np.bool_]
    positive: NDArray[np.bool_]
    truth: NDArray[np.float64]
    circumstances: NDArray[np.int64]

    @property
    def theme_ids(self) -> list[str]:
        return [f"theme-{theme:02d}" for theme in range(self.negative.shape[1])]

    def impacts(self) -> tuple[ThemeImpact, ...]:
        answers = Answers(self.scores, self.stores, self.has_text, self.circumstances)
        return impacts(answers, csr_array(self.negative), csr_array(self.positive), self.theme_ids)

    def ranked(self, seed: int) -> tuple[Improvement, ...]:
        """The ranked list of this world, compared with no complaints at all."""
        return rank([as_input(each, len(self.scores)) for each in self.impacts()], seed)

    def in_order(self, order: NDArray[np.int64]) -> "World":
        rows = (self.scores, self.stores, self.has_text, self.negative, self.positive)
        return World(*(values[order] for values in rows), self.truth, self.circumstances[order])

    def mistagged(self, seed: int, recall: ArrayLike, precision: ArrayLike) -> "World":
        """What a tagger makes of it: mentions missed, and others found in comments that don't hold them.

        `recall`, `precision`: one figure, or one for each theme.
        """
        rng = np.random.default_rng([seed, 1])
        sides = [self._read(side, rng, recall, precision) for side in (self.negative, self.positive)]
        return replace(self, negative=sides[0], positive=sides[1])

    def _read(
        self, side: NDArray[np.bool_], rng: np.random.Generator, recall: ArrayLike, precision: ArrayLike
    ) -> NDArray[np.bool_]:
        recalls, found_right = np.asarray(recall, dtype=float), np.asarray(precision, dtype=float)
        free = self.has_text[:, None] & ~side
        wrong = side.sum(axis=0) * recalls * (1 - found_right) / found_right / np.maximum(1, free.sum(axis=0))
        lots = rng.random(side.shape)
        return np.where(side, lots < recalls, free & (lots < wrong))


def as_input(each: ThemeImpact, responses: int) -> PriorityInput:
    return PriorityInput(
        each.theme_id, {"ja": each.theme_id}, each, each.mentions_negative, responses, NO_COMPLAINTS, 0, Estimate(None)
    )


def world(
    seed: int, n: int, stores: int, truth: Sequence[float], *, reach: ArrayLike = 0.12, together: float = 0.0
) -> World:
    """Draw responses: stores differ in level, themes are mentioned together as far as `together` (0 to 1) says.

    `reach`: how often a theme is complained of; one figure, one a theme, or a row of them for each store.
    """
    rng, themes = np.random.default_rng(seed), len(truth)
    store = rng.integers(0, stores, n)
    common, reach = rng.random((n, 1)) < together, np.asarray(reach)
    if reach.ndim == 2:
        reach = reach[store]
    lots = np.where(common, rng.random((n, 1)), rng.random((n, themes)))
    negative, positive = lots < reach, rng.random((n, themes)) < reach / 2
    points = 10 + rng.normal(0, 10, stores)[store] + negative @ np.array(truth) + positive @ np.full(themes, 8.0)
    scores = _scores(rng, points)
    has_text = negative.any(axis=1) | positive.any(axis=1) | (rng.random(n) < 0.2)
    return World(scores, store, has_text, negative, positive, np.array(truth), np.zeros((n, 0), dtype=np.int64))


def world_in_time(seed: int, n: int, stores: int, truth: Sequence[float]) -> World:
    """Draw responses whose weeks, channels and visit counts go with the score and with how much is complained of."""
    rng, themes = np.random.default_rng([seed, 2]), len(truth)
    store = rng.integers(0, stores, n)
    circumstances = np.column_stack([rng.integers(0, levels, n) for levels in (WEEKS, CHANNELS, len(VISITS))])
    week, channel, visits = circumstances.T
    level = (
        np.linspace(-8, 8, WEEKS)[week] + rng.normal(0, 4, WEEKS)[week] + np.array([0, -6, 5])[channel] + VISITS[visits]
    )
    negative, positive = (
        rng.random((n, themes)) < np.clip(0.12 - sign * level / 200, 0.01, 0.5)[:, None] for sign in (1, -1)
    )
    points = (
        10 + level + rng.normal(0, 10, stores)[store] + negative @ np.array(truth) + positive @ np.full(themes, 8.0)
    )
    scores = _scores(rng, points)
    has_text = negative.any(axis=1) | positive.any(axis=1) | (rng.random(n) < 0.2)
    return World(scores, store, has_text, negative, positive, np.array(truth), circumstances)


def world_of_steps(seed: int, n: int, stores: int, truth: Sequence[float]) -> World:
    """Draw responses whose scores climb steps of one scale (proportional odds): no straight line of points.

    `truth` is aimed at about the middle of the scale; what the world holds is what goes with complaints on the average
    of those who complain.
    """
    rng, themes = np.random.default_rng([seed, 3]), len(truth)
    store, slopes = rng.integers(0, stores, n), np.array(truth) / 38
    negative, positive = rng.random((n, themes)) < 0.12, rng.random((n, themes)) < 0.06
    level = 0.4 + rng.normal(0, 0.4, stores)[store] + negative @ slopes + positive @ np.full(themes, 0.3)
    low, high = (1 / (1 + np.exp(-side)) for side in (-0.6 - level, level - 0.6))
    lot = rng.random(n)
    scores = np.where(lot < high, 10, np.where(lot < 1 - low, 8, 3))
    has_text = negative.any(axis=1) | positive.any(axis=1) | (rng.random(n) < 0.2)
    held = [_points(level[said]) - _points(level[said] - slope) for said, slope in zip(negative.T, slopes, strict=True)]
    truths = np.array([each.mean() for each in held])
    return World(scores, store, has_text, negative, positive, truths, np.zeros((n, 0), dtype=np.int64))


def _points(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a response adds to the NPS where its place on the scale is this."""
    return 100 / (1 + np.exp(0.6 - level)) - 100 / (1 + np.exp(0.6 + level))


def _scores(rng: np.random.Generator, points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw scores that contribute so many points each, on the average."""
    passive = np.where(np.abs(points) < 70, 0.3 * rng.random(), 0.0)
    lot = rng.random(len(points))
    promoter = (1 - passive + np.clip(points, -100, 100) / 100) / 2
    return np.where(lot < promoter, 10, np.where(lot < promoter + passive, 8, 3))
