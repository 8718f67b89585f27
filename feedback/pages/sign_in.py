"""Signing in and out."""

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from feedback import accounts
from feedback.errors import TooManyAttemptsError
from feedback.house import house, now
from feedback.pages import gate


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/sign-in", "sign_in", sign_in, methods=["GET", "POST"])
    pages.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])


def sign_in() -> ResponseReturnValue:
    """Show the sign-in form, and check what was typed."""
    if request.method == "GET":
        return redirect(_wanted(), 303) if g.member else _form()
    name, password = request.form.get("name", ""), request.form.get("password", "")
    try:
        with house().database.reading() as reading:
            tried = accounts.credentials(reading, name, now())
    except TooManyAttemptsError:
        return _form(name, "waiting"), 429
    member = tried.check(password)  # outside of any transaction: it is slow on purpose
    with house().database.session() as writing:
        accounts.record_sign_in(writing, tried, succeeded=member is not None, now=now())
    if member is None:
        return _form(name, "wrong"), 401
    gate.begin_session(member)
    return redirect(_wanted(), 303)


def sign_out() -> ResponseReturnValue:
    """End every session of this member."""
    with house().database.session() as writing:
        accounts.sign_out(writing, gate.member(), now())
    session.clear()
    return redirect(url_for("staff.sign_in"), 303)


def _form(name: str = "", fault: str = "") -> str:
    return render_template("staff/sign_in.html", name=name[:100], fault=fault, wanted=_wanted())


def _wanted() -> str:
    """Return where to go afterwards: a page of ours, whatever the address says."""
    wanted = request.values.get("next", "")
    ours = wanted.startswith("/staff/") and wanted.isprintable() and "\\" not in wanted
    return wanted if ours and not wanted.startswith("/staff/sign-") else url_for("staff.start")
