"""One opinion, and what it is about: staff put it right here."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from analysis import records
from analysis.corrections import correcting
from analysis.corrections.log import Correction, active, undo
from analysis.corrections.verdicts import last_word
from analysis.errors import CorrectionError
from analysis.opinions import TaggedQuote, tagged_quote
from analysis.results import Theme
from feedback import accounts
from feedback.house import house, now
from feedback.pages.comments import split
from feedback.pages.correction_words import fault_words
from feedback.pages.gate import member, needs
from feedback.pages.themes import CORRECTOR as THEME_CORRECTOR

CORRECTOR = "manager"
"""Who may put an opinion right, among the comments of the own stores."""


@dataclass(frozen=True, slots=True)
class _Form:
    """What the form shows as chosen. `reach`: "opinion" or "comment"; `fault`: why the last try was refused."""

    reach: str
    themes: Collection[str]
    fault: str = ""


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/opinion", "opinion", opinion)
    pages.add_url_rule("/opinion", "correct_opinion", correct_opinion, methods=["POST"])
    pages.add_url_rule("/opinion/undo", "undo_opinion", undo_opinion, methods=["POST"])


@needs(CORRECTOR)
def opinion() -> ResponseReturnValue:
    """Show one opinion with the themes that it has; without a position: the first one of the comment."""
    position = request.args.get("position", default=-1, type=int) if "position" in request.args else None
    return _page(_find(request.args.get("comment", ""), position))


@needs(CORRECTOR)
def correct_opinion() -> ResponseReturnValue:
    """Store what the member says that the opinion, or the whole comment, is about."""
    comment, position = _named()
    found = _find(comment, position)
    chosen, reach = request.form.getlist("themes"), request.form.get("reach", "opinion")
    try:
        with house().database.session() as writing:
            if reach == "comment":
                made = correcting.set_themes(writing, comment, chosen, member().name, now())
            else:
                made = correcting.move(writing, (comment, position), chosen, member().name, now())
    except CorrectionError as error:
        return _page(found, _Form(reach, chosen, fault_words(error))), 400
    return redirect(url_for("staff.opinion", comment=comment, position=position, done=made.number), 303)


@needs(CORRECTOR)
def undo_opinion() -> ResponseReturnValue:
    """Take back what was said last of this opinion: whoever said it may, and those who may correct themes."""
    comment, position = _named()
    said = _last_word(_find(comment, position))
    if said is None or str(said.number) != request.form.get("number"):
        return redirect(url_for("staff.opinion", comment=comment, position=position), 303)  # somebody was faster
    if not _may_undo(said):
        abort(403)
    with house().database.session() as writing:
        undo(writing, said.number, member().name, now())
    return redirect(url_for("staff.opinion", comment=comment, position=position, undone=said.number), 303)


def _page(found: TaggedQuote, form: _Form | None = None) -> str:
    said = _last_word(found)
    form = form or _shown(said, found)
    with house().database.reading() as reading:
        themes = [theme for theme in records.themes(reading).values() if theme.is_listed or theme.id in form.themes]
    groups: dict[str, list[Theme]] = {}
    for theme in sorted(themes, key=lambda each: each.id):
        groups.setdefault(theme.group.get("ja", ""), []).append(theme)
    return render_template(
        "staff/opinion.html",
        quote=found.quote,
        listed_under=found.theme_ids[0] if found.theme_ids else "other",
        parts=split(found.quote),
        form=form,
        groups=groups,
        said=said,
        may_undo=said is not None and _may_undo(said),
        done=request.args.get("done", type=int),
        undone=request.args.get("undone", type=int),
    )


def _shown(said: Correction | None, found: TaggedQuote) -> _Form:
    """Staff's last word, which the next analysis will follow; else what the last analysis found."""
    if said is None:
        return _Form("opinion", found.theme_ids)
    with house().database.reading() as reading:
        themes = records.amended(reading).resolve_all(said.content["themes"])
    return _Form("comment" if said.kind == "set" else "opinion", themes)


def _last_word(found: TaggedQuote) -> Correction | None:
    with house().database.reading() as reading:
        return last_word(active(reading), records.amended(reading), found.quote)


def _may_undo(said: Correction) -> bool:
    return member().may(THEME_CORRECTOR) or said.made_by == member().name


def _named() -> tuple[str, int]:
    return request.form.get("comment", ""), request.form.get("position", default=-1, type=int)


def _find(comment: str, position: int | None) -> TaggedQuote:
    """Find an opinion among those that the member may see; one of another store is answered like none: 404."""
    with house().database.reading() as reading:
        found = tagged_quote(reading, comment, position)
        stores = {store.id for store in accounts.visible_stores(reading, member())}
    if found is None or found.quote.store_id not in stores or found.quote.kind != "opinion":
        abort(404)
    return found
