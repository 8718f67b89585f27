"""Comments that must not wait for the weekly report: found by their words, shown until somebody has seen them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from analysis.critical import CriticalWords
from feedback import accounts
from feedback.tables import CriticalFinding, CriticalReading
from surveys.database import Database, insert_or_skip
from surveys.errors import InputError
from surveys.queries import of_ours
from surveys.tables import Comment, Response, Spot, Store

RECENT = timedelta(days=30)
"""Older answers, such as imported ones, are no emergency."""

_AT_A_TIME = 1_000
_AGAIN = 1_000
"""So many comments before the last one are looked at again: they may have become visible later, or have its number."""


@dataclass(frozen=True, slots=True)
class CriticalComment:
    """A comment with what it speaks of (`kinds`: ids of the list) and who has seen it, if anybody has."""

    comment_id: str
    text: str
    kinds: tuple[str, ...]
    score: int | None
    answered_at: datetime
    store_name: str
    spot_name: str | None
    seen_at: datetime | None
    seen_by: str | None


def scan(database: Database, words: CriticalWords, now: datetime) -> int:
    """Search the comments that came in since the last search; return how many findings are new.

    Doubtful answers are searched as well: who looks at them decides. What is found stays found once, however often and
    by however many processes it is searched; a list with other words searches all answers of the last 30 days anew.
    """
    with database.reading() as reading:
        state = reading.get(CriticalReading, 1)
        newest = reading.scalar(select(func.max(Comment.id))) or 0
        last = min(state.last_comment_id, newest) - _AGAIN if state and state.words == words.digest else 0
    found = 0
    while last < newest:
        last, more = _scan_some(database, words, now, (last, newest))
        found += more
    if state is None or (state.last_comment_id, state.words) != (newest, words.digest):
        with database.session() as writing:
            writing.merge(CriticalReading(id=1, last_comment_id=newest, words=words.digest))
    return found


def _scan_some(database: Database, words: CriticalWords, now: datetime, span: tuple[int, int]) -> tuple[int, int]:
    """Search some comments after the first id of a span; return the last one's id, or the span's, and what is new."""
    query = (
        select(Comment.id, Comment.text)
        .join(Comment.response)
        .where(Comment.id > span[0], Comment.id <= span[1], Response.answered_at >= now - RECENT, of_ours())
        .order_by(Comment.id)
        .limit(_AT_A_TIME)
    )
    with database.reading() as reading:
        comments = reading.execute(query).all()
        known = set(reading.scalars(_known([row.id for row in comments])))
    fresh = [row for row in comments if row.id not in known]
    rows = [{"comment_id": row.id, "kind": kind, "found_at": now} for row in fresh for kind in words.kinds_in(row.text)]
    last = comments[-1].id if len(comments) == _AT_A_TIME else span[1]
    return last, _store(database, rows) if rows else 0


def _known(comment_ids: Sequence[int]) -> Select[int]:
    return select(CriticalFinding.comment_id).where(CriticalFinding.comment_id.in_(comment_ids))


def _store(database: Database, rows: Sequence[dict[str, object]]) -> int:
    with database.session() as writing:
        living = set(writing.scalars(select(Comment.id).where(Comment.id.in_({row["comment_id"] for row in rows}))))
        kept = [row for row in rows if row["comment_id"] in living]  # one may have been erased in between
        statement = insert_or_skip(writing, CriticalFinding).returning(CriticalFinding.id)
        return len(writing.execute(statement, kept).all()) if kept else 0


def critical_comments(
    session: Session, store_ids: Collection[int] | None = None, *, seen: bool = False, limit: int = 100
) -> tuple[CriticalComment, ...]:
    """Return the comments that nobody has seen yet, or those that somebody has, the newest answer first."""
    chosen = _ids(seen=seen).where(*_in(store_ids)).group_by(Comment.id, Response.answered_at)
    chosen = chosen.order_by(Response.answered_at.desc(), Comment.id.desc()).limit(limit)
    ids = list(session.scalars(chosen))
    query = (
        select(Comment, CriticalFinding.kind, CriticalFinding.seen_at, CriticalFinding.seen_by, Store.name, Spot.name)
        .join(CriticalFinding, CriticalFinding.comment_id == Comment.id)
        .join(Comment.response)
        .join(Response.store)
        .outerjoin(Response.spot)
        .where(Comment.id.in_(ids))
        .order_by(CriticalFinding.id)
    )
    found: dict[int, CriticalComment] = {}
    for comment, kind, seen_at, seen_by, store, spot in session.execute(query):
        kinds = (*found[comment.id].kinds, kind) if comment.id in found else (kind,)
        response = comment.response
        found[comment.id] = CriticalComment(
            comment.external_id,
            comment.text,
            kinds,
            response.score,
            response.answered_at,
            store,
            spot,
            seen_at,
            seen_by,
        )
    return tuple(found[each] for each in ids if each in found)


def count_waiting(session: Session, store_ids: Collection[int] | None = None) -> int:
    """Count the comments that nobody has seen yet, in these stores (None: in all)."""
    waiting = _ids(seen=False).where(*_in(store_ids)).distinct().subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0


def mark_seen(
    session: Session, comment_id: str, who: str, now: datetime, store_ids: Collection[int] | None = None
) -> None:
    """Note who has seen a comment, and when; the first one stays. Error: `InputError` when they have none such."""
    query = select(Comment.id).join(Comment.response).where(Comment.external_id == comment_id, *_in(store_ids))
    found = session.scalar(query.join(CriticalFinding, CriticalFinding.comment_id == Comment.id))
    if found is None:
        raise InputError(f"no critical comment has the id {comment_id!r}; see: koebako critical list")
    changed = update(CriticalFinding).where(CriticalFinding.comment_id == found, CriticalFinding.seen_at.is_(None))
    marked = session.execute(changed.values(seen_at=now, seen_by=who).returning(CriticalFinding.id)).all()
    if marked:
        accounts.record(session, who, "critical comment seen", comment_id[:200], now)


def _ids(*, seen: bool) -> Select[int]:
    """Select the ids of critical comments, narrowed by a join with their answers."""
    at = CriticalFinding.seen_at
    query = select(Comment.id).join(CriticalFinding, CriticalFinding.comment_id == Comment.id).join(Comment.response)
    return query.where(at.is_not(None) if seen else at.is_(None))


def _in(store_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [of_ours()] if store_ids is None else [of_ours(), Response.store_id.in_(store_ids)]
