"""The improvements board, and the page of one improvement with its history."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from analysis import records
from feedback import accounts, improvement_changes, improvements, thanks
from feedback.house import house, now
from feedback.improvements import Details, ImprovementError, ImprovementInfo
from feedback.pages.gate import member, needs
from feedback.pages.improvement_words import change_words, fault_words, state_words, status_of, verdict_words
from feedback.pilots.conduct import is_running
from feedback.pilots.records import pilots, visible_pilots
from feedback.pilots.results import pilot_result
from surveys.queries import StoreInfo


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/improvements", "improvements", board)
    pages.add_url_rule("/improvements", "add_improvement", add_improvement, methods=["POST"])
    pages.add_url_rule("/improvement", "improvement", improvement)
    pages.add_url_rule("/improvement", "change_improvement", change_improvement, methods=["POST"])


def board() -> ResponseReturnValue:
    """Show every improvement of the member's stores and of the whole chain, by state."""
    return _board(request.args)


@needs(improvements.ROLE)
def add_improvement() -> ResponseReturnValue:
    """Put a new improvement down."""
    form = request.form
    try:
        with house().database.session() as writing:
            store = form.get("store") or None
            if not improvements.may_change(member(), accounts.visible_stores(writing, member()), store):
                abort(403)
            made = improvement_changes.add_improvement(
                writing, _details(form), member().name, now(), theme=form.get("theme") or None, store=store
            )
    except ImprovementError as error:
        return _board(form, fault=error.field), 400
    return redirect(url_for("staff.improvement", number=made.number), 303)


def improvement() -> ResponseReturnValue:
    """Show one improvement: how far it is, its pilots, and who changed what."""
    return _page(request.args.get("number", default=0, type=int))


@needs(improvements.ROLE)
def change_improvement() -> ResponseReturnValue:
    """Take an improvement on, change what is written of it, or add a note."""
    form, number = request.form, request.form.get("number", default=0, type=int)
    try:
        with house().database.session() as writing:
            stores = accounts.visible_stores(writing, member())
            found = _visible(writing, stores, number)
            if not improvements.may_change(member(), stores, found.store_key):
                abort(403)
            _change(writing, number, form)
    except ImprovementError as error:
        return _page(number, form, fault=error.field), status_of(error.field)
    return redirect(url_for("staff.improvement", number=number), 303)


def _change(writing: Session, number: int, form: Mapping[str, str]) -> None:
    who = member().name
    if "state" in form:
        improvement_changes.move_improvement(writing, number, form["state"], who, now(), seen=form.get("seen"))
    elif "note" in form:
        improvement_changes.add_note(writing, number, form["note"], who, now())
    else:
        seen = _details({name.removeprefix("seen_"): form[name] for name in form if name.startswith("seen_")})
        improvement_changes.change_improvement(
            writing, number, _details(form), who, now(), seen=seen if seen.title else None
        )


def _board(typed: Mapping[str, str], *, fault: str = "") -> str:
    with house().database.reading() as reading:
        stores = accounts.visible_stores(reading, member())
        found = improvements.visible_improvements(reading, stores)
        themes = records.themes(reading)
        tried = _tried(reading, stores)
    states = {state: [each for each in found if each.state == state] for state in improvements.NEXT}
    return render_template(
        "staff/improvements.html",
        states=states,
        themes=themes,
        stores=stores,
        typed=typed,
        fault=fault,
        fault_words=fault_words(fault),
        state_words=state_words,
        tried=tried,
        longest=improvements.LONGEST_TITLE,
        efforts=improvements.EFFORTS,
        may_add=member().may(improvements.ROLE) and (stores or accounts.acts_for(member(), stores, None)),
        may_all=accounts.acts_for(member(), stores, None),
        today=now().astimezone(house().config.organisation.zone).date(),
    )


def _page(number: int, typed: Mapping[str, str] | None = None, *, fault: str = "") -> str:
    with house().database.reading() as reading:
        stores = accounts.visible_stores(reading, member())
        found = _visible(reading, stores, number)
        tried = visible_pilots(pilots(reading, number), stores)
        running = {pilot.number for pilot in tried if is_running(reading, pilot)}
        stands = {pilot.number: verdict_words(pilot_result(reading, pilot))[0] for pilot in tried}
        changes, themes = improvements.history(reading, number), records.themes(reading)
    return render_template(
        "staff/improvement.html",
        found=found,
        theme=themes.get(found.theme or ""),
        pilots=tried,
        running=running,
        stands=stands,
        may_tell=member().may(thanks.ROLE),
        changes=[(each, change_words(each)) for each in changes],
        written=_fields(found.details),
        typed=typed or {},
        fault=fault,
        fault_words=fault_words(fault),
        state_words=state_words,
        longest=improvements.LONGEST_TITLE,
        longest_note=improvements.LONGEST_NOTE,
        efforts=improvements.EFFORTS,
        may_change=improvements.may_change(member(), stores, found.store_key),
        zone=house().config.organisation.zone,
        today=now().astimezone(house().config.organisation.zone).date(),
    )


def _tried(reading: Session, stores: tuple[StoreInfo, ...]) -> dict[int, bool]:
    """Tell of each improvement whether the newest of its pilots still goes on; stopped ones are left out."""
    found = [pilot for pilot in visible_pilots(pilots(reading), stores) if not pilot.stopped_at]
    return {pilot.improvement: is_running(reading, pilot) for pilot in reversed(found)}


def _visible(session: Session, stores: tuple[StoreInfo, ...], number: int) -> ImprovementInfo:
    """Return one improvement; one that the member may not see is answered like none: 404."""
    found = next((each for each in improvements.visible_improvements(session, stores) if each.number == number), None)
    if found is None:
        abort(404)
    return found


def _fields(details: Details) -> dict[str, str]:
    """Return what is written as a form holds it."""
    return {name: str(getattr(details, name) or "") for name in Details.__dataclass_fields__}


def _details(form: Mapping[str, str]) -> Details:
    """Read the form. Error: `ImprovementError` for a day or an effort that is none."""
    due, effort = form.get("due", "").strip(), form.get("effort", "").strip()
    try:
        day = date.fromisoformat(due) if due else None
    except ValueError as error:
        raise ImprovementError("due", f"{due!r} is no day; write it like 2025-12-31") from error
    known = {str(each): each for each in improvements.EFFORTS}
    if effort and effort not in known:
        raise ImprovementError("effort", f"effort is 1 (small) to 5 (large), not {effort!r}")
    return Details(form.get("title", ""), form.get("owner", ""), day, known.get(effort))
