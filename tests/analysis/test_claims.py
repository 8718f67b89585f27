"""One run in one pair of hands: kills, faults, races and slow processes."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from weekly_answers import (
    LAST_WEEK,
    NOW,
    ORGANISATION,
    SETTINGS,
    failing_commit,
    make_answers,
    record_answers,
    stored_results,
)

from analysis import records
from analysis.errors import LeaseLostError
from analysis.tables import Run, WeekRead
from analysis.weeks.claims import Lease, claim_run, held_run, new_owner
from analysis.weeks.runs import analyse
from feedback.schema import upgrade_schema
from surveys.database import Database

ANALYSE_ONE_WEEK = f"""
from datetime import datetime
from analysis.weeks.runs import analyse
from surveys.database import Database
from weekly_answers import NOW, ORGANISATION, SETTINGS
import sys
analyse(Database(sys.argv[1]), ORGANISATION, SETTINGS, now=NOW, week={LAST_WEEK!r})
"""


def run(database, **options):
    return analyse(database, ORGANISATION, SETTINGS, now=NOW, **options)


def claim(database, owner="me", seconds=60.0, revision=1):
    with database.session() as session:
        return claim_run(session, LAST_WEEK, revision, owner, seconds)


def test_a_run_is_claimed_once(database):
    first = claim(database, "first")
    assert (first.week, first.revision, first.owner) == (LAST_WEEK, 1, "first")
    assert claim(database, "second") is None
    with database.reading() as session:
        assert held_run(session).week == LAST_WEEK
        assert records.current_run(session).state == "running"


def test_one_run_at_a_time_even_of_different_weeks(database):
    claim(database, "first")
    with database.session() as session:
        assert claim_run(session, "2025-W39", 1, "second", 60) is None
    with database.reading() as session:
        states = {row.week: row.state for row in session.scalars(select(Run))}
    assert states == {LAST_WEEK: "running", "2025-W39": "requested"}


def test_a_claim_whose_lease_has_run_out_is_taken_over_and_the_first_owner_finds_out(database):
    slow = claim(database, "slow", seconds=0.01)
    time.sleep(0.05)
    with database.reading() as session:
        assert held_run(session) is None
    assert claim(database, "quick").run_id == slow.run_id
    lease = Lease(database, slow, seconds=60)
    with pytest.raises(LeaseLostError, match="taken over"), lease.session():
        pytest.fail("a lost lease must open no session")


def test_a_finished_run_is_not_claimed_again(database):
    with Lease(database, claim(database), 60) as lease, lease.session() as session:
        lease.finish(session, fingerprint="x")
    assert claim(database) is None
    assert claim(database, revision=2) is not None


def test_a_lease_is_renewed_while_the_work_goes_on(database):
    with Lease(database, claim(database, seconds=0.6), 0.6):
        time.sleep(1.0)
        with database.reading() as session:
            assert held_run(session) is not None


def test_an_error_marks_the_run_as_failed_and_an_interruption_gives_it_back(database):
    with pytest.raises(ZeroDivisionError), Lease(database, claim(database), 60):
        raise ZeroDivisionError
    assert state(database) == ("failed", "ZeroDivisionError: ", None)
    with pytest.raises(KeyboardInterrupt), Lease(database, claim(database), 60):
        raise KeyboardInterrupt
    assert state(database) == ("requested", "KeyboardInterrupt: ", None)
    assert claim(database) is not None


def test_owners_are_unlike_each_other_and_name_the_process():
    assert new_owner() != new_owner()
    assert f":{os.getpid()}:" in new_owner()


def test_eight_workers_give_one_run_of_each_week(database_url):
    database = Database(database_url)
    record_answers(database, make_answers(weeks=3))

    def work(_):
        own = Database(database_url)
        try:
            return [(info.week, info.revision) for info in run(own)]
        finally:
            own.close()

    with ThreadPoolExecutor(8) as pool:
        finished = [item for found in pool.map(work, range(8)) for item in found]
    assert sorted(finished) == [("2025-W38", 1), ("2025-W39", 1), ("2025-W40", 1)]
    with database.reading() as session:
        assert [(r.week, r.state) for r in session.scalars(select(Run).order_by(Run.week))] == [
            ("2025-W38", "done"),
            ("2025-W39", "done"),
            ("2025-W40", "done"),
        ]
    database.close()


def test_a_second_analysis_waits_says_so_and_then_does_what_is_left(database):
    record_answers(database, make_answers(weeks=1))
    held = claim(database, "another")
    heard = []

    def listen(progress):
        if progress.stage == "waiting" and not heard:
            set_lease(database, held.run_id, timedelta(seconds=-1))
        heard.append((progress.week, progress.stage))

    assert [info.week for info in run(database, progress=listen)] == [LAST_WEEK]
    assert heard[0] == (LAST_WEEK, "waiting")
    assert heard[-1] == (LAST_WEEK, "measuring")


def test_a_killed_process_leaves_a_run_that_the_next_call_finishes_with_the_same_result(database_url, tmp_path):
    kill_and_finish(database_url, tmp_path, after=2, weeks=8)


@pytest.mark.long
@pytest.mark.parametrize("after", range(1, 11))
def test_wherever_a_process_is_killed_the_next_call_finishes_with_the_same_result(database_url, tmp_path, after):
    kill_and_finish(database_url, tmp_path, after, weeks=12)


def kill_and_finish(database_url, tmp_path, after, weeks):
    """Kill an analysis once it has read so many of its weeks, and let another finish it."""
    database = Database(database_url)
    record_answers(database, make_answers(weeks, a_week=40))
    process = subprocess.Popen(
        [sys.executable, "-c", ANALYSE_ONE_WEEK, database_url],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    wait_until(lambda: weeks_read(database) >= after, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert state(database)[0] == "running"
    assert after <= weeks_read(database) < weeks
    set_lease(database, 1, timedelta(seconds=-1))  # spare the test the wait
    assert [(info.week, info.revision) for info in run(database, week=LAST_WEEK)] == [(LAST_WEEK, 1)]
    assert stored_results(database) == results_of_an_undisturbed_run(tmp_path, weeks=weeks)
    database.close()


def test_a_fault_at_any_commit_leaves_a_run_that_the_next_call_finishes_with_the_same_result(sqlite_url, tmp_path):
    database = Database(sqlite_url)
    record_answers(database, make_answers(weeks=2))
    expected = results_of_an_undisturbed_run(tmp_path, week=None, weeks=2, a_week=30)
    database.close()
    faults = 0
    while faults < 20:
        copy = tmp_path / f"fault-{faults}.db"
        shutil.copy(database.engine.url.database, copy)
        damaged = Database(f"sqlite:///{copy}")
        with failing_commit(damaged, faults) as reached, suppress(OSError):
            run(damaged)
        run(damaged)
        assert stored_results(damaged) == expected
        damaged.close()
        if not reached():
            break
        faults += 1
    assert 6 <= faults < 20


def test_a_process_that_lost_its_lease_stores_nothing_more(sqlite):
    record_answers(sqlite, make_answers(weeks=1))
    stolen = threading.Event()

    def steal(progress):
        if progress.stage == "measuring" and not stolen.is_set():
            stolen.set()
            with sqlite.session() as session:
                session.execute(update(Run).values(lease_owner="thief"))
            set_lease(sqlite, 1, timedelta(seconds=1))

    assert [info.week for info in run(sqlite, progress=steal)] == [LAST_WEEK]
    assert state(sqlite) == ("done", None, None)


def state(database):
    with database.reading() as session:
        return tuple(session.execute(select(Run.state, Run.error, Run.lease_owner)).one())


def set_lease(database, run_id, ahead):
    with database.session() as session:
        session.execute(update(Run).where(Run.id == run_id).values(lease_until=datetime.now(UTC) + ahead))


def weeks_read(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(WeekRead))


def wait_until(reached, process):
    deadline = time.monotonic() + 60
    while not reached():
        assert process.poll() is None, "the process ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.002)


def results_of_an_undisturbed_run(folder, *, week=LAST_WEEK, weeks, a_week=40):
    undisturbed = Database(f"sqlite:///{folder / 'undisturbed.db'}")
    upgrade_schema(undisturbed)
    record_answers(undisturbed, make_answers(weeks=weeks, a_week=a_week))
    run(undisturbed, week=week)
    found = stored_results(undisturbed)
    undisturbed.close()
    return found
