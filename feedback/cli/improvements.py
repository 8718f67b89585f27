"""`koebako improvement`: what is to be changed, by whom and until when, and how far it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import click

from feedback.cli.edge import by_option, opened, print_table
from feedback.config import Config
from feedback.improvement_changes import add_improvement, add_note, change_improvement, move_improvement
from feedback.improvements import EFFORTS, NEXT, Details, ImprovementInfo, find_improvement, history, improvements

_OPEN = ("owner", "due", "effort")


@click.group()
def improvement() -> None:
    """Improvements (改善): candidate, pilot, rollout, measuring, done or dropped."""


@improvement.command("add")
@click.argument("title")
@click.option("--theme", metavar="THEME", help="The id of its theme (koebako theme list).")
@click.option("--store", metavar="KEY", help="For this store only. Default: the whole chain.")
@click.option("--owner", default="", help="Who sees to it.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="Until when.")
@click.option("--effort", type=click.IntRange(EFFORTS[0], EFFORTS[-1]), help="1 (small) to 5 (large).")
@by_option
@click.pass_obj
def add(config: Config, /, title: str, theme: str | None, store: str | None, by: str, **more: object) -> None:
    """Put an improvement down as a candidate."""
    with opened(config) as database, database.session() as session:
        details = _details(Details(title), more)
        made = add_improvement(session, details, by, datetime.now(UTC), theme=theme, store=store)
    click.echo(f"Improvement {made.number}: {made.details.title}")


@improvement.command("list")
@click.pass_obj
def list_improvements(config: Config) -> None:
    """List every improvement by state."""
    with opened(config) as database, database.reading() as session:
        found = improvements(session)
    today = datetime.now(config.organisation.zone).date()
    heads = ("no.", "state", "title", "theme", "for", "owner", "due", "effort")
    print_table(heads, [_row(each, today) for each in found])


@improvement.command("show")
@click.argument("number", type=int)
@click.pass_obj
def show(config: Config, number: int) -> None:
    """Show one improvement with all that was changed of it, newest first."""
    zone = config.organisation.zone
    with opened(config) as database, database.reading() as session:
        found, changes = find_improvement(session, number), history(session, number)
    click.echo(f"Improvement {number}: {found.details.title} ({found.state})")
    rows = [
        (f"{each.at.astimezone(zone):%Y-%m-%d %H:%M}", each.who, each.field, each.before, each.after)
        for each in changes
    ]
    print_table(("when", "who", "what", "before", "after"), rows)


@improvement.command("change")
@click.argument("number", type=int)
@click.option("--title", help="What is to be changed.")
@click.option("--owner", help="Who sees to it.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="Until when.")
@click.option("--effort", type=click.IntRange(EFFORTS[0], EFFORTS[-1]), help="1 (small) to 5 (large).")
@click.option("--clear", type=click.Choice(_OPEN), multiple=True, help="Leave this open again.")
@click.option("--note", help="A note for its history.")
@by_option
@click.pass_obj
def change(config: Config, /, number: int, clear: Sequence[str], note: str | None, by: str, **more: object) -> None:
    """Change what is written of an improvement; what is not given stays."""
    now = datetime.now(UTC)
    with opened(config) as database, database.session() as session:
        before = find_improvement(session, number).details
        opened_again = {name: getattr(Details(before.title), name) for name in clear}
        details = _details(replace(before, **opened_again), more)
        changed = change_improvement(session, number, details, by, now)
        if note is not None:
            add_note(session, number, note, by, now)
    click.echo(f"Improvement {number}: {changed.details.title}")


@improvement.command("move")
@click.argument("number", type=int)
@click.argument("state", type=click.Choice(list(NEXT)))
@by_option
@click.pass_obj
def move(config: Config, number: int, state: str, by: str) -> None:
    """Take an improvement on to another STATE."""
    with opened(config) as database, database.session() as session:
        moved = move_improvement(session, number, state, by, datetime.now(UTC))
    click.echo(f"Improvement {number} is now {moved.state}")


def _details(before: Details, more: dict[str, object]) -> Details:
    """Return the details with what was given on the command line in its place."""
    given = {name: value for name, value in more.items() if value is not None}
    return Details(
        title=str(given.get("title", before.title)),
        owner=str(given.get("owner", before.owner)),
        due=due.date() if isinstance(due := given.get("due"), datetime) else before.due,
        effort=effort if isinstance(effort := given.get("effort"), int) else before.effort,
    )


def _row(found: ImprovementInfo, today: date) -> tuple[str, ...]:
    details = found.details
    late = " (late)" if found.is_late(today) else ""
    return (
        str(found.number),
        found.state,
        details.title,
        found.theme or "",
        found.store_key or "every store",
        details.owner,
        f"{details.due or ''}{late}",
        str(details.effort or ""),
    )
