"""Who works on which run: claimed by a conditional UPDATE, held by a lease that a thread renews.

A process that is killed renews nothing: when its lease has run out, the next one takes the run over. Every write of a
run first makes sure that the lease still holds, so a process that was merely slow can't write over its successor.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self
from uuid import uuid4

from sqlalchemy import CursorResult, Update, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from analysis.errors import LeaseLostError
from analysis.records import run_info
from analysis.results import RunInfo
from analysis.tables import Run
from surveys.database import Database, insert_or_skip
from surveys.errors import DatabaseBusyError

_RENEWALS_PER_LEASE = 3
_SECONDS_BETWEEN_REPORTS = 0.5


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that `owner` works on."""

    run_id: int
    week: str
    revision: int
    owner: str


def new_owner() -> str:
    """Name this process so that a person can find it, and unlike any other."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid4().hex[:12]}"


def claim_run(session: Session, week: str, revision: int, owner: str, seconds: float) -> Claim | None:
    """Claim one run for so many seconds; None when it is finished, or while any run is in other hands."""
    now = datetime.now(UTC)
    session.execute(insert_or_skip(session, Run).values(week=week, revision=revision, requested_at=now, provenance={}))
    session.execute(
        update(Run)
        .where(Run.state == "running", Run.lease_until < now)
        .values(state="requested", lease_owner=None, lease_until=None)
    )
    free = (Run.week == week) & (Run.revision == revision) & Run.state.in_(["requested", "failed"])
    taken = {"state": "running", "stage": "", "progress": 0, "error": None}
    lease = {"lease_owner": owner, "lease_until": now + timedelta(seconds=seconds)}
    try:
        with session.begin_nested():
            if not _changed(session, update(Run).where(free).values(**taken, **lease)):
                return None
    except IntegrityError:  # the index lets one run at a time be running
        return None
    run_id = session.scalars(select(Run.id).where(Run.week == week, Run.revision == revision)).one()
    return Claim(run_id, week, revision, owner)


def held_run(session: Session) -> RunInfo | None:
    """Return the run that a living process works on; None when there is none, or its lease has run out."""
    query = select(Run).where(Run.state == "running", Run.lease_until >= datetime.now(UTC))
    run = session.scalars(query).first()
    return run_info(run) if run else None


class Lease:
    """Holds a claim while the block runs; on an error in the block the run is marked as failed, or given back.

    Errors: `LeaseLostError` from every write once another process has taken the run over.
    """

    def __init__(self, database: Database, claim: Claim, seconds: float) -> None:
        self.claim = claim
        self._database = database
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew_until_stopped, name="koebako-lease", daemon=True)
        self._last_report = time.monotonic()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        if error is not None and not isinstance(error, LeaseLostError):
            self._give_up(error)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session for writing that holds the lease until it commits."""
        with self._database.session() as session:
            self._hold(session, {})
            yield session

    def report(self, stage: str, progress: int) -> None:
        """Tell readers of the database how far the run is (0-100); left out when the last time was just now."""
        if time.monotonic() - self._last_report < _SECONDS_BETWEEN_REPORTS:
            return
        self._last_report = time.monotonic()
        with self._database.session() as session:
            self._hold(session, {"stage": stage, "progress": progress})

    def finish(self, session: Session, **results: object) -> None:
        """Mark the run as done within the transaction that stores its last results."""
        done = {"state": "done", "stage": "", "progress": 100, "finished_at": datetime.now(UTC)}
        self._hold(session, {**done, **results, "lease_owner": None, "lease_until": None})

    def _hold(self, session: Session, values: dict[str, object]) -> None:
        lease = {"lease_until": datetime.now(UTC) + timedelta(seconds=self._seconds)}
        if not _changed(session, self._own_run().values(lease | values)):
            raise LeaseLostError(f"the analysis of {self.claim.week} was taken over by another process")

    def _own_run(self) -> Update:
        return update(Run).where(
            Run.id == self.claim.run_id, Run.lease_owner == self.claim.owner, Run.state == "running"
        )

    def _renew_until_stopped(self) -> None:
        while not self._stop.wait(self._seconds / _RENEWALS_PER_LEASE):
            try:
                with self._database.session() as session:
                    self._hold(session, {})
            except DatabaseBusyError:
                continue  # two more tries fit into the lease
            except LeaseLostError:
                return  # the next write of the run says so

    def _give_up(self, error: BaseException) -> None:
        failed = isinstance(error, Exception)
        values = {"state": "failed" if failed else "requested", "error": f"{type(error).__name__}: {error}"[:500]}
        try:
            with self._database.session() as session:
                _changed(session, self._own_run().values(**values, lease_owner=None, lease_until=None))
        except DatabaseBusyError:
            return  # the lease runs out by itself


def _changed(session: Session, statement: Update) -> bool:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return isinstance(result, CursorResult) and result.rowcount == 1
