"""Posters of many spots as one PDF, one a page or four A6 posters to a sheet of A4."""

from collections.abc import Collection, Iterable, Sequence
from io import BytesIO

from pypdf import PdfReader, PdfWriter, Transformation
from sqlalchemy.orm import Session

from surveys.errors import InputError
from surveys.places import entry_code, spots
from surveys.posters import PaperSize, Poster, compose_svg, to_pdf

_A_SHEET = 4
_POINTS_A_MILLIMETRE = 72 / 25.4


def spot_codes(session: Session, survey_key: str, store_keys: Collection[str] | None = None) -> tuple[str, ...]:
    """Return the code of a survey at every spot that takes answers, by store and spot; missing ones are made.

    `store_keys` None: every store. Error: `InputError` when the survey is unknown, or no such spot is there.
    """
    found = [
        spot for spot in spots(session) if not spot.retired_at and (store_keys is None or spot.store.key in store_keys)
    ]
    if not found:
        raise InputError("there is no spot to print a poster for; add one: koebako spot add STORE/KEY NAME")
    return tuple(entry_code(session, survey_key, spot.store.key, spot.key) for spot in found)


def to_one_pdf(posters: Iterable[Poster], *, sheets: bool = False) -> bytes:
    """Draw posters into one PDF. `sheets`: four A6 posters to a page of A4, to be cut along its middles.

    Error: `InputError` when posters of another size were to go on sheets.
    """
    drawn = list(posters)
    if sheets and any(poster.size is not PaperSize.A6 for poster in drawn):
        raise InputError("only A6 posters go four to a sheet")
    pages = [to_pdf(compose_svg(poster)) for poster in drawn]
    writer = PdfWriter()
    if sheets:
        _lay_on_sheets(writer, pages)
    else:
        for page in pages:
            writer.append(BytesIO(page))
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def _lay_on_sheets(writer: PdfWriter, pages: Sequence[bytes]) -> None:
    width, height = (side * _POINTS_A_MILLIMETRE for side in PaperSize.A4.value)
    for first in range(0, len(pages), _A_SHEET):
        sheet = writer.add_blank_page(width, height)
        for place, page in enumerate(pages[first : first + _A_SHEET]):
            right, down = place % 2, place // 2
            poster = PdfReader(BytesIO(page)).pages[0]
            sheet.merge_transformed_page(poster, Transformation().translate(right * width / 2, (1 - down) * height / 2))
