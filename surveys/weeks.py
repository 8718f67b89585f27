"""ISO weeks as text ('2025-W40'): they sort, compare and print alike everywhere."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from surveys.errors import InputError

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")


def week_of(moment: datetime, zone: ZoneInfo) -> str:
    """Name the ISO week (ISO 8601: Monday to Sunday) of an aware moment in a zone."""
    return week_of_day(moment.astimezone(zone).date())


def week_of_day(day: date) -> str:
    """Name the ISO week of a day."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def first_day(week: str) -> date:
    """Return the Monday of a week. Error: `InputError` when it is no ISO week."""
    match = _WEEK.fullmatch(week)
    try:
        if match:
            return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        pass
    raise InputError(f"{week!r} is not an ISO week; write it like 2025-W40")


def shift(week: str, weeks: int) -> str:
    """Name the week so many weeks later (negative: earlier)."""
    return week_of_day(first_day(week) + timedelta(weeks=weeks))


def window(week: str, length: int) -> tuple[str, ...]:
    """Name the `length` weeks that end with `week`, oldest first."""
    return tuple(shift(week, -back) for back in range(length - 1, -1, -1))


def last_complete_week(now: datetime, zone: ZoneInfo) -> str:
    """Name the last week that has wholly passed in this zone."""
    return shift(week_of(now, zone), -1)
