"""Choosing one's own password."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback import accounts
from feedback.errors import StaffError, TooManyAttemptsError
from feedback.house import house, now
from feedback.pages import gate
from feedback.passwords import SHORTEST


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/password", "password", password, methods=["GET", "POST"])


def password() -> ResponseReturnValue:
    """Show the form for a new password, and set it. The one in use is asked for: a table left unlocked is no key."""
    if request.method == "GET":
        return _form()
    chosen = request.form.get("new", "")
    if chosen != request.form.get("again", ""):
        return _form("differ"), 400
    if not _knows_password(request.form.get("current", "")):
        return _form("wrong"), 400
    try:
        with house().database.session() as writing:
            changed = accounts.change_password(writing, gate.member(), chosen, now())
    except StaffError:
        return _form("weak"), 400
    gate.begin_session(changed)
    return redirect(url_for("staff.start"), 303)


def _knows_password(typed: str) -> bool:
    if gate.member().must_change:
        return True  # the one-time password was typed a moment ago, at the sign-in
    try:
        with house().database.reading() as reading:
            tried = accounts.credentials(reading, gate.member().name, now())
    except TooManyAttemptsError:
        return False
    known = tried.check(typed) is not None
    if not known:
        with house().database.session() as writing:
            accounts.record_sign_in(writing, tried, succeeded=False, now=now())
    return known


def _form(fault: str = "") -> str:
    return render_template("staff/password.html", fault=fault, shortest=SHORTEST)
