"""What came in on one day, while it comes in: counts, scores, spots and the latest comments."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from surveys.queries import of_ours
from surveys.tables import Comment, Response, Spot, Store

_LATEST = 20


@dataclass(frozen=True, slots=True)
class DayComment:
    """One masked comment with where and when it was given."""

    text: str
    score: int | None
    answered_at: datetime
    store_name: str
    spot_name: str | None


@dataclass(frozen=True, slots=True)
class DaySpot:
    """The answers of one spot; without a spot those that came by another way. `mean`: of the scores, None without."""

    store_name: str
    spot_name: str | None
    spot_id: int | None
    answers: int
    mean: float | None
    last_at: datetime


@dataclass(frozen=True, slots=True)
class DayOfAnswers:
    """One day. `scores` holds how many gave each score from 0 to 10; `doubtful` answers are in no other figure."""

    day: date
    answers: int
    doubtful: int
    scores: tuple[int, ...]
    spots: tuple[DaySpot, ...]
    comments: tuple[DayComment, ...]


def answers_of_day(
    session: Session, day: date, zone: ZoneInfo, store_ids: Collection[int] | None = None
) -> DayOfAnswers:
    """Read the answers given on a day of a zone, in some stores (None: in all), spots and comments the newest first."""
    asked = _conditions(day, zone, store_ids)
    rows = session.execute(
        select(
            Response.store_id,
            Response.spot_id,
            Response.score,
            Response.counted,
            func.count(),
            func.max(Response.answered_at),
        )
        .where(*asked)
        .group_by(Response.store_id, Response.spot_id, Response.score, Response.counted)
    ).all()
    counted = [row for row in rows if row.counted]
    by_score = Counter[int | None]()
    for row in counted:
        by_score[row.score] += row[4]
    return DayOfAnswers(
        day,
        answers=sum(row[4] for row in counted),
        doubtful=sum(row[4] for row in rows if not row.counted),
        scores=tuple(by_score[score] for score in range(11)),
        spots=_spots(session, counted),
        comments=_latest(session, asked),
    )


def _conditions(day: date, zone: ZoneInfo, store_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    begin, end = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    asked = [Response.answered_at >= begin, Response.answered_at < end, of_ours()]
    return asked if store_ids is None else [*asked, Response.store_id.in_(store_ids)]


def _spots(session: Session, rows: Sequence[Any]) -> tuple[DaySpot, ...]:
    stores = {row.id: row.name for row in session.execute(select(Store.id, Store.name))}
    names = {row.id: row.name for row in session.execute(select(Spot.id, Spot.name))}
    found = []
    for store_id, spot_id in {(row.store_id, row.spot_id) for row in rows}:
        own = [row for row in rows if (row.store_id, row.spot_id) == (store_id, spot_id)]
        scored = [(row.score, row[4]) for row in own if row.score is not None]
        given = sum(count for _, count in scored)
        mean = sum(score * count for score, count in scored) / given if given else None
        answers, last_at = sum(row[4] for row in own), max(row[5] for row in own)
        found.append(DaySpot(stores[store_id], names.get(spot_id), spot_id, answers, mean, last_at))
    found.sort(key=lambda spot: (spot.store_name, spot.spot_name or ""))
    return tuple(sorted(found, key=lambda spot: spot.last_at, reverse=True))


def _latest(session: Session, asked: Sequence[ColumnElement[bool]]) -> tuple[DayComment, ...]:
    query = (
        select(Comment.text, Response.score, Response.answered_at, Store.name, Spot.name)
        .join(Comment.response)
        .join(Response.store)
        .outerjoin(Response.spot)
        .where(*asked, Response.counted)
        .order_by(Response.answered_at.desc(), Response.id.desc(), Comment.position)
        .limit(_LATEST)
    )
    return tuple(DayComment(*row) for row in session.execute(query))
