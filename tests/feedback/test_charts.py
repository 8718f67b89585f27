"""Figures: what they draw, what they say to those who don't see them, and that no word breaks out of them."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.nps import nps
from analysis.results import Estimate
from feedback import charts
from feedback.pilots.results import GroupWeek
from feedback.results import WeekFigure


def parsed(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314 - our own drawing


def drawn_parts(drawn: str, part: str) -> list[dict[str, str]]:
    return [dict(element.attrib) for element in parsed(drawn).iter(part)]


def test_a_figure_is_an_image_with_a_sentence_and_its_words_are_escaped():
    drawn = charts.distribution([0] * 11, 'the "scores" <b>&</b>')
    root = parsed(drawn)
    assert (root.get("role"), root.get("aria-label")) == ("img", 'the "scores" <b>&</b>')
    assert "<b>" not in drawn


def test_columns_are_as_high_as_their_counts_and_coloured_by_group():
    drawn = charts.distribution((0, 0, 0, 0, 0, 0, 5, 0, 10, 0, 20), "scores")
    bars = {int(bar["x"]) // 32: (bar["class"], int(bar["height"])) for bar in drawn_parts(drawn, "rect")}
    assert bars == {
        **dict.fromkeys(range(6), ("bar detractor", 0)),
        6: ("bar detractor", 25),
        7: ("bar passive", 0),
        8: ("bar passive", 50),
        9: ("bar promoter", 0),
        10: ("bar promoter", 100),
    }


def test_one_answer_among_thousands_is_still_seen():
    drawn = charts.distribution((1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5000), "scores")
    assert [int(bar["height"]) for bar in drawn_parts(drawn, "rect")] == [1, *[0] * 9, 100]


def test_a_cut_bar_holds_its_parts_end_to_end():
    drawn = charts.groups(nps((0, 0, 0, 0, 0, 0, 25, 0, 50, 0, 25)), "groups")
    parts = [(part["class"], part["x"], part["width"]) for part in drawn_parts(drawn, "rect")]
    assert parts == [("part detractor", "0", "25"), ("part passive", "25", "50"), ("part promoter", "75", "25")]


@pytest.mark.parametrize(
    ("estimate", "kind"),
    [
        (Estimate(-2, -3, -1), "interval sure-down"),
        (Estimate(2, 1, 3), "interval sure-up"),
        (Estimate(1, -1, 3), "interval unsure"),
    ],
)
def test_an_interval_tells_whether_it_leaves_zero_out(estimate, kind):
    paths = [path["class"] for path in drawn_parts(charts.whisker(estimate, -10, 10, "impact"), "path")]
    assert paths == ["track", "zero", kind]


def test_without_an_interval_there_is_a_dot_and_without_a_value_nothing():
    assert len(drawn_parts(charts.whisker(Estimate(5), -10, 10, "x"), "circle")) == 1
    assert drawn_parts(charts.whisker(Estimate(None), -10, 10, "x"), "circle") == []


def test_a_line_breaks_where_a_week_has_no_share():
    drawn = charts.spark((0.1, 0.2, None, 0.1), "share")
    assert drawn_parts(drawn, "path")[0]["d"] == "M3 12L33 3M93 12"


def test_the_trend_marks_weeks_with_few_answers_apart():
    weeks = [
        WeekFigure("2025-W38", 40, Estimate(10, -10, 30)),
        WeekFigure("2025-W39", 0, Estimate(None)),
        WeekFigure("2025-W40", 4, Estimate(-25)),
    ]
    drawn = charts.trend(weeks, ["9月", "", "10月"], "trend")
    assert [circle["class"] for circle in drawn_parts(drawn, "circle")] == ["dot", "dot few"]
    assert [text.text for text in parsed(drawn).iter("text")][-2:] == ["9月", "10月"]
    assert "0" in [text.text for text in parsed(drawn).iter("text")]


numbers = st.floats(-100, 100) | st.none()
estimates = st.builds(
    lambda bounds: Estimate(*(sorted(bounds)[index] for index in (1, 0, 2))),
    st.tuples(st.floats(-100, 100), st.floats(-100, 100), st.floats(-100, 100)),
) | st.builds(Estimate, numbers)


@given(st.lists(st.builds(WeekFigure, st.just("2025-W40"), st.integers(0, 99), estimates), max_size=30))
def test_any_series_of_weeks_stays_inside_its_figure(weeks):
    drawn = charts.trend(weeks, [""] * len(weeks), "trend")
    circles = drawn_parts(drawn, "circle")
    assert len(circles) == sum(week.nps.value is not None for week in weeks)
    assert all(0 <= float(c["cx"]) <= 360 and 9 <= float(c["cy"]) <= 151 for c in circles)
    assert "nan" not in drawn


@given(estimates, st.floats(0.1, 100))
def test_any_interval_stays_inside_its_figure(estimate, most):
    drawn = charts.whisker(estimate, -most, most, "impact")
    places = [
        float(number) for path in drawn_parts(drawn, "path") for number in re.findall(r"[MH](-?[\d.]+)", path["d"])
    ]
    assert all(4 <= place <= 156 for place in places)


def test_two_groups_stand_in_their_bands_and_the_start_between_two_weeks():
    known, few = Estimate(0.0, -10.0, 10.0), Estimate(5.0)
    weeks = [GroupWeek("2025-W40", known, known), GroupWeek("2025-W41", known, few), GroupWeek("2025-W42", few, known)]
    drawn = charts.two_groups(weeks, ["", "10月", ""], ("2025-W42", "開始"), "NPS")
    # the scale is -10 to 10, weeks stand at 40, 193 and 346
    assert '<path class="band trying" d="M40 10L193 10L193 150L40 150Z"/>' in drawn
    assert drawn.count('class="band') == 1  # a band needs two weeks beside each other
    assert '<path class="line others" d="M40 80L193 45L346 80"/>' in drawn
    assert '<path class="start" d="M269.5 0V152"/>' in drawn
    assert '<rect class="during" x="269.5" y="10" width="82.5" height="140"/>' in drawn
    assert '<text class="tick" x="193" y="168">10月</text>' in drawn


def test_a_week_alone_is_a_dot_and_a_pilot_to_come_has_no_start_yet():
    nothing, known = Estimate(None), Estimate(0.0, -5.0, 5.0)
    weeks = [GroupWeek("2025-W40", nothing, nothing), GroupWeek("2025-W41", known, nothing)]
    drawn = charts.two_groups(weeks, ["", ""], ("2025-W42", "開始"), "NPS")
    assert '<circle class="dot trying" cx="346" cy="80" r="2.8"/>' in drawn
    assert 'class="start' not in drawn


def test_complaints_of_two_groups_are_drawn_in_per_cent_from_zero_up():
    known = Estimate(5.0, 0.0, 10.0)
    weeks = [GroupWeek("2025-W40", known, known), GroupWeek("2025-W41", known, known)]
    drawn = charts.two_groups(weeks, ["", ""], ("2025-W42", "開始"), "complaints", in_percent=True)
    assert [part["class"] for part in drawn_parts(drawn, "path") if part["class"] in {"zero", "grid"}] == [
        "zero",
        "grid",
    ]
    assert ('y="154">0%</text>' in drawn, 'y="14">10%</text>' in drawn) == (True, True)


def test_shares_are_drawn_in_per_cent_from_zero_up():
    known, few = Estimate(0.2, 0.1, 0.4), Estimate(0.1)
    drawn = charts.shares([known, known], [few, Estimate(None)], ["9月", ""], "shares")
    # the scale is 0 to 40 per cent, weeks stand at 40 and 346
    assert '<path class="band mentions" d="M40 10L346 10L346 115L40 115Z"/>' in drawn
    assert '<path class="line mentions" d="M40 80L346 80"/>' in drawn
    assert '<circle class="dot complaints" cx="40" cy="115" r="2.8"/>' in drawn
    assert [text.text for text in parsed(drawn).iter("text")] == ["0%", "10%", "20%", "30%", "40%", "9月"]
