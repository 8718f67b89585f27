"""`koebako store` and `spot`: where answers are collected."""

from datetime import UTC, datetime

import click

from feedback.cli.edge import by_option, changing, opened, print_table
from feedback.config import Config
from surveys import definitions, places, queries


@click.group()
def store() -> None:
    """Stores and the areas they belong to."""


@store.command("add")
@click.argument("key")
@click.argument("name")
@click.option("--area", "area_key", help="The key of its area.")
@click.option("--operator", help="Who runs it, where that is a competitor: none of our figures holds its answers.")
@by_option
@click.pass_obj
def add_store(config: Config, key: str, name: str, area_key: str | None, operator: str | None, by: str) -> None:
    """Add a store: KEY is your own number or short name for it, NAME is what customers read."""
    with changing(config, by, "store added", key) as session:
        made = places.create_store(session, key, name, area_key, operator)
    click.echo(f"Store {made.key} added: {made.name}")


@store.command("rename")
@click.argument("key")
@click.argument("name")
@by_option
@click.pass_obj
def rename_store(config: Config, key: str, name: str, by: str) -> None:
    """Give a store another name; its key and its answers stay."""
    with changing(config, by, "store renamed", f"{key}: {name}") as session:
        places.rename_store(session, key, name)
    click.echo(f"Store {key} is now {name}")


@store.command("move")
@click.argument("key")
@click.argument("area_key", metavar="[AREA]", required=False)
@by_option
@click.pass_obj
def move_store(config: Config, key: str, area_key: str | None, by: str) -> None:
    """Put a store into another area; without AREA into none."""
    with changing(config, by, "store moved", f"{key}: {area_key or '-'}") as session:
        places.move_store(session, key, area_key)
    click.echo(f"Store {key} is now in {f'area {area_key}' if area_key else 'no area'}")


@store.command("operator")
@click.argument("key")
@click.argument("operator", required=False)
@by_option
@click.pass_obj
def set_operator(config: Config, key: str, operator: str | None, by: str) -> None:
    """Say that a competitor runs a store; without OPERATOR it is ours. The next analysis counts anew."""
    with changing(config, by, "store operator", f"{key}: {operator or '-'}") as session:
        places.set_operator(session, key, operator)
    click.echo(f"Store {key} is run by {operator or 'ourselves'}")


@store.command("area")
@click.argument("key")
@click.argument("name")
@by_option
@click.pass_obj
def add_area(config: Config, key: str, name: str, by: str) -> None:
    """Add an area, a group of stores."""
    with changing(config, by, "area added", key) as session:
        made = places.create_area(session, key, name)
    click.echo(f"Area {made.key} added: {made.name}")


@store.command("rename-area")
@click.argument("key")
@click.argument("name")
@by_option
@click.pass_obj
def rename_area(config: Config, key: str, name: str, by: str) -> None:
    """Give an area another name; its key stays."""
    with changing(config, by, "area renamed", f"{key}: {name}") as session:
        places.rename_area(session, key, name)
    click.echo(f"Area {key} is now {name}")


@store.command("list")
@click.pass_obj
def list_stores(config: Config) -> None:
    """List the stores with their areas."""
    with opened(config) as database, database.reading() as session:
        ours, others = queries.stores(session), queries.rivals(session)
    rows = [(item.key, item.name, item.area_name or "", "") for item in ours]
    rows += [(item.key, item.name, "", item.operator) for item in others]
    width = 4 if others else 3
    print_table(("store", "name", "area", "run by")[:width], [row[:width] for row in rows])


@click.group()
def spot() -> None:
    """Spots: where in a store one QR code hangs."""


@spot.command("add")
@click.argument("place", metavar="STORE/KEY")
@click.argument("name")
@by_option
@click.pass_obj
def add_spot(config: Config, place: str, name: str, by: str) -> None:
    """Add a spot such as ginza/register to a store; NAME is what customers read."""
    store_key, key = places.split_place(place)
    with changing(config, by, "spot added", place) as session:
        made = places.create_spot(session, store_key, key, name)
    click.echo(f"Spot {made.store.key}/{made.key} added: {made.name}")


@spot.command("rename")
@click.argument("place", metavar="STORE/SPOT")
@click.argument("name")
@by_option
@click.pass_obj
def rename_spot(config: Config, place: str, name: str, by: str) -> None:
    """Give a spot another name; its key, its code and its answers stay."""
    with changing(config, by, "spot renamed", f"{place}: {name}") as session:
        places.rename_spot(session, *places.split_place(place), name)
    click.echo(f"Spot {place} is now {name}")


@spot.command("retire")
@click.argument("place", metavar="STORE/SPOT")
@by_option
@click.pass_obj
def retire_spot(config: Config, place: str, by: str) -> None:
    """Take no more answers at a spot; its answers stay, and its code leads to another open spot of the store."""
    with changing(config, by, "spot retired", place) as session:
        places.retire_spot(session, *places.split_place(place), datetime.now(UTC))
    click.echo(f"Spot {place} takes no more answers; its code says so")


@spot.command("reopen")
@click.argument("place", metavar="STORE/SPOT")
@by_option
@click.pass_obj
def reopen_spot(config: Config, place: str, by: str) -> None:
    """Take answers again at a retired spot; posters that still hang work again."""
    with changing(config, by, "spot reopened", place) as session:
        places.reopen_spot(session, *places.split_place(place))
    click.echo(f"Spot {place} takes answers again")


@spot.command("renew")
@click.argument("place", metavar="STORE/SPOT")
@click.option("--survey", "survey_key", help="The key of the survey; needed only where there are several.")
@click.option(
    "--dead-end", is_flag=True, help="The old code leads nobody to the new one: it spread where it should not."
)
@by_option
@click.pass_obj
def renew_code(config: Config, place: str, survey_key: str | None, dead_end: bool, by: str) -> None:
    """Give a spot a new code; the poster must be printed anew."""
    with changing(config, by, "code renewed", place) as session:
        key = definitions.survey_key_or_only(session, survey_key)
        code = places.renew_code(session, key, places.split_place(place), datetime.now(UTC), leads_on=not dead_end)
    click.echo(f"Spot {place} has the new code {code}; print its poster anew")


@spot.command("list")
@click.pass_obj
def list_spots(config: Config) -> None:
    """List the spots of every store."""
    with opened(config) as database, database.reading() as session:
        found = places.spots(session)
    rows = [
        (f"{item.store.key}/{item.key}", item.name, item.store.name, "retired" if item.retired_at else "")
        for item in found
    ]
    print_table(("spot", "name", "store", "state"), rows)
