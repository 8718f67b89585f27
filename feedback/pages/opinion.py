"""One opinion, and what it is about: staff put it right here."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from analysis import correcting, records
from analysis.errors import CorrectionError
from analysis.opinions import TaggedQuote, tagged_quote
from feedback import accounts
from feedback.house import house, now
from feedback.pages.comments import split
from feedback.pages.gate import member, needs

CORRECTOR = "manager"
"""Who may put an opinion right, among the comments of the own stores."""


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/opinion", "opinion", opinion)
    pages.add_url_rule("/opinion", "correct_opinion", correct_opinion, methods=["POST"])


@needs(CORRECTOR)
def opinion() -> ResponseReturnValue:
    """Show one opinion with the themes that it has."""
    return _page(request.args.get("comment", ""), request.args.get("position", default=-1, type=int))


@needs(CORRECTOR)
def correct_opinion() -> ResponseReturnValue:
    """Store what the member says that the opinion, or the whole comment, is about."""
    comment, position = request.form.get("comment", ""), request.form.get("position", default=-1, type=int)
    _find(comment, position)
    chosen = request.form.getlist("themes")
    try:
        with house().database.session() as writing:
            if request.form.get("reach") == "comment":
                made = correcting.set_themes(writing, comment, chosen, member().name, now())
            else:
                made = correcting.move(writing, (comment, position), chosen, member().name, now())
    except CorrectionError as error:
        return _page(comment, position, fault=str(error)), 400
    return redirect(url_for("staff.opinion", comment=comment, position=position, done=made.number), 303)


def _page(comment: str, position: int, fault: str = "") -> str:
    found = _find(comment, position)
    with house().database.reading() as reading:
        themes = [theme for theme in records.themes(reading).values() if theme.is_listed or theme.id in found.theme_ids]
    groups: dict[str, list[object]] = {}
    for theme in sorted(themes, key=lambda each: each.id):
        groups.setdefault(theme.group.get("ja", ""), []).append(theme)
    return render_template(
        "staff/opinion.html",
        quote=found.quote,
        parts=split(found.quote),
        chosen=found.theme_ids,
        groups=groups,
        fault=fault,
        done=request.args.get("done", type=int),
    )


def _find(comment: str, position: int) -> TaggedQuote:
    """Find an opinion among those that the member may see; one of another store is answered like none: 404."""
    with house().database.reading() as reading:
        found = tagged_quote(reading, comment, position)
        stores = {store.id for store in accounts.visible_stores(reading, member())}
    if found is None or found.quote.store_id not in stores or found.quote.kind != "opinion":
        abort(404)
    return found
