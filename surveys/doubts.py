"""Responses that look like spam or a repetition: marked, never dropped, and left out of figures until staff look."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from surveys.errors import InputError
from surveys.queries import of_ours
from surveys.tables import Response
from surveys.texts import is_storable

REPEATED_WITHIN = timedelta(minutes=10)
SHORTEST_REPEATED = 15
"""Characters; 「おいしかった」 is said by two people in good faith."""
_SAME = (
    select(Response.id)
    .where(
        Response.content_digest == bindparam("digest"),
        Response.answered_at.between(bindparam("first"), bindparam("last")),
    )
    .limit(1)
)


class Doubt(StrEnum):
    """Why a response is doubtful."""

    TOO_FAST = "too_fast"
    """Sent sooner after the form was opened than a person can answer."""
    HIDDEN_FIELD = "hidden_field"
    """A field was filled in that people do not see."""
    DUPLICATE = "duplicate"
    """The same answers with the same words came from this spot a moment ago."""


@dataclass(frozen=True, slots=True)
class DoubtfulResponse:
    """A doubtful response, with what staff need to judge it. `decided_at` None: nobody has looked at it yet."""

    external_id: str
    doubt: Doubt
    counted: bool
    decided_at: datetime | None
    store_id: int
    store_name: str
    spot_name: str | None
    answered_at: datetime
    score: int | None
    comments: tuple[str, ...]


def is_repeated(session: Session, content_digest: str, answered_at: datetime, comments: Collection[str]) -> bool:
    """Tell whether the same content (place and words included) is stored already, from another key, near a moment."""
    if max(map(len, comments), default=0) < SHORTEST_REPEATED:
        return False
    wanted = {"digest": content_digest, "first": answered_at - REPEATED_WITHIN, "last": answered_at + REPEATED_WITHIN}
    return session.scalar(_SAME, wanted) is not None


def doubtful(
    session: Session, store_ids: Collection[int] | None = None, *, decided: bool = False, limit: int = 100
) -> tuple[DoubtfulResponse, ...]:
    """Return the doubtful responses of these stores (None: every one), newest first; those nobody looked at yet.

    With `decided` those that somebody did look at.
    """
    wanted = Response.decided_at.is_not(None) if decided else Response.decided_at.is_(None)
    query = select(Response).where(*_doubtful(store_ids), wanted)
    loaded = query.options(
        selectinload(Response.comments), selectinload(Response.store), selectinload(Response.spot)
    ).order_by(Response.answered_at.desc(), Response.id.desc())
    return tuple(_info(row) for row in session.scalars(loaded.limit(limit)))


def count_waiting(session: Session, store_ids: Collection[int] | None = None) -> int:
    """Count the doubtful responses that nobody has looked at yet."""
    query = select(func.count(Response.id)).where(*_doubtful(store_ids), Response.decided_at.is_(None))
    return session.scalar(query) or 0


def decide(
    session: Session, external_id: str, now: datetime, *, counted: bool, store_ids: Collection[int] | None = None
) -> DoubtfulResponse:
    """Count a doubtful response in figures or leave it out; its week is analysed again where that changes something.

    It may be decided anew. Error: `InputError` when these stores have no such doubtful response.
    """
    query = select(Response).where(*_doubtful(store_ids), Response.external_id == external_id)
    found = session.scalar(query) if is_storable(external_id) else None
    if found is None:
        raise InputError(f"no doubtful response has the id {external_id!r}; koebako doubt list shows all")
    found.counted, found.decided_at = counted, now
    session.flush()
    return _info(found)


def _doubtful(store_ids: Collection[int] | None) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Response.doubt.is_not(None), of_ours()]
    if store_ids is not None:
        conditions.append(Response.store_id.in_(store_ids))
    return conditions


def _info(row: Response) -> DoubtfulResponse:
    return DoubtfulResponse(
        external_id=row.external_id,
        doubt=Doubt(str(row.doubt)),
        counted=row.counted,
        decided_at=row.decided_at,
        store_id=row.store_id,
        store_name=row.store.name,
        spot_name=row.spot.name if row.spot else None,
        answered_at=row.answered_at,
        score=row.score,
        comments=tuple(comment.text for comment in row.comments),
    )
