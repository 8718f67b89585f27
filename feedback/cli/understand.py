"""Understanding: `koebako analyse` and `koebako schedule`."""

import calendar
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from feedback.cli.edge import opened
from feedback.config import Config

if TYPE_CHECKING:
    from analysis.results import RunInfo
    from analysis.weeks.runs import Listener, Progress

_STAGES = {
    "waiting": "waiting for another analysis",
    "reading": "reading comments",
    "discovering": "looking for new themes",
    "measuring": "measuring impacts",
}


@click.command()
@click.option("--week", metavar="WEEK", help="Only this week, such as 2025-W40. Default: every week that is due.")
@click.pass_obj
def analyse(config: Config, week: str | None) -> None:
    """Analyse every complete week that is new or whose answers changed."""
    from analysis.weeks import runs
    from analysis.weeks.rivals import read_rivals

    with opened(config) as database, progress_bar() as progress:
        finished = runs.analyse(
            database, config.organisation, config.analysis, now=datetime.now(UTC), week=week, progress=progress
        )
        reviews = read_rivals(database, config.analysis)
    click.echo(_summary(finished))
    if reviews:
        click.echo(f"Read competitors' reviews of {reviews:,} weeks: koebako compare")


@click.command()
@click.pass_obj
def schedule(config: Config) -> None:
    """Run the weekly jobs at their hours, and at once what is overdue, until stopped."""
    from feedback.schedule import run_until_stopped

    day, hour = calendar.day_name[config.feedback.analyse_weekday], config.feedback.analyse_hour
    click.echo(f"The weekly analysis runs now if it is due, then every {day} at {hour}:00. Stop with Ctrl+C.")
    logging.basicConfig(format="%(asctime)s %(message)s")
    logging.getLogger("koebako").setLevel(logging.INFO)
    run_until_stopped(config)


@contextmanager
def progress_bar() -> Iterator["Listener"]:
    """Show on the terminal how far an analysis is; a log hears only for what it waits."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _tell_of_waiting()
        return
    with Bars(*columns, TimeRemainingColumn(), console=console, transient=True) as bars:
        bar = bars.add_task("looking for weeks that are due", total=None)

        def show(progress: "Progress") -> None:
            done = progress.finished * 100 + progress.percent
            description = f"{progress.week}: {_STAGES.get(progress.stage, progress.stage)}"
            bars.update(bar, description=description, completed=done, total=100 * max(1, progress.total))

        yield show


def _tell_of_waiting() -> "Listener":
    told: set[str] = set()

    def tell(progress: "Progress") -> None:
        if progress.stage == "waiting" and progress.week not in told:
            told.add(progress.week)
            click.echo(f"{progress.week}: {_STAGES['waiting']}", err=True)

    return tell


def _summary(finished: "tuple[RunInfo, ...]") -> str:
    if not finished:
        return "Nothing to do: every complete week with answers is analysed."
    span = finished[0].week if len(finished) == 1 else f"{finished[0].week} to {finished[-1].week}"
    again = sum(run.revision > 1 for run in finished)
    weeks = "1 week" if len(finished) == 1 else f"{len(finished)} weeks"
    return f"Analysed {weeks}: {span}" + (
        f" ({again} again, their answers, settings or themes had changed)" if again else ""
    )
