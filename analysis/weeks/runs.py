"""The weekly analysis over the database: find what is due, claim it, carry it out, finish it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from threadpoolctl import threadpool_limits

from analysis.errors import LeaseLostError
from analysis.results import RunInfo
from analysis.settings import AnalysisSettings
from analysis.themes.catalogue_choice import settle_catalogue
from analysis.weeks.claims import Lease, claim_run, held_run, new_owner
from analysis.weeks.due import DueWeek, check_complete, due_week, due_weeks
from analysis.weeks.pipeline import Reader
from analysis.weeks.provenance import Basis, basis_of
from analysis.weeks.samples import Samples
from analysis.weeks.weekly import Memory, WeekRun
from surveys.database import Database
from surveys.queries import week_fingerprints
from surveys.settings import Organisation
from surveys.weeks import last_complete_week

_WAIT_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a call is: `finished` of `total` weeks, and `percent` (0-100) of the week at `stage`.

    Stages: waiting (another process is at work), reading, discovering, measuring, done.
    """

    week: str
    stage: str
    percent: int
    finished: int
    total: int


Listener = Callable[[Progress], None]


def analyse(
    database: Database,
    organisation: Organisation,
    settings: AnalysisSettings,
    *,
    now: datetime,
    week: str | None = None,
    progress: Listener = lambda _: None,
) -> tuple[RunInfo, ...]:
    """Analyse one week, or every complete week that is new or stale; the newest run of each, oldest week first.

    Nothing due gives nothing. While another process analyses, this one waits and then does what is left.
    Errors: `WeekNotCompleteError`, `InputError` for no ISO week, `CatalogueError`, `WordFileError`,
    `DatabaseBusyError`.
    """
    last_complete = last_complete_week(now, organisation.zone)
    if week is not None:
        check_complete(week, now, organisation.zone)
    with database.reading() as session:
        settings = settle_catalogue(session, settings)
    worker = _Worker(database, settings, progress)
    finished: dict[str, RunInfo] = {}
    # our matrices are small: more threads of the algebra library only wait for each other, seven times as long
    with threadpool_limits(1, user_api="blas"):
        while due := worker.find_due(last_complete, week):
            done = worker.work(due)
            finished |= {run.week: run for run in done}
            if len(done) < len(due):
                worker.wait()
            elif worker.is_settled:
                break
    return tuple(finished[done_week] for done_week in sorted(finished))


class _Worker:
    """One call of `analyse`."""

    def __init__(self, database: Database, settings: AnalysisSettings, progress: Listener) -> None:
        self._database = database
        self._settings = settings
        self._progress = progress
        self._owner = new_owner()
        with database.reading() as session:
            self._stand_on(basis_of(session, settings))
        self._contents: Mapping[str, str] = {}
        self._asked = ""

    def _stand_on(self, basis: Basis) -> None:
        self._basis = basis
        self._memory = Memory(Reader(basis.themes, basis.lessons, basis.verdicts, basis.own_words), Samples())

    @property
    def is_settled(self) -> bool:
        """Whether no fit has merged or split themes since weeks were asked for: those before it are due again then."""
        return self._basis.versions == self._asked

    def find_due(self, last_complete: str, week: str | None) -> tuple[DueWeek, ...]:
        with self._database.reading() as session:
            basis = basis_of(session, self._settings)
            if basis.versions != self._basis.versions:
                self._stand_on(basis)  # staff corrected something while another process was at work
            self._asked = self._basis.versions
            self._contents = week_fingerprints(session)
            if week is not None:
                return due_week(session, self._contents, self._basis.versions, week)
            return due_weeks(session, self._contents, self._basis.versions, last_complete)

    def work(self, due: Sequence[DueWeek]) -> list[RunInfo]:
        """Carry out these runs until one is in other hands; those that were finished here."""
        finished: list[RunInfo] = []
        for item in due:
            try:
                run = self._run(item, len(finished), len(due))
            except LeaseLostError:
                break
            if run is None:
                break
            finished.append(run)
        return finished

    def wait(self) -> None:
        """Wait while another process holds a run, at most until its lease runs out."""
        while True:
            with self._database.reading() as session:
                running = held_run(session)
            if running is None:
                return
            self._progress(Progress(running.week, "waiting", running.progress, 0, 0))
            time.sleep(_WAIT_SECONDS)

    def _run(self, item: DueWeek, finished: int, total: int) -> RunInfo | None:
        seconds = self._basis.settings.lease_seconds
        with self._database.session() as session:
            claim = claim_run(session, item.week, item.revision, self._owner, seconds)
        if claim is None:
            return None
        with Lease(self._database, claim, seconds) as lease:

            def tell(stage: str, percent: int) -> None:
                self._progress(Progress(item.week, stage, percent, finished, total))
                lease.report(stage, percent)

            run = WeekRun(self._database, lease, self._basis, self._memory, tell)
            done = run.carry_out(self._contents)
        self._basis = run.basis
        return done
