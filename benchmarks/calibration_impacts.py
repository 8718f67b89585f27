"""How often the intervals of impacts hold the truth, and what tagging errors do to them."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from statistics import fmean

from calibration_figure import COVERAGE, Figure, average
from worlds import World, world, world_in_time, world_of_steps

from analysis.results import Estimate

TRUTH = (-45.0, -25.0, -10.0, 0.0, 10.0)
"""Points that go with one complaint, of five themes."""
CHAINS = ((8, 400), (40, 1000), (200, 3000))
"""Stores, and the responses of all of them."""
TOGETHER = (0.0, 0.3, 0.6)
RECALL, PRECISION = 0.75, 0.82
"""The tagger's measured error rate."""


def coverage_of_impacts(worlds: int) -> Iterator[Figure]:
    """Right tags: themes said together or not; then weeks, channels and visits that go with both; then steps."""
    for (stores, n), together in product(CHAINS, TOGETHER):
        draw = partial(world, n=n, stores=stores, truth=TRUTH, together=together)
        yield _coverage(f"{_chain(stores, n)}, together {together}", worlds, draw)
    for stores, n in CHAINS:
        draw = partial(world_in_time, n=n, stores=stores, truth=TRUTH)
        yield _coverage(f"{_chain(stores, n)}, seasons, channels and visits", worlds, draw)
    for stores, n in CHAINS:
        draw = partial(world_of_steps, n=n, stores=stores, truth=TRUTH)
        yield _coverage(f"{_chain(stores, n)}, an ordinal truth", worlds, draw)


def tagging_errors(worlds: int) -> Iterator[Figure]:
    """Tags as wrong as measured: how often the interval still holds the truth, and how much of it is left."""
    for (stores, n), together in product(CHAINS, TOGETHER):
        told = f"{_chain(stores, n)}, together {together}, recall {RECALL}, precision {PRECISION}"
        drawn = [world(seed, n, stores, TRUTH, together=together) for seed in range(worlds)]
        held, left = [], []
        for seed, made in enumerate(drawn):
            found = _estimates(made.mistagged(seed, RECALL, PRECISION))
            held.append(_held(made, found))
            left += [found[0].value / TRUTH[0]] if found[0].value is not None else []
        yield average(f"coverage of impacts, {told}", held, None)
        yield average(f"part of {TRUTH[0]:g} points that is seen, {told}", left, None)


def _chain(stores: int, n: int) -> str:
    return f"{stores} stores, {n} responses"


def _coverage(told: str, worlds: int, draw: Callable[[int], World]) -> Figure:
    drawn = (draw(seed) for seed in range(worlds))
    return average(f"coverage of impacts, {told}", [_held(made, _estimates(made)) for made in drawn], COVERAGE)


def _estimates(made: World) -> list[Estimate]:
    return [each.negative for each in made.impacts()]


def _held(made: World, found: Sequence[Estimate]) -> float:
    """How many of the intervals that are given hold the truth."""
    return fmean(
        each.low <= truth <= each.high
        for each, truth in zip(found, made.truth, strict=True)
        if each.low is not None and each.high is not None
    )
