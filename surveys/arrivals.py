"""A posted form as it arrives: whose it is, when it was answered, and what is asked of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from werkzeug.datastructures import MultiDict

from surveys.doubts import Doubt
from surveys.reception import Reception
from surveys.seals import Seal, SealState, unseal
from surveys.submission_keys import is_submission_key

SEAL_FIELD = "seal"
KEY_FIELD = "key"
"""The key that the page made itself; a cached page's seal would lend its key to a second person."""
WAITED_FIELD = "waited"
"""Whole seconds that the answer waited in the browser for a network."""
CHANGE_FIELD = "change"
ANOTHER_FIELD = "another"
"""The seal of a new answer, where the form's own key has been used."""
TRAP_FIELD = "website"
"""Out of sight and out of reach of the keyboard: programs fill it in, people do not."""
LONGEST_WAIT = timedelta(hours=72)
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Arrival:
    """One posted form. `waited` None: it came straight from the page; `change`: it is to replace the stored answer."""

    seal: Seal
    submission_key: str
    received_at: datetime
    waited: timedelta | None
    change: bool
    trapped: bool

    @property
    def seal_state(self) -> SealState:
        """What the seal proves; an answer that waited for a network is never too old."""
        waited = self.seal.state is SealState.EXPIRED and self.waited is not None
        return SealState.GOOD if waited else self.seal.state

    @property
    def answered_at(self) -> datetime:
        """When the customer pressed the button."""
        return self.received_at - (self.waited or timedelta())

    def doubt(self, fastest_seconds: int) -> Doubt | None:
        """Say why a program seems to have sent it. `fastest_seconds`: what a person needs at the least, 0: nothing."""
        if self.trapped:
            return Doubt.HIDDEN_FIELD
        took = self.answered_at - (self.seal.begun_at or self.received_at)
        return Doubt.TOO_FAST if fastest_seconds and took < timedelta(seconds=fastest_seconds) else None


def read_arrival(form: MultiDict[str, str], code: str, reception: Reception, now: datetime) -> Arrival:
    """Read what a form posted to one code says of itself; what makes no sense counts as not said."""
    another = form.get(ANOTHER_FIELD, "")
    seal = unseal(reception.secret_key, code, another or form.get(SEAL_FIELD, ""), reception.form_lasts)
    own_key = form.get(KEY_FIELD, "")
    return Arrival(
        seal=seal,
        submission_key=own_key if is_submission_key(own_key) and not another else seal.submission_key,
        received_at=now,
        waited=_waited(form.get(WAITED_FIELD, "")),
        change=CHANGE_FIELD in form and not another,
        trapped=bool(form.get(TRAP_FIELD, "").strip()),
    )


def _waited(typed: str) -> timedelta | None:
    if not (typed.isascii() and typed.isdigit()):
        return None
    return min(timedelta(seconds=int(typed[:_DIGITS])), LONGEST_WAIT)
