import io
import re

import pypdf
import pytest
from factories import NOW, make_entry

from surveys.errors import InputError
from surveys.places import create_spot, create_store, entry_code, retire_spot
from surveys.poster_sets import spot_codes, to_one_pdf
from surveys.posters import PaperSize, Poster

CODES = ["bcdf2345", "ghjk2345", "mnpq2345", "rstv2345", "wxyz2345"]


def pages(pdf):
    """The size of each page in points, and the codes that stand on it."""
    return [
        (
            round(page.mediabox.width),
            round(page.mediabox.height),
            re.findall(r"/s/(\w{8})", page.extract_text().replace("\n", "")),
        )
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    ]


def posters(size=PaperSize.A6):
    return [Poster(f"https://koe.example.jp/s/{code}", "銀座店", "レジ横", "みなと商店", size) for code in CODES]


def test_each_poster_is_a_page_of_its_size():
    assert pages(to_one_pdf(posters(PaperSize.A5))) == [(420, 595, [code]) for code in CODES]


def test_four_small_posters_share_a_sheet():
    assert pages(to_one_pdf(posters(), sheets=True)) == [(595, 842, CODES[:4]), (595, 842, CODES[4:])]


def test_larger_posters_do_not_fit_on_a_sheet():
    with pytest.raises(InputError, match="only A6 posters go four to a sheet"):
        to_one_pdf(posters(PaperSize.A5), sheets=True)


def test_every_spot_that_takes_answers_has_a_code_and_keeps_it(database):
    first = make_entry(database)
    with database.session() as session:
        create_spot(session, "ginza", "toilet", "お手洗い")
        create_spot(session, "ginza", "door", "入口")
        create_store(session, "ueno", "上野店")
        create_spot(session, "ueno", "register", "レジ横")
        retire_spot(session, "ginza", "door", NOW)
        every = spot_codes(session, "store")
        assert every == (
            first,
            *(entry_code(session, "store", *place) for place in (("ginza", "toilet"), ("ueno", "register"))),
        )
        assert spot_codes(session, "store", {"ueno"}) == every[2:]
        with pytest.raises(InputError, match="there is no spot to print a poster for"):
            spot_codes(session, "store", {"osaka"})
