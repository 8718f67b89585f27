"""How often alerts are false, and how soon a change is found, in simulated chains that look like real ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from calibration_figure import Figure, average, rate

from analysis.figures.alerts import NEWEST_WEEKS, Shift, shifts
from analysis.figures.days_off import comparable_weeks, days_off
from surveys.weeks import shift, window

RARELY, FALSE, FOUND, HELD = (0.0, 0.05), (0.0, 0.1), (0.8, 1.0), (0.93, 1.0)
_WEEKS = 30
_FIRST, _YEAR = "2025-W01", 52
_TOGETHER = 5
"""So many themes are spoken of together: a bad evening lets all of them rise."""


@dataclass(frozen=True, slots=True)
class Chain:
    """`stores` with about `answers` a week each, and `themes` in 1 to 30 % of them, half of that complaints.

    `unrest`: how far, in log odds, the share of the most restless theme moves in a store from week to week; with 0.2
    the answers of a week go together like those of 92 sightseeing places (correlation 0.001 to 0.002). `season`: how
    far shares move over a year; `holidays`: what one more day off does; `memory`: how much of the unrest of a week is
    left in the next (about a half in the weeks of those places).
    """

    stores: int = 8
    answers: int = 100
    themes: int = 30
    unrest: float = 0.2
    season: float = 0.1
    holidays: float = 0.1
    memory: float = 0.0


STILL = Chain(unrest=0.0, season=0.0, holidays=0.0)
SEASONS = Chain(season=0.3)
CHAINS = {
    "8 stores, independent answers": STILL,
    "8 stores": Chain(),
    "8 stores, twice as restless": Chain(unrest=0.4),
    "8 stores, half of it left the week after": Chain(memory=0.5),
    "40 stores with 10 answers": Chain(stores=40, answers=10),
    "1 store": Chain(stores=1),
}


@dataclass(frozen=True, slots=True)
class _World:
    """`parts` and `wholes` as `shifts` takes them, the true shares, and the weeks; oldest first."""

    parts: np.ndarray
    wholes: np.ndarray
    truths: np.ndarray
    weeks: tuple[str, ...]

    def alerts(self, weeks_ago: int = 0) -> tuple[Shift, ...]:
        """Return the alerts of the newest week, or of one before."""
        places = self.compared(weeks_ago)
        return shifts(self.parts[places], self.wholes[places])

    def compared(self, weeks_ago: int = 0) -> list[int]:
        week = self.weeks[-1 - weeks_ago]
        asked = (*comparable_weeks(week, NEWEST_WEEKS, "JP"), *window(week, NEWEST_WEEKS))
        return [self.weeks.index(each) for each in asked if each in self.weeks]


def alerts(worlds: int) -> Iterator[Figure]:
    """Let nothing happen, some things, and one thing."""
    for told, chain in CHAINS.items():
        rang = sum(bool(_world([world, 1], chain).alerts()) for world in range(worlds))
        yield rate(f"weeks with an alert though nothing changed, {told}", rang, worlds, RARELY)
    seasons = sum(bool(_world([world, 1], SEASONS).alerts()) for world in range(worlds))
    yield rate("the same, 8 stores, shares that move by a third with the seasons", seasons, worlds, None)
    yield from _false_share(worlds)
    for told in ("8 stores, independent answers", "8 stores"):
        yield _doubled(told, CHAINS[told], worlds, FOUND)
    yield _doubled("8 stores, half of it left the week after", Chain(memory=0.5), worlds, None)
    yield _doubled("8 stores, shares that move by a third with the seasons", SEASONS, worlds, None)


def _doubled(told: str, chain: Chain, worlds: int, aim: tuple[float, float] | None) -> Figure:
    found = sum(_found(world, chain) for world in range(worlds))
    return rate(f"a rise from 15 to 30 % of 100 answers is found within 2 weeks, {told}", found, worlds, aim)


def _false_share(worlds: int) -> Iterator[Figure]:
    """Let twelve themes of single stores double or halve."""
    false, held = [], []
    for world in range(worlds):
        rng = np.random.default_rng([world, 2])
        changed = np.zeros((8, 30), bool)
        changed.ravel()[rng.choice(240, 12, replace=False)] = True
        made = _world([world, 3], Chain(), np.where(changed, rng.choice([0.5, 2.0], (8, 30)), 1.0))
        found = made.alerts()
        truly = [bool(changed[_stores(each), each.column % 30].any()) for each in found]
        false.append(1 - sum(truly) / len(truly) if truly else 0.0)
        held += [_holds(made, each) for each in found]
    yield average("false share of alerts, 12 of 240 shares doubled or halved", false, FALSE)
    yield rate("intervals of alerts that hold the truth", sum(held), max(1, len(held)), HELD)


def _found(world: int, chain: Chain) -> bool:
    rises = np.ones((chain.stores, chain.themes))
    rises[0, 0] = 2.0
    made = _world([world, 4], chain, rises)
    return any(
        each.place == 0 and each.column % chain.themes == 0 and (each.difference.value or 0) > 0
        for weeks_ago in (1, 0)
        for each in made.alerts(weeks_ago)
    )


def _world(seed: list[int], chain: Chain, factors: np.ndarray | None = None) -> _World:
    """Draw a chain; in the two newest weeks the shares are multiplied by `factors` (stores, themes).

    With factors the first theme of the first store stands at 15 % of exactly so many answers as are expected.
    """
    rng = np.random.default_rng(seed)
    weeks = window(shift(_FIRST, _WEEKS + int(rng.integers(_YEAR))), _WEEKS)
    stores, themes = chain.stores, chain.themes
    usual = np.exp(rng.uniform(np.log(0.01), np.log(0.3), themes))
    odds = np.log(usual / (1 - usual)) + rng.normal(0, 0.3, (stores, themes))
    year = np.arange(_WEEKS)[:, None, None] / _YEAR + rng.uniform(0, 1, themes)
    off = np.array([days_off(week, "JP") for week in weeks])[:, None, None]
    moves = chain.season * np.sin(2 * np.pi * year) + chain.holidays * rng.normal(0, 1, themes) * off
    wholes = rng.poisson(chain.answers, (_WEEKS, stores))
    if factors is not None:
        odds[0, 0], moves[:, :, 0] = np.log(0.15 / 0.85), 0.0
        wholes[:, 0] = chain.answers
    truths = 1 / (1 + np.exp(-(odds + moves + _unrest(rng, chain))))
    expected = 1 / (1 + np.exp(-(odds + moves)))
    if factors is not None:
        truths[-NEWEST_WEEKS:] = np.minimum(0.9, truths[-NEWEST_WEEKS:] * factors)
        expected[-NEWEST_WEEKS:] = np.minimum(0.9, expected[-NEWEST_WEEKS:] * factors)
    mentions = rng.binomial(np.broadcast_to(wholes[:, :, None], truths.shape), truths)
    parts = np.concatenate([mentions, rng.binomial(mentions, 0.5)], axis=2)
    return _World(parts, wholes, np.concatenate([expected, expected / 2], axis=2), weeks)


def _unrest(rng: np.random.Generator, chain: Chain) -> np.ndarray:
    """Draw how shares move from week to week, half of it by what themes share."""
    shape = (_WEEKS, chain.stores, chain.themes)
    shared = rng.normal(0, 1, (_WEEKS, chain.stores, -(-chain.themes // _TOGETHER))).repeat(_TOGETHER, axis=2)
    both = (shared[:, :, : chain.themes] + rng.normal(0, 1, shape)) / np.sqrt(2)
    for week in range(1, _WEEKS):
        both[week] = chain.memory * both[week - 1] + np.sqrt(1 - chain.memory**2) * both[week]
    return rng.uniform(0, chain.unrest, chain.themes) * both


def _holds(world: _World, found: Shift) -> bool:
    """Whether an interval holds the true difference, answers of all places weighed as they came."""
    places = world.compared()
    truths, sizes = world.truths[places, _stores(found), found.column], world.wholes[places, _stores(found)]
    now = (truths[-NEWEST_WEEKS:] * sizes[-NEWEST_WEEKS:]).sum() / sizes[-NEWEST_WEEKS:].sum()
    before = (truths[:-NEWEST_WEEKS] * sizes[:-NEWEST_WEEKS]).sum() / sizes[:-NEWEST_WEEKS].sum()
    return bool(found.difference.low <= now - before <= found.difference.high)


def _stores(found: Shift) -> slice:
    return slice(None) if found.place is None else slice(found.place, found.place + 1)
