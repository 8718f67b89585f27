"""`koebako import-purchases`: what members bought."""

from datetime import UTC, datetime
from pathlib import Path

import click

from feedback.cli.collect import list_notes
from feedback.cli.edge import opened
from feedback.config import Config
from feedback.privacy import member_keeping
from surveys.errors import InputError
from surveys.importing import PurchaseColumns, PurchaseLimits, import_purchases

_DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";"}


@click.command("import-purchases")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--member", metavar="COLUMN", help="The column of the member code. Default: 会員番号 and its kin.")
@click.option("--date", metavar="COLUMN", help="The column of the day. Default: 購入日 and its kin.")
@click.option("--amount", metavar="COLUMN", help="The column of the amount. Default: 金額 and its kin.")
@click.option("--store", metavar="COLUMN", help="The column of the store's key or name. Default: 店舗 and its kin.")
@click.option(
    "--delimiter", type=click.Choice(list(_DELIMITERS)), default="comma", show_default=True, help="What parts columns."
)
@click.option("--sheet", help="The sheet of an XLSX. Default: the first one.")
@click.option(
    "--refused",
    "notes_file",
    type=click.Path(path_type=Path),
    help="Where to list refused rows. Default: FILE's name + .refused.csv, here.",
)
@click.pass_obj
def import_(config: Config, /, file: Path, notes_file: Path | None, delimiter: str, **columns: str | None) -> None:
    """Store the purchases of a CSV or XLSX FILE, of members who agreed; the same file twice adds nothing."""
    if not config.privacy.member_codes:
        raise InputError("the settings allow no member codes; set privacy.member_codes: true (docs/privacy.md)")
    zone = config.organisation.zone
    wanted = PurchaseColumns.model_validate({**columns, "delimiter": _DELIMITERS[delimiter]})
    limits = PurchaseLimits(zone, datetime.now(UTC).astimezone(zone).date(), member_keeping(config))
    with opened(config) as database:
        report = import_purchases(database, file, wanted, limits)
    click.echo(
        f"{report.rows:,} rows: {report.added:,} added, {report.known:,} known already, "
        f"{report.not_members:,} of people who gave no member code with an answer (not kept), "
        f"{report.too_old:,} older than privacy.member_days (not kept), {len(report.refused):,} refused"
    )
    list_notes(report, notes_file or Path(f"{file.stem}.refused.csv"))
    if report.refused and len(report.refused) == report.rows:
        first = report.refused[0]
        raise InputError(f"{file}: no row could be taken; the first: line {first.line}: {first.reason}")
