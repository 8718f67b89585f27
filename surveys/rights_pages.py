"""The customers' page for what is held of an answer: to be seen and to be erased by its deletion code."""

import json
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import UnsupportedMediaType

from surveys import rights
from surveys.held import held_for, show
from surveys.reception import FORM_TYPE, chosen_language, now, posted_form, reception
from surveys.screens import show_screen
from surveys.submission_keys import digest, read_code, written_code
from surveys.texts import storable

_BAD_REQUEST = 400
_NOT_FOUND = 404
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class _Typed:
    """A code as it was typed, and as it is read; None: it is no code."""

    text: str
    code: str | None


def add_to(pages: Blueprint) -> None:
    """Add this page to the customers' pages."""
    pages.add_url_rule("/delete", "rights", _ask_for_code, methods=["GET"])
    pages.add_url_rule("/delete", "use_code", _use_code, methods=["POST"])
    pages.add_url_rule("/delete/done", "erased", _erased, methods=["GET"])


def _ask_for_code() -> ResponseReturnValue:
    return show_screen("rights", fault="", typed="")


def _erased() -> ResponseReturnValue:
    return show_screen("rights_done")


def _use_code() -> ResponseReturnValue:
    """Show, ask once more, or erase, as the pressed button says."""
    if request.mimetype != FORM_TYPE:
        raise UnsupportedMediaType
    text = posted_form().get("code", "")
    typed, action = _Typed(text, read_code(text)), posted_form().get("action", "show")
    if typed.code is None:
        return _form_again(typed, "no_code", _BAD_REQUEST)
    if action == "erase":
        return _erase(typed.code)
    return _show(typed, typed.code, action)


def _erase(code: str) -> ResponseReturnValue:
    """Erase; the reply is the same for a code that never was: with none of them anything is held any more."""
    with reception().database.session() as session:
        rights.erase(session, digest(code), reception().rights.erased, now())
    return redirect(url_for("surveys.erased", lang=chosen_language().replace("_", "-")), 303)


def _show(typed: _Typed, code: str, action: str) -> ResponseReturnValue:
    reads = reception().rights.derived, reception().rights.box
    if action == "confirm":
        with reception().database.reading() as session:
            held = held_for(session, digest(code), *reads)
    else:
        with reception().database.session() as session:
            held = show(session, digest(code), *reads, now())
    if held is None:
        return _form_again(typed, "not_found", _NOT_FOUND)
    if action == "json":
        return _file(json.dumps(held.as_json(), ensure_ascii=False, indent=2))
    name = "rights_confirm" if action == "confirm" else "rights_held"
    return show_screen(name, held=held, code=written_code(code))


def _form_again(typed: _Typed, fault: str, status: int) -> ResponseReturnValue:
    return show_screen("rights", status, fault=fault, typed=storable(typed.text)[:_LONGEST_SHOWN])


def _file(content: str) -> Response:
    response = Response(content, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="koebako-answer.json"'
    response.headers["Cache-Control"] = "no-store"
    return response
