import numpy as np
import pytest

from analysis.figures.circumstances import dummies


def columns(*circumstances: list[int]) -> list[list[float]]:
    return dummies(np.array(circumstances, dtype=int).T).toarray().T.tolist()


def test_each_level_but_the_most_common_one_has_a_column() -> None:
    weeks, channels = [7] * 30 + [9] * 40 + [8] * 30, [1, 2] * 50
    assert columns(weeks, channels) == [
        [1.0] * 30 + [0.0] * 70,
        [0.0] * 70 + [1.0] * 30,
        [0.0, 1.0] * 50,  # of two that are as common the one with the least number is compared with
    ]


def test_rare_levels_share_a_column() -> None:
    assert columns([1] * 20 + [2] * 6 + [3] * 6) == [[0.0] * 20 + [1.0] * 12]


@pytest.mark.parametrize(
    "levels",
    [
        [5] * 30,  # one week alone
        [5] * 30 + [6] * 9,  # a level too rare to be told from others
        [1, 2, 3, 4, 5],  # all of them are
        [],
    ],
)
def test_what_does_not_vary_enough_has_no_column(levels: list[int]) -> None:
    assert dummies(np.array(levels, dtype=int)[:, None]).shape == (len(levels), 0)


def test_no_circumstances_are_no_columns() -> None:
    assert dummies(np.zeros((3, 0), dtype=int)).shape == (3, 0)
