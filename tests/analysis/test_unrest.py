"""How far shares move by themselves."""

import numpy as np
import pytest

from analysis.figures.unrest import (
    Sides,
    Sums,
    add_up,
    common_unrest,
    correlations,
    fortnights,
    in_light_of_others,
)

WEEKS, ANSWERS, SHARE = 12, 2000, 0.1
BOTH = np.array([True, True])


def sides(moved, columns=300, answers=ANSWERS, seed=1):
    """One place whose shares move by `moved` (log odds) after twelve weeks, of independent answers."""
    rng = np.random.default_rng(seed)
    odds = np.log(SHARE / (1 - SHARE)) + np.broadcast_to(moved, columns)
    before, now = rng.binomial(WEEKS * answers, SHARE, columns), rng.binomial(2 * answers, 1 / (1 + np.exp(-odds)))
    return Sides(
        *(
            Sums(part[None, :], np.full((1, columns), whole), np.full((1, columns), 1 / whole))
            for part, whole in ((before, WEEKS * answers), (now, 2 * answers))
        )
    )


@pytest.mark.parametrize("deviation", [0.1, 0.3])
def test_what_moves_every_share_is_estimated(deviation):
    moved = np.random.default_rng(3).normal(0, deviation, 300)
    assert common_unrest(sides(moved)) ** 0.5 == pytest.approx(deviation, rel=0.15)


def test_a_few_that_changed_are_not_taken_for_what_moves_all():
    moved = np.where(np.arange(300) < 15, 1.0, 0.0)
    assert common_unrest(sides(moved)) ** 0.5 < 0.05


def test_by_chance_alone_nothing_or_little_is_found():
    found = [common_unrest(sides(0.0, seed=seed)) ** 0.5 for seed in range(20)]
    assert np.median(found) <= 0.01
    assert max(found) < 0.04


def test_few_shares_tell_nothing_of_all():
    assert common_unrest(sides(1.0, columns=9)) == 0
    assert common_unrest(sides(1.0, columns=300, answers=2)) == 0


def test_all_shares_turned_upside_down_have_the_most_that_is_looked_for():
    assert common_unrest(sides(6.0)) == pytest.approx(4)


def sums(parts, whole):
    part = np.array(parts)[:, None]
    return Sums(part, np.full_like(part, whole), np.full(part.shape, 1 / whole))


def test_what_others_did_is_expected_as_far_as_it_is_sure_by_hand():
    found = in_light_of_others(Sides(sums([50, 100], 1000), sums([10, 30], 200)), common=0.04, known=BOTH)
    # of the first place the second: from 100.5 / 1001 to 30.5 / 201, log odds up by 0.47177; the variance of that is
    # (1 / 1000 + 1 / 200) / (0.1004 x 0.8996) = 0.066430, so that 0.04 / 0.10643 = 0.37583 of it is believed
    assert found.moved[0, 0] == pytest.approx(0.37583 * 0.47177, abs=1e-4)
    assert found.open[0, 0] == pytest.approx(0.04 * (1 - 0.37583), abs=1e-5)
    odds = 50.5 / 950.5 * np.exp(found.moved[0, 0])
    expected = odds / (1 + odds)
    assert found.expected[0, 0] == pytest.approx(expected)
    spread = 1 / 200 + 1 / 1000 + expected * (1 - expected) * found.open[0, 0]
    assert found.spread[0, 0] == pytest.approx(spread)


def test_nothing_is_expected_where_nothing_moves_all_or_the_others_are_silent_or_new():
    still = in_light_of_others(Sides(sums([50, 100], 1000), sums([10, 30], 200)), 0.0, BOTH)
    assert (still.moved == 0).all()
    assert (still.open == 0).all()
    silent = Sums(np.array([[10], [0]]), np.array([[200], [0]]), np.array([[1 / 200], [np.inf]]))
    alone = in_light_of_others(Sides(sums([50, 100], 1000), silent), 0.04, BOTH)
    assert (alone.moved[0, 0], alone.open[0, 0]) == (0, 0.04)
    new = in_light_of_others(Sides(sums([50, 100], 1000), sums([10, 30], 200)), 0.04, np.array([True, False]))
    assert (new.moved[0, 0], new.open[0, 0]) == (0, 0.04)


def test_weeks_are_added_up_two_by_two_the_newest_together():
    assert fortnights(np.array([[1, 9], [2, 8], [3, 7], [4, 6]])).tolist() == [[3, 17], [7, 13]]
    assert fortnights(np.array([1, 2, 3, 4, 5])).tolist() == [1, 5, 9]
    assert fortnights(np.zeros((0, 2), int)).shape == (0, 2)


def test_the_variance_of_a_sum_of_fortnights_by_hand():
    # two of 10 and 20 answers with correlation 0.1: (30 + (90 + 380) / 10) / 30^2
    found = add_up(np.array([[[1]], [[3]]]), np.array([[10], [20]]), np.array([0.1]))
    assert (found.part.tolist(), found.whole.tolist()) == ([[4]], [[30]])
    assert found.spread[0, 0] == pytest.approx(77 / 900)
    assert found.effective(0, 0) == pytest.approx((4 / (77 / 30), 30 / (77 / 30)))


def test_correlations_are_those_that_the_answers_were_made_of():
    # shares of a beta distribution with a + b = 49: answers of one time go together with 1 / 50
    rng = np.random.default_rng(5)
    wholes = np.full((WEEKS, 40), 100)
    restless = rng.binomial(100, rng.beta(49 * SHARE, 49 * (1 - SHARE), (WEEKS, 40, 10)))
    found, freedom = correlations(restless, wholes)
    assert found == pytest.approx(np.full(10, 0.02), abs=0.005)
    assert (freedom > 40 * (WEEKS - 1)).all()
    still, _ = correlations(rng.binomial(100, SHARE, (WEEKS, 40, 10)), wholes)
    assert still == pytest.approx(np.zeros(10), abs=0.002)
