"""Surveys: the list, opening and closing, and their files."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from feedback import accounts
from feedback.house import house, now
from feedback.pages.gate import member, needs
from feedback.pages.survey_editor import EDITOR
from feedback.privacy import check_can_ask
from surveys import definition_files, definitions, openings
from surveys.entries import EntryState, state_at
from surveys.errors import InputError


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/surveys", "surveys", surveys_page)
    pages.add_url_rule("/surveys", "change_surveys", change_surveys, methods=["POST"])
    pages.add_url_rule("/survey/file", "survey_file", survey_file)
    pages.add_url_rule("/survey/file", "load_survey", load_survey, methods=["POST"])


def surveys_page() -> ResponseReturnValue:
    """List the surveys with whether they take answers."""
    return _list()


@needs(EDITOR)
def change_surveys() -> ResponseReturnValue:
    """Open or close a survey, now or at a moment."""
    action, key = request.form.get("action", ""), request.form.get("survey", "")
    if action not in _ACTIONS:
        abort(400)
    try:
        at = _moment(request.form.get("at", ""))
    except ValueError:
        return _list(gettext("日時を確かめてください。")), 400
    with house().database.session() as writing:
        _ACTIONS[action](writing, key, now(), at)
        accounts.record(writing, member().name, action, f"{key} {request.form.get('at', '')}".strip()[:200], now())
    return redirect(url_for("staff.surveys", done=action), 303)


@needs(EDITOR)
def survey_file() -> ResponseReturnValue:
    """Send a survey as the file that `koebako survey load` reads."""
    with house().database.reading() as reading:
        found = definitions.find_survey(reading, request.args.get("survey", ""))
    text = definition_files.definition_text(found.definition, house().config.organisation.zone)
    name = f'attachment; filename="{found.key}.yaml"'
    return Response(text, mimetype="application/yaml", headers={"Content-Disposition": name})


@needs(EDITOR)
def load_survey() -> ResponseReturnValue:
    """Create or revise a survey from such a file."""
    sent = request.files.get("file")
    try:
        content = sent.read().decode("utf-8-sig") if sent else ""
        definition = definition_files.read_definition(
            content, sent.filename or "" if sent else "", house().config.organisation.zone
        )
        check_can_ask(definition, house().config)
        with house().database.session() as writing:
            change = definitions.save_survey(writing, definition)
            accounts.record(writing, member().name, "survey saved", f"{change.survey_key} {change.revision}", now())
    except (InputError, UnicodeDecodeError) as error:
        return _list(gettext("このファイルは読み込めませんでした。何も変わっていません。"), str(error)), 400
    return redirect(url_for("staff.survey", survey=change.survey_key, done=change.revision), 303)


def _list(fault: str = "", detail: str = "") -> str:
    with house().database.reading() as reading:
        found = definitions.surveys(reading)
    states = {each.key: state_at(each.definition.opens, each.definition.closes, now()) for each in found}
    return render_template(
        "staff/surveys.html",
        surveys=sorted(found, key=lambda each: states[each.key] is EntryState.CLOSED),
        states=states,
        zone=house().config.organisation.zone,
        may_edit=member().may(EDITOR),
        fault=fault,
        detail=detail,
        done=request.args.get("done"),
    )


def _moment(typed: str) -> datetime | None:
    """Read a moment of the organisation's zone; error: `ValueError`."""
    return datetime.fromisoformat(typed).replace(tzinfo=house().config.organisation.zone) if typed else None


_ACTIONS: Mapping[str, Callable[[Session, str, datetime, datetime | None], None]] = {
    "survey opened": openings.open_survey,
    "survey closed": openings.close_survey,
}
