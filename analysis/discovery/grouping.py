"""Short passages into groups that speak of the same: near in meaning, or held together by words that come together.

A passage is the weighted mean of the vectors of its words, beside its place in the latent semantics of the sample
itself. Each passage is joined to its nearest neighbours; groups are what this graph holds together more than chance
would (modularity, Newman and Girvan 2004), so nobody says how many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from threadpoolctl import threadpool_limits

from analysis.reading.vectors import WordVectors, unit
from analysis.results import Token

Matrix = NDArray[np.float64]
SPEAKS = {"noun": 1.0, "adjective": 0.7, "verb": 0.4, "adverb": 0.1, "other": 0.2}
"""How much a word tells of the subject: nouns are what is spoken of."""

_NEIGHBOURS = 25
_SHARE_OF_MANY, _SHARE_OF_FEW = 100, 20
"""In a large sample a hundredth of the passages are neighbours, in a small one a twentieth."""
_FEWEST_NEIGHBOURS = 4
_FEWEST_PLACES = 3
_CLEARLY_APART = 0.2
"""The modularity below which there is only one group."""
_SEEDS = 60
"""The small groups that the merging begins with."""
_STARTS = 8
"""The groups that hold together best are kept."""
_DIMENSIONS = 60
_WORD_DIMENSIONS = 100
_COOCCURRENCE = 0.5
"""What co-occurrence counts beside the vectors."""
_ROWS_AT_ONCE = 1000
_MOST_MOVES = 10


@dataclass(frozen=True, slots=True)
class Terms:
    """Which passage holds which word: `held` has a row for each passage and a column for each of `tokens`, by key."""

    tokens: tuple[Token, ...]
    held: sparse.csr_matrix

    @property
    def holders(self) -> Matrix:
        """How many passages hold each word."""
        return np.asarray(self.held.sum(axis=0), np.float64).ravel()


def terms_of(passages: Sequence[Sequence[Token]]) -> Terms:
    """Count every word once a passage, and the parts of compound nouns: 子供用ベッド also speaks of ベッド.

    A word that is written in several ways stands as the first of them, one that is only a part has no surface.
    """
    tokens: dict[str, Token] = {}
    for token in (token for passage in passages for token in passage):
        known = tokens.get(token.key)
        if known is None or not known.surface or token.surface < known.surface:
            tokens[token.key] = token
        for part in _parts(token):
            tokens.setdefault(part, Token(part, "", "noun"))
    place = {key: column for column, key in enumerate(sorted(tokens))}
    keys = [{key for token in passage for key in (token.key, *_parts(token))} for passage in passages]
    columns = [sorted(place[key] for key in found) for found in keys]
    ends = np.cumsum([0, *map(len, columns)])
    flat = np.fromiter((column for found in columns for column in found), np.int64, int(ends[-1]))
    held = sparse.csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(passages), len(place)))
    return Terms(tuple(tokens[key] for key in sorted(tokens)), held)


def _parts(token: Token) -> tuple[str, ...]:
    return tuple(part for part in token.parts if len(part) > 1) if token.pos == "noun" else ()


def group_passages(terms: Terms, vectors: WordVectors | None, seed: int) -> NDArray[np.int64]:
    """The number of the group of each passage, from 0. Their order must not depend on how they are stored."""
    if min(terms.held.shape) < _FEWEST_PLACES:
        return np.zeros(terms.held.shape[0], np.int64)
    with threadpool_limits(1):
        # a hundred times the same words are one place: they must not be each other's only neighbours
        places, same = np.unique(np.round(_places(terms, vectors, seed), 6), axis=0, return_inverse=True)
        if len(places) < _FEWEST_PLACES:
            return np.zeros(len(same), np.int64)
        near = _neighbours(places)
        found = [_from_start(places, near, seed + start) for start in range(_STARTS)]
    best = max(found, key=lambda groups: round(_modularity(near, groups), 6))
    if _modularity(near, best) < _CLEARLY_APART:
        return np.zeros(len(same), np.int64)
    return np.asarray(best[same.ravel()])


def _from_start(places: Matrix, near: sparse.csr_matrix, seed: int) -> NDArray[np.int64]:
    small = KMeans(min(_SEEDS, len(places) // 2), n_init=1, random_state=seed)
    return _moved(near, _merged(near, _numbered(small.fit_predict(places))))


def _modularity(near: sparse.csr_matrix, groups: NDArray[np.int64]) -> float:
    """How much more the groups hold together than chance would let them."""
    ties = _ties(near, groups)
    return float(np.trace(ties) - (ties.sum(axis=1) ** 2).sum())


def _ties(near: sparse.csr_matrix, groups: NDArray[np.int64]) -> Matrix:
    """How much of all likeness lies between which groups."""
    ties = _likeness(near, groups, groups)
    return np.asarray(ties / max(ties.sum(), 1e-9))


def _likeness(near: sparse.csr_matrix, one: NDArray[np.int64], other: NDArray[np.int64]) -> Matrix:
    """The sums of likeness between the passages of each number in `one` and those of each number in `other`."""
    rows, columns = int(one.max()) + 1, int(other.max()) + 1
    cells = np.repeat(one * columns, np.diff(near.indptr)) + other[near.indices]
    return np.asarray(np.bincount(cells, near.data, rows * columns), np.float64).reshape(rows, columns)


def _places(terms: Terms, vectors: WordVectors | None, seed: int) -> Matrix:
    """One point a passage; what all of them share is taken away."""
    rarity = np.log((terms.held.shape[0] + 1) / (terms.holders + 1)) + 1
    weighted = terms.held.multiply(rarity * np.array([SPEAKS[token.pos] for token in terms.tokens])).tocsr()
    together = unit(_reduced(_unit_rows(weighted), seed))
    if vectors is None:
        return together
    meaning = unit(weighted @ vectors.of_tokens(terms.tokens).astype(np.float64))
    joined = np.hstack([unit(meaning - meaning.mean(axis=0)), _COOCCURRENCE * together])
    centred = joined - joined.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    return unit(np.asarray(centred @ directions[:, ::-1][:, :_DIMENSIONS]))


def _unit_rows(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    """Every sparse row at length 1; empty rows stay."""
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sparse.csr_matrix(rows.multiply(1 / np.maximum(lengths, 1e-9)[:, None]))


def _reduced(rows: sparse.csr_matrix, seed: int) -> Matrix:
    dimensions = min(_WORD_DIMENSIONS, *(size - 1 for size in rows.shape))
    if dimensions < _FEWEST_PLACES:
        return np.asarray(rows.todense())
    with np.errstate(invalid="ignore"):  # passages that are all alike have no variance to explain a share of
        return np.asarray(TruncatedSVD(dimensions, random_state=seed).fit_transform(rows))


def _neighbours(places: Matrix) -> sparse.csr_matrix:
    """How near each passage is to its nearest ones, made symmetric."""
    count = len(places)
    most = max(_NEIGHBOURS, count // _SHARE_OF_MANY)
    wanted = min(max(count // _SHARE_OF_FEW, _FEWEST_NEIGHBOURS), most, count - 1)
    points = places.astype(np.float32)
    blocks = [_nearest(points, start, wanted) for start in range(0, count, _ROWS_AT_ONCE)]
    graph = sparse.csr_matrix(sparse.vstack(blocks))
    return sparse.csr_matrix((graph + graph.T) / 2)


def _nearest(points: NDArray[np.float32], start: int, wanted: int) -> sparse.csr_matrix:
    """The likeness of some passages to their nearest ones, and to all that are just as near as the last of these."""
    likeness = points[start : start + _ROWS_AT_ONCE] @ points.T
    likeness[np.arange(len(likeness)), np.arange(start, start + len(likeness))] = -np.inf
    last = np.partition(likeness, -wanted, axis=1)[:, -wanted]
    rows, columns = np.nonzero(likeness >= last[:, None])
    return sparse.csr_matrix((np.maximum(likeness[rows, columns], 0), (rows, columns)), shape=likeness.shape)


def _merged(near: sparse.csr_matrix, groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Join the two groups that gain most by it, until no pair gains."""
    ties = _ties(near, groups)
    into = np.arange(len(ties))
    while True:
        expected = ties.sum(axis=1)
        gain = np.round(np.triu(ties - np.outer(expected, expected), 1), 12)
        first, second = divmod(int(gain.argmax()), len(ties))
        if gain[first, second] <= 0:
            return _numbered(into[groups])
        for axis in (ties, ties.T):
            axis[first] += axis[second]
            axis[second] = 0
        into[into == second] = first


def _moved(near: sparse.csr_matrix, groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Move every passage to the group that holds it most, a few times or until none moves."""
    ties, each = np.asarray(near.sum(axis=1)).ravel(), np.arange(len(groups))
    for _ in range(_MOST_MOVES):
        expected = np.outer(ties, np.bincount(groups, ties) / max(ties.sum(), 1e-9))
        better = _numbered(np.round(_likeness(near, each, groups) - expected, 9).argmax(axis=1))
        if np.array_equal(better, groups):
            break
        groups = better
    return groups


def _numbered(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(groups, return_inverse=True)[1]
