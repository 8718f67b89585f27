import pytest

from analysis.figures.trends import share, share_change
from analysis.results import Estimate


def near(value: float) -> float:
    return pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        # Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3
        (81, 263, Estimate(81 / 263, near(0.2553), near(0.3662))),
        (15, 148, Estimate(15 / 148, near(0.0624), near(0.1605))),
        (0, 20, Estimate(0.0, 0.0, near(0.1611))),
        (1, 29, Estimate(1 / 29, near(0.0061), near(0.1718))),
        # and their mirrors
        (20, 20, Estimate(1.0, near(0.8389), 1.0)),
        (0, 0, Estimate(None)),
    ],
)
def test_a_share_has_the_published_interval(part: int, whole: int, expected: Estimate) -> None:
    assert share(part, whole) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        # Newcombe (1998), Interval estimation for the difference, table II, method 10
        ((56, 70), (48, 80), Estimate(near(0.2), near(0.0524), near(0.3339))),
        ((9, 10), (3, 10), Estimate(near(0.6), near(0.1705), near(0.8090))),
        ((6, 7), (2, 7), Estimate(near(0.5714), near(0.0582), near(0.8062))),
        ((5, 56), (0, 29), Estimate(near(0.0893), near(-0.0381), near(0.1926))),
        ((0, 10), (0, 20), Estimate(0.0, near(-0.1611), near(0.2775))),
        ((10, 10), (0, 10), Estimate(1.0, near(0.6075), 1.0)),
    ],
)
def test_a_change_of_shares_has_the_published_interval(
    now: tuple[int, int], before: tuple[int, int], expected: Estimate
) -> None:
    assert share_change(*before, *now) == expected


@pytest.mark.parametrize("counts", [(0, 0, 1, 2), (1, 2, 0, 0), (0, 0, 0, 0)])
def test_a_change_from_or_to_nothing_is_unknown(counts: tuple[int, int, int, int]) -> None:
    assert share_change(*counts) == Estimate(None)


@pytest.mark.parametrize(("part", "whole"), [(2, 1), (-1, 5), (0, -1)])
def test_an_impossible_share_is_refused(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="between 0 and the whole"):
        share(part, whole)
