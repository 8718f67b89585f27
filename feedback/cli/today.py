"""`koebako today`: the answers of one day, as they come in."""

from datetime import UTC, datetime

import click

from feedback.cli.edge import opened, print_table
from feedback.config import Config
from feedback.scopes import find_store
from surveys.today import answers_of_day


@click.command()
@click.option("--store", "store_key", help="One store only.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Another day. Default: today.")
@click.pass_obj
def today(config: Config, store_key: str | None, day: datetime | None) -> None:
    """Count the answers of today by spot, and show the latest comments."""
    zone = config.organisation.zone
    with opened(config) as database, database.reading() as session:
        stores = (find_store(session, store_key).id,) if store_key else None
        found = answers_of_day(session, (day or datetime.now(UTC).astimezone(zone)).date(), zone, stores)
    click.echo(f"{found.day}: {found.answers} answers, {found.doubtful} doubtful")
    rows = [
        (spot.store_name, spot.spot_name or "", str(spot.answers), "" if spot.mean is None else f"{spot.mean:.1f}")
        for spot in found.spots
    ]
    print_table(("store", "spot", "answers", "mean"), rows)
    for comment in found.comments:
        click.echo(f"{comment.answered_at.astimezone(zone):%H:%M} {comment.store_name}: {comment.text}")
