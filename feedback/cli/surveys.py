"""`koebako survey`: what customers are asked."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from feedback.cli.edge import by_option, changing, opened, print_table
from feedback.config import Config
from feedback.output import opened_output
from feedback.poster_orders import LOCAL_ADDRESS
from feedback.privacy import check_can_ask
from surveys import definition_files, definitions, funnel, openings, places
from surveys.texts import MAIN_LANGUAGE, pick

_MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d")


@click.group()
def survey() -> None:
    """Surveys: what customers are asked."""


@survey.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@by_option
@click.pass_obj
def load_survey(config: Config, file: Path, by: str) -> None:
    """Create the survey that FILE defines, or revise it (see docs/surveys/store.yaml)."""
    definition = definition_files.load_definition(file, config.organisation.zone)
    check_can_ask(definition, config)
    with changing(config, by, "survey saved", definition.key) as session:
        change = definitions.save_survey(session, definition)
    click.echo(f"Survey {change.survey_key}, revision {change.revision}: {_told(change)}")


@survey.command("list")
@click.pass_obj
def list_surveys(config: Config) -> None:
    """List the surveys."""
    with opened(config) as database, database.reading() as session:
        found = definitions.surveys(session)
    rows = [
        (item.key, pick(item.definition.title, MAIN_LANGUAGE), str(item.revision), str(len(item.definition.asked)))
        for item in found
    ]
    print_table(("survey", "title", "revision", "questions"), rows)


@survey.command("address")
@click.argument("place", metavar="STORE/SPOT")
@click.option("--survey", "survey_key", help="The key of the survey; needed only where there are several.")
@click.pass_obj
def show_address(config: Config, place: str, survey_key: str | None) -> None:
    """Print the address that the QR code of a spot leads to."""
    store_key, spot_key = places.split_place(place)
    with opened(config) as database, database.session() as session:
        key = definitions.survey_key_or_only(session, survey_key)
        code = places.entry_code(session, key, store_key, spot_key)
    if not config.site.public_url:
        click.echo("site.public_url is not set; this address works on this machine only", err=True)
    click.echo(f"{(config.site.public_url or LOCAL_ADDRESS).rstrip('/')}/s/{code}")


def _told(change: definitions.SurveyChange) -> str:
    parts = [
        f"{what} {', '.join(keys)}"
        for what, keys in (
            ("added", change.added),
            ("revised", change.revised),
            ("retired", change.retired),
            ("removed", change.removed),
        )
        if keys
    ]
    return "; ".join(parts) or "the questions stood so already"


@survey.command("save")
@click.argument("key")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file; `-` is the terminal.")
@click.pass_obj
def save_survey(config: Config, key: str, out: Path) -> None:
    """Write a survey as the file that `load` reads."""
    with opened(config) as database, database.reading() as session:
        found = definitions.find_survey(session, key)
    with opened_output(out) as stream:
        stream.write(definition_files.definition_text(found.definition, config.organisation.zone).encode())


@survey.command("open")
@click.argument("key")
@click.option("--at", type=click.DateTime(_MOMENTS), help="From this moment on, in the organisation's zone.")
@by_option
@click.pass_obj
def open_survey(config: Config, key: str, at: datetime | None, by: str) -> None:
    """Take answers to a survey from now on."""
    moment = at.replace(tzinfo=config.organisation.zone) if at else None
    with changing(config, by, "survey opened", f"{key} {at or ''}".strip()) as session:
        openings.open_survey(session, key, datetime.now(UTC), moment)
    click.echo(f"Survey {key} takes answers from {at or 'now'} on")


@survey.command("close")
@click.argument("key")
@click.option("--at", type=click.DateTime(_MOMENTS), help="From this moment on, in the organisation's zone.")
@by_option
@click.pass_obj
def close_survey(config: Config, key: str, at: datetime | None, by: str) -> None:
    """Take no more answers to a survey from now on; those it has stay."""
    moment = at.replace(tzinfo=config.organisation.zone) if at else None
    with changing(config, by, "survey closed", f"{key} {at or ''}".strip()) as session:
        openings.close_survey(session, key, datetime.now(UTC), moment)
    click.echo(f"Survey {key} takes no answers from {at or 'now'} on")


@survey.command("funnel")
@click.option("--survey", "survey_key", help="The key of the survey; needed only where there are several.")
@click.option("--from", "first_day", type=click.DateTime(["%Y-%m-%d"]), help="The first day. Default: 28 days back.")
@click.option("--to", "last_day", type=click.DateTime(["%Y-%m-%d"]), help="The last day, included. Default: today.")
@click.option("--daily", is_flag=True, help="A line a day instead of a line a spot.")
@click.pass_obj
def show_funnel(
    config: Config, survey_key: str | None, first_day: datetime | None, last_day: datetime | None, daily: bool
) -> None:
    """Print how many customers saw the form, began it and sent it, by spot."""
    zone = config.organisation.zone
    last = last_day.date() if last_day else datetime.now(zone).date()
    first = first_day.date() if first_day else last - timedelta(days=27)
    if first > last:
        raise click.UsageError("--from lies after --to")
    with opened(config) as database, database.reading() as session:
        key = definitions.survey_key_or_only(session, survey_key)
        days = funnel.read_funnel(session, key, first, last, zone)
    named = {str(day): found for day, found in funnel.by_day(days).items()}
    if not daily:
        named = {f"{spot.store.key}/{spot.key}": found for spot, found in funnel.by_spot(days).items()}
    named["all"] = sum(named.values(), funnel.Funnel())
    click.echo(f"{key}, {first} to {last}")
    print_table(("day" if daily else "spot", "seen", "started", "sent"), [_steps(*item) for item in named.items()])


def _steps(name: str, found: funnel.Funnel) -> tuple[str, ...]:
    return (name, f"{found.seen:,}", _with_share(found, found.started), _with_share(found, found.sent))


def _with_share(found: funnel.Funnel, count: int) -> str:
    share = found.share(count)
    return f"{count:,}" if share is None else f"{count:,} ({share:.0%})"
