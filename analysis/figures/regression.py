"""Sparse least squares with store effects, and intervals that hold for few stores (docs/statistics.md)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import stdtrit

from analysis.results import Estimate

Floats = NDArray[np.float64]

FEWEST_STORES = 5.0
"""A figure that fewer (effective) stores carry gets an interval from its answers instead of its stores."""

PRIOR_ANSWERS = 3.0
"""So many made-up answers, as varied as all answers, stand behind each variance (as with the NPS itself)."""

_CHUNK = 4_000
_STORES_AT_ONCE = 32
_TINY = 1e-9
_SEPARABLE = 1e-7
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows sorted by store. `design`: (n, p); `outcome`: (n,); `starts`: (G + 1,) first row of each store, then n."""

    design: csr_array
    outcome: Floats
    starts: NDArray[np.int64]

    @property
    def sizes(self) -> Floats:
        return np.diff(self.starts).astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Fit:
    """`basis`: (p, r) with basis @ basis.T the inverse of what varies within stores; `directions`: (r, J) contrasts."""

    beta: Floats
    means: Floats
    effects: Floats
    basis: Floats
    directions: Floats
    known: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Moments:
    """`totals`: (G, p) sums of each store; `raw`: (p, p) design.T @ design; `within`: that about the stores' means."""

    totals: Floats
    raw: Floats
    within: Floats


def sort_by_store(design: csr_array, outcome: Floats, stores: NDArray[np.integer]) -> Sample:
    """Bring rows into the order of their stores. `stores`: (n,) any whole numbers that tell stores apart."""
    order = np.argsort(stores, kind="stable")
    _, firsts = np.unique(stores[order], return_index=True)
    return Sample(design[order], outcome[order], np.append(firsts, len(order)).astype(np.int64))


def estimate(sample: Sample, contrasts: Floats) -> tuple[Estimate, ...]:
    """Estimate linear combinations of the coefficients of a regression with one free level for each store.

    `contrasts`: (p, J), a column for each figure wanted. A figure that the columns can't tell apart is None, and so
    is every figure where the outcome does not vary or the answers do not suffice. The interval (95 %) is clustered
    by store: CR2 with Satterthwaite degrees of freedom (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018), or
    HC2 where too few stores carry the figure. It is never narrower than three answers as varied as all others make
    it: ten complaints that all came with a low score are no proof that every one does.
    """
    fit = _fit(sample, contrasts)
    residuals = _residuals(sample, fit)
    left = len(sample.outcome) - len(fit.effects) - fit.basis.shape[1]
    if left < 1 or float(residuals @ residuals) <= _TINY * max(float(sample.outcome @ sample.outcome), 1.0):
        return tuple(Estimate(None) for _ in range(contrasts.shape[1]))
    clustered, freedom = _by_store(sample, fit)
    single, answers = _by_answer(sample, fit, residuals)
    few = freedom < FEWEST_STORES
    variance, freedom = np.where(few, single, clustered), np.where(few, answers, freedom)
    pooled = float(residuals @ residuals) / left * (fit.directions**2).sum(axis=0)
    mixed = (answers * variance + PRIOR_ANSWERS * pooled) / (answers + PRIOR_ANSWERS)
    return _intervals(contrasts.T @ fit.beta, np.maximum(variance, mixed), freedom, fit.known)


def inseparable(sample: Sample) -> NDArray[np.bool_]:
    """Tell which columns can be estimated only together with which others: (p, p), symmetric, never with itself."""
    varies, _, values, vectors = _directions(_moments(sample))
    lost = vectors[:, values <= _SEPARABLE]
    tied = np.abs(lost @ lost.T) > np.sqrt(_SEPARABLE)
    return np.asarray(tied & np.outer(varies, varies) & ~np.eye(len(varies), dtype=np.bool_))


def _intervals(values: Floats, variance: Floats, freedom: Floats, known: NDArray[np.bool_]) -> tuple[Estimate, ...]:
    half = stdtrit(np.maximum(freedom, 1.0), 0.975) * np.sqrt(variance)
    # sums of many rows differ in their last bits with the order of rows: figures must not
    figures = np.round(np.stack([values, values - half, values + half]), _DIGITS) + 0.0
    return tuple(
        Estimate(float(value), float(low), float(high)) if sure else Estimate(None)
        for value, low, high, sure in zip(*figures, known, strict=True)
    )


def _fit(sample: Sample, contrasts: Floats) -> _Fit:
    """Solve the normal equations of what varies within stores; all their entries are sums, so nothing is dense in n."""
    outcome, sizes, moments = sample.outcome, sample.sizes, _moments(sample)
    sums, means = np.add.reduceat(outcome, sample.starts[:-1]), moments.totals / sizes[:, None]
    basis, known = _basis(moments, contrasts)
    beta = basis @ (basis.T @ (sample.design.T @ outcome - moments.totals.T @ (sums / sizes)))
    return _Fit(beta, means, sums / sizes - means @ beta, basis, basis.T @ contrasts, known)


def _moments(sample: Sample) -> _Moments:
    totals = (_membership(sample) @ sample.design).toarray()
    raw = (sample.design.T @ sample.design).toarray()
    return _Moments(totals, raw, raw - totals.T @ (totals / sample.sizes[:, None]))


def _membership(sample: Sample) -> csr_array:
    """One row a store with a one at each of its answers, (G, n)."""
    n = len(sample.outcome)
    return csr_array((np.ones(n), np.arange(n), sample.starts), shape=(len(sample.starts) - 1, n))


def _directions(moments: _Moments) -> tuple[NDArray[np.bool_], Floats, Floats, Floats]:
    """Split what varies within stores: which columns do, their scales, and eigenvalues and -vectors of the scaled."""
    within = moments.within
    varies = within.diagonal() > _TINY * np.maximum(moments.raw.diagonal(), 1.0)
    scale = np.where(varies, 1 / np.sqrt(np.where(varies, within.diagonal(), 1.0)), 0.0)
    values, vectors = np.linalg.eigh(within * np.outer(scale, scale))
    return varies, scale, values, vectors


def _basis(moments: _Moments, contrasts: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the directions that vary within stores; tell which contrasts the columns can determine."""
    varies, scale, values, vectors = _directions(moments)
    kept = values > _SEPARABLE
    scaled = contrasts * np.where(varies, scale, 1.0)[:, None]
    lost = np.linalg.norm(vectors[:, ~kept].T @ scaled, axis=0)
    known = lost < np.sqrt(_SEPARABLE) * np.linalg.norm(scaled, axis=0)
    return scale[:, None] * vectors[:, kept] / np.sqrt(values[kept]), known


def _residuals(sample: Sample, fit: _Fit) -> Floats:
    levels = np.repeat(fit.effects, np.diff(sample.starts))
    return np.asarray(sample.outcome - levels - sample.design @ fit.beta, dtype=np.float64)


def _by_store(sample: Sample, fit: _Fit) -> tuple[Floats, Floats]:
    """Compute CR2 variances and their degrees of freedom, (J,) each, in the space of the r directions."""
    rank, count = fit.directions.shape
    variance, own, own_squared, mixed = (np.zeros(count) for _ in range(4))
    outer = np.zeros((count, rank, rank))
    for shares, scores in _blocks_of_stores(sample, fit):
        values, vectors = np.linalg.eigh(shares)
        values = np.clip(values, 0.0, 1.0)
        # a direction that lives in this store alone says nothing about how stores differ: it gets no weight
        grown = np.where(values < 1 - _SEPARABLE, 1 / np.sqrt(np.maximum(1 - values, _SEPARABLE)), 0.0)
        turned = vectors.swapaxes(1, 2) @ fit.directions
        pulls = (scores[:, None, :] @ vectors) * grown[:, None, :] @ turned
        variance += _squares(pulls[:, 0, :])
        diagonal = ((values * grown**2)[:, None, :] @ turned**2)[:, 0, :]
        spread = vectors @ ((values * grown)[:, :, None] * turned)
        squared = np.einsum("brj,brj->bj", spread, spread)
        own += (diagonal - squared).sum(axis=0)
        own_squared += _squares(diagonal)
        mixed += (diagonal * squared).sum(axis=0)
        by_figure = np.ascontiguousarray(spread.transpose(2, 1, 0))
        outer += by_figure @ by_figure.swapaxes(1, 2)
    squares = own_squared - 2 * mixed + np.einsum("jrs,jrs->j", outer, outer)
    freedom = np.divide(own**2, squares, out=np.zeros(count), where=squares > 0)
    return variance, freedom


def _blocks_of_stores(sample: Sample, fit: _Fit) -> Iterator[tuple[Floats, Floats]]:
    """Yield a block of stores at a time: their shares of the information (b, r, r) and their scores (b, r)."""
    for first in range(0, len(sample.starts) - 1, _STORES_AT_ONCE):
        block = slice(first, min(first + _STORES_AT_ONCE, len(sample.starts) - 1))
        sizes, means = sample.sizes[block, None], fit.means[block]
        grams, sums = _sums_of_stores(sample, block)
        grams_beta = grams @ fit.beta
        scores = sums - grams_beta - fit.effects[block, None] * sizes * means
        within = grams - (sizes * means)[:, :, None] * means[:, None, :]
        yield fit.basis.T @ within @ fit.basis, scores @ fit.basis


def _sums_of_stores(sample: Sample, block: slice) -> tuple[Floats, Floats]:
    """Return design.T @ design (b, p, p) and design.T @ outcome (b, p) of each store of a block."""
    starts = sample.starts[block.start : block.stop + 1]
    rows, outcome = sample.design[starts[0] : starts[-1]], sample.outcome[starts[0] : starts[-1]]
    dense = rows.toarray() if rows.shape[0] <= _CHUNK else None  # few rows are quicker dense
    grams, sums = [], []
    for start, stop in zip(starts[:-1] - starts[0], starts[1:] - starts[0], strict=True):
        if dense is None:
            part = rows[start:stop]
            grams.append((part.T @ part).toarray())
            sums.append(part.T @ outcome[start:stop])
        else:
            grams.append(dense[start:stop].T @ dense[start:stop])
            sums.append(dense[start:stop].T @ outcome[start:stop])
    return np.stack(grams), np.stack(sums)


def _squares(columns: Floats) -> Floats:
    """Sum the squares of each column; several times as quick as squaring into a new array."""
    return np.asarray(np.einsum("ij,ij->j", columns, columns))


def _by_answer(sample: Sample, fit: _Fit, residuals: Floats) -> tuple[Floats, Floats]:
    """Compute HC2 variances and the effective numbers of answers behind them, (J,) each, a chunk of rows at a time."""
    rank, count = fit.directions.shape
    both = np.hstack([fit.basis, fit.basis @ fit.directions])
    centres, stores = fit.means @ both, np.repeat(np.arange(len(fit.means)), np.diff(sample.starts))
    inverse = 1 / sample.sizes
    variance, second, fourth = np.zeros(count), np.zeros(count), np.zeros(count)
    for start in range(0, len(residuals), _CHUNK):
        part = slice(start, start + _CHUNK)
        rows = sample.design[part] @ both - centres[stores[part]]
        leverage = np.minimum(
            np.einsum("nr,nr->n", rows[:, :rank], rows[:, :rank]) + inverse[stores[part]], 1 - _SEPARABLE
        )
        pulls = rows[:, rank:] ** 2
        variance += (residuals[part] ** 2 / (1 - leverage)) @ pulls
        second += np.ones(len(pulls)) @ pulls
        fourth += _squares(pulls)
    return variance, np.divide(second**2, fourth, out=np.zeros(count), where=fourth > 0)
