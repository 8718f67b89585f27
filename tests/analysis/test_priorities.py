import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from worlds import as_input, world

from analysis.figures.priorities import NO_COMPLAINTS, Level, PriorityInput, at_level, best_quarter, gain, rank
from analysis.figures.trends import share
from analysis.results import Estimate, Improvement, ThemeImpact

UNKNOWN = Estimate(None)


def item(
    theme_id: str,
    each: tuple[float | None, float | None, float | None],
    complaints: int = 75,
    level: float = 0.0,
) -> PriorityInput:
    """A theme of which `complaints` in 500 responses complain; `each`: points that go with one complaint."""
    impact = ThemeImpact(theme_id, UNKNOWN, Estimate(*each), UNKNOWN, complaints, 0)
    return PriorityInput(theme_id, {"ja": theme_id}, impact, complaints, 500, Level(level), 0, UNKNOWN)


def order(found: Sequence[Improvement]) -> list[tuple[str, int, int, int]]:
    return [(each.theme_id, each.rank, each.rank_low, each.rank_high) for each in found]


@pytest.mark.parametrize(
    ("each", "level", "expected"),
    [
        # 75 of 500 complain: 0.15, Wilson 0.12138 to 0.18396; to none: half widths 20 x 0.15 = 3 and 40 x 0.02862
        # (below), 40 x 0.03396 (above), joined as the root of their squares
        ((-40.0, -60.0, -20.0), 0.0, (6.0, 2.78892, 9.29325)),
        ((-40.0, -60.0, -20.0), 0.05, (4.0, 1.69544, 6.41770)),
        # at the level, and better than it
        ((-40.0, -60.0, -20.0), 0.15, (0.0, 0.0, 1.35845)),
        ((-40.0, -60.0, -20.0), 0.3, (0.0, 0.0, 0.0)),
        # not certain, and a theme that satisfied customers complain of
        ((-10.0, -30.0, 10.0), 0.0, (1.5, -1.51363, 4.51916)),
        ((20.0, 10.0, 30.0), 0.0, (-3.0, -4.64663, -1.39447)),
    ],
)
def test_a_gain_computed_by_hand(
    each: tuple[float, float, float], level: float, expected: tuple[float, float, float]
) -> None:
    found = gain(item("queue", each, level=level))
    assert (found.value, found.low, found.high) == pytest.approx(expected, abs=1e-4)


def test_an_uncertain_level_widens_the_gain() -> None:
    # the first half widths of above, 0.02862 and 0.03396, joined with 1.96 x 0.02 = 0.0392
    known = item("queue", (-40.0, -60.0, -20.0), level=0.05)
    found = gain(replace(known, level=Level(0.05, 0.02)))
    assert (found.value, found.low, found.high) == pytest.approx((4.0, 1.21262, 6.88165), abs=1e-4)


def test_a_theme_without_a_figure_has_no_gain() -> None:
    assert gain(item("queue", (None, None, None))) == UNKNOWN


def test_no_responses_have_no_gain() -> None:
    nothing = PriorityInput(
        "queue", {"ja": "レジ"}, item("queue", (-40.0, -60.0, -20.0)).impact, 0, 0, NO_COMPLAINTS, 0, UNKNOWN
    )
    assert rank([nothing], 1) == ()


def test_only_gains_that_show_are_listed_largest_first() -> None:
    found = rank(
        [
            item("small", (-0.3, -0.4, -0.2)),
            item("second", (-20.0, -21.0, -19.0)),
            item("praised", (20.0, 10.0, 30.0)),
            item("unknown", (None, None, None)),
            item("first", (-40.0, -41.0, -39.0)),
            item("at the level", (-40.0, -41.0, -39.0), level=0.2),
        ],
        1,
    )
    assert order(found) == [("first", 1, 1, 1), ("second", 2, 2, 2)]
    assert [each.gain.value for each in found] == [6.0, 3.0]


def test_what_surely_goes_with_lower_scores_at_the_level_of_others_is_told_apart() -> None:
    sure, level = (-40.0, -41.0, -39.0), 0.15
    found = at_level(
        [
            item("above the level", sure, level=0.1),
            item("at the level", sure, level=level),
            item("more at stake", (-60.0, -61.0, -59.0), level=0.2),
            item("not certain", (-40.0, -90.0, 10.0), level=level),
            item("goes with higher scores", (40.0, 39.0, 41.0), level=level),
            item("hardly any points", (-0.3, -0.4, -0.2), level=level),
            item("unknown", (None, None, None), level=level),
        ]
    )
    assert [each.theme_id for each in found] == ["more at stake", "at the level"]


def test_an_uncertain_item_has_a_wide_rank() -> None:
    found = rank(
        [
            item("sure", (-40.0, -42.0, -38.0)),
            item("vague", (-30.0, -80.0, 20.0)),
            item("minor", (-10.0, -12.0, -8.0)),
        ],
        1,
    )
    assert order(found) == [("sure", 1, 1, 2), ("vague", 2, 1, 3), ("minor", 3, 2, 3)]


def test_equal_gains_share_a_rank_and_say_so() -> None:
    found = rank([item(name, (-20.0, -40.0, -1.0)) for name in ("c", "a", "b")] + [item("d", (-5.0, -6.0, -4.0))], 1)
    assert order(found) == [("a", 1, 1, 4), ("b", 1, 1, 4), ("c", 1, 1, 4), ("d", 4, 3, 4)]
    assert ["同じ順位" in each.reason["ja"] for each in found] == [True, True, True, False]
    assert ["shares this rank" in each.reason["en"] for each in found] == [True, True, True, False]


def test_the_list_does_not_depend_on_the_order_of_its_input() -> None:
    items = [item(f"theme-{n}", (-20.0 - n, -60.0, 10.0)) for n in range(8)]
    assert rank(items, 7) == rank(items[::-1], 7) == rank(items[3:] + items[:3], 7)


def test_every_figure_that_a_place_rests_on_stands_beside_it() -> None:
    trend = Estimate(0.02, 0.01, 0.03)
    asked = replace(item("queue", (-20.0, -40.0, -1.0), level=0.05), requests=14, trend=trend, effort=2)
    first, second, third = rank([asked, replace(asked, theme_id="again"), item("minor", (-5.0, -6.0, -4.0))], 1)
    assert (second.theme_id, second.reach, second.level) == ("queue", share(75, 500), 0.05)
    assert (second.requests, second.trend, second.tied, second.effort) == (14, trend, True, 2)
    assert (first.tied, third.tied, third.level, third.effort) == (True, False, 0.0, None)


def test_an_effort_weighs_nothing() -> None:
    items = [item(f"theme-{n}", (-20.0 - n, -60.0, 10.0)) for n in range(3)]
    told = [replace(each, effort=effort) for each, effort in zip(items, (1, 5, 3), strict=True)]
    assert [replace(each, effort=None) for each in rank(told, 7)] == list(rank(items, 7))


@pytest.mark.parametrize("effort", [0, 6, 2.5])
def test_an_effort_off_the_scale_is_refused(effort: float) -> None:
    with pytest.raises(ValueError, match=f"an effort is a whole number from 1 to 5, not {effort}"):
        replace(item("queue", (-20.0, -40.0, -1.0)), effort=effort)


def test_nothing_to_rank_is_an_empty_list() -> None:
    assert rank([], 1) == ()


@pytest.mark.parametrize(
    ("stores", "expected"),
    [
        # shares 1, 4, 8 and 12 %, all 6.25 %: they vary by 0.0022917, luck alone by 0.0625 x 0.9375 / 100 = 0.0005859,
        # so that the lowest is drawn from 5.25 points under it to 0.86274 of that
        ([(1, 100), (4, 100), (8, 100), (12, 100)], Level(0.0172062, 0.0325525)),
        ([(0, 30), (3, 30), (3, 30), (6, 30)], Level(0.0258380, 0.0555218)),
        ([(0, 29), (1, 100), (4, 100), (8, 100), (12, 100)], Level(0.0172062, 0.0325525)),  # too small to set a level
        # no store differs beyond luck: the best quarter is as all are
        ([(2, 40), (4, 40), (4, 40), (6, 40)], Level(0.1, 0.0277616)),
        ([(4, 100)] * 4, Level(0.04, 0.0)),
        ([(0, 100)] * 4, NO_COMPLAINTS),
        ([(100, 100)] * 4, Level(1.0, 0.0)),
        ([(1, 100), (4, 100), (8, 100)], NO_COMPLAINTS),
        ([(0, 0)] * 10, NO_COMPLAINTS),
        ([], NO_COMPLAINTS),
    ],
)
def test_the_level_of_the_best_quarter_of_stores(stores: list[tuple[int, int]], expected: Level) -> None:
    found = best_quarter(stores)
    assert (found.share, found.error) == pytest.approx((expected.share, expected.error), abs=1e-6)


def test_sixty_themes_are_ranked_at_once() -> None:
    items = [item(f"theme-{n}", (-20.0 - n, -90.0, 10.0)) for n in range(60)]
    started = time.perf_counter()
    found = rank(items, 1)
    assert len(found) == 60
    assert time.perf_counter() - started < 2


def test_the_truly_best_improvement_comes_first_and_lies_in_its_rank() -> None:
    # 500 responses; gains of 6, 3 and 1.5 points and eight themes that go with nothing
    first, inside, worlds = 0, 0, 60
    for seed in range(worlds):
        made = world(seed, 500, 10, [-50.0, -25.0, -12.5, *[0.0] * 8])
        found = made.ranked(seed)
        best = next(each for each in found if each.theme_id == "theme-00")
        first += best.rank == 1
        inside += best.rank_low <= 1 <= best.rank_high
    assert (first / worlds, inside / worlds) == (pytest.approx(1, abs=0.2), pytest.approx(1, abs=0.05))


def test_gains_are_drawn_from_their_intervals() -> None:
    # two gains, 3 +- 1.96 and 1 +- 1.96: the second leads with probability Phi(-2 / sqrt 2) = 7.9 %
    shares = np.array([3.0, 1.0]) / 20
    items = [
        item(name, (-20.0, -20.0 - 1.96 / share, -20.0 + 1.96 / share), round(500 * share))
        for name, share in zip(("a", "b"), shares, strict=True)
    ]
    assert order(rank(items, 1)) == [("a", 1, 1, 2), ("b", 2, 1, 2)]


def test_gains_cover_as_promised() -> None:
    truth, reach, held = [-50.0, -25.0, -12.5, -5.0], 0.12, []
    for seed in range(100):
        made = world(seed, 500, 10, truth, reach=reach)
        for each, points in zip(made.impacts(), truth, strict=True):
            found = gain(as_input(each, 500))
            held.append(found.low <= -points * reach <= found.high)
    assert 0.92 <= np.mean(held) <= 0.985
