"""Customers' pages: the form, sending it, and thanks. They work without JavaScript and set no cookie."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, HTTPException, TooManyRequests, UnsupportedMediaType

from surveys import rights_pages
from surveys.arrivals import read_arrival
from surveys.assets import keep_for_good, send_bundle, send_worker
from surveys.compression import compress
from surveys.contact_forms import NO_CONTACT, read_contact
from surveys.counting import count_seen, count_started
from surveys.entries import Entry, EntryState, find_entry, way_on
from surveys.errors import DatabaseBusyError, ErasedFileError, InputError
from surveys.floods import hold_back, show_too_many
from surveys.forms import read_form, typed
from surveys.headers import protect
from surveys.intake import Beside, take
from surveys.member_forms import NO_MEMBER, read_member
from surveys.queries import response_of_code
from surveys.reception import FORM_TYPE, at_kiosk, chosen_language, now, posted_form, reception
from surveys.responses import Outcome
from surveys.screens import (
    KIOSK_SHOWS,
    EndedError,
    FormScreen,
    Notice,
    NotYetOpenError,
    ThanksScreen,
    contact_offer,
    member_offer,
    show_fault,
    show_form,
    show_held,
    show_thanks,
    show_unavailable,
    show_waiting,
)
from surveys.seals import SealState, read_receipt, receipt
from surveys.submission_keys import code_of, new_submission_key, written_code
from surveys.thanks import thanks_for

_log = logging.getLogger("koebako.surveys")

LANGUAGE_FIELD = "language"
"""Nothing is sent yet: the form is shown in another language, with what was entered."""
_KIOSK_GRACE = timedelta(seconds=10)
"""A reload of a kiosk's thanks still shows them; whoever goes back later starts anew."""
_CONFLICT = 409
_BAD_REQUEST = 400
_ENDED = {EntryState.CLOSED, EntryState.RETIRED}
_SEAL_NOTICES = {SealState.EXPIRED: Notice.EXPIRED, SealState.FORGED: Notice.FORGED}


def build_pages() -> Blueprint:
    """Build the blueprint of the customers' pages."""
    pages = Blueprint(
        "surveys", __name__, template_folder="templates", static_folder="static", static_url_path="/survey/static"
    )
    pages.add_url_rule("/s/<code>", "ask", _ask, methods=["GET"])
    pages.add_url_rule("/s/<code>", "send", _send, methods=["POST"])
    pages.add_url_rule("/s/<code>/started", "started", count_started, methods=["POST"])
    pages.add_url_rule("/s/<code>/thanks", "thanks", _thanks, methods=["GET"])
    rights_pages.add_to(pages)
    pages.before_request(hold_back)
    pages.register_error_handler(HTTPException, show_fault)
    pages.register_error_handler(TooManyRequests, show_too_many)
    pages.register_error_handler(DatabaseBusyError, _unavailable)
    pages.register_error_handler(ErasedFileError, _not_erased)
    pages.register_error_handler(InputError, _refused)
    pages.add_url_rule("/s/waiting", "waiting", show_waiting, methods=["GET"])
    pages.add_url_rule("/s/worker.js", "worker", send_worker, methods=["GET"])
    pages.add_url_rule("/survey/<name>", "bundle", send_bundle, methods=["GET"])
    pages.after_request(_add_headers)
    pages.after_request(keep_for_good)
    pages.after_request(compress)
    return pages


def _ask(code: str) -> ResponseReturnValue:
    with reception().database.reading() as session:
        entry = _entry(session, code)
        _check_open(session, entry, now())
        survey = reception().survey(session, entry)
    count_seen(entry)
    return show_form(FormScreen(entry, survey, new_submission_key(), now()))


def _send(code: str) -> ResponseReturnValue:
    if request.mimetype != FORM_TYPE:
        raise UnsupportedMediaType
    posted = dict(posted_form().lists())
    with reception().database.reading() as session:
        entry = _entry(session, code)
        arrival = read_arrival(posted_form(), entry.code, reception(), now())
        _check_open(session, entry, arrival.answered_at)
        survey = reception().survey(session, entry)
    reading = read_form(survey.asked, posted, reception().settings.max_text_length)
    contact = read_contact(posted) if contact_offer(survey) else NO_CONTACT
    whose = read_member(posted) if member_offer(survey) else NO_MEMBER
    screen = FormScreen(
        entry,
        survey,
        arrival.submission_key,
        arrival.seal.begun_at or arrival.received_at,
        again=True,
        typed=typed(survey.asked, posted),
        faults=reading.faults,
        contact=contact,
        member=whose,
    )
    if LANGUAGE_FIELD in posted:
        blameless = replace(screen, contact=replace(contact, faults={}), member=replace(whose, faults={}))
        return show_form(replace(blameless, faults=()))
    if arrival.seal_state is not SealState.GOOD:
        return show_form(replace(screen, notice=_SEAL_NOTICES[arrival.seal_state]), _BAD_REQUEST)
    if reading.faults or contact.faults or whose.faults:
        return show_form(screen, _BAD_REQUEST)
    if take(entry, arrival, reading.answers, survey, Beside(contact.details, whose.code)) is Outcome.CHANGED:
        # the customer went back and answered anew: nothing is lost, and nothing is stored twice unasked
        return show_form(_answered(screen), _CONFLICT)
    signed = receipt(reception().secret_key, entry.code, code_of(arrival.submission_key))
    return redirect(_address("surveys.thanks", entry, signed), 303)


def _answered(screen: FormScreen) -> FormScreen:
    """At a kiosk the next person met a page that was used before: the answer is sent under a key of its own."""
    if at_kiosk():
        return replace(screen, notice=Notice.ANSWERED_BEFORE, submission_key=new_submission_key())
    return replace(screen, notice=Notice.ANSWERED)


def _address(endpoint: str, entry: Entry, signed: str | None = None) -> str:
    language, kiosk = chosen_language().replace("_", "-"), 1 if at_kiosk() else None
    return url_for(endpoint, code=entry.code, receipt=signed, lang=language, kiosk=kiosk)


def _thanks(code: str) -> ResponseReturnValue:
    longest = KIOSK_SHOWS + _KIOSK_GRACE if at_kiosk() else None
    with reception().database.reading() as session:
        entry = _entry(session, code)
        survey = reception().survey(session, entry)
        own = read_receipt(reception().secret_key, entry.code, request.args.get("receipt", ""), longest)
        response = response_of_code(session, own) if own else None
        thanks = thanks_for(session, entry, survey, response)
    if at_kiosk() and own is None:
        return redirect(_address("surveys.ask", entry), 303)
    return show_thanks(ThanksScreen(entry, survey, thanks, response, written_code(own) if own and response else None))


def _entry(session: Session, code: str) -> Entry:
    entry = find_entry(session, code)
    if entry is None:
        abort(404)
    return entry


def _check_open(session: Session, entry: Entry, answered_at: datetime) -> None:
    """Go on where answers are taken; closed or retired (unless it was answered before) 410, not yet open 403."""
    state = entry.state(now())
    if state in _ENDED and entry.state(answered_at) in _ENDED:
        raise EndedError(entry, way_on(session, entry, now()))
    if state is EntryState.NOT_YET_OPEN:
        raise NotYetOpenError(entry.opens_at)


def _refused(_error: InputError) -> ResponseReturnValue:
    """Answer 400 where a key made up by hand clashes with another's; no page of ours makes such a one."""
    return show_fault(BadRequest())


def _unavailable(_error: DatabaseBusyError) -> ResponseReturnValue:
    """Answer 503 and hand back what was typed, even where the questions themselves cannot be read."""
    return show_held() if request.method == "POST" else show_unavailable()


def _not_erased(error: ErasedFileError) -> ResponseReturnValue:
    """Answer 503: nothing was erased, and nothing says that it was. Only who runs the server can mend the file."""
    _log.error("an answer could not be erased: %s", error)
    return show_held()


def _add_headers(response: Response) -> Response:
    return protect(response, reception().site.public_url)
