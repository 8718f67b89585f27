"""`koebako pilot`: an improvement tried in some stores against comparison stores."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce
from typing import Any

import click

from feedback.cli.edge import by_option, opened, print_table
from feedback.config import Config
from feedback.pilots.conduct import extend_pilot, start_pilot, stop_pilot
from feedback.pilots.json_file import to_json
from feedback.pilots.plans import DEFAULT_EXPECTED, METRICS, NewPilot, PilotPlan, plan_pilot
from feedback.pilots.records import PilotInfo, find_pilot, pilots
from feedback.pilots.results import PilotResult, pilot_result
from feedback.wording import points
from surveys.weeks import shift, week_of

_OPTIONS = (
    click.argument("improvement", type=int),
    click.option("--metric", type=click.Choice(METRICS), default="nps", help="NPS, or complaints about the theme."),
    click.option(
        "--expected",
        type=float,
        default=DEFAULT_EXPECTED,
        show_default=True,
        help="Points that you expect it to bring.",
    ),
    click.option("--start", "start_week", metavar="WEEK", help="The first week, like 2025-W40. Default: next week."),
    click.option("--weeks", type=int, help="How many weeks. Default: as many as are needed."),
    click.option(
        "--store", "stores", metavar="KEY", multiple=True, help="A store that takes part. Default: every store."
    ),
    click.option("--trying", type=int, help="How many stores are drawn to try. Default: half."),
    click.option("--pick", "picked", metavar="KEY", multiple=True, help="A store that tries, picked instead of drawn."),
    click.option("--everywhere", is_flag=True, help="All stores try; there is nothing to compare with."),
)
_VERDICTS = {
    "worked": "効いた: it worked",
    "not_worked": "効いていない: it did not bring what was expected",
    "unclear": "まだ分からない: not known yet",
}
_CAUTIONS = {
    "picked": "The stores were picked, not drawn: stores picked because they do badly get better by themselves.",
    "drifted": "The two groups drew apart before the start already.",
    "few_draws": "Too few stores: with fewer than 20 possible draws, 効いた is never said.",
    "few_stores": "Too few stores have answers before and after the start.",
    "looked_again": "The pilot went on after an unclear end; a second look is lucky a little more often.",
    "overlapping": "Some of the stores took part in another pilot at the same time: the two are hard to tell apart.",
    "no_complaints": "There are no complaints about the theme to compare; it may have been divided otherwise since.",
    "everywhere": "Before and after, without stores to compare with: a season or a holiday looks the same.",
}


def _asked(command: Callable[..., None]) -> Callable[..., None]:
    """Add what a pilot is asked for by."""
    return reduce(lambda made, option: option(made), reversed(_OPTIONS), command)


@click.group()
def pilot() -> None:
    """Pilots (試行): tried in some stores, compared with others."""


@pilot.command("plan")
@_asked
@click.pass_obj
def plan(config: Config, /, **asked: Any) -> None:
    """Tell how long a pilot of this IMPROVEMENT would take and what it could show; nothing is started."""
    now = datetime.now(UTC)
    with opened(config) as database, database.reading() as session:
        found = plan_pilot(session, _new(config, now, asked), now, config.organisation.zone)
    _tell_plan(found)


@pilot.command("start")
@_asked
@by_option
@click.pass_obj
def start(config: Config, /, by: str, **asked: Any) -> None:
    """Draw the stores that try this IMPROVEMENT, and start."""
    now = datetime.now(UTC)
    with opened(config) as database:
        with database.reading() as session:
            planned = plan_pilot(session, _new(config, now, asked), now, config.organisation.zone)
        with database.session() as session:
            made = start_pilot(session, planned, by, now)
    click.echo(f"Pilot {made.number}: {made.start_week} to {made.end_week}")
    _tell_stores(made)


@pilot.command("list")
@click.pass_obj
def list_pilots(config: Config) -> None:
    """List every pilot, newest first."""
    with opened(config) as database, database.reading() as session:
        found = pilots(session)
    rows = [
        (
            str(each.number),
            each.title,
            each.start_week,
            each.end_week,
            f"{len(each.trying)} + {len(each.others)}",
            each.chosen,
            "yes" if each.stopped_at else "no",
        )
        for each in found
    ]
    print_table(("no.", "improvement", "start", "end", "stores", "chosen", "stopped"), rows)


@pilot.command("show")
@click.argument("number", type=int)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def show(config: Config, number: int, form: str) -> None:
    """Show a pilot: both groups week by week, and the verdict at its planned end."""
    with opened(config) as database, database.reading() as session:
        found = pilot_result(session, find_pilot(session, number))
    if form == "json":
        click.echo(to_json(found))
    else:
        _tell_pilot(found)


@pilot.command("extend")
@click.argument("number", type=int)
@click.option("--weeks", type=int, required=True, help="How many weeks more.")
@by_option
@click.pass_obj
def extend(config: Config, number: int, weeks: int, by: str) -> None:
    """Let a pilot that is unclear at its planned end go on."""
    with opened(config) as database:
        with database.reading() as session:
            found = pilot_result(session, find_pilot(session, number))
        with database.session() as session:
            longer = extend_pilot(session, found, weeks, by, datetime.now(UTC))
    click.echo(f"Pilot {number} goes on until {longer.end_week}")


@pilot.command("stop")
@click.argument("number", type=int)
@by_option
@click.pass_obj
def stop(config: Config, number: int, by: str) -> None:
    """End a pilot before its planned end, without a verdict."""
    with opened(config) as database, database.session() as session:
        stop_pilot(session, number, by, datetime.now(UTC))
    click.echo(f"Pilot {number} stopped")


def _new(config: Config, now: datetime, asked: dict[str, Any]) -> NewPilot:
    start_week = asked.pop("start_week") or shift(week_of(now, config.organisation.zone), 1)
    return NewPilot(start_week=start_week, **asked)


def _tell_plan(found: PilotPlan) -> None:
    if found.new.everywhere:
        click.echo(_CAUTIONS["everywhere"])
        return
    click.echo(f"{found.trying} of {len(found.stores)} stores try; {found.draws:,} possible draws.")
    if found.comparisons:
        click.echo(f"{_CAUTIONS['few_draws']} {found.trying} + {found.comparisons} stores could.")
    elif found.weeks_needed:
        click.echo(f"It takes {_weeks(found.weeks_needed)} to see {found.new.expected:g} points.")
    else:
        click.echo(f"A year is too short to see {found.new.expected:g} points; take more stores or expect more.")
    if found.others:
        click.echo(f"Other pilots in some of these stores at the same time: {found.others}; hard to tell apart.")
    for group in sorted(set(found.groups)):
        alike = (store.key for store, own in zip(found.stores, found.groups, strict=True) if own == group)
        click.echo(f"  alike: {', '.join(alike)}")


def _tell_pilot(found: PilotResult) -> None:
    pilot = found.pilot
    unit, written = ("NPS", _score) if pilot.metric == "nps" else ("% complaints", _share)
    click.echo(f"Pilot {pilot.number}: {pilot.title}, {pilot.start_week} to {pilot.end_week}, {unit}")
    _tell_stores(pilot)
    rows = [(week.week, written(week.trying.value), written(week.others.value)) for week in found.weeks]
    print_table(("week", "trying", "compared"), rows)
    _tell_result(found)


def _score(value: float | None) -> str:
    return points(value, 1)


def _share(value: float | None) -> str:
    return points(value, 1).removeprefix("+")  # no share of complaints is below nothing


def _weeks(count: int) -> str:
    return "1 week" if count == 1 else f"{count} weeks"


def _tell_stores(found: PilotInfo) -> None:
    click.echo(f"trying ({found.chosen}): {', '.join(store.key for store in found.trying)}")
    if found.others:
        click.echo(f"compared with: {', '.join(store.key for store in found.others)}")


def _tell_result(found: PilotResult) -> None:
    if found.pilot.stopped_at:
        click.echo(f"Stopped by {found.pilot.stopped_by}: no verdict.")
    elif found.weeks_left:
        click.echo(f"The verdict comes in {_weeks(found.weeks_left)}.")
    if found.verdict:
        more = f" (about {_weeks(found.more_weeks)} more)" if found.more_weeks else ""
        click.echo(f"{_VERDICTS[found.verdict]}{more}")
    if estimate := found.effect.estimate if found.effect else found.change:
        bounds = f", 95 %: {points(estimate.low, 1)} to {points(estimate.high, 1)}" if estimate.low is not None else ""
        least = found.effect.least if found.effect and found.verdict == "worked" else None
        at_least = f", at least {points(least, 1)}" if least is not None else ""
        click.echo(f"{points(estimate.value, 1)} points{bounds}{at_least}")
    if found.left_out:
        click.echo(
            f"left out, no answers before or after the start: {', '.join(store.key for store in found.left_out)}"
        )
    for caution in found.cautions:
        click.echo(_CAUTIONS[caution])
