"""`koebako compare`: our stores beside competitors, theme by theme."""

import json
from typing import TYPE_CHECKING

import click

from feedback.cli.edge import opened, print_table
from feedback.config import Config
from feedback.wording import between, percent
from surveys.texts import pick

if TYPE_CHECKING:
    from analysis.results import Estimate, Wording
    from analysis.rivals import Rival


@click.command()
@click.option("--week", help="The last week, such as 2025-W40. Default: the newest one that was analysed.")
@click.option("--store", help="Only this store of ours (its key).")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--language", type=click.Choice(["ja", "en"]), default="ja", show_default=True)
@click.pass_obj
def compare(config: Config, week: str | None, store: str | None, form: str, language: str) -> None:
    """What customers complain of at our stores and at competitors' (stores with another operator)."""
    from feedback.comparison import rival_comparison, theme_names, to_dict
    from feedback.report import newest_week
    from feedback.scopes import CHAIN, store_scope

    with opened(config) as database, database.reading() as session:
        last = week or newest_week(session)
        found = rival_comparison(session, last, store_scope(session, store) if store else CHAIN)
        names = theme_names(session, last)
    if form == "json":
        click.echo(json.dumps(to_dict(found, names, language), ensure_ascii=False, indent=2))
    elif found is None:
        click.echo("There is no competitor; see: koebako store operator --help")
    else:
        click.echo(f"{found.weeks} weeks ending with {last}; ours: {found.with_text:,} answers with a comment")
        for rival in found.rivals:
            _tell(rival, names, language)


def _tell(rival: "Rival", names: "dict[str, Wording]", language: str) -> None:
    click.echo(f"\n{rival.operator}: {rival.with_text:,} reviews with a comment, {rival.stores} stores")
    rows = [
        (
            pick(names[each.theme_id], language),
            percent(each.complaints.first.value),
            percent(each.complaints.second.value),
            _written(each.complaints.difference),
        )
        for each in rival.themes
    ]
    print_table(("theme", "ours complain", "theirs complain", "theirs minus ours"), rows)


def _written(estimate: "Estimate") -> str:
    if estimate.low is None or estimate.high is None:
        return "too few answers"
    bounds = between("en", percent(estimate.low, sign=True), percent(estimate.high, sign=True))
    return f"{percent(estimate.value, sign=True)} ({bounds})"
