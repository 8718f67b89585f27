"""More requests than one client may make: held back, with everything that was typed handed back to be sent later."""

from flask import request
from flask.typing import ResponseReturnValue
from limits import RateLimitItemPerMinute
from werkzeug.exceptions import TooManyRequests

from surveys.reception import reception
from surveys.screens import show_held, show_unavailable

_UNLIMITED = {"surveys.static", "surveys.bundle", "surveys.worker", "surveys.waiting"}
"""Browsers keep them, and they ask the database nothing."""
_LOOKS_PER_ANSWER = 5
"""Who sends one answer opens the form, the thanks, and both again."""


def hold_back() -> None:
    """Count this request of a client (before each customer's page). Error: `TooManyRequests` over a minute's limit."""
    allowed = reception().settings.answers_per_minute
    if not allowed or request.endpoint in _UNLIMITED:
        return
    limit = RateLimitItemPerMinute(allowed if request.method == "POST" else allowed * _LOOKS_PER_ANSWER)
    seconds = reception().limiter.wait(limit, str(request.endpoint), request.remote_addr or "")
    if seconds:
        raise TooManyRequests(retry_after=seconds)


def show_too_many(error: TooManyRequests) -> ResponseReturnValue:
    """Show, with status 429, that it must be tried again in a moment; a form can be sent from there."""
    seconds = int(str(error.retry_after))
    return show_held(429, seconds) if request.method == "POST" else show_unavailable(429, seconds)
