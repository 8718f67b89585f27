"""Pilots: the plan, the start, and the page with both groups and the verdict."""

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from analysis import records
from feedback import accounts, charts, improvements
from feedback.house import house, now, staff_language
from feedback.improvements import ImprovementInfo
from feedback.pages import improvement_words as words
from feedback.pages.gate import FORM_FIELD, member, needs
from feedback.pilots.conduct import extend_pilot, is_running, may_run, start_pilot, stop_pilot
from feedback.pilots.plans import DEFAULT_EXPECTED, NewPilot, PilotPlan, plan_pilot
from feedback.pilots.records import PilotError, PilotInfo, find_pilot, visible_pilots
from feedback.pilots.results import pilot_result
from feedback.report.view import month_labels
from surveys.errors import InputError
from surveys.queries import StoreInfo
from surveys.texts import pick
from surveys.weeks import shift, week_of

_WEEKS_OFFERED = 13
_MOST_DIGITS = 4


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/pilots/new", "new_pilot", new_pilot)
    pages.add_url_rule("/pilots/new", "begin_pilot", begin_pilot, methods=["POST"])
    pages.add_url_rule("/pilot", "pilot", pilot)
    pages.add_url_rule("/pilot", "change_pilot", change_pilot, methods=["POST"])


@needs(improvements.ROLE)
def new_pilot() -> ResponseReturnValue:
    """Show the form."""
    number = request.args.get("improvement", default=0, type=int)
    with house().database.reading() as reading:
        improvement = _to_try(reading, accounts.visible_stores(reading, member()), number)
    return _form(number, MultiDict({"way": "all", "weeks": "8"} if _is_everywhere(improvement) else {}))


@needs(improvements.ROLE)
def begin_pilot() -> ResponseReturnValue:
    """Show what the pilot would take, or draw its stores and start."""
    form, number = request.form, request.form.get("improvement", default=0, type=int)
    moment = now()
    try:
        with house().database.reading() as reading:
            plan = _planned(reading, number, moment)
        if form.get("step") != "start":
            return _form(number, form, plan=plan)
        with house().database.session() as writing:
            made = start_pilot(writing, plan, member().name, moment)
    except InputError as error:
        fault = error.field if isinstance(error, PilotError) else "stores"
        return _form(number, form, fault=fault), words.status_of(fault)
    return redirect(url_for("staff.pilot", number=made.number), 303)


def pilot() -> ResponseReturnValue:
    """Show a pilot: both groups over time, and its verdict at the planned end."""
    return _page(request.args.get("number", default=0, type=int))


@needs(improvements.ROLE)
def change_pilot() -> ResponseReturnValue:
    """Let an unclear pilot go on, or stop a running one."""
    form, number = request.form, request.form.get("number", default=0, type=int)
    with house().database.reading() as reading:
        found = _visible(reading, number)
        if not may_run(member(), accounts.visible_stores(reading, member()), _stores(found)):
            abort(403)
        shown = pilot_result(reading, found) if form.get("step") == "extend" else None
    try:
        with house().database.session() as writing:
            if shown:
                extend_pilot(writing, shown, _whole(form.get("weeks", "")), member().name, now())
            else:
                stop_pilot(writing, number, member().name, now())
    except PilotError as error:
        return _page(number, fault=error.field), words.status_of(error.field)
    return redirect(url_for("staff.pilot", number=number), 303)


def _planned(reading: Session, number: int, moment: datetime) -> PilotPlan:
    """Plan what the form asks for. A pilot of stores that are not the member's own is refused: 403."""
    stores = accounts.visible_stores(reading, member())
    _to_try(reading, stores, number)
    plan = plan_pilot(reading, _asked(request.form, stores), moment, house().config.organisation.zone)
    if not may_run(member(), stores, plan.stores):
        abort(403)
    return plan


def _to_try(reading: Session, stores: tuple[StoreInfo, ...], number: int) -> ImprovementInfo:
    """Return an improvement that is the member's to try: else 403; one that the member may not see is none: 404."""
    found = _improvement(reading, stores, number)
    if not improvements.may_change(member(), stores, found.store_key):
        abort(403)
    return found


def _is_everywhere(improvement: ImprovementInfo) -> bool:
    """Tell whether it is rolled out already, or for one store alone: there are no stores to compare with."""
    return improvement.state == "rollout" or improvement.store_key is not None


def _asked(form: MultiDict[str, str], stores: tuple[StoreInfo, ...]) -> NewPilot:
    """Read the form. A number that is none counts as 0, which is refused.

    Error: `PilotError` where stores were to be picked, and none was.
    """
    way = form.get("way", "drawn")
    if way == "picked" and not form.getlist("pick"):
        raise PilotError("picked", "no store was picked")
    weeks, trying = form.get("weeks", "").strip(), form.get("trying", "").strip()
    return NewPilot(
        improvement=form.get("improvement", default=0, type=int),
        metric="theme" if form.get("metric") == "theme" else "nps",
        expected=form.get("expected", default=0.0, type=float),
        start_week=form.get("start_week", ""),
        weeks=_whole(weeks) if weeks else None,
        # nobody plans for stores that they can't see
        stores=tuple(form.getlist("store")) or tuple(store.key for store in stores),
        trying=(_whole(trying) if trying else None) if way == "drawn" else None,
        picked=tuple(form.getlist("pick")) if way == "picked" else (),
        everywhere=way == "all",
    )


def _form(number: int, typed: MultiDict[str, str], *, plan: PilotPlan | None = None, fault: str = "") -> str:
    this_week = week_of(now(), house().config.organisation.zone)
    with house().database.reading() as reading:
        stores = accounts.visible_stores(reading, member())
        improvement = _improvement(reading, stores, number)
    # where nothing is drawn, it may have begun already
    back = _WEEKS_OFFERED if _is_everywhere(improvement) else 0
    return render_template(
        "staff/pilot_form.html",
        improvement=improvement,
        stores=stores,
        weeks=[shift(this_week, ahead) for ahead in range(1 - back, _WEEKS_OFFERED)],
        next_week=shift(this_week, 1),
        typed=typed,
        kept=[(name, value) for name, value in typed.items(multi=True) if name not in {"step", FORM_FIELD}],
        expected=DEFAULT_EXPECTED,
        plan=plan,
        groups=_groups(plan) if plan else (),
        fault=fault,
        fault_words=words.fault_words(fault),
    )


def _groups(plan: PilotPlan) -> list[list[StoreInfo]]:
    """Return the stores of each group."""
    pairs = list(zip(plan.groups, plan.stores, strict=True))
    return [[store for own, store in pairs if own == group] for group in sorted(set(plan.groups))]


def _page(number: int, *, fault: str = "") -> str:
    with house().database.reading() as reading:
        found = _visible(reading, number)
        result = pilot_result(reading, found)
        stores = accounts.visible_stores(reading, member())
        improvement = improvements.find_improvement(reading, found.improvement)
        mine = may_run(member(), stores, _stores(found))
        running, theme = is_running(reading, found), _theme_name(reading, improvement.theme)
    labels = month_labels([week.week for week in result.weeks], staff_language())
    return render_template(
        "staff/pilot.html",
        pilot=found,
        result=result,
        charts=charts,
        labels=labels,
        said=words.verdict_words(result),
        next_step=words.next_words(result, improvement.state) if mine else "",
        theme=theme,
        other=words.other_words(result),
        cautions=[words.caution_words(result, caution) for caution in result.cautions],
        amount=words.amount,
        interval=words.interval,
        may_change=mine,
        running=running,
        fault=fault,
        fault_words=words.fault_words(fault),
        zone=house().config.organisation.zone,
    )


def _theme_name(reading: Session, theme_id: str | None) -> str:
    themes = records.themes(reading)
    return pick(themes[theme_id].name, staff_language()) if theme_id in themes else ""


def _visible(session: Session, number: int) -> PilotInfo:
    """Return one pilot; one whose stores the member may not all see is answered like none: 404."""
    try:
        found = find_pilot(session, number)
    except PilotError:
        abort(404)
    if not visible_pilots([found], accounts.visible_stores(session, member())):
        abort(404)
    return found


def _improvement(session: Session, stores: tuple[StoreInfo, ...], number: int) -> ImprovementInfo:
    found = improvements.visible_improvements(session, stores)
    wanted = next((each for each in found if each.number == number), None)
    if wanted is None:
        abort(404)
    return wanted


def _stores(found: PilotInfo) -> list[StoreInfo]:
    return [each.store for each in found.stores if each.ours]


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0
