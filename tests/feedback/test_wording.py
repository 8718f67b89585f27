"""Figures and days as readers of Japanese and English expect them."""

from datetime import date

import pytest

from feedback.wording import between, day, days, percent, points, week_name


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (12.4, 0, "+12"),
        (-3.46, 1, "−3.5"),
        (0.0, 0, "0"),
        (-0.04, 1, "0.0"),
        (0.4, 0, "0"),
        (-0.6, 0, "−1"),
        (100, 0, "+100"),
        (None, 1, "—"),
    ],
)
def test_points_carry_their_sign(value, digits, text):
    assert points(value, digits) == text


@pytest.mark.parametrize(
    ("share", "sign", "text"),
    [
        (0.5, False, "50%"),
        (0.1, False, "10%"),
        (0.0526, False, "5.3%"),
        (0.004, False, "0.4%"),
        (0.0001, False, "0%"),
        (0.0, True, "0%"),
        (0.12, True, "+12%"),
        (-0.031, True, "−3.1%"),
        (-0.5, False, "−50%"),
        (None, False, "—"),
    ],
)
def test_shares_are_percentages(share, sign, text):
    assert percent(share, sign=sign) == text


def test_an_interval_is_written_in_the_language():
    assert [between(language, "−3", "+8") for language in ("ja", "en")] == ["−3〜+8", "−3 to +8"]


def test_a_day_is_written_in_the_language():
    written = [day(language, date(2025, 9, 29), year=year) for language in ("ja", "en") for year in (True, False)]
    assert written == ["2025年9月29日", "9月29日", "29 Sep 2025", "29 Sep"]


@pytest.mark.parametrize(
    ("week", "length", "ja", "en"),
    [
        ("2025-W40", 1, "2025年9月29日〜10月5日", "29 Sep – 5 Oct 2025"),
        ("2025-W40", 4, "2025年9月8日〜10月5日", "8 Sep – 5 Oct 2025"),
        ("2026-W01", 1, "2025年12月29日〜2026年1月4日", "29 Dec 2025 – 4 Jan 2026"),
    ],
)
def test_weeks_are_named_by_their_days(week, length, ja, en):
    assert (days("ja", week, length), days("en", week, length)) == (ja, en)


def test_a_week_has_its_number_too():
    assert (week_name("ja", "2025-W04"), week_name("en", "2025-W04")) == ("2025年 第4週", "Week 4, 2025")
