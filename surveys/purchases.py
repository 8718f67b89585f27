"""What members bought: stored once, only of members who gave their code with an answer, and gone with the last of them.

Whoever never agreed is in no row here, whatever the file of purchases holds.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from surveys.database import affected_rows, insert_or_skip
from surveys.queries import of_ours
from surveys.tables import Member, Purchase, Response

_DIGESTS_AT_ONCE = 500
_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Bought:
    """One purchase. `digest`: of the member's code; `bought_on`: in the organisation's zone; see `tables.Purchase`."""

    identity: str
    digest: str
    store_id: int
    bought_on: date
    hundredths: int


@dataclass(frozen=True, slots=True)
class MemberAnswer:
    """The answer of a member, known by a digest: where and when it was given, and its score from 0 to 10."""

    digest: str
    store_id: int
    answered_at: datetime
    score: int


def add_purchases(session: Session, bought: Sequence[Bought]) -> int:
    """Store those purchases that are not known yet; how many. Keep a call to some hundred."""
    if not bought:
        return 0
    rows = [
        {name: getattr(each, name) for name in Bought.__dataclass_fields__}
        for each in sorted(bought, key=lambda each: each.identity)
    ]
    return len(session.scalars(insert_or_skip(session, Purchase).returning(Purchase.id), rows).all())


def held_members(session: Session, digests: Collection[str]) -> set[str]:
    """Return those of these members who gave their code with an answer that is still here."""
    wanted, found = sorted(digests), set[str]()
    for at in range(0, len(wanted), _DIGESTS_AT_ONCE):
        some = Member.digest.in_(wanted[at : at + _DIGESTS_AT_ONCE])
        found.update(session.scalars(select(Member.digest).where(some)))
    return found


def forget_purchases(session: Session, digest: str) -> int:
    """Erase what a member bought, unless an answer of theirs is still here; how many rows."""
    if session.scalar(select(Member.response_id).where(Member.digest == digest).limit(1)) is not None:
        return 0
    return affected_rows(session.execute(delete(Purchase).where(Purchase.digest == digest)))


def erase_unheld(session: Session) -> int:
    """Erase purchases of members of whom no answer is here any more; how many rows."""
    held = select(Member.digest).where(Member.digest == Purchase.digest).exists()
    statement = delete(Purchase).where(~held)
    return affected_rows(session.execute(statement, execution_options={"synchronize_session": False}))


def erase_purchases_before(session: Session, first: date) -> int:
    """Erase purchases of days before this one; how many rows."""
    return affected_rows(session.execute(delete(Purchase).where(Purchase.bought_on < first)))


def member_answers(session: Session) -> tuple[MemberAnswer, ...]:
    """Return every counted answer with a score that a member gave, oldest first."""
    query = (
        select(Member.digest, Response.store_id, Response.answered_at, Response.score)
        .join(Response, Response.id == Member.response_id)
        .where(Response.counted, of_ours())
    )
    rows = (
        MemberAnswer(digest, store_id, answered_at, score)
        for digest, store_id, answered_at, score in session.execute(query)
        if score is not None
    )
    return tuple(sorted(rows, key=lambda row: (row.answered_at, row.digest, row.score)))


def purchase_days(session: Session) -> tuple[date, date] | None:
    """Return the first and the last day of which a purchase is known; None where none is."""
    first, last = session.execute(select(func.min(Purchase.bought_on), func.max(Purchase.bought_on))).one()
    return (first, last) if first else None


def purchases(session: Session) -> Iterator[tuple[str, date, int]]:
    """Walk every purchase in any order, the quickest way for a million: digest of the member, day, hundredths."""
    columns = Purchase.__table__.c
    query = select(columns.digest, columns.bought_on, columns.hundredths)
    for rows in session.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)).partitions():
        yield from ((row[0], row[1], row[2]) for row in rows)
