"""The gate of the staff pages: who is signed in, what they may, and forms that were really ours.

Every request to the staff blueprint passes `guard`; a new page is closed until it is opened here on purpose.
"""

import hmac
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec
from urllib.parse import urlencode

from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from feedback.accounts import Member, find_member
from feedback.house import house, now, staff_language, staff_languages

OPEN_PAGES = {"staff.sign_in"}
PAGES_BEFORE_OWN_PASSWORD = {"staff.password", "staff.sign_out"}
FORM_FIELD = "form_token"

Arguments = ParamSpec("Arguments")


class ForgedFormError(BadRequest):
    """A form without the token that our page gave it, or with one of an ended session."""


def guard() -> ResponseReturnValue | None:
    """Let the request through to its page, or send it to the sign-in."""
    _switch_language()
    g.member = _signed_in_member()
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        _check_form()
    if request.endpoint in OPEN_PAGES:
        return None
    if g.member is None:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("staff.sign_in", next=wanted), 303)
    if g.member.must_change and request.endpoint not in PAGES_BEFORE_OWN_PASSWORD:
        return redirect(url_for("staff.password"), 303)
    return None


def member() -> Member:
    """Return who is signed in; only for pages behind the gate."""
    found: Member = g.member
    return found


def needs(
    role: str,
) -> Callable[[Callable[Arguments, ResponseReturnValue]], Callable[Arguments, ResponseReturnValue]]:
    """Open a page to members with this role or a higher one only; others get 403."""

    def wrap(view: Callable[Arguments, ResponseReturnValue]) -> Callable[Arguments, ResponseReturnValue]:
        @wraps(view)
        def checked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
            if not member().may(role):
                abort(403)
            return view(*args, **kwargs)

        return checked

    return wrap


def begin_session(signed_in: Member) -> None:
    """Sign a member in on this browser, with a fresh session: nothing of an earlier one lives on."""
    language = session.get("language")
    session.clear()
    session.update(
        member=signed_in.id,
        version=signed_in.session_version,
        since=int(now().timestamp()),
        form_token=secrets.token_urlsafe(24),
    )
    if language:
        session["language"] = language


def form_token() -> str:
    """Return the token that each form on this page must send back."""
    if "form_token" not in session:
        session["form_token"] = secrets.token_urlsafe(24)
    return str(session["form_token"])


def page_context() -> dict[str, Any]:
    """Return what every template of a staff page may use."""
    return {
        "member": g.get("member"),
        "language": staff_language(),
        "languages": staff_languages(),
        "organisation": house().config.organisation.name,
        "form_token": form_token,
        "form_field": FORM_FIELD,
        "language_address": _language_address,
    }


def _language_address(code: str) -> str:
    query = {**request.args.to_dict(flat=False), "lang": code}
    return f"{request.path}?{urlencode(query, doseq=True)}"


def _signed_in_member() -> Member | None:
    if "member" not in session:
        return None
    age = now().timestamp() - session["since"]
    found = None
    if age < house().config.feedback.session_hours * 3600:
        with house().database.reading() as reading:
            found = find_member(reading, session["member"], session["version"])
    if found is None:
        session.clear()
    return found


def _check_form() -> None:
    sent, expected = request.form.get(FORM_FIELD, ""), str(session.get("form_token", ""))
    if not expected or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise ForgedFormError


def _switch_language() -> None:
    wanted = request.args.get("lang")
    if wanted in staff_languages():
        session["language"] = wanted
