"""What customers' pages need from the application they run in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from flask import current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from surveys.contact_box import Box
from surveys.contacts import Keeping
from surveys.database import Database
from surveys.definitions import read_survey
from surveys.entries import Entry
from surveys.erased_file import ErasedFile
from surveys.group_commit import GroupCommit
from surveys.held import Derived, ReadDerived
from surveys.limits import Limiter
from surveys.members import MemberKeeping
from surveys.questions import SurveyDefinition
from surveys.settings import Organisation, Site, SurveysSettings
from surveys.tally import Tally
from surveys.texts import offered_language

EXTENSION = "koebako_reception"
MAX_FIELDS = 1000
FORM_TYPE = "application/x-www-form-urlencoded"
"""The one type of body that pages take."""


def _nothing(_session: Session, _external_id: str) -> Sequence[Derived]:
    return ()


@dataclass(frozen=True, slots=True)
class Rights:
    """What customers' rights need: the file of erased codes, what upper packages made of an answer, kept contacts.

    `contacts` None: there is no key, so no contact is asked for; `members` None: no member code is.
    """

    erased: ErasedFile
    derived: ReadDerived = _nothing
    contacts: Keeping | None = None
    members: MemberKeeping | None = None

    @property
    def box(self) -> Box | None:
        """What opens a contact."""
        return self.contacts.box if self.contacts else None


@dataclass(frozen=True, slots=True)
class Reception:
    """Where answers are received: the database, who asks, the limits, and the secret that seals forms."""

    database: Database
    organisation: Organisation
    site: Site
    settings: SurveysSettings
    secret_key: str
    rights: Rights
    limiter: Limiter
    writes: GroupCommit
    tally: Tally = field(default_factory=Tally)
    _read: dict[int, tuple[int, SurveyDefinition]] = field(default_factory=dict, repr=False)
    """Survey id -> revision and definition: it changes once a month and is asked for by every customer."""

    @property
    def form_lasts(self) -> timedelta:
        """How long a form may be left open."""
        return timedelta(hours=self.settings.form_hours)

    def survey(self, session: Session, entry: Entry) -> SurveyDefinition:
        """Return what an entry asks, read once for each revision."""
        known = self._read.get(entry.survey_id)
        if known and known[0] == entry.survey_revision:
            return known[1]
        definition = read_survey(session, entry.survey_id)
        self._read[entry.survey_id] = (entry.survey_revision, definition)
        return definition


def reception() -> Reception:
    """Return the reception of the running application."""
    found: Reception = current_app.extensions[EXTENSION]
    return found


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def posted_form() -> MultiDict[str, str]:
    """Read the posted form, once; bytes that are no UTF-8 become U+FFFD (Flask's own reading keeps them as %FF).

    Error: `RequestEntityTooLarge` when the body is over the limit or holds absurdly many fields.
    """
    if "posted_form" not in g:
        request.max_content_length = reception().settings.max_body_kilobytes * 1024
        body = request.get_data(cache=False).decode("ascii", "replace")
        try:
            fields = parse_qsl(body, keep_blank_values=True, errors="replace", max_num_fields=MAX_FIELDS)
        except ValueError as error:
            raise RequestEntityTooLarge from error
        g.posted_form = MultiDict(fields)
    form: MultiDict[str, str] = g.posted_form
    return form


def at_kiosk() -> bool:
    """Whether the page stands on a device that one customer after another uses."""
    return request.args.get("kiosk") == "1"


def preview_in(language: str) -> None:
    """Show the page of this request in one language, without a script and without a switch to other languages."""
    g.shown_language = language


def is_previewed() -> bool:
    """Tell whether this page is shown to those who write it."""
    return "shown_language" in g


def offered_languages() -> tuple[str, ...]:
    """Return the languages that a page's switch offers."""
    return () if is_previewed() else reception().site.languages


def chosen_language() -> str:
    """Choose the language of a page: the switch in the address, else the browser's wish, else the first offered."""
    if is_previewed():
        return str(g.shown_language)
    offered = reception().site.languages
    wished = [tag for tag, quality in request.accept_languages if quality > 0]
    found = (offered_language(tag, offered) for tag in (request.args.get("lang", ""), *wished))
    return next((language for language in found if language), offered[0])
