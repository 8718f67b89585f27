"""How often pilots without an effect are said to work, and those with one are found in the time that was promised."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from calibration_figure import COVERAGE, Figure, average, rate

from analysis.figures.experiments import Design, Effect, Numbers, alike_groups, draw, verdict
from analysis.figures.store_changes import LONGEST, Series, levels_and_trends, measured, weeks_more, weeks_needed

PAST = 52
"""Weeks before the start. Stores that have fewer have half a year."""
WEEKS = 12
GAIN = 8.0
SEEN_BY_CHANCE = (0.0, 0.05)
FOUND = (0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Chain:
    """Invented stores: answers a week, and what moves them, in points by store and week."""

    rng: np.random.Generator
    answers: Numbers
    points: Numbers

    def weeks(self, start: int, end: int, gains: Numbers) -> Series:
        """Draw the answers of some weeks, the stores being moved by `gains` points."""
        points = np.clip((self.points[:, start:end] + gains[:, None]) / 100, -0.75, 0.75)
        answers = self.rng.poisson(np.broadcast_to(self.answers[:, None], points.shape))
        passive = 0.5 * (1 - np.abs(points))
        up = self.rng.binomial(answers, (1 - passive + points) / 2)
        down = self.rng.binomial(answers - up, ((1 - passive - points) / 2) / (1 - (1 - passive + points) / 2))
        return Series(answers.astype(float), 100.0 * (up - down), 10000.0 * (up + down))


@dataclass(frozen=True, slots=True)
class Tried:
    """A pilot that was drawn, the past of its stores, and the year after its start."""

    past: Series
    design: Design
    year: Series

    def result(self, weeks: int) -> Effect:
        """Tell what is found after so many weeks."""
        found = measured(self.design, self.past, self.year.weeks(0, weeks))
        if found is None:
            raise ValueError("stores with so many answers can be compared")
        return found


def pilots(worlds: int) -> Iterator[Figure]:
    """Draw chains whose stores differ and are shaken, all at once and each; some try nothing, others something."""
    for trying, others in ((3, 3), (2, 5), (5, 5), (7, 7), (10, 10), (5, 20)):
        results = [_begun(world, trying, others, 0.0).result(WEEKS) for world in range(worlds)]
        told = f"{trying} + {others} stores"
        seen = sum(verdict(result, GAIN) == "worked" for result in results)
        yield rate(f"said to work without an effect, {told}", seen, worlds, SEEN_BY_CHANCE)
        if all(result.estimate.low is not None for result in results):
            yield rate(f"coverage of the effect, {told}", _held(results, 0.0), worlds, COVERAGE)
    for past in (PAST // 2, PAST):
        yield from _promised(worlds, past)
    yield from _looked_at_twice(worlds)


def _promised(worlds: int, past: int) -> Iterator[Figure]:
    """An effect of +8 points in 5 stores, looked for when the tool said that it would be seen."""
    results, promises = [], []
    for world in range(worlds):
        tried = _begun(world, 5, 5, GAIN, past)
        if weeks := weeks_needed(tried.design, tried.past, GAIN):
            promises.append(float(weeks))
            results.append(tried.result(weeks))
    told = f"+8 points, 5 + 5 stores, {past} weeks before"
    yield rate(f"told how many weeks it takes, {told}", len(promises), worlds, None)
    if promises:
        found = sum(verdict(result, GAIN) == "worked" for result in results)
        yield rate(f"found in the weeks promised, {told}", found, len(results), FOUND)
        yield rate(f"coverage of the effect, {told}", _held(results, GAIN), len(results), COVERAGE)
        yield average(f"weeks promised, {told}", promises, None)


def _looked_at_twice(worlds: int) -> Iterator[Figure]:
    """Nothing happens, and a pilot that is unclear at its end goes on for as long as was said."""
    seen = 0
    for world in range(worlds):
        tried = _begun(world, 5, 5, 0.0)
        result = tried.result(WEEKS)
        more = weeks_more(result, tried.past, WEEKS, GAIN) if verdict(result, GAIN) == "unclear" else None
        result = tried.result(min(LONGEST, WEEKS + more)) if more else result
        seen += verdict(result, GAIN) == "worked"
    yield rate("said to work without an effect, 5 + 5 stores, gone on once", seen, worlds, None)


def _begun(world: int, trying: int, others: int, gain: float, before: int = PAST) -> Tried:
    """Draw a chain and its past, then the stores that try, then a year in which they do."""
    rng, stores = np.random.default_rng([world, trying, others]), trying + others
    chain = Chain(rng, rng.uniform(10, 40, stores), _points(rng, stores))
    past = chain.weeks(PAST - before, PAST, np.zeros(stores))
    design = draw(alike_groups(*levels_and_trends(past), trying), trying, world)
    return Tried(past, design, chain.weeks(PAST, PAST + LONGEST, gain * design.chosen))


def _points(rng: np.random.Generator, stores: int) -> Numbers:
    """Levels of stores, a season and shocks of all at once, and shocks of one store that last four weeks."""
    weeks = PAST + LONGEST
    season = 6 * np.sin(np.arange(weeks) / 52 * 2 * np.pi + rng.uniform(0, 7))
    blocks = rng.normal(0, 4, (stores, weeks // 4 + 2))
    shift = rng.integers(0, 4)
    own = np.repeat(blocks, 4, axis=1)[:, shift : shift + weeks]
    return rng.normal(-15, 12, stores)[:, None] + season + rng.normal(0, 5, weeks) + own


def _held(results: list[Effect], truth: float) -> int:
    return sum(
        result.estimate.low is not None
        and result.estimate.high is not None
        and result.estimate.low <= truth <= result.estimate.high
        for result in results
    )
