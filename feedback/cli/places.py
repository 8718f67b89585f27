"""`koebako store`, `spot` and `survey`: where answers are collected, and what is asked there."""

from collections.abc import Sequence
from pathlib import Path

import click

from feedback.cli.edge import opened
from feedback.config import Config
from surveys import definitions, places, queries
from surveys.texts import MAIN_LANGUAGE, pick

LOCAL_ADDRESS = "http://127.0.0.1:8765"


@click.group()
def store() -> None:
    """Stores and the areas they belong to."""


@store.command("add")
@click.argument("key")
@click.argument("name")
@click.option("--area", "area_key", help="The key of its area.")
@click.pass_obj
def add_store(config: Config, key: str, name: str, area_key: str | None) -> None:
    """Add a store: KEY is your own number or short name for it, NAME is what customers read."""
    with opened(config) as database, database.session() as session:
        made = places.create_store(session, key, name, area_key)
    click.echo(f"Store {made.key} added: {made.name}")


@store.command("area")
@click.argument("key")
@click.argument("name")
@click.pass_obj
def add_area(config: Config, key: str, name: str) -> None:
    """Add an area, a group of stores."""
    with opened(config) as database, database.session() as session:
        made = places.create_area(session, key, name)
    click.echo(f"Area {made.key} added: {made.name}")


@store.command("list")
@click.pass_obj
def list_stores(config: Config) -> None:
    """List the stores with their areas."""
    with opened(config) as database, database.reading() as session:
        found = queries.stores(session)
    _table(("store", "name", "area"), [(item.key, item.name, item.area_name or "") for item in found])


@click.group()
def spot() -> None:
    """Spots: where in a store one QR code hangs."""


@spot.command("add")
@click.argument("place", metavar="STORE/KEY")
@click.argument("name")
@click.pass_obj
def add_spot(config: Config, place: str, name: str) -> None:
    """Add a spot such as ginza/register to a store; NAME is what customers read."""
    store_key, key = places.split_place(place)
    with opened(config) as database, database.session() as session:
        made = places.create_spot(session, store_key, key, name)
    click.echo(f"Spot {made.store.key}/{made.key} added: {made.name}")


@spot.command("list")
@click.pass_obj
def list_spots(config: Config) -> None:
    """List the spots of every store."""
    with opened(config) as database, database.reading() as session:
        found = places.spots(session)
    _table(("spot", "name", "store"), [(f"{item.store.key}/{item.key}", item.name, item.store.name) for item in found])


@click.group()
def survey() -> None:
    """Surveys: what customers are asked."""


@survey.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def load_survey(config: Config, file: Path) -> None:
    """Create the survey that FILE defines, or revise it (see docs/surveys/store.yaml)."""
    definition = definitions.load_definition(file, config.organisation.zone)
    with opened(config) as database, database.session() as session:
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
    _table(("survey", "title", "revision", "questions"), rows)


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


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for head in heads:
        table.add_column(head, overflow="fold")  # a key that is cut short can't be copied
    for row in rows:
        table.add_row(*row)
    Console().print(table)
