"""What customers see: screens from data, in the chosen language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode, urlsplit

from babel.dates import format_date, format_time
from flask import Response, make_response, render_template, request, url_for
from flask_babel import force_locale
from werkzeug.exceptions import Forbidden, Gone, HTTPException

from surveys.assets import asset
from surveys.contact_forms import LONGEST_CONTACT, NO_CONTACT, ContactReading
from surveys.entries import Entry
from surveys.fault_texts import contact_fault_text, fault_text, member_fault_text
from surveys.forms import Fault, field_name, other_name
from surveys.member_forms import NO_MEMBER, MemberReading
from surveys.members import LONGEST_MEMBER_CODE
from surveys.offers import ContactRequest, MemberRequest
from surveys.queries import ResponseInfo
from surveys.questions import SurveyDefinition
from surveys.reception import (
    at_kiosk,
    chosen_language,
    is_previewed,
    now,
    offered_languages,
    posted_form,
    reception,
)
from surveys.seals import seal
from surveys.submission_keys import new_submission_key
from surveys.submissions import SATISFACTIONS, SCORES
from surveys.texts import LANGUAGE_NAMES, storable, worded
from surveys.thanks import Thanks

RETRY_SECONDS = 15
KIOSK_SHOWS = timedelta(seconds=20)
"""How long a shared device shows thanks to one person before it is free for the next."""
TEXT_PREFIX = "text-"
_FAULTS = {403: "not_yet_open", 404: "unknown", 410: "closed", 413: "too_large", 415: "wrong_type"}


class Notice(StrEnum):
    """Why a form stands here again although each answer may be fine."""

    EXPIRED = "expired"
    FORGED = "forged"
    ANSWERED = "answered"
    ANSWERED_BEFORE = "answered_before"
    """By the person before, at a kiosk."""


class NotYetOpenError(Forbidden):
    """The survey opens later."""

    def __init__(self, opens_at: datetime | None) -> None:
        super().__init__()
        self.opens_at = opens_at


class EndedError(Gone):
    """No answers are taken here any more. `way_on`: the code of an open survey in the same store, if any."""

    def __init__(self, entry: Entry, way_on: str | None) -> None:
        super().__init__()
        self.entry = entry
        self.way_on = way_on


class ErasedAnswerError(Gone):
    """This answer was erased by its code; a late repetition of it is not taken."""


@dataclass(frozen=True, slots=True)
class FormScreen:
    """The form of one survey at one spot, with what was typed before and what is wrong with it.

    `again`: it was sent before, so that its key holds; a fresh form's page makes one of its own.
    """

    entry: Entry
    survey: SurveyDefinition
    submission_key: str
    begun_at: datetime
    again: bool = False
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    notice: Notice | None = None
    contact: ContactReading = NO_CONTACT
    member: MemberReading = NO_MEMBER


@dataclass(frozen=True, slots=True)
class ThanksScreen:
    """Thanks for an answer; without `response` and `code` (its deletion code, as customers see it) for one unknown."""

    entry: Entry
    survey: SurveyDefinition
    thanks: Thanks
    response: ResponseInfo | None = None
    code: str | None = None


def show_form(screen: FormScreen, status: int = 200) -> Response:
    """Show the form."""
    keeping, members = reception().rights.contacts, reception().rights.members
    return _show(
        "form",
        status,
        screen=screen,
        survey=screen.survey,
        entry=screen.entry,
        faults={fault.question_key: fault for fault in screen.faults},
        seal=_seal(screen, screen.submission_key),
        new_seal=_seal(screen, new_submission_key()),
        is_begun=any(value.strip() for values in screen.typed.values() for value in values),
        field_name=field_name,
        other_name=other_name,
        scores=tuple(SCORES),
        grades=tuple(SATISFACTIONS),
        longest=reception().settings.max_text_length,
        contact=screen.contact,
        contact_offer=contact_offer(screen.survey),
        contact_fault_text=contact_fault_text,
        longest_contact=LONGEST_CONTACT,
        contact_days=keeping.lasts.days if keeping else 0,
        member=screen.member,
        member_offer=member_offer(screen.survey),
        member_fault_text=member_fault_text,
        longest_member=LONGEST_MEMBER_CODE,
        member_days=members.lasts.days if members else 0,
    )


def _seal(screen: FormScreen, submission_key: str) -> str:
    return seal(reception().secret_key, screen.entry.code, submission_key, screen.begun_at)


def contact_offer(survey: SurveyDefinition) -> ContactRequest | None:
    """Return what a survey offers to those who want a call; nothing while there is no key to seal contacts with."""
    return survey.contact if reception().rights.contacts else None


def member_offer(survey: SurveyDefinition) -> MemberRequest | None:
    """Return what a survey offers to those who give their member code; nothing while the settings don't allow it."""
    return survey.member if reception().rights.members else None


def show_thanks(screen: ThanksScreen) -> Response:
    """Show thanks for an answer."""
    coupon, review = screen.thanks.coupon, screen.thanks.review_address
    response = _show(
        "thanks",
        200,
        screen=screen,
        entry=screen.entry,
        survey=screen.survey,
        thanks=screen.thanks,
        coupon=coupon,
        coupon_state=coupon.state(now()) if coupon else None,
        review_site=urlsplit(review).hostname if review else None,
        written_day=lambda day: format_date(day, "long", chosen_language()),
        zone=reception().organisation.zone,
        seconds=int(KIOSK_SHOWS.total_seconds()),
    )
    if at_kiosk():
        response.headers["Refresh"] = f"{int(KIOSK_SHOWS.total_seconds())}; url={_kiosk_start()}"
    return response


def show_fault(error: HTTPException) -> Response:
    """Show why there is no form: unknown, closed, not yet open, too large ...; with what was typed, to be copied."""
    status = error.code or 500
    opens = getattr(error, "opens_at", None)
    fault = _FAULTS.get(status, "other")
    if isinstance(error, EndedError) and error.entry.retired_at:
        fault = "retired"
    if isinstance(error, ErasedAnswerError):
        fault = "erased"
    way_on = error.way_on if isinstance(error, EndedError) else None
    return _show("fault", status, fault=fault, opens=_written(opens), kept=_kept(status), way_on=way_on)


def show_held(status: int = 503, seconds: int = RETRY_SECONDS) -> Response:
    """Hand everything that was posted back as a form that can be sent again in some seconds, without the database."""
    try:
        posted = posted_form()
    except HTTPException as error:  # it cannot be taken later either
        return show_fault(error)
    fields = [(name, storable(value)) for name, value in posted.items(multi=True)]
    texts = [(name, value) for name, value in fields if name.startswith(TEXT_PREFIX) and value.strip()]
    others = [(name, value) for name, value in fields if not name.startswith(TEXT_PREFIX)]
    return _retry(_show("held", status, texts=texts, others=others), seconds)


def show_unavailable(status: int = 503, seconds: int = RETRY_SECONDS) -> Response:
    """Show that the form cannot be read just now."""
    return _retry(_show("fault", status, fault="unavailable", opens="", kept=[]), seconds)


def show_waiting() -> Response:
    """Show that there is no network; browsers keep this page for then."""
    return _show("waiting", 200)


def show_screen(name: str, status: int = 200, **context: Any) -> Response:
    """Show a page of the customers' templates; in it `written` writes a moment, `say` a wording."""
    return _show(name, status, written=_written, **context)


def _show(screen_name: str, status: int, **context: Any) -> Response:
    language = chosen_language()
    with force_locale(language):
        page = render_template(
            f"surveys/{screen_name}.html",
            language=language,
            languages=offered_languages(),
            previewed=is_previewed(),
            organisation=reception().organisation.name,
            asset=asset,
            worded=worded,
            language_names=LANGUAGE_NAMES,
            language_address=_language_address,
            kiosk=1 if at_kiosk() else None,
            kiosk_start=_kiosk_start(),
            fault_text=fault_text,
            **context,
        )
    response = make_response(page, status)
    response.headers["Content-Language"] = language.replace("_", "-")
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    return response


def _retry(response: Response, seconds: int) -> Response:
    response.headers["Retry-After"] = str(seconds)
    return response


def _kept(status: int) -> list[str]:
    """Return the texts of the form that was posted; a too large, foreign or broken body holds none."""
    if request.method != "POST" or status in {413, 415}:
        return []
    try:
        posted = posted_form()
    except HTTPException:
        return []
    return [storable(value) for name, value in posted.items(multi=True) if name.startswith(TEXT_PREFIX) and value]


def _written(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local, language = moment.astimezone(reception().organisation.zone), chosen_language()
    return f"{format_date(local, 'long', language)} {format_time(local, 'short', locale=language)}"


def _kiosk_start() -> str | None:
    """Address the page at which the next person begins: in no one's language yet."""
    code = (request.view_args or {}).get("code")
    return url_for("surveys.ask", code=code, kiosk=1) if code and at_kiosk() else None


def _language_address(tag: str) -> str:
    """Address this very page in another language."""
    kept = {name: request.args[name] for name in ("kiosk", "receipt") if name in request.args}
    return f"?{urlencode({'lang': tag, **kept})}"
