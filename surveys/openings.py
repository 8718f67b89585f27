"""Opening and closing a survey, now or at a moment."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.errors import InputError
from surveys.tables import Survey


def open_survey(session: Session, key: str, now: datetime, at: datetime | None = None) -> None:
    """Take answers from a moment on (None: from now). A closing that this overtakes is called off.

    Error: `InputError` when there is no such survey.
    """
    survey = _survey(session, key)
    survey.opens_at = at if at and at > now else None
    if survey.closes_at and survey.closes_at <= (at or now):
        survey.closes_at = None
    survey.revision += 1


def close_survey(session: Session, key: str, now: datetime, at: datetime | None = None) -> None:
    """Take answers until a moment (None: until now). An opening that would come later is called off.

    Error: `InputError` when there is no such survey.
    """
    survey = _survey(session, key)
    survey.closes_at = at if at and at > now else now
    if survey.opens_at and survey.opens_at >= survey.closes_at:
        survey.opens_at = None
    survey.revision += 1


def _survey(session: Session, key: str) -> Survey:
    survey = session.scalar(select(Survey).where(Survey.key == key).with_for_update())
    if survey is None:
        raise InputError(f"no survey has the key {key!r}")
    return survey
