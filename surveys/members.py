"""Which member gave an answer: known by a keyed digest alone, agreed to, kept apart, erased in time.

A member code is a short number that stands on a card: a plain digest of it is guessed in seconds, so the digest is an
HMAC under the server's secret key. Whoever has the database alone can neither read a code nor look one up.
"""

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from surveys.database import affected_rows
from surveys.errors import InputError
from surveys.purchases import erase_purchases_before, erase_unheld, forget_purchases
from surveys.questions import SurveyDefinition
from surveys.rights import record_event
from surveys.tables import Member, Response

LONGEST_MEMBER_CODE = 100
EXPIRED, FORGOTTEN = "members expired", "member forgotten"
"""Kinds of event."""


@dataclass(frozen=True, slots=True)
class MemberKeeping:
    """How member codes are kept: the secret that digests them, and for how long."""

    secret: str
    lasts: timedelta

    def digest(self, code: str) -> str:
        """Digest a member code, as `plain_code` gives it."""
        return hmac.new(self.secret.encode(), f"koebako member code {code}".encode(), sha256).hexdigest()

    def first_day(self, today: date) -> date:
        """Return the first day whose purchases are kept today."""
        return today - self.lasts


def plain_code(text: str) -> str:
    """Even out how a code is written: width, case, white space and hyphens tell no two members apart."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if not letter.isspace() and letter not in "-‐‑‒–—―−ー")


def keep_member(session: Session, external_id: str, code: str | None, keeping: MemberKeeping, now: datetime) -> None:
    """Keep whose response it is, in the place of an earlier word; None: the customer does not say so any more."""
    one = select(Response.id).where(Response.external_id == external_id).with_for_update()
    response_id = session.scalars(one).one()
    before, digest = member_of(session, response_id), keeping.digest(code) if code else None
    if before == digest:
        return
    session.execute(delete(Member).where(Member.response_id == response_id))
    if before:
        forget_purchases(session, before)
    if digest:
        session.add(Member(response_id=response_id, digest=digest, given_at=now, erase_at=now + keeping.lasts))


def member_of(session: Session, response_id: int) -> str | None:
    """Return the digest of the member who gave a response; None where nobody said so."""
    return session.scalar(select(Member.digest).where(Member.response_id == response_id))


def forget_member(session: Session, code: str, keeping: MemberKeeping, who: str, now: datetime) -> int:
    """Forget whose answers a member's are, and what the member bought; the answers stay. How many rows went.

    For a member who asks with the code alone. Error: `InputError` where nothing is held of this code.
    """
    digest = keeping.digest(plain_code(code))
    count = affected_rows(session.execute(delete(Member).where(Member.digest == digest)))
    count += forget_purchases(session, digest)
    if not count:
        raise InputError("nothing is held of this member code (any more)")
    record_event(session, FORGOTTEN, now, who, count=count)
    return count


def erase_members(session: Session, keeping_days: int, now: datetime, today: date, who: str) -> int:
    """Erase whose time is over, and purchases that are older or no member's any more; how many rows."""
    count = affected_rows(session.execute(delete(Member).where(Member.erase_at <= now)))
    count += erase_purchases_before(session, today - timedelta(days=keeping_days)) + erase_unheld(session)
    if count:
        record_event(session, EXPIRED, now, who, count=count)
    return count


def check_may_ask(definition: SurveyDefinition, *, allowed: bool) -> None:
    """Refuse a survey that asks for member codes where the settings don't allow it. Error: `InputError`."""
    if definition.member and not allowed:
        raise InputError(
            f"survey {definition.key!r} asks for a member code, and the settings don't allow that; "
            "set privacy.member_codes: true (docs/privacy.md says what follows from it)"
        )
