"""Loyalty figures as plain values: the JSON and the CSV of `koebako loyalty` (a contract, see docs/data.md)."""

from collections.abc import Iterator
from dataclasses import asdict, astuple
from typing import Any

from analysis.figures.loyalty import MONTH_DAYS, ClassLoyalty
from analysis.loyalty import MembersLoyalty
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
        "difference": asdict(found.loyalty.difference),
    }


def rows(found: MembersLoyalty) -> Iterator[Row]:
    """Walk the rows of the CSV: each class's repeat rate, value and shares returned, and the difference."""
    horizon = found.loyalty.horizon
    for each in found.loyalty.classes:
        yield each.name, "repeat_rate", horizon, each.followed, *astuple(each.repeat_rate.rounded())
        yield each.name, "value", horizon, each.followed, *astuple(each.value.rounded())
        for month, share in enumerate(each.returned, start=1):
            yield each.name, "returned", MONTH_DAYS * month, each.members, *astuple(share.rounded())
    yield "", "difference", horizon, None, *astuple(found.loyalty.difference.rounded())


def _class(each: ClassLoyalty) -> dict[str, Any]:
    return {
        "class": each.name,
        "members": each.members,
        "followed": each.followed,
        "repeat_rate": asdict(each.repeat_rate),
        "value": asdict(each.value),
        "returned": [
            {"days": MONTH_DAYS * month, **asdict(share)} for month, share in enumerate(each.returned, start=1)
        ],
    }
