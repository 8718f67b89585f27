"""`koebako critical`: comments that must not wait for the weekly report."""

from datetime import UTC, datetime

import click

from feedback.cli.edge import by_option, opened, print_table
from feedback.config import Config


@click.group()
def critical() -> None:
    """Find comments about mould, foreign matter, food poisoning or injuries, and note who has seen them."""


@critical.command()
@click.pass_obj
def scan(config: Config) -> None:
    """Search the comments that came in since the last search (the scheduler does so every five minutes)."""
    from analysis.critical import critical_words
    from feedback.critical import scan as search

    with opened(config) as database:
        found = search(database, critical_words(config.feedback.critical_file), datetime.now(UTC))
    click.echo(f"{found} new finding(s)")


@critical.command("list")
@click.option("--seen", is_flag=True, help="Those that somebody has seen, instead of those that wait.")
@click.option("--store", "store_key", help="One store only.")
@click.pass_obj
def list_(config: Config, store_key: str | None, *, seen: bool) -> None:
    """List critical comments, newest first."""
    from feedback.critical import critical_comments
    from feedback.scopes import find_store

    with opened(config) as database, database.reading() as session:
        stores = (find_store(session, store_key).id,) if store_key else None
        found = critical_comments(session, stores, seen=seen)
    zone = config.organisation.zone
    rows = [
        (
            each.comment_id,
            ", ".join(each.kinds),
            f"{each.answered_at.astimezone(zone):%Y-%m-%d %H:%M}",
            each.store_name,
            each.text,
            f"{each.seen_by} {each.seen_at.astimezone(zone):%Y-%m-%d %H:%M}" if each.seen_at else "",
        )
        for each in found
    ]
    print_table(("comment", "about", "answered", "store", "text", "seen by"), rows)


@critical.command()
@click.argument("comments", metavar="COMMENT...", nargs=-1, required=True)
@by_option
@click.pass_obj
def seen(config: Config, comments: tuple[str, ...], by: str) -> None:
    """Note that these comments were seen."""
    from feedback.critical import mark_seen

    with opened(config) as database, database.session() as session:
        for comment in comments:
            mark_seen(session, comment, by, datetime.now(UTC))
    click.echo(f"{len(comments)} comment(s) seen")
