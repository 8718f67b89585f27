"""The jobs that run by themselves, and the process that starts them."""

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from analysis.critical import critical_words
from analysis.weeks.rivals import read_rivals
from analysis.weeks.runs import Progress, analyse
from feedback.config import Config
from feedback.critical import scan
from feedback.errors import KNOWN_ERRORS
from feedback.privacy import replay_erasures, tidy
from feedback.schema import check_schema
from surveys.database import Database

_NIGHT = 2
"""The hour of the nightly jobs: before the nightly copy of docs/operating.md is made."""

_log = logging.getLogger("koebako.schedule")


class _StoppedError(BaseException):
    """The process is asked to end; what a run has stored stays, and the next start finishes it."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a job works with. `stopping` is set when the process is asked to end."""

    config: Config
    database: Database
    stopping: threading.Event


@dataclass(frozen=True, slots=True)
class Job:
    """A function, the command that does the same by hand, and when it runs."""

    name: str
    command: str
    run: Callable[[Work], None]
    trigger: Callable[[Config], BaseTrigger]


def _analyse(work: Work) -> None:
    def watch(progress: Progress) -> None:
        if work.stopping.is_set():
            raise _StoppedError
        _log.debug("%s: %s %d %%", progress.week, progress.stage, progress.percent)

    config = work.config
    finished = analyse(
        work.database, config.organisation, config.analysis, now=datetime.now(UTC), week=None, progress=watch
    )
    for run in finished:
        _log.info("analysed %s, revision %d", run.week, run.revision)
    read_rivals(work.database, config.analysis)


def _every_week(config: Config) -> BaseTrigger:
    return CronTrigger(
        day_of_week=config.feedback.analyse_weekday,
        hour=config.feedback.analyse_hour,
        timezone=config.organisation.zone,
    )


def _tidy(work: Work) -> None:
    done = tidy(work.config, work.database, datetime.now(UTC), "schedule")
    if done.contacts or done.members or done.weeks:
        _log.info(
            "erased %d contacts, %d rows of members and %d rows of %d weeks by age",
            done.contacts,
            done.members,
            done.rows,
            len(done.weeks),
        )
    if done.waiting:
        _log.warning("%s: not analysed yet, so not cleared by age", ", ".join(done.waiting))


def _every_night(config: Config) -> BaseTrigger:
    return CronTrigger(hour=_NIGHT, timezone=config.organisation.zone)


def _critical(work: Work) -> None:
    found = scan(work.database, critical_words(work.config.feedback.critical_file), datetime.now(UTC))
    if found:
        _log.warning("%d new finding(s) in comments that must not wait", found)


def _every_five_minutes(config: Config) -> BaseTrigger:
    return IntervalTrigger(minutes=5, timezone=config.organisation.zone)


JOBS = (
    Job("weekly analysis", "koebako analyse", _analyse, _every_week),
    Job("nightly retention", "koebako privacy retain", _tidy, _every_night),
    Job("critical words", "koebako critical scan", _critical, _every_five_minutes),
)


def run_until_stopped(config: Config) -> None:
    """Run the jobs until SIGTERM or SIGINT. Errors: `DatabaseUnreachableError`, `SchemaError` at the start."""
    scheduler, work = BlockingScheduler(timezone=config.organisation.zone), _work(config)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        work.stopping.set()
        scheduler.shutdown(wait=False)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    _add_jobs(scheduler, work)
    scheduler.start()
    work.database.close()


def start_in_background(config: Config) -> Callable[[], None]:
    """Run the jobs beside a server in this process; returns the function that stops them."""
    scheduler, work = BackgroundScheduler(timezone=config.organisation.zone), _work(config)
    _add_jobs(scheduler, work)
    scheduler.start()

    def stop() -> None:
        work.stopping.set()
        scheduler.shutdown(wait=True)
        work.database.close()

    return stop


def _work(config: Config) -> Work:
    database = Database(config.database_url)
    check_schema(database)
    replay_erasures(config, database)
    return Work(config, database, threading.Event())


def _add_jobs(scheduler: BaseScheduler, work: Work) -> None:
    for job in JOBS:
        scheduler.add_job(
            _guarded(job, work),
            job.trigger(work.config),
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,  # a machine that slept over the hour runs the job when it wakes
            next_run_time=datetime.now(UTC),  # at the start: what is overdue
        )


def _guarded(job: Job, work: Work) -> Callable[[], None]:
    def run() -> None:
        try:
            job.run(work)
        except KNOWN_ERRORS as error:
            _log.error("%s: %s", job.name, error)  # an error on purpose is one line
        except _StoppedError:
            _log.info("%s: stopped; the next start goes on", job.name)

    return run
