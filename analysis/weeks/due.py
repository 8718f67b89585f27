"""Which weeks have to be analysed: complete, and not yet analysed in the state that their answers have now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.errors import WeekNotCompleteError
from analysis.results import WINDOWS
from analysis.tables import Run
from surveys.errors import InputError
from surveys.queries import closed_weeks
from surveys.weeks import first_day, last_complete_week, shift, window

HISTORY_WEEKS = 2 * max(WINDOWS)
"""A report looks at its widest window and at the one before it; a change in any of these weeks makes it stale."""

_FIRST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class DueWeek:
    """A week to analyse, and the revision that its report will have."""

    week: str
    revision: int


def history(week: str) -> tuple[str, ...]:
    """Name the weeks that the report of a week may show, oldest first."""
    return window(week, HISTORY_WEEKS)


def fingerprint(week: str, contents: Mapping[str, str], versions: str) -> str:
    """Digest all that the results of a week come from: its answers and those before it, settings and model.

    `contents`: a digest for each week with answers, as `surveys.queries.week_fingerprints` gives them.
    """
    content = [contents.get(earlier, "") for earlier in history(week)]
    return sha256(json.dumps([versions, content]).encode()).hexdigest()[:32]


def due_weeks(session: Session, contents: Mapping[str, str], versions: str, last_complete: str) -> tuple[DueWeek, ...]:
    """Find every week that is due, oldest first, from the first to the last complete one with answers.

    A week without answers between them is due as well, and one whose answers have all gone since it was analysed.
    Silence at the end is not: an imported year would be followed by empty reports up to today.
    """
    done, closed = _done(session), closed_weeks(session)
    complete = [week for week in {*contents, *done} if week <= last_complete]
    if not complete:
        return ()
    found = []
    week = min(complete)
    while week <= max(complete):
        if week not in closed:
            found += _if_due(week, fingerprint(week, contents, versions), done)
        week = shift(week, 1)
    return tuple(found)


def due_week(session: Session, contents: Mapping[str, str], versions: str, week: str) -> tuple[DueWeek, ...]:
    """Return this one week when it is due, nothing when its analysis is up to date or its answers were cleared."""
    if week in closed_weeks(session):
        return ()
    return tuple(_if_due(week, fingerprint(week, contents, versions), _done(session)))


def check_complete(week: str, now: datetime, zone: ZoneInfo) -> None:
    """Refuse a week that has not wholly passed. Errors: `WeekNotCompleteError`, `InputError` for no possible week."""
    if first_day(week).year < _FIRST_YEAR:
        raise InputError(f"week {week} lies before the first year that is taken, {_FIRST_YEAR}")
    last = last_complete_week(now, zone)
    if week > last:
        raise WeekNotCompleteError(week, last)


def _done(session: Session) -> dict[str, tuple[int, str]]:
    """Return revision and fingerprint of the newest finished run of each week."""
    query = select(Run.week, Run.revision, Run.fingerprint).where(Run.state == "done").order_by(Run.revision)
    return {week: (revision, found) for week, revision, found in session.execute(query)}


def _if_due(week: str, current: str, done: Mapping[str, tuple[int, str]]) -> list[DueWeek]:
    revision, found = done.get(week, (0, ""))
    return [] if found == current else [DueWeek(week, revision + 1)]
