"""Loyalty figures as plain values: the JSON of `koebako loyalty` (a contract, see docs/data.md)."""

from typing import Any

from analysis.figures.loyalty import MONTH_DAYS, ClassLoyalty
from analysis.loyalty import MembersLoyalty
from analysis.results import Estimate


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
