"""Editing a survey: a form whose buttons post and come back with everything that was typed.

The page carries the whole draft along, so that what it does not know stays. Nothing is stored before 「保存する」.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from feedback import accounts
from feedback.house import house, now, staff_language
from feedback.pages import survey_fields
from feedback.pages.gate import member, needs
from feedback.pages.survey_faults import cannot_ask, fault_words, placed
from feedback.pages.survey_fields import FieldGroup
from feedback.security import FRAMED, FRAMING
from surveys import definitions, drafts
from surveys.drafts import Draft, DraftError
from surveys.errors import InputError, SurveyChangedError
from surveys.places import free_key
from surveys.previews import show_preview
from surveys.texts import LANGUAGE_NAMES, pick

EDITOR = "admin"
_CONFLICT = 409
_BAD_REQUEST = 400


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/survey", "survey", survey)
    pages.add_url_rule("/survey", "edit_survey", edit_survey, methods=["POST"])
    pages.add_url_rule("/survey/preview", "preview", preview)
    pages.add_url_rule("/survey/preview", "preview_draft", preview_draft, methods=["POST"])


@needs(EDITOR)
def survey() -> ResponseReturnValue:
    """Show a survey to be edited; without a key a new one."""
    key = request.args.get("survey")
    with house().database.reading() as reading:
        if key is None:
            taken = {each.key for each in definitions.surveys(reading)}
            return _page(drafts.new_draft("store" if "store" not in taken else free_key("survey", taken)), 0)
        found = definitions.find_survey(reading, key)
    return _page(drafts.draft_of(found.definition), found.revision, done=request.args.get("done", ""))


@needs(EDITOR)
def edit_survey() -> ResponseReturnValue:
    """Take over what was typed, and do what the button says."""
    draft, seen = _typed(), request.form.get("seen", 0, int)
    step, _, places = request.form.get("do", "keep").partition(".")
    if step == "save":
        return _save(draft, seen)
    try:
        if step == "add":
            drafts.add_question(draft, request.form.get("kind", ""))
        elif step != "keep":
            _STEPS[step](draft["questions"], *map(int, places.split(".")))
    except (ValueError, LookupError, TypeError):
        abort(400)  # our own buttons name what is there
    return _page(draft, seen, changed=True)


@needs(EDITOR)
def preview() -> ResponseReturnValue:
    """Show a survey as customers see it, as it is stored."""
    with house().database.reading() as reading:
        found = definitions.find_survey(reading, request.args.get("survey", ""))
    return _framed(show_preview(found.definition, _preview_language()))


@needs(EDITOR)
def preview_draft() -> ResponseReturnValue:
    """Show what is being edited as customers would see it."""
    try:
        definition = drafts.checked(_typed())
    except DraftError as error:
        faults = {fault_words(fault) for fault in error.faults}
        return _framed(make_response(render_template("staff/no_preview.html", faults=sorted(faults)), _BAD_REQUEST))
    return _framed(show_preview(definition, _preview_language()))


def _save(draft: Draft, seen: int) -> ResponseReturnValue:
    try:
        definition = drafts.checked(draft)
        if faults := cannot_ask(definition, house().config):
            return _page(draft, seen, changed=True, faults=faults), _BAD_REQUEST
        with house().database.session() as writing:
            change = definitions.save_survey(writing, definition, seen)
            accounts.record(writing, member().name, "survey saved", f"{change.survey_key} {change.revision}", now())
    except DraftError as error:
        return _page(draft, seen, changed=True, faults=placed(error.faults)), _BAD_REQUEST
    except SurveyChangedError:
        return _overtaken(draft), _CONFLICT
    except InputError:
        lost = gettext("回答のある設問や選択肢は、取り除けません。「もうたずねない」「もう出さない」をお使いください。")
        return _page(draft, seen, changed=True, faults={"": [lost]}), _BAD_REQUEST
    return redirect(url_for("staff.survey", survey=change.survey_key, done=change.revision), 303)


def _overtaken(draft: Draft) -> Response:
    """Tell that somebody else saved meanwhile, and what differs; saving once more is then on purpose."""
    with house().database.reading() as reading:
        theirs = definitions.find_survey(reading, draft["key"])
    parts, keys = drafts.differences(drafts.draft_of(theirs.definition), draft)
    labels = {
        field.path.partition(".")[0]: field.label for group in survey_fields.survey_groups() for field in group.fields
    }
    questions = {
        question["key"]: question
        for question in (*drafts.draft_of(theirs.definition)["questions"], *draft["questions"])
    }
    named = [labels.get(part, part) for part in parts] + [
        gettext("設問「%(text)s」", text=pick(questions[key].get("text", {}), staff_language()) or key) for key in keys
    ]
    return _page(draft, theirs.revision, changed=True, overtaken=named)


def _typed() -> Draft:
    try:
        draft = json.loads(request.form.get("draft", ""))
        if not drafts.is_draft(draft):
            abort(400)
        survey_fields.take_over(draft, request.form, house().config.site.languages)
    except (ValueError, TypeError, KeyError, AttributeError):
        abort(400)  # our own form never sends such a thing
    return dict(draft)


def _page(draft: Draft, seen: int, **told: Any) -> Response:
    with house().database.reading() as reading:
        answered = definitions.answered_questions(reading, draft["key"])
    page = render_template(
        "staff/survey.html",
        draft=draft,
        draft_text=json.dumps(draft, ensure_ascii=False),
        seen=seen,
        answered=answered,
        field_groups=_offered_groups(draft),
        fields_of=survey_fields.fields_of,
        option_fields=survey_fields.option_fields(),
        value_of=survey_fields.value_of,
        kinds=survey_fields.kind_names(),
        offered=house().config.site.languages,
        language_names=LANGUAGE_NAMES,
        faults=told.pop("faults", {}),
        **told,
    )
    response = make_response(page)
    response.headers.update(FRAMING)
    return response


def _offered_groups(draft: Draft) -> list[FieldGroup]:
    """Leave out what this server's settings do not allow, unless the survey holds it already."""
    allowed = house().config.privacy.member_codes
    return [group for group in survey_fields.survey_groups() if group.root != "member" or allowed or "member" in draft]


def _preview_language() -> str:
    offered = house().config.site.languages
    wanted = request.values.get("show", "")
    return wanted if wanted in offered else offered[0]


def _framed(response: Response) -> Response:
    response.headers.update(FRAMED)
    return response


def _dropped(items: list[Any], number: int) -> None:
    del items[number]


_STEPS: Mapping[str, Callable[..., None]] = {
    "up": lambda questions, number: drafts.move(questions, number, -1),
    "down": lambda questions, number: drafts.move(questions, number, 1),
    "drop": _dropped,
    "option": lambda questions, number: drafts.add_option(questions[number]),
    "option-up": lambda questions, number, place: drafts.move(questions[number]["options"], place, -1),
    "option-drop": lambda questions, number, place: _dropped(questions[number]["options"], place),
}
