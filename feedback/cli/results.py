"""What the analysis found, as files: `koebako report` and `koebako export`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feedback.cli.edge import opened
from feedback.config import Config
from feedback.output import TERMINAL, opened_output

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from feedback.exports import Selection
    from feedback.results import Report, Scope

_OUT = click.option(
    "--out", type=click.Path(path_type=Path), default=TERMINAL, help="The file to write. Default: the terminal."
)
_LANGUAGE = click.option("--language", type=click.Choice(["ja", "en"]), default="ja", show_default=True)


@click.group()
def export() -> None:
    """Write tagged comments or responses for a spreadsheet or a program."""


def _narrowing(command: "Callable[..., None]") -> "Callable[..., None]":
    """Add the options that every export has."""
    for option in (
        _LANGUAGE,
        click.option("--store", "stores", multiple=True, help="Only this store (its key); may be given again."),
        click.option("--to", "last_day", type=click.DateTime(["%Y-%m-%d"]), help="The last day, included."),
        click.option("--from", "first_day", type=click.DateTime(["%Y-%m-%d"]), help="The first day, included."),
        _OUT,
        click.option(
            "--format", "format_", type=click.Choice(["csv", "xlsx", "jsonl"]), default="csv", show_default=True
        ),
    ):
        command = option(command)
    return command


@export.command()
@_narrowing
@click.option("--theme", help="Only opinions about this theme (its id).")
@click.pass_obj
def tags(config: Config, /, **asked: Any) -> None:
    """One row a theme of an opinion: what customers said, read and tagged."""
    from feedback.exports import export_tags

    _export(config, export_tags, asked)


@export.command()
@_narrowing
@click.option("--doubtful", is_flag=True, help="Doubtful answers too, with two columns that tell them apart.")
@click.pass_obj
def responses(config: Config, /, **asked: Any) -> None:
    """One row a response, also those without a comment."""
    from feedback.exports import export_responses

    _export(config, export_responses, asked)


@export.command()
@_narrowing
@click.pass_obj
def segments(config: Config, /, **asked: Any) -> None:
    """NPS by age, sex, number of visits, channel, spot, weekday, hour and area, with intervals."""
    from feedback.segments import export_segments

    _export(config, export_segments, asked)


@export.command()
@_narrowing
@click.pass_obj
def spots(config: Config, /, **asked: Any) -> None:
    """One table of spot, time of day, theme and NPS."""
    from feedback.spot_table import export_spots

    _export(config, export_spots, asked)


@export.command()
@_narrowing
@click.pass_obj
def trends(config: Config, /, **asked: Any) -> None:
    """One row a week, store and theme: shares that mention it, complain of it and praise it, with intervals."""
    from feedback.theme_trends import export_trends

    _export(config, export_trends, asked)


@export.command()
@_narrowing
@click.pass_obj
def improvements(config: Config, /, **asked: Any) -> None:
    """One row an improvement: its state, owner, dates and number of pilots."""
    from feedback.improvement_exports import export_improvements

    _export(config, export_improvements, asked)


@export.command()
@_narrowing
@click.pass_obj
def pilots(config: Config, /, **asked: Any) -> None:
    """One row a pilot: its stores, dates, and its verdict with the interval."""
    from feedback.improvement_exports import export_pilots

    _export(config, export_pilots, asked)


@export.command("pilot-weeks")
@_narrowing
@click.pass_obj
def pilot_weeks(config: Config, /, **asked: Any) -> None:
    """One row a store and week of each pilot: the counts that its verdict rests on."""
    from feedback.improvement_exports import export_pilot_weeks

    _export(config, export_pilot_weeks, asked)


def _export(config: Config, write: "Callable[..., int]", asked: dict[str, Any]) -> None:
    with opened(config) as database, database.reading() as session:
        selection = _selection(session, config, asked)
        with opened_output(asked["out"]) as stream:
            rows = write(session, selection, asked["format_"], stream)
    if asked["out"] != TERMINAL:
        click.echo(f"{asked['out']}: {rows} rows")


def _selection(session: "Session", config: Config, asked: dict[str, Any]) -> "Selection":
    from feedback.exports import Selection, known_theme
    from feedback.scopes import find_store

    first, last, theme = asked["first_day"], asked["last_day"], asked.get("theme")
    if first and last and first > last:
        raise click.UsageError("--from lies after --to")
    return Selection(
        zone=config.organisation.zone,
        first_day=first.date() if first else None,
        last_day=last.date() if last else None,
        store_ids=tuple(find_store(session, key).id for key in asked["stores"]) or None,
        theme_id=known_theme(session, theme) if theme else None,
        language=asked["language"],
        doubtful=asked.get("doubtful", False),
    )


@click.command()
@click.option("--week", help="The week, such as 2025-W40. Default: the newest one that was analysed.")
@click.option("--store", help="Only this store (its key).")
@click.option("--area", help="Only this area (its key).")
@click.option("--format", "format_", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@_LANGUAGE
@_OUT
@click.pass_obj
def report(config: Config, /, **asked: Any) -> None:
    """What customers said in a week, with the ranked improvements."""
    from feedback.report import build_report, newest_week

    with opened(config) as database, database.reading() as session:
        week = newest_week(session) if asked["week"] is None else asked["week"]
        found = build_report(session, config, week, _scope(session, asked))
    with opened_output(asked["out"]) as stream:
        stream.write(_written(found, config, asked["format_"], asked["language"]))


def _scope(session: "Session", asked: dict[str, Any]) -> "Scope":
    from feedback.scopes import CHAIN, area_scope, store_scope

    if asked["store"] and asked["area"]:
        raise click.UsageError("--store and --area exclude each other")
    if asked["store"]:
        return store_scope(session, asked["store"])
    return area_scope(session, asked["area"]) if asked["area"] else CHAIN


def _written(found: "Report", config: Config, format_: str, language: str) -> bytes:
    if format_ == "json":
        from feedback.report.json_file import to_json

        return to_json(found, language)
    if format_ == "html":
        from feedback.report.html_file import render

        return render(found, language, config.organisation.name).encode()
    from feedback.report.text_file import to_text

    return to_text(found, language).encode()
