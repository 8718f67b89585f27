"""What customers may ask for with their deletion code: to have their answer erased. Each time leaves an event."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from surveys.database import affected_rows
from surveys.erased_file import ErasedFile
from surveys.purchases import forget_purchases
from surveys.tables import Member, PrivacyEvent, Response

CUSTOMER = "customer"
"""Who did it, where it was the customer by the code."""
ERASED, REPLAYED, SHOWN = "erased", "replayed", "shown"
"""Kinds of event: erased by code; erased again, since an older copy of the database came back; shown to its giver."""
_DIGESTS_AT_ONCE = 500
_ERASING = (
    select(PrivacyEvent.id)
    .where(PrivacyEvent.digest == bindparam("digest"), PrivacyEvent.kind.in_([ERASED, REPLAYED]))
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Event:
    """What was done with personal data. `count`: rows; `digest`: that of the deletion code, where there was one."""

    at: datetime
    kind: str
    digest: str | None
    count: int
    made_by: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did: answers that were erased again, digests in the file, lines of it that are no digests."""

    erased: int
    known: int
    unreadable: int


def erase(session: Session, digest: str, erased: ErasedFile, now: datetime, who: str = CUSTOMER) -> bool:
    """Erase the response of a code's digest and everything that hangs on it; False where there is none.

    The file is written first: when the power fails before the commit, the next start erases what was asked for, while
    the other way round an older copy of the database would bring it back. Error: `ErasedFileError`.
    """
    if session.scalar(select(Response.id).where(Response.code_digest == digest)) is None:
        return False
    erased.add(digest)
    _delete(session, digest)
    record_event(session, ERASED, now, who, digest=digest)
    return True


def was_erased(session: Session, digest: str) -> bool:
    """Tell whether the answer of this code was erased: a late repetition of it must not bring it back."""
    return session.scalar(_ERASING, {"digest": digest}) is not None


def replay(session: Session, erased: ErasedFile, now: datetime, who: str) -> Replayed:
    """Erase again what the file knows as erased and this database does not, since it is an older copy."""
    codes = erased.read()
    unknown = sorted(codes.digests - _erased_here(session, codes.digests))
    found = 0
    for digest in unknown:
        held = _delete(session, digest)
        record_event(session, REPLAYED, now, who, digest=digest, count=held)
        found += held
    return Replayed(found, len(codes.digests), codes.unreadable)


def _delete(session: Session, digest: str) -> int:
    """Delete the response of a digest, and what a member bought of whom no other answer is here; how many responses."""
    members = session.scalars(select(Member.digest).join(Response).where(Response.code_digest == digest)).all()
    count = affected_rows(session.execute(delete(Response).where(Response.code_digest == digest)))
    for member in members:
        forget_purchases(session, member)
    return count


def record_event(
    session: Session, kind: str, now: datetime, who: str, *, digest: str | None = None, count: int = 1
) -> None:
    """Leave one line in the trail of what was done with personal data."""
    session.add(PrivacyEvent(at=now, kind=kind, digest=digest, count=count, made_by=who))


def events(session: Session, limit: int | None = None) -> tuple[Event, ...]:
    """The trail, newest first."""
    query = select(PrivacyEvent).order_by(PrivacyEvent.id.desc()).limit(limit)
    return tuple(Event(row.at, row.kind, row.digest, row.count, row.made_by) for row in session.scalars(query))


def _erased_here(session: Session, digests: AbstractSet[str]) -> set[str]:
    """Those of which this database knows, and holds no answer.

    An answer may stand beside its event: one that was rolled back by hand, or kept by a crash before the commit.
    """
    wanted, found = sorted(digests), set[str]()
    for at in range(0, len(wanted), _DIGESTS_AT_ONCE):
        some = wanted[at : at + _DIGESTS_AT_ONCE]
        told = select(PrivacyEvent.digest).where(
            PrivacyEvent.digest.in_(some), PrivacyEvent.kind.in_([ERASED, REPLAYED])
        )
        found.update(digest for digest in session.scalars(told) if digest)
        found.difference_update(session.scalars(select(Response.code_digest).where(Response.code_digest.in_(some))))
    return found
