"""`koebako analyse` and `koebako schedule`, and the jobs that run by themselves."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from weekly_answers import ORGANISATION, make_answers, record_answers

from analysis.records import analysed_weeks
from analysis.weeks.claims import claim_run
from feedback.cli import main
from feedback.schedule import JOBS, start_in_background
from surveys.database import Database
from surveys.weeks import shift, week_of

WEEKS = ("2025-W39", "2025-W40")


@pytest.fixture
def environment(sqlite_url):
    return {"KOEBAKO_DATABASE_URL": sqlite_url}


@pytest.fixture
def answered(sqlite):
    record_answers(sqlite, make_answers(weeks=2))
    return sqlite


def koebako(*arguments, env):
    result = CliRunner().invoke(main, arguments, env=env)
    return result.exit_code, result.output.strip().splitlines()[-1]


@pytest.mark.usefixtures("answered")
def test_analyse_does_what_is_due_and_then_nothing(environment):
    assert koebako("analyse", env=environment) == (0, "Analysed 2 weeks: 2025-W39 to 2025-W40")
    nothing = (0, "Nothing to do: every complete week with answers is analysed.")
    assert koebako("analyse", env=environment) == nothing
    assert koebako("analyse", "--week", "2025-W40", env=environment) == nothing


def test_a_log_hears_for_what_an_analysis_waits_and_nothing_else(answered, environment):
    with answered.session() as session:
        claim_run(session, "2025-W39", 1, "another", 1.0)
    result = CliRunner().invoke(main, ["analyse"], env=environment)
    assert result.output.splitlines() == [
        "2025-W39: waiting for another analysis",
        "Analysed 2 weeks: 2025-W39 to 2025-W40",
    ]


def test_analyse_tells_when_weeks_were_done_again(answered, environment):
    koebako("analyse", env=environment)
    record_answers(answered, make_answers(weeks=2, a_week=31))
    assert koebako("analyse", env=environment) == (
        0,
        "Analysed 2 weeks: 2025-W39 to 2025-W40 (2 again, their answers, settings or themes had changed)",
    )


@pytest.mark.usefixtures("answered")
def test_one_week_can_be_asked_for(environment):
    assert koebako("analyse", "--week", "2025-W40", env=environment) == (0, "Analysed 1 week: 2025-W40")


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("week", ["2025-W60", "yesterday", "9999-W01"])
def test_a_bad_or_future_week_is_one_line_and_exit_code_2(environment, week):
    code, line = koebako("analyse", "--week", week, env=environment)
    assert code == 2
    assert line.startswith((f"Error: {week!r} is not an ISO week", f"Error: week {week} is not over"))


@pytest.mark.usefixtures("answered")
def test_the_running_week_is_refused(environment):
    running = week_of(datetime.now(UTC), ORGANISATION.zone)
    code, line = koebako("analyse", "--week", running, env=environment)
    assert (code, line) == (
        2,
        f"Error: week {running} is not over yet; the last complete week is {shift(running, -1)}",
    )


def test_a_database_without_schema_is_one_line(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert koebako("analyse", env={"KOEBAKO_DATABASE_URL": url}) == (
        2,
        "Error: the database is empty; run: koebako init",
    )


def test_every_job_has_a_command():
    for job in JOBS:
        assert main.get_command(None, job.command.split()[1]) is not None


def test_a_job_runs_weekly_at_the_hour_of_the_organisation(config):
    trigger = JOBS[0].trigger(config)
    after = trigger.get_next_fire_time(None, datetime(2025, 10, 8, tzinfo=UTC))
    assert after.isoformat() == "2025-10-13T05:00:00+09:00"


@pytest.mark.usefixtures("answered")
def test_the_schedule_beside_a_server_does_at_once_what_is_overdue(config):
    stop = start_in_background(config)
    wait_for_weeks(config.database_url)
    stop()


@pytest.mark.usefixtures("answered")
def test_the_schedule_process_does_what_is_overdue_and_stops_on_sigterm(environment):
    process = subprocess.Popen(
        [sys.executable, "-c", "from feedback.cli import main; main()", "schedule"],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    patience = threading.Timer(60, process.kill)
    patience.start()
    told = [process.stderr.readline().rstrip() for _ in WEEKS]
    process.send_signal(signal.SIGTERM)
    said, more = process.communicate()
    patience.cancel()
    assert (process.returncode, more) == (0, "")
    assert said == "The weekly analysis runs now if it is due, then every Monday at 5:00. Stop with Ctrl+C.\n"
    assert [line.split(" ", 2)[2] for line in told] == [
        "analysed 2025-W39, revision 1",
        "analysed 2025-W40, revision 1",
    ]


def wait_for_weeks(url):
    database, deadline = Database(url), time.monotonic() + 60
    while time.monotonic() < deadline:
        with database.reading() as session:
            if analysed_weeks(session) == WEEKS:
                break
        time.sleep(0.05)
    else:
        pytest.fail("the weeks were not analysed in a minute")
    database.close()
