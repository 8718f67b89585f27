"""The themes, and what staff correct about them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from analysis import records
from analysis.corrections import correcting
from analysis.corrections.log import Correction, events, undo
from analysis.errors import CorrectionError
from analysis.results import WINDOWS
from feedback import charts
from feedback.house import house, now, staff_language
from feedback.pages.correction_words import fault_words, words_of
from feedback.pages.gate import member, needs
from feedback.pages.view import wanted_view
from feedback.report.view import month_labels
from feedback.scopes import store_ids
from feedback.theme_trends import counts_by_store, counts_by_week
from feedback.themes import counted_themes, latest_window, names_before, theme_details, words_as_written
from feedback.wording import days
from surveys.weeks import window

CORRECTOR = "analyst"
"""Who may change a theme: it is one for all stores."""

Form = MultiDict[str, str]


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/themes", "themes", themes)
    pages.add_url_rule("/theme", "theme", theme)
    pages.add_url_rule("/theme", "correct_theme", correct_theme, methods=["POST"])
    pages.add_url_rule("/corrections", "corrections", corrections)
    pages.add_url_rule("/corrections", "undo_correction", undo_correction, methods=["POST"])


def themes() -> ResponseReturnValue:
    """List every theme with how often it is spoken of in the member's stores."""
    with house().database.reading() as reading:
        view = wanted_view(reading)
        weeks = latest_window(reading, house().config.analysis.window_responses)
        counted = counted_themes(reading, weeks, store_ids(reading, view.scope))
    living = [each for each in counted if each.theme.merged_into is None]
    return render_template(
        "staff/themes.html",
        weeks=weeks,
        spoken_of=[each for each in living if each.totals.opinions and not each.theme.hidden],
        silent=[each for each in living if not each.totals.opinions and not each.theme.hidden],
        hidden=[each for each in living if each.theme.hidden],
        may_correct=member().may(CORRECTOR),
    )


def theme() -> ResponseReturnValue:
    """Show one theme: its words, what customers say, and the forms that correct it; a merged one leads to the other."""
    wanted = request.args.get("theme", "")
    with house().database.reading() as reading:
        living = records.amended(reading).resolve(wanted)
    if living not in {None, wanted}:
        return redirect(url_for("staff.theme", theme=living), 303)
    return _page(wanted, done=request.args.get("done", type=int))


@needs(CORRECTOR)
def correct_theme() -> ResponseReturnValue:
    """Make one correction of a theme; the page then offers its undo."""
    action = _ACTIONS.get(request.form.get("action", ""))
    if action is None:
        abort(400)
    try:
        with house().database.session() as writing:
            made = action(writing, request.form, member().name, now())
    except CorrectionError as error:
        return _page(request.form.get("theme", ""), fault=fault_words(error)), 400
    shown = made.content.get("into") or made.content["theme"]
    return redirect(url_for("staff.theme", theme=shown, done=made.number), 303)


@needs(CORRECTOR)
def corrections() -> ResponseReturnValue:
    """List every correction, newest first, each with its undo."""
    return _log()


@needs(CORRECTOR)
def undo_correction() -> ResponseReturnValue:
    """Take one correction back, and return to the theme whose page asked for it."""
    number = request.form.get("number", default=0, type=int)
    try:
        with house().database.session() as writing:
            undo(writing, number, member().name, now())
    except CorrectionError:
        return _log(fault=True), 400
    if shown := request.form.get("theme"):
        return redirect(url_for("staff.theme", theme=shown, undone=number), 303)
    return redirect(url_for("staff.corrections", undone=number), 303)


def _page(theme_id: str, *, done: int | None = None, fault: str = "") -> str:
    with house().database.reading() as reading:
        view = wanted_view(reading)
        weeks = latest_window(reading, house().config.analysis.window_responses)
        try:
            details = theme_details(reading, theme_id, weeks, ids := store_ids(reading, view.scope))
        except CorrectionError:
            abort(404)
        living, before = records.themes(reading), names_before(reading)
        trend = _trend(reading, theme_id, weeks, ids) if weeks else {}
    standing = [event for event in details.corrections if not event.is_undone]
    others = [each for each in living.values() if each.id != theme_id and each.merged_into is None]
    return render_template(
        "staff/theme.html",
        details=details,
        theme=details.counted.theme,
        written=words_as_written(details),
        others=sorted(others, key=lambda each: each.name.get("ja", each.id)),
        living=living,
        events=[(event, words_of(event, living, before)) for event in details.corrections],
        done=next((event for event in standing if event.number == done), None),
        undone=request.args.get("undone", type=int),
        hidden_by=next((event for event in standing if event.kind == "hide"), None),
        fault=fault,
        typed=request.form,
        may_correct=member().may(CORRECTOR),
        **trend,
    )


def _trend(reading: Session, theme_id: str, weeks: Sequence[str], ids: Sequence[int] | None) -> dict[str, Any]:
    """Return what `theme_trend.html` draws: half a year by week, and the weeks of the report by store."""
    by_week = counts_by_week(reading, theme_id, window(weeks[-1], max(WINDOWS)), ids)
    by_store = counts_by_store(reading, theme_id, weeks, ids)
    language = staff_language()
    return {
        "charts": charts,
        "by_week": by_week,
        "week_labels": month_labels([week for week, _ in by_week], language),
        "named_weeks": [(days(language, week), spoken) for week, spoken in by_week],
        "by_store": [(store.name, spoken) for store, spoken in by_store],
    }


def _log(*, fault: bool = False) -> str:
    with house().database.reading() as reading:
        living, before = records.themes(reading), names_before(reading)
        found = [(event, words_of(event, living, before)) for event in events(reading)]
    zone = house().config.organisation.zone
    return render_template(
        "staff/corrections.html", events=found, fault=fault, undone=request.args.get("undone", type=int), zone=zone
    )


def _names(form: Form) -> Mapping[str, str]:
    return {language: text for language in ("ja", "en") if (text := form.get(f"name_{language}", "").strip())}


_ACTIONS: Mapping[str, Callable[[Session, Form, str, datetime], Correction]] = {
    "rename": lambda session, form, who, at: correcting.rename(session, form.get("theme", ""), _names(form), who, at),
    "merge": lambda session, form, who, at: correcting.merge(
        session, [form.get("theme", "")], form.get("into", ""), who, at
    ),
    "split": lambda session, form, who, at: correcting.split(
        session, form.get("theme", ""), _names(form), form.getlist("words"), who, at
    ),
    "pin": lambda session, form, who, at: correcting.pin(
        session, form.get("theme", ""), form.get("word", ""), None, who, at
    ),
    "ban": lambda session, form, who, at: correcting.ban(session, form.get("theme", ""), form.get("word", ""), who, at),
    "hide": lambda session, form, who, at: correcting.hide(session, form.get("theme", ""), who, at),
}
