"""Figures and dates as a reader of Japanese or English expects them. Jinja filters; `language` is in the context."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from analysis.results import Estimate
from surveys.texts import pick
from surveys.weeks import first_day

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
NOTHING = "—"
MINUS = "−"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SMALL_SHARE = 0.1


def points(value: float | None, digits: int = 0) -> str:
    """Write NPS points with their sign: +12, −3.5, 0. None is a dash."""
    if value is None:
        return NOTHING
    text = f"{abs(value):.{digits}f}"
    if not float(text):
        return text
    return f"{'+' if value > 0 else MINUS}{text}"


def percent(share: float | None, *, sign: bool = False) -> str:
    """Write a fraction as a percentage; small ones with one decimal, so that 0.4 % is not nothing."""
    if share is None:
        return NOTHING
    digits = 1 if abs(share) < _SMALL_SHARE else 0
    text = f"{abs(share) * 100:.{digits}f}"
    if not float(text):
        return "0%"
    lead = "" if not (sign or share < 0) else "+" if share > 0 else MINUS
    return f"{lead}{text}%"


def between(language: str, low: str, high: str) -> str:
    """Write an interval: 「3〜8」, "3 to 8"."""
    return f"{low}〜{high}" if language == "ja" else f"{low} to {high}"


def day(language: str, value: date, *, year: bool = False) -> str:
    """Write a day: 「2025年9月29日」, "29 Sep 2025"."""
    if language == "ja":
        return (f"{value.year}年" if year else "") + f"{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]}" + (f" {value.year}" if year else "")


def days(language: str, week: str, length: int = 1) -> str:
    """Write the days that `length` weeks ending with `week` cover; the year stands once where it is the same."""
    last = first_day(week) + timedelta(days=6)
    first = last - timedelta(days=7 * length - 1)
    same = first.year == last.year
    if language == "ja":
        return between(language, day(language, first, year=True), day(language, last, year=not same))
    return f"{day(language, first, year=not same)} – {day(language, last, year=True)}"


def week_name(language: str, week: str) -> str:
    """Write an ISO week: 「2025年 第40週」, "Week 40, 2025"."""
    year, number = week.split("-W")
    return f"{year}年 第{int(number)}週" if language == "ja" else f"Week {int(number)}, {year}"


@pass_context
def _pick(context: Context, text: Mapping[str, str]) -> str:
    return pick(text, context["language"])


@pass_context
def _interval(context: Context, estimate: Estimate, digits: int = 0) -> str:
    if estimate.low is None or estimate.high is None:
        return NOTHING
    return between(context["language"], points(estimate.low, digits), points(estimate.high, digits))


@pass_context
def _percent_interval(context: Context, estimate: Estimate, *, sign: bool = False) -> str:
    if estimate.low is None or estimate.high is None:
        return NOTHING
    low, high = percent(estimate.low, sign=sign), percent(estimate.high, sign=sign)
    return between(context["language"], low, high)


@pass_context
def _ranks(context: Context, low: int, high: int) -> str:
    language = context["language"]
    if low == high:
        return f"{low}位" if language == "ja" else str(low)
    return f"{low}〜{high}位" if language == "ja" else between(language, str(low), str(high))


@pass_context
def _days(context: Context, week: str, length: int = 1) -> str:
    return days(context["language"], week, length)


@pass_context
def _day(context: Context, value: date, *, year: bool = False) -> str:
    return day(context["language"], value, year=year)


@pass_context
def _week_name(context: Context, week: str) -> str:
    return week_name(context["language"], week)


FILTERS: dict[str, Callable[..., Any]] = {
    "points": points,
    "percent": percent,
    "thousands": "{:,}".format,
    "pick": _pick,
    "interval": _interval,
    "percent_interval": _percent_interval,
    "ranks": _ranks,
    "days": _days,
    "day": _day,
    "week_name": _week_name,
}
