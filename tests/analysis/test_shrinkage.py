import numpy as np
import pytest

from analysis.figures.nps import nps
from analysis.figures.shrinkage import Chain, chain_of, shrunken
from analysis.results import Estimate, NpsResult


def answers(promoters: int, passives: int, detractors: int) -> NpsResult:
    return nps([detractors, *[0] * 6, passives, 0, 0, promoters])


def test_a_store_in_a_chain_of_known_strength_computed_by_hand() -> None:
    # alphas 4 + 5, 8 + 3, 8 + 2: mean (9 - 10) / 30, variance (19/30 - 1/900) / 31 = 0.0203943, 1.96 deviations 27.9901
    chain = Chain(np.array([20.0]), np.array([[0.2, 0.4, 0.4]]), np.array([1.0]), np.array([0.0]))
    (found,) = shrunken([answers(5, 3, 2)], chain)
    assert found.value == pytest.approx(-3.3333, abs=1e-4)
    assert (found.low, found.high) == (pytest.approx(-31.3234, abs=2e-3), pytest.approx(24.6567, abs=2e-3))


@pytest.mark.parametrize("stores", [[], [answers(1, 2, 3)] * 2, [answers(1, 2, 3)] * 2 + [answers(0, 0, 0)] * 5])
def test_of_fewer_than_three_stores_with_answers_nothing_is_learned(stores: list[NpsResult]) -> None:
    assert chain_of(stores) is None


def test_a_store_with_few_answers_is_drawn_to_the_chain_and_one_with_many_stays() -> None:
    chain = chain_of([answers(20, 40, 40)] * 10 + [answers(30, 40, 30)] * 10)
    assert chain is not None
    none, few, many = shrunken([answers(0, 0, 0), answers(10, 0, 0), answers(9000, 0, 1000)], chain)
    assert none.value == pytest.approx(-10, abs=0.2)
    assert -10 < few.value < 0
    assert many.value == pytest.approx(80, abs=2)
    widths = [each.high - each.low for each in (many, few, none)]
    assert widths == sorted(widths)


def test_stores_that_differ_much_are_drawn_less_than_stores_that_are_alike() -> None:
    small = answers(10, 0, 0)
    alike, unlike = chain_of([answers(30, 40, 30)] * 12), chain_of([answers(80, 10, 10), answers(10, 10, 80)] * 6)
    assert alike is not None
    assert unlike is not None
    assert shrunken([small], alike)[0].value < shrunken([small], unlike)[0].value


def test_all_stores_full_marks_gives_a_high_figure_within_bounds() -> None:
    chain = chain_of([answers(10, 0, 0)] * 5)
    assert chain is not None
    (found,) = shrunken([answers(10, 0, 0)], chain)
    assert 90 < found.value < found.high <= 100
    assert found.low > 47.5  # what the store alone would say


def test_the_order_of_stores_changes_nothing_but_the_order() -> None:
    stores = [answers(store, 5, 12 - store) for store in range(12)]
    one, other = chain_of(stores), chain_of(stores[::-1])
    assert one is not None
    assert other is not None
    for forth, back in zip(shrunken(stores, one), shrunken(stores[::-1], other)[::-1], strict=True):
        assert forth == Estimate(
            pytest.approx(back.value), pytest.approx(back.low, abs=1e-3), pytest.approx(back.high, abs=1e-3)
        )
