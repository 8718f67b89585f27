"""NPS by who answered, where and when, and the table of spots, times of day and themes."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from math import ceil, floor

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from analysis.results import WINDOWS
from feedback import charts
from feedback.exports import Selection
from feedback.house import house, staff_language
from feedback.pages.view import nothing_yet, wanted_view
from feedback.scopes import store_ids
from feedback.segments import Segment
from feedback.segments import segments as divided
from feedback.spot_table import TIMES, SpotRow, spot_table
from surveys.weeks import first_day, window

_USUAL_WINDOW = 4
_MOST_PLACES = 20
"""Spots and times of day with the most answers; the download holds all."""
_MOST_VALUES = 100
"""An import may bring an attribute with thousands of values; the download holds all."""
_THEMES_A_PLACE = 5
_FEWEST_MENTIONS = 2
"""One mention is one customer; two begin to be a theme of the place."""


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/segments", "segments", segments)


def segments() -> ResponseReturnValue:
    """Show the answers of some weeks divided, within what the member may see."""
    with house().database.reading() as reading:
        view = wanted_view(reading)
        if not view.weeks:
            return nothing_yet(reading)
        week, length = request.args.get("week") or view.weeks[-1], request.args.get("window", _USUAL_WINDOW, type=int)
        if length not in WINDOWS:
            abort(404)
        selection = Selection(
            zone=house().config.organisation.zone,
            first_day=first_day(window(week, length)[0]),
            last_day=first_day(week) + timedelta(days=6),
            store_ids=store_ids(reading, view.scope),
            language=staff_language(),
        )
        found, table = divided(reading, selection), spot_table(reading, selection)
    return render_template(
        "staff/segments.html",
        stores=view.stores,
        weeks=view.weeks,
        wanted=view.wanted,
        week=week,
        window=length,
        windows=WINDOWS,
        segments=found,
        scale=_scale(found),
        places=_places(table),
        most=_MOST_PLACES,
        most_values=_MOST_VALUES,
        times={key: name for key, (_, name) in TIMES.items()},
        charts=charts,
    )


def _scale(found: Sequence[Segment]) -> tuple[float, float]:
    """Return the round ends between which all intervals lie: on one from -100 to 100 they would all look alike."""
    figures = [value.nps.estimate for segment in found for value in segment.values]
    low = min((figure.low for figure in figures if figure.low is not None), default=-100)
    high = max((figure.high for figure in figures if figure.high is not None), default=100)
    return 10.0 * floor(min(low, 0) / 10), 10.0 * ceil(max(high, 0) / 10)


def _places(table: Sequence[SpotRow]) -> list[list[SpotRow]]:
    """Pick, for the spots and times of day with most answers, the row of all answers and those of frequent themes."""
    places = [list(rows) for _, rows in groupby(table, key=lambda row: (row.store_name, row.spot_name, row.time))]
    places.sort(key=lambda rows: -rows[0].responses)
    return [
        [whole, *(row for row in themes if row.responses >= _FEWEST_MENTIONS)][: 1 + _THEMES_A_PLACE]
        for whole, *themes in places[:_MOST_PLACES]
    ]
