"""Retention: answers of weeks long past are cleared; what was counted of them stays.

A whole week is cleared at once, when its last day is older than the setting says.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from surveys.database import affected_rows, insert_or_skip
from surveys.purchases import erase_unheld
from surveys.queries import week_fingerprints
from surveys.rights import record_event
from surveys.settings import Retain
from surveys.tables import ClosedWeek, Comment, Response
from surveys.weeks import week_of_day

CLEARED = "cleared by age"
"""A kind of event."""


def weeks_to_clear(session: Session, what: Retain, days: int, today: date) -> tuple[str, ...]:
    """Name every week of which something is to be cleared, oldest first: those that ended more than `days` days ago."""
    answered: Select[Any] = select(Response.week).where(Response.week < week_of_day(today - timedelta(days=days)))
    if what is Retain.COMMENTS:
        answered = answered.where(Response.comments.any())
    return tuple(session.scalars(answered.distinct().order_by(Response.week)))


def clear_week(session: Session, week: str, what: Retain, now: datetime, who: str) -> int:
    """Clear one week and close it: its fingerprint stays what it is now. How many rows were cleared.

    Whoever calls has made sure that the week is counted as it stands.
    """
    fingerprint = week_fingerprints(session, [week]).get(week)
    if fingerprint is not None:  # else there are competitors' answers alone, of which nothing is counted
        session.execute(insert_or_skip(session, ClosedWeek).values(week=week, fingerprint=fingerprint, closed_at=now))
    of_week = select(Response.id).where(Response.week == week)
    statement = (
        delete(Comment).where(Comment.response_id.in_(of_week))
        if what is Retain.COMMENTS
        else delete(Response).where(Response.week == week)
    )
    count = affected_rows(session.execute(statement, execution_options={"synchronize_session": False}))
    if what is Retain.RESPONSES:
        erase_unheld(session)
    record_event(session, CLEARED, now, who, count=count)
    return count
