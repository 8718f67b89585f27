"""The one door through which an answer is stored: recorded exactly once, as `submissions` prepared it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from surveys.database import insert_or_skip
from surveys.doubts import Doubt, is_repeated
from surveys.errors import InputError
from surveys.submission_keys import code_of, digest
from surveys.submissions import Ready, Submission, prepare
from surveys.tables import Comment, Response
from surveys.weeks import week_of


class Outcome(StrEnum):
    """What became of a submission."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    """Known already, with the same content."""
    CHANGED = "changed"
    """Known already, with other content, which was not stored."""
    REPLACED = "replaced"
    """Known already; its content was replaced."""
    REFUSED = "refused"
    """Cannot be stored; `Recorded.reason` says why."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one submission."""

    external_id: str
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """A response that is stored already."""

    id: int
    digest: str


def record(
    session: Session,
    submission: Submission,
    now: datetime,
    zone: ZoneInfo,
    *,
    replace_changed: bool = False,
    staff_names: Sequence[str] = (),
) -> Recorded:
    """Store one submission exactly once; two at the same moment leave one response and one ADDED.

    `now` is stored as the moment of receipt; `zone` is the organisation's, in which weeks are counted; with
    `replace_changed` a known one with other content is replaced; `staff_names` are not masked. Error: `InputError`
    says what cannot be stored.
    """
    return record_ready(session, prepare(submission, staff_names), now, zone, replace_changed=replace_changed)


def record_ready(
    session: Session, ready: Ready, now: datetime, zone: ZoneInfo, *, replace_changed: bool = False
) -> Recorded:
    """Store one prepared submission, as `record` does."""
    recorded = _record(session, [ready], now, zone, replace_changed=replace_changed)[0]
    if recorded.outcome is Outcome.REFUSED:
        raise InputError(recorded.reason)
    return recorded


def record_many(
    session: Session,
    submissions: Sequence[Submission],
    now: datetime,
    zone: ZoneInfo,
    *,
    replace_changed: bool = False,
    staff_names: Sequence[str] = (),
) -> tuple[Recorded, ...]:
    """Store many submissions at once; what became of each, in the given order. Bad ones are REFUSED one by one.

    With `replace_changed` a known submission with other content is replaced. Keep a call to some hundred submissions:
    it holds the write lock of SQLite.
    """
    checked = [_checked(submission, staff_names) for submission in submissions]
    return _record(session, checked, now, zone, replace_changed=replace_changed)


def _checked(submission: Submission, staff_names: Sequence[str]) -> Ready | Recorded:
    try:
        return prepare(submission, staff_names)
    except InputError as error:
        return Recorded(submission.external_id, Outcome.REFUSED, str(error))


def _record(
    session: Session, checked: Sequence[Ready | Recorded], now: datetime, zone: ZoneInfo, *, replace_changed: bool
) -> tuple[Recorded, ...]:
    ready = [item for item in checked if isinstance(item, Ready)]
    external_ids = [item.submission.external_id for item in ready]
    # one answer is nearly always new: it is only looked up where it could not be inserted
    known = _find(session, external_ids) if len(ready) > 1 else {}
    added = _insert_new(session, [item for item in ready if item.submission.external_id not in known], now, zone)
    given = Counter(external_ids)
    known |= _find(session, [each for each in given if each not in known and (each not in added or given[each] > 1)])
    return tuple(
        item if isinstance(item, Recorded) else _settle(session, item, added, known, zone if replace_changed else None)
        for item in checked
    )


def _find(session: Session, external_ids: Sequence[str]) -> dict[str, _Known]:
    if not external_ids:
        return {}
    query = select(Response.external_id, Response.id, Response.content_digest)
    rows = session.execute(query.where(Response.external_id.in_(external_ids)))
    return {external_id: _Known(response_id, digest) for external_id, response_id, digest in rows}


def _insert_new(session: Session, items: Sequence[Ready], now: datetime, zone: ZoneInfo) -> set[str]:
    """Insert the first of each id; which ones went in. In order of id, so that two writers never block each other."""
    first: dict[str, Ready] = {}
    for item in items:
        first.setdefault(item.submission.external_id, item)
    if not first:
        return set()
    rows = [
        {**_columns(first[external_id], zone), "external_id": external_id, "received_at": now}
        | _secrets(first[external_id].submission.submission_key)
        | _marks(_doubt(session, first[external_id]))
        for external_id in sorted(first)
    ]
    statement = insert_or_skip(session, Response).returning(Response.external_id, Response.id)
    # on the connection, past the ORM: a customer waits for it, and no row is looked at again
    ids = {row.external_id: row.id for row in session.connection().execute(statement, rows)}
    _insert_comments(session, [(response_id, first[external_id]) for external_id, response_id in ids.items()])
    return set(ids)


def _secrets(submission_key: str | None) -> dict[str, str | None]:
    """Digest the key and its deletion code: who reads the database can neither change nor delete by it."""
    if submission_key is None:
        return {"submission_key": None, "code_digest": None}
    return {"submission_key": digest(submission_key), "code_digest": digest(code_of(submission_key))}


def _doubt(session: Session, item: Ready) -> Doubt | None:
    submission = item.submission
    if submission.doubt or submission.submission_key is None:  # a file knows its answers by their ids
        return submission.doubt
    repeated = is_repeated(session, item.digest, submission.answered_at, submission.comments.values())
    return Doubt.DUPLICATE if repeated else None


def _marks(doubt: Doubt | None) -> dict[str, Any]:
    return {"doubt": doubt, "counted": doubt is None}


def _columns(item: Ready, zone: ZoneInfo) -> dict[str, Any]:
    submission = item.submission
    return {
        "content_digest": item.digest,
        "survey_id": submission.survey_id,
        "store_id": submission.store_id,
        "spot_id": submission.spot_id,
        "channel": submission.channel,
        "answered_at": submission.answered_at,
        "week": week_of(submission.answered_at, zone),
        "score": submission.score,
        "satisfaction": submission.satisfaction,
        "answers": dict(submission.answers),
        "attributes": dict(submission.attributes),
    }


def _insert_comments(session: Session, items: Sequence[tuple[int, Ready]]) -> None:
    rows = [
        {
            "response_id": response_id,
            "external_id": f"{item.submission.external_id}:{name}",
            "field": name,
            "position": position,
            "text": text,
            "asks": item.submission.asks.get(name),
        }
        for response_id, item in items
        for position, (name, text) in enumerate(item.submission.comments.items())
    ]
    if rows:
        session.connection().execute(insert(Comment), rows)


def _settle(
    session: Session, item: Ready, added: set[str], known: dict[str, _Known], zone: ZoneInfo | None
) -> Recorded:
    """Say what became of one submission; replace a changed one when a zone is given."""
    external_id = item.submission.external_id
    if external_id in added:
        added.remove(external_id)  # a second one of the same id in this call is a repetition
        return Recorded(external_id, Outcome.ADDED)
    if external_id not in known:
        return Recorded(external_id, Outcome.REFUSED, "the submission key belongs to another response")
    if known[external_id].digest == item.digest:
        return Recorded(external_id, Outcome.UNCHANGED)
    if zone is None:
        return Recorded(external_id, Outcome.CHANGED)
    _replace(session, known[external_id].id, item, zone)
    known[external_id] = replace(known[external_id], digest=item.digest)
    return Recorded(external_id, Outcome.REPLACED)


def _replace(session: Session, response_id: int, item: Ready, zone: ZoneInfo) -> None:
    session.execute(delete(Comment).where(Comment.response_id == response_id))
    changed = update(Response).where(Response.id == response_id)
    columns = _columns(item, zone)
    if item.submission.submission_key:  # the customer was there when the first answer was given
        del columns["answered_at"], columns["week"]
    if item.submission.doubt:
        columns |= {**_marks(item.submission.doubt), "decided_at": None}
    session.execute(changed.values(**columns, revision=Response.revision + 1))
    _insert_comments(session, [(response_id, item)])
