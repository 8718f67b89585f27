"""Loyalty figures as plain values: the JSON and the CSV of `koebako loyalty` (a contract, see docs/data.md)."""

from collections.abc import Iterator
from typing import Any

from analysis.figures.loyalty import MONTH_DAYS, ClassLoyalty
from analysis.loyalty import MembersLoyalty
from analysis.results import Estimate
from feedback.export_files import Row

COLUMNS = ("class", "figure", "days", "members", "value", "low", "high")


def to_dict(found: MembersLoyalty | None) -> dict[str, Any] | None:
    """Return the keys and values of the JSON; None where no purchase is known."""
    if found is None:
        return None
    return {
        "days": found.loyalty.horizon,
        "purchases_from": found.first_day.isoformat(),
        "purchases_to": found.last_day.isoformat(),
        "answered_earlier": found.earlier,
        "classes": [_class(each) for each in found.loyalty.classes],
        "difference": _estimate(found.loyalty.difference),
    }


def rows(found: MembersLoyalty) -> Iterator[Row]:
    """Walk the rows of the CSV: each class's repeat rate, value and shares returned, and the difference."""
    horizon = found.loyalty.horizon
    for each in found.loyalty.classes:
        yield each.name, "repeat_rate", horizon, each.followed, *_figures(each.repeat_rate)
        yield each.name, "value", horizon, each.followed, *_figures(each.value)
        for month, share in enumerate(each.returned, start=1):
            yield each.name, "returned", MONTH_DAYS * month, each.members, *_figures(share)
    yield "", "difference", horizon, None, *_figures(found.loyalty.difference)


def _figures(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    value, low, high = (
        None if each is None else round(each, 6) for each in (estimate.value, estimate.low, estimate.high)
    )
    return value, low, high


def _class(each: ClassLoyalty) -> dict[str, Any]:
    return {
        "class": each.name,
        "members": each.members,
        "followed": each.followed,
        "repeat_rate": _estimate(each.repeat_rate),
        "value": _estimate(each.value),
        "returned": [
            {"days": MONTH_DAYS * month, **_estimate(share)} for month, share in enumerate(each.returned, start=1)
        ],
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}
