from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures import nps as figures
from analysis.figures.nps import answers_for, change, more_needed, nps, pool, smallest_change
from analysis.results import Estimate, NpsResult

TRUTHS = {-80: (0.05, 0.85), -40: (0.15, 0.55), 0: (0.3, 0.3), 40: (0.55, 0.15), 80: (0.85, 0.05)}
"""NPS in points -> shares of promoters and detractors."""


def answers(promoters: int, passives: int, detractors: int) -> NpsResult:
    return nps([detractors, *[0] * 6, passives, 0, 0, promoters])


def probability(n: int, promoters: int, detractors: int, truth: tuple[float, float]) -> float:
    up, down = truth
    ways = comb(n, promoters) * comb(n - promoters, detractors)
    return ways * up**promoters * down**detractors * (1 - up - down) ** (n - promoters - detractors)


def coverage(n: int, truth: tuple[float, float]) -> float:
    """How often the interval holds the truth: the sum over every sample that can occur."""
    value, total = 100 * (truth[0] - truth[1]), 0.0
    for promoters in range(n + 1):
        for detractors in range(n - promoters + 1):
            shown = answers(promoters, n - promoters - detractors, detractors).estimate
            if shown.low - 1e-9 <= value <= shown.high + 1e-9:
                total += probability(n, promoters, detractors, truth)
    return total


def test_a_sample_computed_by_hand() -> None:
    # n' = 103, P' = 15.75, D' = 35.75: NPS' = -19.4175, variance (0.5 - 0.0377) / 103, half width 13.1308
    result = nps([20, 5, 4, 3, 2, 1, 0, 30, 20, 10, 5])
    assert result == NpsResult(
        estimate=Estimate(-20.0, pytest.approx(-32.5483, abs=1e-4), pytest.approx(-6.2867, abs=1e-4)),
        n=100,
        promoters=15,
        passives=50,
        detractors=35,
        mean=pytest.approx(5.45),
        histogram=(20, 5, 4, 3, 2, 1, 0, 30, 20, 10, 5),
    )


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 0, 0), Estimate(None)),
        ((1, 0, 0), Estimate(100.0)),
        ((3, 3, 3), Estimate(0.0)),
        ((10, 0, 0), Estimate(100.0, pytest.approx(47.504, abs=1e-3), 100.0)),
        ((0, 0, 10), Estimate(-100.0, -100.0, pytest.approx(-47.504, abs=1e-3))),
        ((0, 10, 0), Estimate(0.0, pytest.approx(-18.466, abs=1e-3), pytest.approx(18.466, abs=1e-3))),
    ],
)
def test_few_and_one_sided_answers(counts: tuple[int, int, int], expected: Estimate) -> None:
    assert answers(*counts).estimate == expected


def test_no_answers_have_no_mean() -> None:
    assert answers(0, 0, 0).mean is None


@pytest.mark.parametrize("histogram", [[1] * 10, [1] * 12, [-1, *[1] * 10], []])
def test_a_wrong_histogram_is_refused(histogram: list[int]) -> None:
    with pytest.raises(ValueError, match="eleven counts"):
        nps(histogram)


@pytest.mark.parametrize("n", [10, 30])
@pytest.mark.parametrize("truth", TRUTHS.values(), ids=[f"{points:+d}" for points in TRUTHS])
def test_the_interval_covers_as_promised_by_exact_enumeration(n: int, truth: tuple[float, float]) -> None:
    assert 0.93 <= coverage(n, truth) <= 0.97


def test_the_published_coverages_come_out(monkeypatch: pytest.MonkeyPatch) -> None:
    # adjusted-Wald after Rocks (2016): 95.0 % at n = 10, NPS +65, and too little at n = 5, NPS +80
    monkeypatch.setattr(figures, "MINIMUM_ANSWERS", 1)
    assert (round(coverage(10, (0.7, 0.05)), 3), round(coverage(5, (0.85, 0.05)), 3)) == (0.949, 0.897)


def test_a_change_computed_by_hand() -> None:
    # two answers added: -32.7922 to -6.4235 and 6.4235 to 32.7922; 40 - 13.5765 * sqrt(2), 40 + 12.7922 * sqrt(2)
    found = change(answers(15, 50, 35), answers(35, 50, 15))
    assert found == Estimate(40.0, pytest.approx(20.7999, abs=1e-4), pytest.approx(58.0909, abs=1e-4))


def test_the_same_sample_twice_has_not_changed() -> None:
    found = change(answers(15, 50, 35), answers(15, 50, 35))
    assert found == Estimate(0.0, pytest.approx(-18.6537, abs=1e-4), pytest.approx(18.6537, abs=1e-4))


def test_a_change_between_small_one_sided_samples_lies_in_its_own_interval() -> None:
    assert change(answers(10, 0, 0), answers(0, 0, 10)) == Estimate(-200.0, -200.0, pytest.approx(-138.7102, abs=1e-3))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [((0, 0, 0), (10, 0, 0), None), ((10, 0, 0), (0, 0, 0), None), ((9, 0, 0), (0, 10, 0), -100.0)],
)
def test_a_change_of_too_few_answers_has_no_interval(
    before: tuple[int, int, int], after: tuple[int, int, int], expected: float | None
) -> None:
    assert change(answers(*before), answers(*after)) == Estimate(expected)


def test_the_change_covers_as_promised_by_exact_enumeration() -> None:
    n, first, second = 10, TRUTHS[0], TRUTHS[40]
    samples = [(up, down) for up in range(n + 1) for down in range(n - up + 1)]
    results = {(up, down): answers(up, n - up - down, down) for up, down in samples}
    total = 0.0
    for before in samples:
        for after in samples:
            shown = change(results[before], results[after])
            if shown.low - 1e-9 <= 40 <= shown.high + 1e-9:
                total += probability(n, *before, first) * probability(n, *after, second)
    assert 0.93 <= total <= 0.97


def test_the_published_numbers_of_answers_come_out() -> None:
    sample = answers(150_000, 500_000, 350_000)
    assert [answers_for(sample, precision) for precision in (5, 10, 15, 20)] == [704, 174, 76, 42]


def test_answers_still_needed() -> None:
    sample = answers(15, 50, 35)
    assert [more_needed(answers(0, 0, 0)), more_needed(answers(2, 2, 3)), more_needed(sample)] == [10, 3, 0]
    assert [more_needed(sample, 10), more_needed(sample, 15), more_needed(answers(0, 0, 0), 10)] == [75, 0, 190]


@pytest.mark.parametrize("precision", [0, -5, float("nan")])
def test_a_precision_is_above_zero(precision: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        answers_for(answers(5, 5, 5), precision)


def test_the_smallest_change_that_can_be_told_from_chance() -> None:
    # at an NPS of -20: about 19 points with 100 answers, 26 with 50
    shown = [smallest_change(answers(*counts)) for counts in ((15, 50, 35), (8, 24, 18), (1, 1, 1))]
    assert shown == [pytest.approx(18.57, abs=0.01), pytest.approx(26.47, abs=0.01), None]


def test_histograms_add_up() -> None:
    assert pool([[1] * 11, range(11)]) == (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    assert pool([]) == (0,) * 11


@given(st.lists(st.integers(0, 400), min_size=11, max_size=11), st.lists(st.integers(0, 400), min_size=11, max_size=11))
def test_every_interval_holds_its_value_and_stays_in_bounds(first: list[int], second: list[int]) -> None:
    before, after = nps(first), nps(second)
    assert before.promoters + before.passives + before.detractors == before.n == sum(first)
    for bound, shown in ((100, before.estimate), (200, change(before, after))):
        if shown.low is not None:
            assert -bound <= shown.low <= shown.value <= shown.high <= bound
