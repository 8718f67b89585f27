"""`koebako poster`: QR codes for the wall."""

from pathlib import Path

import click

from feedback.cli.edge import opened
from feedback.config import Config
from feedback.output import opened_output
from feedback.poster_orders import PosterOrder, ordered_posters
from feedback.scopes import find_store
from surveys import posters
from surveys.errors import InputError
from surveys.places import split_place
from surveys.poster_sets import to_one_pdf


@click.command()
@click.argument("place", metavar="[STORE/SPOT]", required=False)
@click.option("--store", "store_key", help="Every spot of this store, as one PDF.")
@click.option("--all", "every", is_flag=True, help="Every spot of every store, as one PDF.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file: .pdf, .svg or .png (300 dpi).")
@click.option("--size", type=click.Choice(["A6", "A5", "A4"]), default="A6", show_default=True)
@click.option("--sheets", is_flag=True, help="Four A6 posters to a page of A4, to be cut.")
@click.option("--survey", "survey_key", help="The key of the survey; needed only where there are several.")
@click.option("--invitation", "ja", help="Your own line of invitation in Japanese.")
@click.option("--invitation-en", "en", help="The same line in English.")
@click.pass_obj
def poster(config: Config, /, out: Path, size: str, sheets: bool, **asked: str | None) -> None:
    """Write a poster with the QR code of a spot such as ginza/register, or those of a store or of the chain."""
    place, store_key = asked["place"], asked["store_key"]
    if [bool(place), bool(store_key), bool(asked["every"])].count(True) != 1:
        raise click.UsageError("name one spot as STORE/SPOT, or one store by --store, or take --all")
    if out.suffix.lower() != ".pdf" and (sheets or not place):
        raise InputError(f"{out}: several posters go into one .pdf only")
    lines = {language: line for language in ("ja", "en") if (line := asked[language])}
    with opened(config) as database, database.session() as session:
        stores = (find_store(session, store_key).key,) if store_key else None
        order = PosterOrder(
            asked["survey_key"], split_place(place) if place else None, stores, posters.PaperSize[size], lines
        )
        found = ordered_posters(session, order, config)
    single = place and not sheets
    content = posters.to_file(posters.compose_svg(found[0]), out.suffix) if single else to_one_pdf(found, sheets=sheets)
    with opened_output(out) as stream:
        stream.write(content)
    click.echo(f"{out}: {size}, leads to {found[0].url}" if place else f"{out}: {len(found)} posters, {size}")
