"""Whether those who recommend come back: purchases of members by promoter class."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from analysis.loyalty import members_loyalty
from feedback.house import house
from feedback.pages.view import wanted_view
from feedback.scopes import store_ids

HORIZONS = (90, 180, 365)
"""Days after the answer that the page offers."""
_USUAL = 90


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/loyalty", "loyalty", loyalty)


def loyalty() -> ResponseReturnValue:
    """Show the classes side by side, for members whose first answer was given where this member of staff may look."""
    config = house().config
    asked = request.args.get("days", type=int)
    horizon = asked if asked in HORIZONS else _USUAL
    with house().database.reading() as reading:
        view = wanted_view(reading)
        ids = store_ids(reading, view.scope)
        known = members_loyalty(reading, horizon, config.organisation.zone, ids)
    return render_template(
        "staff/loyalty.html",
        known=known,
        horizon=horizon,
        horizons=HORIZONS,
        stores=view.stores,
        wanted=view.wanted,
        allowed=config.privacy.member_codes,
    )
