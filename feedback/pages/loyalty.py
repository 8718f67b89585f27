"""Whether those who recommend come back: purchases of members by promoter class."""

import io

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue

from analysis.figures.loyalty import MONTH_DAYS
from analysis.loyalty import MembersLoyalty, members_loyalty
from analysis.results import Estimate
from feedback import accounts, charts
from feedback.export_files import write_csv
from feedback.house import house, now
from feedback.loyalty_file import COLUMNS, rows
from feedback.pages.gate import member, needs
from feedback.pages.view import View, wanted_view
from feedback.scopes import store_ids

HORIZONS = (90, 180, 365)
"""Days after the answer that the page offers."""
_USUAL = 90
_MOST_LABELS = 6


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/loyalty", "loyalty", loyalty)
    pages.add_url_rule("/loyalty/file", "loyalty_file", loyalty_file)


def loyalty() -> ResponseReturnValue:
    """Show the classes side by side, for members whose first answer was given where this member of staff may look."""
    view, known = _wanted()
    curves = _curves(known) if known else []
    return render_template(
        "staff/loyalty.html",
        known=known,
        curves=curves,
        day_labels=_day_labels(len(curves[0][1])) if curves else [],
        charts=charts,
        horizon=_horizon(),
        horizons=HORIZONS,
        stores=view.stores,
        wanted=view.wanted,
        allowed=house().config.privacy.member_codes,
    )


@needs("analyst")
def loyalty_file() -> ResponseReturnValue:
    """Send the figures of the page as a CSV, and leave a line in the trail of who took them."""
    view, known = _wanted()
    stream = io.BytesIO()
    write_csv(stream, COLUMNS, rows(known) if known else ())
    with house().database.session() as writing:
        accounts.record(writing, member().name, "exported", f"loyalty csv {view.scope.name}".strip()[:200], now())
    stream.seek(0)
    return send_file(stream, "text/csv; charset=utf-8", as_attachment=True, download_name="koebako-loyalty.csv")


def _wanted() -> tuple[View, MembersLoyalty | None]:
    with house().database.reading() as reading:
        view = wanted_view(reading)
        zone = house().config.organisation.zone
        return view, members_loyalty(reading, _horizon(), zone, store_ids(reading, view.scope))


def _horizon() -> int:
    asked = request.args.get("days", type=int)
    return asked if asked in HORIZONS else _USUAL


def _curves(known: MembersLoyalty) -> list[tuple[str, tuple[Estimate, ...]]]:
    """Return the classes of which a share is told."""
    return [(each.name, each.returned) for each in known.loyalty.classes if each.returned[0].value is not None]


def _day_labels(months: int) -> list[str]:
    step = -(-months // _MOST_LABELS)
    return [str(MONTH_DAYS * month) if month % step == 0 else "" for month in range(months + 1)]
