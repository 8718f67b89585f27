"""Week, channel and visit count as columns of a regression: who answers when, and how, must not look like a theme."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, hstack

FEWEST_ANSWERS = 10
"""A level (a week, a channel) with fewer responses has no column of its own: all such ones share one."""


def dummies(circumstances: NDArray[np.integer]) -> csr_array:
    """Turn (n, c) numbers of levels into (n, m) columns of zeros and ones.

    The level with most responses of each circumstance (the least number of several) is the one compared with, and has
    no column; rare levels share one, or none when they are few together.
    """
    n = len(circumstances)
    made = [_columns(circumstances[:, place]) for place in range(circumstances.shape[1])]
    return csr_array(hstack([csr_array((n, 0)), *made], format="csr"))


def _columns(levels: NDArray[np.integer]) -> csr_array:
    _, numbers, counts = np.unique(levels, return_inverse=True, return_counts=True)
    columns = np.full(len(counts) + 1, -1, dtype=np.int64)
    others = [level for level in np.argsort(-counts, kind="stable")[1:].tolist() if counts[level] >= FEWEST_ANSWERS]
    columns[others] = np.arange(len(others))
    rare = counts < FEWEST_ANSWERS
    if FEWEST_ANSWERS <= counts[rare].sum() < len(levels):
        columns[:-1][rare] = len(others)
    of_rows = columns[numbers]
    rows = np.flatnonzero(of_rows >= 0)
    width = int(columns.max(initial=-1)) + 1
    return csr_array(coo_array((np.ones(len(rows)), (rows, of_rows[rows])), shape=(len(levels), width)))
