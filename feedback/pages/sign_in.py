"""Signing in and out."""

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from limits import RateLimitItem, RateLimitItemPerMinute

from feedback import accounts
from feedback.errors import TooManyAttemptsError
from feedback.house import house, now
from feedback.pages import gate
from surveys.reception import reception

_TRIES_OF_A_NAME = RateLimitItemPerMinute(accounts.ATTEMPTS, 15)
_TRIES_FROM_AN_ADDRESS = RateLimitItemPerMinute(5 * accounts.ATTEMPTS, 15)
"""A store's staff share one address."""


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/sign-in", "sign_in", sign_in, methods=["GET", "POST"])
    pages.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])


def sign_in() -> ResponseReturnValue:
    """Show the sign-in form, and check what was typed."""
    if request.method == "GET":
        return redirect(_wanted(), 303) if g.member else _form()
    name, password = request.form.get("name", ""), request.form.get("password", "")
    waiting = _waiting(name)
    if waiting:
        return _form(name, waiting), 429
    try:
        with house().database.reading() as reading:
            tried = accounts.credentials(reading, name, now())
    except TooManyAttemptsError:
        return _form(name, "waiting"), 429
    member = tried.check(password)  # outside of any transaction: it is slow on purpose
    with house().database.session() as writing:
        accounts.record_sign_in(writing, tried, succeeded=member is not None, now=now())
    if member is None:
        for limit, what, who in _limits(name):
            reception().limiter.wait(limit, what, who)
        return _form(name, "wrong"), 401
    gate.begin_session(member)
    return redirect(_wanted(), 303)


def sign_out() -> ResponseReturnValue:
    """End every session of this member."""
    with house().database.session() as writing:
        accounts.sign_out(writing, gate.member(), now())
    session.clear()
    return redirect(url_for("staff.sign_in"), 303)


def _limits(name: str) -> tuple[tuple[RateLimitItem, str, str], ...]:
    """What failed sign-ins are counted by: the name, made up or not, and the address; neither is kept as it is."""
    return (
        (_TRIES_OF_A_NAME, "sign-in name", accounts.normal_name(name)),
        (_TRIES_FROM_AN_ADDRESS, "sign-in address", request.remote_addr or ""),
    )


def _waiting(name: str) -> str:
    """Say what has failed too often of late: "waiting" the name, "waiting_here" the address, "" neither."""
    of_name, of_address = (reception().limiter.is_over(*each) for each in _limits(name))
    return "waiting" if of_name else "waiting_here" if of_address else ""


def _form(name: str = "", fault: str = "") -> str:
    return render_template("staff/sign_in.html", name=name[:100], fault=fault, wanted=_wanted())


def _wanted() -> str:
    """Return where to go afterwards: a page of ours, whatever the address says."""
    wanted = request.values.get("next", "")
    ours = wanted.startswith("/staff/") and wanted.isprintable() and "\\" not in wanted
    return wanted if ours and not wanted.startswith("/staff/sign-") else url_for("staff.start")
