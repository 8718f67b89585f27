"""What of the NPS goes with which theme (関連, not cause), with intervals. Formulas: docs/statistics.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from analysis.figures import regression
from analysis.figures.circumstances import dummies
from analysis.figures.nps import change, nps
from analysis.results import Estimate, ThemeImpact

FEWEST_MENTIONS = 10
"""A side of a theme (negative or positive) with fewer responses gets no figure."""

ENOUGH_COMPLAINTS = 3000
"""So many complaints in a window, about a hundred a theme, tell what goes with one of them to about 17 points."""

_SCORES = 11
_UNKNOWN = Estimate(None)


@dataclass(frozen=True, slots=True)
class Answers:
    """Responses with a score, one row each.

    `scores`: (n,) from 0 to 10; `stores`: (n,) any numbers that tell stores apart; `has_text`: (n,) whether there is a
    comment; `circumstances`: (n, c) any whole numbers that tell weeks, channels, visit counts apart, a column each.
    Error: `ValueError` for shapes that do not fit or a score outside 0 to 10.
    """

    scores: NDArray[np.integer]
    stores: NDArray[np.integer]
    has_text: NDArray[np.bool_]
    circumstances: NDArray[np.integer]

    def __post_init__(self) -> None:
        columns = (self.scores, self.stores, self.has_text, self.circumstances)
        if len({len(column) for column in columns}) != 1 or self.circumstances.ndim != 2:  # noqa: PLR2004  a table
            raise ValueError("scores, stores, has_text and circumstances need one row a response")
        if len(self.scores) and not (self.scores.min() >= 0 and self.scores.max() < _SCORES):
            raise ValueError("scores lie between 0 and 10")


class _Sides(NamedTuple):
    """Impact, negative and positive of a theme, and the numbers of those that it can't be told apart from."""

    estimates: tuple[Estimate, Estimate, Estimate]
    tied: tuple[int, ...]


def impacts(
    answers: Answers, negative: csr_array, positive: csr_array, theme_ids: Sequence[str]
) -> tuple[ThemeImpact, ...]:
    """Estimate the NPS points that go with each theme, all themes at once, one result a theme in the given order.

    `negative`, `positive`: (n, k) whether the response says something negative or positive of a theme. Model:
    unpenalised least squares of a response's NPS contribution (-100, 0, 100) on all mentions, with a level for each
    store, for each circumstance and for having text. Beside it stands the plain difference that leaving these
    responses out makes. Error: `ValueError` for mentions of another shape.
    """
    mentions, themes = _binary(hstack([negative, positive], format="csr")), len(theme_ids)
    if mentions.shape != (len(answers.scores), 2 * themes):
        raise ValueError("mentions need one row a response, as the scores have, and one column a theme")
    counts = np.asarray(mentions.sum(axis=0)).ravel().astype(np.int64).tolist()
    sides, plain = _sides(answers, mentions), _left_out(answers.scores, mentions)
    return tuple(
        ThemeImpact(
            theme_id,
            *sides[theme].estimates,
            counts[theme],
            counts[theme + themes],
            len(answers.scores),
            plain[theme],
            plain[theme + themes],
            tuple(sorted(theme_ids[other] for other in sides[theme].tied)),
        )
        for theme, theme_id in enumerate(theme_ids)
    )


def contributions(scores: NDArray[np.integer]) -> NDArray[np.float64]:
    """Turn scores into what each adds to the NPS: promoters 100, passives 0, detractors -100 points."""
    return 100.0 * (scores >= 9) - 100.0 * (scores <= 6)  # noqa: PLR2004  the definition of NPS


def _binary(matrix: csr_array) -> csr_array:
    """Make every stored entry a one: a theme that a response mentions twice counts once."""
    made: csr_array = csr_array(matrix).astype(np.float64)
    made.sum_duplicates()
    made.eliminate_zeros()
    made.data[:] = 1.0
    return made


def _sides(answers: Answers, mentions: csr_array) -> list[_Sides]:
    themes, n = mentions.shape[1] // 2, len(answers.scores)
    if not n or not themes:
        return [_Sides((_UNKNOWN, _UNKNOWN, _UNKNOWN), ())] * themes
    counts = np.asarray(mentions.sum(axis=0)).ravel()
    shown = counts >= FEWEST_MENTIONS
    design = _design(answers, mentions, shown)
    sample = regression.sort_by_store(design, contributions(answers.scores), answers.stores)
    found = regression.estimate(sample, _contrasts(counts / n, shown, design.shape[1]))
    impact, negative, positive = found[:themes], found[themes : 2 * themes], found[2 * themes :]
    untold = any(each.value is None for each, wanted in zip(negative + positive, shown, strict=True) if wanted)
    tied = _tied(sample, themes) if untold else [()] * themes
    low, high = shown[:themes], shown[themes:]
    return [
        _Sides(
            (
                impact[theme] if low[theme] or high[theme] else _UNKNOWN,
                negative[theme] if low[theme] else _UNKNOWN,
                positive[theme] if high[theme] else _UNKNOWN,
            ),
            tied[theme],
        )
        for theme in range(themes)
    ]


def _tied(sample: regression.Sample, themes: int) -> list[tuple[int, ...]]:
    """List, for each theme, the others that one of its sides can't be told apart from."""
    columns = regression.inseparable(sample)[: 2 * themes, : 2 * themes]
    pairs = columns.reshape(2, themes, 2, themes).any(axis=(0, 2)) & ~np.eye(themes, dtype=np.bool_)
    return [tuple(np.flatnonzero(row).tolist()) for row in pairs]


def _left_out(scores: NDArray[np.integer], mentions: csr_array) -> list[Estimate]:
    """Compute, for each column, the NPS of all responses minus the NPS without those that hold the mention.

    That is their share times the difference between the two groups, and so is its interval.
    """
    n = len(scores)
    held = (mentions.T @ csr_array((np.ones(n), (np.arange(n), scores)), shape=(n, _SCORES))).toarray().astype(np.int64)
    every = np.bincount(scores, minlength=_SCORES)
    return [_scaled(sum(mine) / max(1, n), change(nps((every - mine).tolist()), nps(mine.tolist()))) for mine in held]


def _scaled(share: float, each: Estimate) -> Estimate:
    return Estimate(*(None if figure is None else share * figure for figure in (each.value, each.low, each.high)))


def _design(answers: Answers, mentions: csr_array, shown: NDArray[np.bool_]) -> csr_array:
    """Put mentions and controls side by side: (n, 2k + 3 and a column for each circumstance).

    Mentions too rare for a figure of their own are pooled into one control a side, so that the comments that hold
    them are not taken for comments that mention nothing.
    """
    themes, usual = len(shown) // 2, mentions @ _diagonal(shown)
    rare = [
        _binary(csr_array((mentions[:, side] @ (~shown[side]).astype(np.float64))[:, None]))
        for side in (slice(0, themes), slice(themes, None))
    ]
    text = csr_array(np.asarray(answers.has_text, dtype=np.float64)[:, None])
    return csr_array(hstack([usual, text, *rare, dummies(answers.circumstances)], format="csr"))


def _diagonal(shown: NDArray[np.bool_]) -> csr_array:
    size = len(shown)
    return csr_array((shown.astype(np.float64), (np.arange(size), np.arange(size))), shape=(size, size))


def _contrasts(shares: NDArray[np.float64], shown: NDArray[np.bool_], columns: int) -> NDArray[np.float64]:
    """Ask for share-weighted sums of both sides (impact), then for each side alone: (columns, 3k)."""
    themes = len(shares) // 2
    each = np.diag(shown.astype(np.float64))
    weighted = each * shares
    impact = weighted[:, :themes] + weighted[:, themes:]
    return np.vstack([np.hstack([impact, each]), np.zeros((columns - 2 * themes, 3 * themes))])
