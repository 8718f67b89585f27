"""What a page shows when something is wrong: one plain sentence and a way on. The only place for statuses."""

from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError

from analysis.errors import WeekNotAnalysedError
from feedback.house import house, staff_language
from feedback.pages.gate import ForgedFormError
from surveys.errors import DatabaseBusyError, InputError


def register_faults(app: Flask) -> None:
    """Give every error of the house its status and its page."""
    app.register_error_handler(HTTPException, _http_fault)
    app.register_error_handler(ForgedFormError, lambda _: _page("forged", 400))
    app.register_error_handler(WeekNotAnalysedError, lambda _: _page("not_analysed", 404))
    app.register_error_handler(InputError, lambda _: _page("wrong_address", 400))
    app.register_error_handler(DatabaseBusyError, lambda _: _page("busy", 503))
    app.register_error_handler(InternalServerError, lambda _: _page("ours", 500))


_KNOWN_STATUSES = {403: "forbidden", 404: "not_found", 413: "too_large"}


def _http_fault(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:  # noqa: PLR2004 - redirects are no faults
        return error.get_response()
    body, status = _page(_KNOWN_STATUSES.get(error.code, "wrong_address"), error.code)
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return body, status, headers


def _page(fault: str, status: int) -> tuple[str, int]:
    page = render_template(
        "staff/fault.html",
        fault=fault,
        member=g.get("member"),
        language=staff_language(),
        organisation=house().config.organisation.name,
    )
    return page, status
