import pytest

from analysis.figures.windows import choose_window


@pytest.mark.parametrize(
    ("scored_by_week", "window"),
    [
        ([0] * 25 + [100], 1),
        ([100] * 25 + [99], 4),
        ([25] * 26, 4),
        ([24] * 26, 13),
        ([4] * 26, 26),
        ([3] * 26, None),
        ([1000] + [0] * 26, None),  # only 26 weeks count
        ([50, 50], 4),  # a young survey has few weeks
        ([100], 1),
        ([], None),
    ],
)
def test_the_shortest_window_with_enough_answers_is_chosen(scored_by_week: list[int], window: int | None) -> None:
    assert choose_window(scored_by_week, 100) == window
