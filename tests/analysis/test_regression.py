import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import t as student

from analysis.figures import regression
from analysis.results import Estimate

Floats = NDArray[np.float64]


@pytest.fixture
def rows() -> tuple[Floats, Floats, NDArray[np.int64]]:
    """A design with 4 columns, an outcome and 9 stores."""
    rng = np.random.default_rng(1)
    design = (rng.random((400, 4)) < [0.5, 0.2, 0.15, 0.1]).astype(float)
    return design, rng.choice([-100.0, 0.0, 100.0], 400), rng.integers(0, 9, 400) * 7


def textbook(design: Floats, outcome: Floats, stores: NDArray[np.int64], contrast: Floats) -> tuple[float, ...]:
    """Value, CR2 variance and its degrees of freedom, HC2 variance: as the papers write them, dense in the rows."""
    dummies = (stores[:, None] == np.unique(stores)).astype(float)
    full = np.hstack([dummies, design])
    wanted = np.append(np.zeros(dummies.shape[1]), contrast)
    inverse = np.linalg.inv(full.T @ full)
    beta = inverse @ full.T @ outcome
    left, pull = np.eye(len(outcome)) - full @ inverse @ full.T, full @ inverse @ wanted
    residuals, weights = outcome - full @ beta, np.zeros_like(dummies)
    for store in range(dummies.shape[1]):
        own = dummies[:, store] > 0
        values, vectors = np.linalg.eigh(left[np.ix_(own, own)])
        kept = values > 1e-9
        root = vectors[:, kept] / np.sqrt(values[kept]) @ vectors[:, kept].T
        weights[own, store] = root @ pull[own]
    spread = weights.T @ left @ weights
    freedom = np.trace(spread) ** 2 / (spread**2).sum()
    clustered = float(((weights.T @ residuals) ** 2).sum())
    return float(wanted @ beta), clustered, freedom, float((pull**2 * residuals**2 / np.diag(left)).sum())


def half_width(estimate: Estimate) -> float:
    return (estimate.high - estimate.low) / 2


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals as the papers have them, without the made-up answers."""
    monkeypatch.setattr(regression, "PRIOR_ANSWERS", 0.0)


@pytest.mark.usefixtures("plain")
def test_values_and_intervals_are_those_of_the_papers(rows: tuple[Floats, Floats, NDArray[np.int64]]) -> None:
    contrasts = np.column_stack([np.eye(4), [0.0, 0.2, 0.15, 0.0]])
    found = regression.estimate(regression.sort_by_store(csr_array(rows[0]), *rows[1:]), contrasts)
    for estimate, contrast in zip(found, contrasts.T, strict=True):
        value, variance, freedom, _ = textbook(*rows, contrast)
        half = student.ppf(0.975, freedom) * variance**0.5
        assert (estimate.value, half_width(estimate)) == (pytest.approx(value, abs=1e-5), pytest.approx(half, abs=1e-5))


@pytest.mark.usefixtures("plain")
def test_few_stores_get_the_interval_of_their_answers(rows: tuple[Floats, Floats, NDArray[np.int64]]) -> None:
    design, outcome, stores = rows[0], rows[1], rows[2] // 21
    (found,) = regression.estimate(regression.sort_by_store(csr_array(design), outcome, stores), np.eye(4)[:, [1]])
    value, _, freedom, variance = textbook(design, outcome, stores, np.eye(4)[1])
    assert freedom < regression.FEWEST_STORES
    assert found.value == pytest.approx(value, abs=1e-5)
    assert half_width(found) == pytest.approx(1.976 * variance**0.5, rel=0.005)


def test_two_groups_in_one_store_computed_by_hand() -> None:
    # means -60 and 30; HC2 is Welch's variance: 44000/9/10 + 61000/9/10 = 1166.667; t(20) = 2.08596
    outcome = np.array([-100.0] * 7 + [0.0] * 2 + [100.0] + [-100.0] * 2 + [0.0] * 3 + [100.0] * 5)
    design = csr_array(np.repeat([1.0, 0.0], 10)[:, None])
    sample = regression.sort_by_store(design, outcome, np.zeros(20, dtype=np.int64))
    assert regression.estimate(sample, np.eye(1)) == (
        Estimate(-90.0, pytest.approx(-161.2492, abs=1e-4), pytest.approx(-18.7508, abs=1e-4)),
    )


def test_complaints_that_all_agree_keep_a_width_computed_by_hand() -> None:
    # ten at -100, thirty around 0: HC2 344.828 from 17.143 effective answers, pooled 1052.632;
    # (17.143 * 344.828 + 3 * 1052.632) / 20.143 = 450.244, t(17.143) = 2.10853
    outcome = np.array([-100.0] * 10 + [-100.0, 100.0] * 15)
    design = csr_array((np.arange(40) < 10).astype(float)[:, None])
    sample = regression.sort_by_store(design, outcome, np.zeros(40, dtype=np.int64))
    (found,) = regression.estimate(sample, np.eye(1))
    assert (found.value, half_width(found)) == (-100.0, pytest.approx(44.741, abs=2e-3))


def test_identical_columns_can_not_be_told_apart_but_their_sum_can(
    rows: tuple[Floats, Floats, NDArray[np.int64]],
) -> None:
    design, outcome, stores = rows
    doubled = np.hstack([design, design[:, [1]]])
    contrasts = np.column_stack([np.eye(5), [0.0, 1.0, 0.0, 0.0, 1.0]])
    found = regression.estimate(regression.sort_by_store(csr_array(doubled), outcome, stores), contrasts)
    single = regression.estimate(regression.sort_by_store(csr_array(design), outcome, stores), np.eye(4))
    expected = (single[0], Estimate(None), single[2], single[3], Estimate(None), single[1])
    assert [shown(estimate) for estimate in found] == [shown(estimate) for estimate in expected]


def shown(estimate: Estimate) -> tuple[float | None, ...]:
    return tuple(figure if figure is None else round(figure, 4) for figure in vars_of(estimate))


def vars_of(estimate: Estimate) -> tuple[float | None, ...]:
    return estimate.value, estimate.low, estimate.high


@pytest.mark.parametrize(
    ("outcome", "stores"),
    [
        (np.full(30, 100.0), np.arange(30) % 3),  # nothing varies
        (np.arange(30) % 3 * 100.0, np.arange(30)),  # a store for every answer
        (np.arange(30) % 3 * 100.0, np.arange(30) % 3),  # stores explain everything
    ],
)
def test_nothing_to_compare_gives_no_figure(outcome: Floats, stores: NDArray[np.int64]) -> None:
    design = csr_array((np.arange(30) % 2 == 0).astype(float)[:, None])
    assert regression.estimate(regression.sort_by_store(design, outcome, stores), np.eye(1)) == (Estimate(None),)
