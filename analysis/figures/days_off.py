"""Which weeks a week can be compared with: those with about as many days off (docs/statistics.md)."""

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from surveys.weeks import first_day, shift, window

if TYPE_CHECKING:
    from holidays import HolidayBase

MOST_WEEKS = 12
"""More weeks before would tell of another season."""

_LOOKED_BACK = 24
_WORKDAYS = 5
_ALIKE = 1.0
"""Days: weeks whose numbers of days off differ by more are not compared."""
_CUSTOMARY = {"JP": {(12, 29), (12, 30), (8, 13), (8, 14), (8, 15), (8, 16)}}
"""Month and day of days off that are no holidays by law nor of banks: the end of the year, お盆."""


def countries() -> frozenset[str]:
    """Every country whose holidays are known, as ISO 3166 codes of two letters."""
    import holidays

    return frozenset(holidays.list_supported_countries())


@cache
def days_off(week: str, country: str) -> int:
    """Count the days from Monday to Friday on which people have a day off; without a country none are known."""
    monday = first_day(week)
    days = [monday + timedelta(days=number) for number in range(_WORKDAYS)]
    return sum(_is_off(day, country) for day in days) if country else 0


def comparable_weeks(week: str, newest: int, country: str) -> tuple[str, ...]:
    """Name the weeks before the `newest` ones (which end with `week`) that these can be compared with, oldest first.

    They are the last twelve of 24 with as many days off as the newest ones have a week, give or take one.
    Weekdays need no care: every week has one of each.
    """
    now = sum(days_off(each, country) for each in window(week, newest)) / newest
    earlier = window(shift(week, -newest), _LOOKED_BACK)
    alike = [each for each in earlier if abs(days_off(each, country) - now) <= _ALIKE]
    return tuple(alike[-MOST_WEEKS:])


def _is_off(day: date, country: str) -> bool:
    return day in _calendar(country) or (day.month, day.day) in _CUSTOMARY.get(country, ())


@cache
def _calendar(country: str) -> "HolidayBase":
    import holidays

    known = holidays.country_holidays(country)
    banks = {"public", "bank"} & set(known.supported_categories)
    return holidays.country_holidays(country, categories=tuple(sorted(banks)))
