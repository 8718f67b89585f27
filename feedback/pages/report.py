"""The weekly report."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback import improvements
from feedback.house import house, staff_language
from feedback.pages.gate import member
from feedback.pages.view import View, nothing_yet, wanted_view
from feedback.report import build_report
from feedback.report.view import drawing_context
from feedback.results import Report, ReportImprovement
from surveys.queries import StoreInfo
from surveys.texts import pick


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/report", "report", report)


def report() -> ResponseReturnValue:
    """Show the report of one week for what the member may see: the newest week unless one is named."""
    with house().database.reading() as reading:
        view = wanted_view(reading)
        if not view.weeks:
            return nothing_yet(reading)
        taken_up = improvements.open_by_theme(reading, _in_scope(view))
        week = request.args.get("week") or view.weeks[-1]
        built = build_report(reading, house().config, week, view.scope)
    return render_template(
        "staff/report.html",
        stores=view.stores,
        weeks=view.weeks,
        wanted=view.wanted,
        earlier=max((other for other in view.weeks if other < week), default=None),
        later=min((other for other in view.weeks if other > week), default=None),
        comments_address=_comments_address(built, view.wanted),
        take_up_address=_take_up_address(view) if member().may(improvements.ROLE) else None,
        taken_up=taken_up,
        store_address=lambda key: url_for("staff.report", week=week, scope=f"store-{key}"),
        **drawing_context(built, staff_language()),
    )


def _in_scope(view: View) -> Sequence[StoreInfo]:
    """Return the stores that the report is of: what another store has taken up is not theirs."""
    store, area = view.scope.store_id, view.scope.area_id
    return [each for each in view.stores if store in (None, each.id) and area in (None, each.area_id)]


def _take_up_address(view: View) -> Callable[[ReportImprovement], str]:
    """Lead to the board, where the item stands in the form, for the store of the report."""
    store = None if view.scope.store_id is None else _in_scope(view)[0].key

    def address(item: ReportImprovement) -> str:
        title = pick(item.name, staff_language())
        return url_for("staff.improvements", theme=item.theme_id, title=title, store=store, _anchor="new")

    return address


def _comments_address(built: Report, wanted: str) -> Callable[..., str]:
    def address(**filters: Any) -> str:
        query: dict[str, Any] = {"week": built.week, "window": built.window, "scope": wanted or None, **filters}
        return url_for("staff.comments", **query)

    return address
