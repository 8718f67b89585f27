"""Weeks are compared with weeks of about as many days off."""

import pytest

from analysis.figures.days_off import comparable_weeks, countries, days_off


@pytest.mark.parametrize(
    ("week", "country", "expected"),
    [
        ("2025-W23", "JP", 0),  # June has no holiday
        ("2025-W30", "JP", 1),  # 海の日 on a Monday
        ("2025-W19", "JP", 2),  # 5 and 6 May; 3 and 4 May are a weekend
        ("2025-W33", "JP", 4),  # 山の日 on Monday, お盆 from Wednesday
        ("2026-W01", "JP", 5),  # 29 December to 2 January
        ("2025-W48", "US", 1),  # Thanksgiving
        ("2025-W30", "", 0),
    ],
)
def test_days_off_from_monday_to_friday_are_counted(week, country, expected):
    assert days_off(week, country) == expected


def test_an_ordinary_week_leaves_out_the_weeks_of_long_holidays():
    weeks = comparable_weeks("2025-W38", 2, "JP")
    assert weeks == (
        "2025-W24", "2025-W25", "2025-W26", "2025-W27", "2025-W28", "2025-W29", "2025-W30", "2025-W31", "2025-W32",
        "2025-W34", "2025-W35", "2025-W36",
    )  # fmt: skip


def test_a_week_of_long_holidays_finds_no_week_like_it():
    assert comparable_weeks("2026-W01", 2, "JP") == ()


def test_without_a_country_the_last_twelve_weeks_are_compared():
    assert comparable_weeks("2025-W38", 2, "")[::11] == ("2025-W25", "2025-W36")


def test_many_countries_are_known():
    assert {"JP", "US", "TW", "KR"} <= countries()
