"""Customers who ask to be called: kept apart, sealed, shown one at a time with a line in the trail, erased in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from surveys.contact_box import MAKE_A_KEY, Box, ContactDetails
from surveys.database import affected_rows
from surveys.errors import InputError
from surveys.questions import SurveyDefinition
from surveys.rights import record_event
from surveys.tables import Comment, Contact, Response, Store, Survey
from surveys.texts import is_storable_number

VIEWED, DONE, EXPIRED = "contact viewed", "contact done", "contacts expired"
"""Kinds of event."""


@dataclass(frozen=True, slots=True)
class ContactInfo:
    """A wish to be called, without the contact itself; `number` names it."""

    number: int
    store_id: int
    store_name: str
    answered_at: datetime
    erase_at: datetime
    score: int | None
    comments: tuple[str, ...]
    done_at: datetime | None
    done_by: str | None


@dataclass(frozen=True, slots=True)
class Keeping:
    """How contacts are kept: the box that seals them, and for how long."""

    box: Box
    lasts: timedelta


def keep(session: Session, external_id: str, details: ContactDetails | None, keeping: Keeping, now: datetime) -> None:
    """Keep the contact of a response in the place of an earlier one; None: the customer wants no call any more.

    The same contact again leaves all as it is. The row of the response is locked: two that come at once follow each
    other.
    """
    one = select(Response.id).where(Response.external_id == external_id).with_for_update()
    response_id = session.scalars(one).one()
    before = contact_of(session, response_id)
    if before is not None and details is not None and keeping.box.try_open(before) == details:
        return
    session.execute(delete(Contact).where(Contact.response_id == response_id))
    if details is not None:
        sealed = keeping.box.seal(details)
        session.add(Contact(response_id=response_id, sealed=sealed, given_at=now, erase_at=now + keeping.lasts))


def contacts(session: Session, store_ids: Sequence[int] | None = None) -> tuple[ContactInfo, ...]:
    """Every wish of these stores (None: of all): those that wait first, oldest first; then those that are done."""
    query = select(Contact, Response, Store.name).join(Response, Response.id == Contact.response_id).join(Store)
    if store_ids is not None:
        query = query.where(Response.store_id.in_(store_ids))
    rows = session.execute(query.order_by(Contact.done_at.is_not(None), Contact.given_at, Contact.id)).all()
    said = _comments(session, [response.id for _, response, _ in rows])
    return tuple(_info(contact, response, name, said.get(response.id, ())) for contact, response, name in rows)


def view(session: Session, number: int, box: Box, who: str, now: datetime) -> ContactDetails:
    """Open one contact, and leave a line of it in the trail. Errors: `InputError`, `ContactSealedError`."""
    row = _existing(session, number)
    details = box.open(row.sealed)
    digest = session.scalar(select(Response.code_digest).where(Response.id == row.response_id))
    record_event(session, VIEWED, now, who, digest=digest)
    return details


def mark_done(session: Session, number: int, who: str, now: datetime) -> None:
    """Note that the customer was called; doing it twice keeps who was first. Error: `InputError`."""
    row = _existing(session, number)
    if row.done_at is None:
        row.done_at, row.done_by = now, who
        record_event(session, DONE, now, who)


def erase_expired(session: Session, now: datetime, who: str) -> int:
    """Erase every contact whose time is over; how many."""
    count = affected_rows(session.execute(delete(Contact).where(Contact.erase_at <= now)))
    if count:
        record_event(session, EXPIRED, now, who, count=count)
    return count


def seal_anew(session: Session, box: Box) -> int:
    """Seal every contact with the newest key, so that older ones can go; how many. Error: `ContactSealedError`."""
    rows = session.execute(select(Contact.id, Contact.sealed)).all()
    for number, sealed in rows:
        session.execute(update(Contact).where(Contact.id == number).values(sealed=box.renew(sealed)))
    return len(rows)


def contact_of(session: Session, response_id: int) -> str | None:
    """Return the sealed contact of a response."""
    return session.scalar(select(Contact.sealed).where(Contact.response_id == response_id))


def check_can_ask(definition: SurveyDefinition, box: Box | None) -> None:
    """Refuse a survey that asks for contacts where no key seals them. Error: `InputError`."""
    if definition.contact and box is None:
        raise InputError(_keyless(definition.key))


def check_surveys(session: Session, box: Box | None) -> None:
    """Refuse to go on where a stored survey asks for contacts and no key seals them. Error: `InputError`."""
    if box is not None:
        return
    for key, settings in session.execute(select(Survey.key, Survey.settings).order_by(Survey.key)):
        if "contact" in settings:
            raise InputError(_keyless(key))


def _keyless(survey_key: str) -> str:
    return f"survey {survey_key!r} asks for contacts, and there is no key to seal them with; {MAKE_A_KEY}"


def _existing(session: Session, number: int) -> Contact:
    row = session.get(Contact, number) if is_storable_number(number) else None
    if row is None:
        raise InputError(f"there is no contact {number} (any more); see: koebako contact list")
    return row


def _comments(session: Session, response_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    query = select(Comment.response_id, Comment.text).where(Comment.response_id.in_(response_ids))
    for response_id, text in session.execute(query.order_by(Comment.response_id, Comment.position)):
        found[response_id] = (*found.get(response_id, ()), text)
    return found


def _info(contact: Contact, response: Response, store_name: str, comments: tuple[str, ...]) -> ContactInfo:
    return ContactInfo(
        number=contact.id,
        store_id=response.store_id,
        store_name=store_name,
        answered_at=response.answered_at,
        erase_at=contact.erase_at,
        score=response.score,
        comments=comments,
        done_at=contact.done_at,
        done_by=contact.done_by,
    )
