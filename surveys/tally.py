"""How often forms are seen and begun: counted in memory and written in batches, never while a customer waits.

SQLite has one writer, and every commit waits for the disk: a page view is worth neither. So counts are added up by form
and day and written by a thread of their own a few seconds after the first of them. While the database is busy they wait
for the next customer. What was not written yet is lost when the process is killed: at most the last seconds.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from threading import Lock, Timer
from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from surveys.database import Database, insert_or_skip
from surveys.errors import DatabaseBusyError
from surveys.tables import FormDay

PAUSE_SECONDS = 5.0


class Step(StrEnum):
    """How far a customer has come."""

    SEEN = "seen"
    STARTED = "started"


class FormOnDay(NamedTuple):
    """The form of one survey at one spot on one day (ISO date of the organisation)."""

    survey_id: int
    spot_id: int
    day: str


class Tally:
    """Counts of one process that wait to be written; for any number of threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[tuple[FormOnDay, Step]] = Counter()
        self._is_due = False

    def count(self, database: Database, form: FormOnDay, step: Step) -> None:
        """Count one step; it stands in the database some seconds later. Nothing here waits, nothing can fail."""
        with self._lock:
            self._counts[form, step] += 1
            if self._is_due:
                return
            self._is_due = True
        timer = Timer(PAUSE_SECONDS, self._write_if_free, [database])
        timer.daemon = True  # a server that stops writes what is left itself
        timer.start()

    def write(self, database: Database) -> None:
        """Write what was counted. Error: `DatabaseBusyError`; the counts are kept then."""
        with self._lock:
            counts, self._counts, self._is_due = self._counts, Counter(), False
        if not counts:
            return
        try:
            with database.session() as session:
                _add(session, counts)
        except DatabaseBusyError:
            with self._lock:
                self._counts.update(counts)
            raise

    def _write_if_free(self, database: Database) -> None:
        with suppress(DatabaseBusyError):
            self.write(database)


def _add(session: Session, counts: Mapping[tuple[FormOnDay, Step], int]) -> None:
    """Add to what stands there, in the order of the keys, so that two processes never block each other."""
    forms = sorted({form for form, _ in counts})
    session.execute(insert_or_skip(session, FormDay), [{**form._asdict(), "seen": 0, "started": 0} for form in forms])
    for form in forms:
        added = {
            FormDay.seen: FormDay.seen + counts.get((form, Step.SEEN), 0),
            FormDay.started: FormDay.started + counts.get((form, Step.STARTED), 0),
        }
        session.execute(update(FormDay).filter_by(**form._asdict()).values(added))
