"""`koebako import` and `mask`: answers from files, and what is hidden in them."""

import sys
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

import click

from feedback.cli.edge import opened
from feedback.config import Config
from feedback.errors import OutputError
from surveys.errors import InputError
from surveys.importing import ImportReport, Limits, Notes, import_file, read_map, write_notes
from surveys.masking import mask_text


@click.command()
@click.pass_obj
def mask(config: Config) -> None:
    """Print each line of standard input as it would be stored: personal data masked. Needs no database."""
    names = config.surveys.staff_names
    for line in TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace"):
        click.echo(mask_text(line.rstrip("\n"), names))


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--columns", "map_file", type=click.Path(path_type=Path), required=True, help="The column map (docs/importing.md)."
)
@click.option(
    "--replace", "replace_changed", is_flag=True, help="Replace known answers whose content differs in the file."
)
@click.option(
    "--refused",
    "notes_file",
    type=click.Path(path_type=Path),
    help="Where to list refused rows. Default: FILE's name + .refused.csv, here.",
)
@click.pass_obj
def import_(config: Config, file: Path, map_file: Path, replace_changed: bool, notes_file: Path | None) -> None:
    """Store the answers of a CSV or XLSX FILE; the same file twice adds nothing."""
    from rich.console import Console
    from rich.progress import Progress

    column_map = read_map(map_file)
    settings = config.surveys
    limits = Limits(config.organisation.zone, datetime.now(UTC), settings.max_text_length, settings.staff_names)
    console = Console(stderr=True)
    with opened(config) as database, Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(file.name, total=None)
        report = import_file(
            database,
            file,
            column_map,
            limits,
            replace_changed=replace_changed,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    _tell(report, notes_file or Path(f"{file.stem}.refused.csv"))
    if report.refused and len(report.refused) == report.rows:
        raise InputError(f"{file}: no row could be taken; the first: line {_first(report)}")


def _first(report: ImportReport) -> str:
    return f"{report.refused[0].line}: {report.refused[0].reason}"


def _tell(report: ImportReport, notes_file: Path) -> None:
    click.echo(
        f"{report.rows:,} rows: {report.added:,} added, {report.unchanged:,} known already, "
        f"{report.replaced:,} replaced, {len(report.changed):,} known with other content (left as they were), "
        f"{len(report.refused):,} refused"
    )
    if report.new_stores:
        click.echo(f"{len(report.new_stores)} new stores: {', '.join(report.new_stores)}")
    list_notes(report, notes_file)


def list_notes(report: Notes, notes_file: Path) -> None:
    """List the rows that were not taken in a file, where there are any. Error: `OutputError`."""
    if report.changed or report.refused:
        try:
            write_notes(report, notes_file)
        except OSError as error:
            raise OutputError(f"{notes_file}: cannot be written: {error.strerror or error}") from error
        click.echo(f"Line by line in {notes_file}")
