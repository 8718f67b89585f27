"""Our stores beside competitors: public reviews, theme by theme."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from feedback.comparison import rival_comparison, theme_names
from feedback.house import house
from feedback.pages.view import nothing_yet, wanted_view
from surveys.weeks import first_day


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/rivals", "rivals", rivals)


def rivals() -> ResponseReturnValue:
    """Show what the member may see of our own beside each competitor, over weeks that end with the newest one."""
    with house().database.reading() as reading:
        view = wanted_view(reading)
        if not view.weeks:
            return nothing_yet(reading)
        week = request.args.get("week") or view.weeks[-1]
        first_day(week)
        found = rival_comparison(reading, week, view.scope)
        names = theme_names(reading, week)
    return render_template(
        "staff/rivals.html",
        found=found,
        week=week,
        rows={
            rival.operator: [(names[each.theme_id], each) for each in rival.themes]
            for rival in (found.rivals if found else ())
        },
        stores=view.stores,
        weeks=view.weeks,
        wanted=view.wanted,
    )
