"""`koebako doubt`: answers that look like spam, left out of figures until somebody says whether they count."""

from datetime import UTC, datetime

import click

from feedback.cli.edge import by_option, opened, print_table
from feedback.config import Config


@click.group()
def doubt() -> None:
    """Look at answers that look like spam; figures leave them out until then."""


@doubt.command("list")
@click.option("--decided", is_flag=True, help="Those that somebody has looked at, instead of those that wait.")
@click.pass_obj
def list_(config: Config, *, decided: bool) -> None:
    """List the doubtful answers, newest first."""
    from surveys.doubts import doubtful

    with opened(config) as database, database.reading() as session:
        found = doubtful(session, decided=decided)
    zone = config.organisation.zone
    rows = [
        (
            answer.external_id,
            answer.doubt,
            "yes" if answer.counted else "no",
            f"{answer.answered_at.astimezone(zone):%Y-%m-%d %H:%M}",
            answer.store_name,
            "" if answer.score is None else str(answer.score),
            "\n".join(answer.comments),
        )
        for answer in found
    ]
    print_table(("answer", "doubt", "counted", "answered", "store", "score", "comments"), rows)


@doubt.command()
@click.argument("answers", metavar="ANSWER...", nargs=-1, required=True)
@by_option
@click.pass_obj
def count(config: Config, answers: tuple[str, ...], by: str) -> None:
    """Count these answers in figures; their weeks are analysed again."""
    _decide(config, answers, by, counted=True)


@doubt.command()
@click.argument("answers", metavar="ANSWER...", nargs=-1, required=True)
@by_option
@click.pass_obj
def leave(config: Config, answers: tuple[str, ...], by: str) -> None:
    """Leave these answers out of figures for good; they stay stored."""
    _decide(config, answers, by, counted=False)


def _decide(config: Config, answers: tuple[str, ...], by: str, *, counted: bool) -> None:
    from feedback.doubts import decide

    with opened(config) as database, database.session() as session:
        for answer in answers:
            decide(session, answer, by, datetime.now(UTC), counted=counted)
    click.echo(f"{len(answers)} answer(s) {'counted' if counted else 'left out'}; figures follow with koebako analyse")
