"""Posters to print: of one spot, one store or all that the member may see."""

from io import BytesIO

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from feedback import accounts
from feedback.house import house
from feedback.pages.gate import member
from feedback.pages.stores import visible_store
from feedback.poster_orders import PosterOrder, ordered_posters
from surveys import definitions, places
from surveys.errors import InputError
from surveys.poster_sets import to_one_pdf
from surveys.posters import INVITATION, PaperSize, Poster

MOST_AT_ONCE = 200
"""A poster takes about 60 ms to draw: nobody waits for more than these before a browser."""
SHEETS = "A6x4"
"""Four A6 posters to a sheet of A4."""


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/posters", "posters", posters_page)
    pages.add_url_rule("/posters", "print_posters", print_posters, methods=["POST"])


def posters_page() -> ResponseReturnValue:
    """Show what can be printed."""
    return _form()


def print_posters() -> ResponseReturnValue:
    """Send posters as one PDF. A POST asks for them, since a spot's first poster makes its code."""
    size = request.form.get("size", SHEETS)
    if size != SHEETS and size not in PaperSize.__members__:
        abort(400)
    try:
        posters = _ordered(PaperSize.A6 if size == SHEETS else PaperSize[size])
    except InputError:
        return _form(gettext("印刷できませんでした。アンケートと設置場所があるか、確かめてください。")), 400
    if len(posters) > MOST_AT_ONCE:
        return _form(
            gettext("一度に印刷できるのは%(count)s枚までです。店舗ごとに分けてください。", count=MOST_AT_ONCE)
        ), 400
    pdf = to_one_pdf(posters, sheets=size == SHEETS)
    return send_file(BytesIO(pdf), "application/pdf", download_name="koebako-posters.pdf")


def _ordered(size: PaperSize) -> tuple[Poster, ...]:
    """Look up the posters that the form asks for: `what` is STORE/SPOT, `store:KEY`, or empty for all."""
    what, survey_key = request.form.get("what", ""), request.form.get("survey") or None
    lines = {language: line for language in INVITATION if (line := request.form.get(f"line_{language}", "").strip())}
    with house().database.session() as writing:
        if what.startswith("spot:"):
            place = places.split_place(what.removeprefix("spot:"))
            visible_store(writing, place[0])
            order = PosterOrder(survey_key, place, None, size, lines)
        else:
            wanted = what.removeprefix("store:")
            stores = [visible_store(writing, wanted)] if wanted else accounts.visible_stores(writing, member())
            order = PosterOrder(survey_key, None, {store.key for store in stores}, size, lines)
        return ordered_posters(writing, order, house().config)


def _form(fault: str = "") -> str:
    with house().database.reading() as reading:
        stores = accounts.visible_stores(reading, member())
        spots = [spot for spot in places.spots(reading) if not spot.retired_at]
        surveys = definitions.surveys(reading)
    return render_template(
        "staff/posters.html",
        stores=[(store, [spot for spot in spots if spot.store.id == store.id]) for store in stores],
        surveys=surveys,
        wanted=request.values.get("what", ""),
        typed=request.form,
        lines=INVITATION,
        address_missing=not house().config.site.public_url and not house().config.demo,
        fault=fault,
    )
