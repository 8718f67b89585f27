"""Exports for analysts, within what each may see."""

import tempfile
from datetime import date
from typing import get_args

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from feedback import accounts
from feedback.export_files import Format
from feedback.exports import Selection, export_responses, export_tags
from feedback.house import house, now, staff_language
from feedback.improvement_exports import export_improvements, export_pilot_weeks, export_pilots
from feedback.pages.gate import member, needs
from feedback.pages.view import wanted_view
from feedback.scopes import store_ids
from feedback.segments import export_segments
from feedback.spot_table import export_spots
from feedback.theme_trends import export_trends

EXPORTS = {
    "tags": export_tags,
    "responses": export_responses,
    "segments": export_segments,
    "spots": export_spots,
    "improvements": export_improvements,
    "pilots": export_pilots,
    "pilot-weeks": export_pilot_weeks,
    "trends": export_trends,
}
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
}
_IN_MEMORY = 8 * 1024 * 1024


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/downloads", "downloads", downloads)
    pages.add_url_rule("/downloads/file", "download", download)


@needs("analyst")
def downloads() -> ResponseReturnValue:
    """Show what can be downloaded."""
    with house().database.reading() as reading:
        stores = accounts.visible_stores(reading, member())
    return render_template("staff/downloads.html", stores=stores, formats=get_args(Format))


@needs("analyst")
def download() -> ResponseReturnValue:
    """Send one export, and leave a line in the trail of who took what."""
    kind, format_ = request.args.get("kind", ""), request.args.get("format", "")
    if kind not in EXPORTS or format_ not in get_args(Format):
        abort(404)
    # written to the end before it is sent: a slow line must not hold the database's snapshot open
    stream = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - Flask closes it after sending
    with house().database.reading() as reading:
        scope = wanted_view(reading).scope
        selection = Selection(
            zone=house().config.organisation.zone,
            first_day=_day("from"),
            last_day=_day("to"),
            store_ids=store_ids(reading, scope),
            language=staff_language(),
        )
        EXPORTS[kind](reading, selection, format_, stream)  # type: ignore[arg-type] # both were checked above
    with house().database.session() as writing:
        accounts.record(writing, member().name, "exported", f"{kind} {format_} {scope.name}".strip()[:200], now())
    stream.seek(0)
    name = f"koebako-{kind}.{format_}"
    return send_file(stream, _TYPES[format_], as_attachment=True, download_name=name)


def _day(name: str) -> date | None:
    asked = request.args.get(name)
    try:
        return date.fromisoformat(asked) if asked else None
    except ValueError:
        abort(400)
