"""What staff's lessons add to the theme books: near-identical opinions follow at once, others as lessons add up."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import expit
from threadpoolctl import threadpool_limits

from analysis.reading.vectors import WordVectors
from analysis.results import Tag, Theme
from analysis.themes.evidence import Evidence, Matrix, Reading, Rows

_SAID, _NEAR, _SILENT = 0.2, -1.5, -2.6
"""Log-odds of a theme before any lesson: where its theme book tags it, where it nearly does, where it is silent."""
_SPEAKS = 0.6
_FIRST, _FURTHER = -1.3, -0.4
"""Log-odds from which the likeliest theme becomes a tag, and from which others join it: F1 is best below even odds."""
_HOLD = (4.0, 1.0, 0.25, 0.7, 1.4)
"""How hard what is learned is held at nothing, for each block of `Rows`."""
_FIRST_LESSONS = 20
"""With so few lessons all is held twice as hard, so that five lessons move nothing far from them."""
_MAYBE = 0.1
"""What it counts that an opinion may lack a theme which staff gave to the whole comment."""
_ROUNDS = 2
_STEPS = 60
_SAME = 0.85
"""The cosine of words from which two opinions say the same."""
_HALF = 0.5
_ROUNDING = 1e-9
_MOST_TAGS = 3
_AT_A_TIME = 5000


class Told(NamedTuple):
    """A lesson, read: the opinions that it speaks of and the themes that they are about together."""

    readings: Sequence[Reading]
    theme_ids: frozenset[str]


class Learned:
    """A linear model of the log-odds of each theme, added to what the theme books say; see `Evidence` for its columns.

    Each theme of a lesson of several opinions is given to the opinions that speak for it most, as the model of the
    round before reads them. The order of lessons does not matter.
    """

    def __init__(self, themes: Sequence[Theme], lessons: Sequence[Told], vectors: WordVectors | None) -> None:
        lessons = sorted(lessons, key=_by_content)
        readings = [reading for lesson in lessons for reading in lesson.readings]
        self._evidence = Evidence(themes, [reading.opinion for reading in readings], vectors)
        rows = self._evidence.rows(readings)
        before = _log_odds(self._evidence, readings)
        self._learned = np.zeros((sum(rows.sizes), before.shape[1]))
        held = np.repeat(_HOLD, rows.sizes) * (1 + _FIRST_LESSONS / len(lessons))
        # small matrices: a second thread of the algebra library only waits for the first
        with threadpool_limits(1, user_api="blas"):
            for _ in range(_ROUNDS):
                truth, weight = _truth(self._evidence.order, lessons, before + rows.times(self._learned))
                self._learned = _fitted(rows, before, truth, weight, held)
        alone = [len(lesson.readings) == 1 for lesson in lessons for _ in lesson.readings]
        self._told = rows.words[np.flatnonzero(alone)]
        self._told_themes = truth[alone]

    def tags(self, readings: Sequence[Reading]) -> list[tuple[Tag, ...]]:
        """The tags of each opinion, best first. Tagging many opinions at once costs much less than one by one."""
        found: list[tuple[Tag, ...]] = []
        for start in range(0, len(readings), _AT_A_TIME):
            found += self._tags(readings[start : start + _AT_A_TIME])
        return found

    def _tags(self, readings: Sequence[Reading]) -> list[tuple[Tag, ...]]:
        rows = self._evidence.rows(readings)
        odds = _log_odds(self._evidence, readings) + rows.times(self._learned)
        for row, near in _same_as_told((rows.words @ self._told.T).tocsr()):
            odds[row] = np.where(self._told_themes[near].mean(axis=0) >= _HALF, -_SILENT, _SILENT)
        ranked = np.argsort(-odds, axis=1, kind="stable")[:, :_MOST_TAGS]
        return [
            tuple(self._chosen(odds[row], ranked[row])) if reading.opinion.tokens else ()
            for row, reading in enumerate(readings)
        ]

    def _chosen(self, odds: NDArray[np.float64], ranked: NDArray[np.intp]) -> Iterator[Tag]:
        for place, theme in enumerate(ranked.tolist()):
            if odds[theme] <= (_FURTHER if place else _FIRST):
                return
            yield Tag(self._evidence.order[theme], round(float(expit(odds[theme] - _FIRST)), 4))


def _by_content(lesson: Told) -> tuple[list[str], list[str]]:
    return [reading.opinion.text for reading in lesson.readings], sorted(lesson.theme_ids)


def _log_odds(evidence: Evidence, readings: Sequence[Reading]) -> Matrix:
    """What the theme books alone say."""
    spoken = np.minimum(evidence.scores(readings) / _SPEAKS, 1.0)
    return np.where(evidence.said(readings) > 0, _SAID, _SILENT + (_NEAR - _SILENT) * spoken)


def _truth(order: Sequence[str], lessons: Sequence[Told], odds: Matrix) -> tuple[Matrix, Matrix]:
    """Which opinion is about which theme, and how sure that is."""
    truth, weight = np.zeros_like(odds), np.ones_like(odds)
    start = 0
    for lesson in lessons:
        rows = slice(start, start + len(lesson.readings))
        for theme in (column for column, name in enumerate(order) if name in lesson.theme_ids):
            speaks = odds[rows, theme] >= min(0.0, odds[rows, theme].max())
            truth[rows, theme] = speaks
            weight[rows, theme] = np.where(speaks, 1.0, _MAYBE)
        start = rows.stop
    return truth, weight


def _fitted(rows: Rows, before: Matrix, truth: Matrix, weight: Matrix, held: NDArray[np.float64]) -> Matrix:
    """What must be added to `before`, by logistic regression held at zero (weighted log loss, squared length)."""
    shape = (len(held), truth.shape[1])

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        learned = flat.reshape(shape)
        odds = before + rows.times(learned)
        lost = (weight * (np.logaddexp(0.0, odds) - truth * odds)).sum() + (held[:, None] * learned**2).sum() / 2
        slope = rows.gathered(weight * (expit(odds) - truth)) + held[:, None] * learned
        return float(lost), slope.ravel()

    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return np.asarray(found.x).reshape(shape)


def _same_as_told(same: csr_array) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """The rows that say the same as something told, with what they are nearest to."""
    if not same.shape[1]:  # only whole comments were told, no single opinion
        return
    for row in np.flatnonzero(same.max(axis=1).toarray().ravel() >= _SAME).tolist():
        told = slice(same.indptr[row], same.indptr[row + 1])
        cosines = same.data[told]
        yield row, same.indices[told][cosines >= cosines.max() - _ROUNDING]
