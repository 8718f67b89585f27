"""Comments that must not wait, and the line on every page that leads to them."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from analysis.critical import critical_words
from feedback import accounts
from feedback.critical import count_waiting, critical_comments, mark_seen
from feedback.house import house, now
from feedback.pages.gate import member

_SHOWN = 100


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/critical", "critical", critical)
    pages.add_url_rule("/critical", "see_critical", see_critical, methods=["POST"])
    pages.context_processor(lambda: {"critical_waiting": waiting})


def critical() -> ResponseReturnValue:
    """Show the critical comments that nobody has seen yet, or those that somebody has."""
    seen = request.args.get("seen") == "1"
    with house().database.reading() as reading:
        stores = _store_ids(reading)
        found = critical_comments(reading, stores, seen=seen, limit=_SHOWN)
    return render_template(
        "staff/critical.html",
        found=found,
        seen=seen,
        done="done" in request.args,
        words=critical_words(house().config.feedback.critical_file),
        zone=house().config.organisation.zone,
    )


def see_critical() -> ResponseReturnValue:
    """Note that the member has seen one comment."""
    with house().database.session() as writing:
        mark_seen(writing, request.form.get("comment", ""), member().name, now(), _store_ids(writing))
    return redirect(url_for("staff.critical", done=1), 303)


def waiting() -> int:
    """Count what waits for the member who is signed in; 0 for nobody."""
    if g.get("member") is None or member().must_change:
        return 0
    with house().database.reading() as reading:
        return count_waiting(reading, _store_ids(reading))


def _store_ids(session: Session) -> list[int] | None:
    if member().store_id is None and member().area_id is None:
        return None
    return [store.id for store in accounts.visible_stores(session, member())]
