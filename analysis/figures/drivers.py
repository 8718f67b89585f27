"""What of the NPS goes with which theme (関連, not cause), with intervals. Formulas: docs/statistics.md."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from analysis.figures import regression
from analysis.results import Estimate, ThemeImpact

FEWEST_MENTIONS = 10
"""A side of a theme (negative or positive) with fewer responses gets no figure."""

ENOUGH_COMPLAINTS = 3000
"""So many complaints in a window, about a hundred a theme, tell what goes with one of them to about 17 points."""

_UNKNOWN = Estimate(None)


def impacts(
    scores: NDArray[np.integer],
    stores: NDArray[np.integer],
    has_text: NDArray[np.bool_],
    negative: csr_array,
    positive: csr_array,
    theme_ids: Sequence[str],
) -> tuple[ThemeImpact, ...]:
    """Estimate the NPS points that go with each theme, all themes at once, one result a theme in the given order.

    `scores`: (n,) from 0 to 10, of responses with a score; `stores`: (n,) any numbers that tell stores apart;
    `has_text`: (n,) whether the response has a comment; `negative`, `positive`: (n, k) whether the response says
    something negative or positive of a theme. Model: unpenalised least squares of a response's NPS contribution
    (-100, 0, 100) on all mentions, with a level for each store and one for having text. Error: `ValueError` for
    shapes that do not fit or a score outside 0 to 10.
    """
    mentions = _binary(hstack([negative, positive], format="csr"))
    _check(scores, stores, has_text, mentions, theme_ids)
    counts = np.asarray(mentions.sum(axis=0)).ravel().astype(np.int64)
    sides = _sides(scores, stores, has_text, mentions, counts)
    return tuple(
        ThemeImpact(theme_id, *sides[theme], int(counts[theme]), int(counts[theme + len(theme_ids)]))
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


def _check(
    scores: NDArray[np.integer],
    stores: NDArray[np.integer],
    has_text: NDArray[np.bool_],
    mentions: csr_array,
    theme_ids: Sequence[str],
) -> None:
    shapes = {len(scores), len(stores), len(has_text), mentions.shape[0]}
    if len(shapes) != 1 or mentions.shape[1] != 2 * len(theme_ids):
        raise ValueError("scores, stores, has_text and mentions need one row a response and one column a theme")
    if len(scores) and not (scores.min() >= 0 and scores.max() <= 10):  # noqa: PLR2004  the scale of the question
        raise ValueError("scores lie between 0 and 10")


def _sides(
    scores: NDArray[np.integer],
    stores: NDArray[np.integer],
    has_text: NDArray[np.bool_],
    mentions: csr_array,
    counts: NDArray[np.int64],
) -> list[tuple[Estimate, Estimate, Estimate]]:
    """Return impact, negative and positive of each theme."""
    themes = len(counts) // 2
    if not len(scores) or not themes:
        return [(_UNKNOWN, _UNKNOWN, _UNKNOWN)] * themes
    shown = counts >= FEWEST_MENTIONS
    sample = regression.sort_by_store(_design(has_text, mentions, shown), contributions(scores), stores)
    found = regression.estimate(sample, _contrasts(counts / len(scores), shown))
    impact, negative, positive = found[:themes], found[themes : 2 * themes], found[2 * themes :]
    low, high = shown[:themes], shown[themes:]
    return [
        (
            impact[theme] if low[theme] or high[theme] else _UNKNOWN,
            negative[theme] if low[theme] else _UNKNOWN,
            positive[theme] if high[theme] else _UNKNOWN,
        )
        for theme in range(themes)
    ]


def _design(has_text: NDArray[np.bool_], mentions: csr_array, shown: NDArray[np.bool_]) -> csr_array:
    """Put mentions and controls side by side: (n, 2k + 3).

    Mentions too rare for a figure of their own are pooled into one control a side, so that the comments that hold
    them are not taken for comments that mention nothing.
    """
    themes, usual = len(shown) // 2, mentions @ _diagonal(shown)
    rare = [
        _binary(csr_array((mentions[:, side] @ (~shown[side]).astype(np.float64))[:, None]))
        for side in (slice(0, themes), slice(themes, None))
    ]
    text = csr_array(np.asarray(has_text, dtype=np.float64)[:, None])
    return csr_array(hstack([usual, text, *rare], format="csr"))


def _diagonal(shown: NDArray[np.bool_]) -> csr_array:
    size = len(shown)
    return csr_array((shown.astype(np.float64), (np.arange(size), np.arange(size))), shape=(size, size))


def _contrasts(shares: NDArray[np.float64], shown: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Ask for share-weighted sums of both sides (impact), then for each side alone: (2k + 3, 3k)."""
    themes = len(shares) // 2
    each = np.diag(shown.astype(np.float64))
    weighted = each * shares
    impact = weighted[:, :themes] + weighted[:, themes:]
    return np.vstack([np.hstack([impact, each]), np.zeros((3, 3 * themes))])
