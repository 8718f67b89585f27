"""What a drawn report needs beside the report itself; shared by the page and the file on its own."""

from itertools import pairwise
from typing import Any

from analysis.figures.reasons import digits
from analysis.results import Estimate
from feedback import charts
from feedback.results import Report
from surveys.weeks import first_day

_WIDEST_SCALE = 20
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def drawing_context(report: Report, language: str) -> dict[str, Any]:
    """Return the names that `report_body.html` uses for its figures."""
    return {
        "report": report,
        "charts": charts,
        "gain_digits": digits,
        "impact_scale": _common_scale([theme.impact for theme in report.themes]),
        "trend_labels": month_labels([figure.week for figure in report.weeks], language),
    }


def _common_scale(estimates: list[Estimate]) -> tuple[float, float]:
    """Return symmetric bounds that hold every value; an interval wider than the scale runs off its ends."""
    seen = [abs(bound) for each in estimates for bound in (each.value, each.low, each.high) if bound is not None]
    most = min(max([*seen, 1.0]), max([*(abs(each.value) * 2 for each in estimates if each.value), _WIDEST_SCALE]))
    return -most, most


def month_labels(weeks: list[str], language: str) -> list[str]:
    """Label the first week of every month, the others with nothing."""
    months = [first_day(week).month for week in weeks]
    begins = [False, *(before != after for before, after in pairwise(months))][: len(weeks)]
    if sum(begins) <= 1 and weeks:
        begins[0] = True
    return [
        (f"{month}月" if language == "ja" else _MONTHS[month - 1]) if begin else ""
        for month, begin in zip(months, begins, strict=True)
    ]
