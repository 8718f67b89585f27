"""How much stores change, by chance and by what they try, and how long a pilot must run (docs/statistics.md)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.figures.experiments import CHANCE, FEWEST_DRAWS, Design, Effect, Numbers, all_draws, contrasts, effect

BLOCK = 4
"""Weeks over which what happens to one store alone (a new neighbour, a colleague who left) is taken to last."""
LONGEST = 52
POWER = 0.87
"""How likely the expected gain must be seen. Above the 80 % promised: how stores vary is known from the past alone."""
_TRIES = 1000
_DRAWS = 1500
_LEAST_VARIANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Series:
    """Answers by store (rows) and week (columns): how many, their sum, and the sum of their squares, in points."""

    answers: Numbers
    sums: Numbers
    squares: Numbers

    def weeks(self, start: int, end: int) -> "Series":
        """Return the weeks from `start` up to, not including, `end`."""
        return Series(self.answers[:, start:end], self.sums[:, start:end], self.squares[:, start:end])

    def only(self, stores: NDArray[np.int64]) -> "Series":
        """Return these stores, by their places."""
        return Series(self.answers[stores], self.sums[stores], self.squares[stores])

    @property
    def length(self) -> int:
        """Count the weeks."""
        return int(self.answers.shape[1])

    @property
    def means(self) -> Numbers:
        """Each store's mean over all weeks; not a number where it has no answers."""
        answers = self.answers.sum(axis=1)
        return np.where(answers > 0, self.sums.sum(axis=1) / np.maximum(answers, 1), np.nan)


@dataclass(frozen=True, slots=True)
class Noise:
    """How much changes vary by chance: `answer`, the variance of one answer, `store`, of a store's block of weeks."""

    answer: float
    store: float

    def variances(self, answers: tuple[Numbers, Numbers], weeks: tuple[int, int]) -> Numbers:
        """Return the variance of each store's change, from its answers and weeks before and after."""
        sampling = 1 / np.maximum(answers[0], 1) + 1 / np.maximum(answers[1], 1)
        return np.asarray(self.answer * sampling + self.store * (_blocks(weeks[0]) + _blocks(weeks[1])))


def levels_and_trends(past: Series) -> tuple[Numbers, Numbers]:
    """Return each store's past mean, and its second half less its first; the chain's own where it has no answers."""
    half = past.length // 2
    level, trend = past.means, past.weeks(half, past.length).means - past.weeks(0, half).means
    return _filled(level), _filled(trend)


def noise(past: Series) -> Noise:
    """Estimate how stores vary from their past, without what happened to all at once.

    The changes from one block of weeks to the next vary by as much as single answers make them, and by what happens to
    one store alone; the latter is the excess (method of moments, as DerSimonian and Laird).
    """
    blocks = [past.weeks(start, start + BLOCK) for start in range(past.length % BLOCK, past.length, BLOCK)]
    answers = np.array([block.answers.sum(axis=1) for block in blocks])
    sums = np.array([block.sums.sum(axis=1) for block in blocks])
    squares = np.array([block.squares.sum(axis=1) for block in blocks])
    means = sums / np.maximum(answers, 1)
    inside = float(np.sum(squares - answers * means**2))
    answer = inside / max(1.0, float(np.sum(np.maximum(answers - 1, 0))))
    excess, room = 0.0, 0.0
    for place in range(len(blocks) - 1):
        more, of = _excess(means[place : place + 2], answers[place : place + 2], answer)
        excess, room = excess + more, room + of
    return Noise(answer, max(0.0, excess / room / 2) if room else 0.0)


def measured(design: Design, before: Series, during: Series) -> Effect | None:
    """Compare the change of the stores that try with the others' (difference in differences), against every draw.

    Stores without answers before or after say nothing of a change and are left out; None where too few are left.
    """
    changes = during.means - before.means
    kept = np.isfinite(changes)
    left = design.only(kept)
    if left.draws < 2:  # noqa: PLR2004 - no other draw was possible: there is nothing to compare with
        return None
    answers = (before.answers.sum(axis=1)[kept], during.answers.sum(axis=1)[kept])
    variances = noise(before).variances(answers, (before.length, during.length))
    return effect(left, changes[kept], 1 / np.maximum(variances, _LEAST_VARIANCE))


def measured_before(design: Design, before: Series) -> Effect | None:
    """Compare the halves of the time before the start in the same way: what is found there was there already."""
    half = before.length // 2
    return measured(design, before.weeks(0, half), before.weeks(half, before.length))


def weeks_needed(design: Design, past: Series, expected: float) -> int | None:
    """Count the weeks until the expected gain would be seen; None where a year is too short, or the draws too few.

    Worlds are made of the stores' own variation, and the verdict is looked for in each: with few draws it needs more
    than the usual formulas say.
    """
    if design.draws < FEWEST_DRAWS or not expected > 0:
        return None
    found, rng = noise(past), np.random.default_rng(0)
    rows = all_draws(design)
    if len(rows) > _DRAWS:  # they come in order: the first ones would let the same stores try again and again
        rows = rng.choice(rows, _DRAWS, replace=False)
    tried, lots = rng.integers(0, len(rows), _TRIES), rng.standard_normal((_TRIES, len(design.chosen)))

    def is_enough(weeks: int) -> bool:
        variances = _expected_variances(found, past, weeks)
        scores = contrasts(rows, design.groups, 1 / variances)
        statistics = (lots * np.sqrt(variances) + expected * rows[tried]) @ scores.T
        own = statistics[np.arange(_TRIES), tried]
        chance = np.mean(statistics >= own[:, None] - 1e-9, axis=1)
        return bool(np.mean(chance <= CHANCE) >= POWER)

    return _first(is_enough)


def weeks_more(found: Effect, past: Series, weeks: int, expected: float) -> int | None:
    """Count the weeks that an unclear pilot must go on until it is decided; None where two years are too short.

    It is decided for sure when both bounds lie closer together than the expected gain: they can't hold both ends of it.
    """
    if found.least is None or found.most is None or not expected > 0:
        return None
    width, varies = found.most - found.least, noise(past)
    now = float(np.mean(_expected_variances(varies, past, weeks)))
    for more in range(1, 2 * LONGEST):
        later = float(np.mean(_expected_variances(varies, past, weeks + more)))
        if width * np.sqrt(later / now) <= expected:
            return more
    return None


def _expected_variances(found: Noise, past: Series, weeks: int) -> Numbers:
    before = past.answers.sum(axis=1)
    return np.maximum(found.variances((before, before / past.length * weeks), (past.length, weeks)), _LEAST_VARIANCE)


def _first(is_enough: Callable[[int], bool]) -> int | None:
    """Return the first number of weeks that is enough, by halving."""
    if not is_enough(LONGEST):
        return None
    low, high = 0, LONGEST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def _blocks(weeks: int) -> float:
    """How much of a block's variance is left in a mean over so many weeks."""
    return min(1.0, BLOCK / max(weeks, 1))


def _excess(means: Numbers, answers: Numbers, answer: float) -> tuple[float, float]:
    """Return how much more the changes of two blocks vary than answers alone would have it, and per what."""
    both = (answers > 0).all(axis=0)
    if both.sum() < 2:  # noqa: PLR2004 - one store varies from nobody
        return 0.0, 0.0
    weights = 1 / (1 / answers[:, both]).sum(axis=0)
    changes = means[1, both] - means[0, both]
    spread = float(weights @ (changes - weights @ changes / weights.sum()) ** 2)
    return spread - answer * float(both.sum() - 1), float(weights.sum() - (weights @ weights) / weights.sum())


def _filled(values: Numbers) -> Numbers:
    known: NDArray[np.bool_] = np.isfinite(values)
    return np.where(known, values, values[known].mean() if known.any() else 0.0)
