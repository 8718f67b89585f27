"""`koebako loyalty`: whether those who recommend come back."""

import json
from typing import TYPE_CHECKING

import click

from feedback.cli.edge import opened, print_table
from feedback.config import Config
from feedback.output import TERMINAL, opened_output
from feedback.wording import between, percent

if TYPE_CHECKING:
    from analysis.loyalty import MembersLoyalty
    from analysis.results import Estimate


@click.command()
@click.option("--days", type=click.IntRange(30, 3660), default=90, show_default=True, help="How long after the answer.")
@click.option("--store", help="Only members whose first answer was given at this store (its key).")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.pass_obj
def loyalty(config: Config, days: int, store: str | None, form: str) -> None:
    """Repeat rate, return curve and mean amount of promoters, passives and detractors, from purchases of members."""
    from analysis.loyalty import members_loyalty
    from feedback.export_files import write_csv
    from feedback.loyalty_file import COLUMNS, rows, to_dict
    from feedback.scopes import CHAIN, store_ids, store_scope

    zone = config.organisation.zone
    with opened(config) as database, database.reading() as session:
        scope = store_scope(session, store) if store else CHAIN
        found = members_loyalty(session, days, zone, store_ids(session, scope))
    if form == "json":
        click.echo(json.dumps(to_dict(found), ensure_ascii=False, indent=2))
    elif form == "csv":
        with opened_output(TERMINAL) as stream:
            write_csv(stream, COLUMNS, rows(found) if found else ())
    elif found is None:
        click.echo("No purchases are known yet; see: koebako import-purchases --help")
    else:
        _tell(found)


def _tell(known: "MembersLoyalty") -> None:
    found = known.loyalty
    rows = [
        (
            each.name,
            f"{each.members:,}",
            f"{each.followed:,}",
            _shares(each.repeat_rate),
            _amounts(each.value),
            " ".join(percent(share.value) for share in each.returned),
        )
        for each in found.classes
    ]
    heads = ("class", "members", "followed", f"back in {found.horizon} days", "mean amount", "back by 30, 60 ... days")
    print_table(heads, rows)
    click.echo(f"Promoters minus detractors: {_shares(found.difference, sign=True)}")
    click.echo(f"Purchases are known from {known.first_day} to {known.last_day}.")
    if known.earlier:
        click.echo(f"{known.earlier:,} members answered before that and are left out; import earlier purchases.")


def _shares(estimate: "Estimate", *, sign: bool = False) -> str:
    if estimate.low is None or estimate.high is None:
        return "too few members"
    bounds = between("en", percent(estimate.low, sign=sign), percent(estimate.high, sign=sign))
    return f"{percent(estimate.value, sign=sign)} ({bounds})"


def _amounts(estimate: "Estimate") -> str:
    if estimate.value is None:
        return "too few members"
    interval = "" if estimate.low is None else f" ({between('en', f'{estimate.low:,.0f}', f'{estimate.high:,.0f}')})"
    return f"{estimate.value:,.0f}{interval}"
