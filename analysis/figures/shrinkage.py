"""Small stores drawn toward their chain: what a store's NPS is likely to be, given all the stores (docs/statistics.md).

Each store's shares of promoters, passives and detractors are thought of as drawn from one Dirichlet distribution, the
chain's. A store with few answers is then mostly its chain, one with many mostly itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr

from analysis.results import Estimate, NpsResult

MINIMUM_STORES = 3
"""Of fewer stores nobody can tell how far stores differ."""

_STRENGTHS = 1 / np.linspace(0.008, 0.504, 63) - 1
"""How many answers the chain may weigh: even steps of the variance between stores, which goes with 1 / (1 + strength).

Even steps of the strength, or of a deviation, would say before any answer is seen that stores hardly differ; with the
variance the intervals cover what they say (Morris and Tang 2011, Estimating random effects via adjustment for density
maximization).
"""

_HALVINGS = 18
"""Halving 200 points so often leaves less than a thousandth of a point."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chain:
    """What a chain's stores say of a store of which nothing is known yet, for each possible strength of s answers.

    `shares`: of promoters, passives and detractors (rows add up to 1); `weights`: the probability of each
    strength; `variances`: of the chain's NPS as a fraction, as far as its stores leave it open.
    """

    strengths: Array
    shares: Array
    weights: Array
    variances: Array


def chain_of(stores: Sequence[NpsResult]) -> Chain | None:
    """Learn how far the stores of a chain differ; None for fewer than three stores with answers.

    The strength is not estimated but averaged over, by its Dirichlet-multinomial likelihood: few stores leave it open,
    and an interval that pretends to know it is too short.
    """
    counts = np.array([_counts(store) for store in stores if store.n], dtype=float).reshape(-1, 3)
    if len(counts) < MINIMUM_STORES:
        return None
    size = counts.sum(axis=1)
    # what a store's answers weigh: as many as they are where stores are alike, one a store where they differ
    weight = size * (1 + _STRENGTHS[:, None]) / (size + _STRENGTHS[:, None])
    # half an answer of each kind: a chain without one detractor may still meet one
    shares = weight @ (counts / size[:, None]) + 0.5
    shares /= shares.sum(axis=1, keepdims=True)
    likelihood = np.array([_log_likelihood(counts, alpha) for alpha in _STRENGTHS[:, None] * shares])
    # the chain's own two shares are averaged over as well, not taken for known
    likelihood -= np.log(weight.sum(axis=1))
    weights = np.exp(likelihood - likelihood.max())
    variances = _answer_variance(shares) / weight.sum(axis=1)
    return Chain(_STRENGTHS, shares, weights / weights.sum(), variances)


def shrunken(stores: Sequence[NpsResult], chain: Chain) -> tuple[Estimate, ...]:
    """Compute the NPS in points of each store drawn toward its chain, with its 95 % interval; also without answers.

    The interval is that of normal distributions with the mean and variance of the posterior, one for each strength.
    """
    counts = np.array([_counts(store) for store in stores], dtype=float).reshape(-1, 1, 3)
    alphas = chain.strengths[:, None] * chain.shares + counts
    size = alphas.sum(axis=2)
    means = (alphas[..., 0] - alphas[..., 2]) / size
    variances = _answer_variance(alphas / size[..., None]) / (size + 1)
    variances += (chain.strengths / size) ** 2 * chain.variances
    low, high = (_quantile(tail, means, variances, chain.weights) for tail in (0.025, 0.975))
    return tuple(
        Estimate(100 * float(value), float(below), float(above))
        for value, below, above in zip(means @ chain.weights, low, high, strict=True)
    )


def _counts(store: NpsResult) -> tuple[int, int, int]:
    return store.promoters, store.passives, store.detractors


def _answer_variance(shares: Array) -> Array:
    """Variance of one answer counted as 1, 0 or -1, for each three shares."""
    difference: Array = shares[..., 0] - shares[..., 2]
    variance: Array = shares[..., 0] + shares[..., 2] - difference**2
    return variance


def _log_likelihood(counts: Array, alpha: Array) -> float:
    """Log likelihood of all stores under a Dirichlet-multinomial, but for what alpha leaves unchanged (Minka 2000)."""
    total, size = alpha.sum(), counts.sum(axis=1)
    each = gammaln(counts + alpha).sum(axis=1) - gammaln(size + total)
    return float((each + gammaln(total) - gammaln(alpha).sum()).sum())


def _quantile(tail: float, means: Array, variances: Array, weights: Array) -> Array:
    """Find, by halving, the point below which a mixture of normal distributions holds `tail`, for each row."""
    deviations = np.sqrt(variances)
    low, high = -np.ones(len(means)), np.ones(len(means))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        beyond = ndtr((middle[:, None] - means) / deviations) @ weights > tail
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    result: Array = 100 * (low + high) / 2
    return result
