"""Posters: the code says the address, the page has its true size, every name fits, the font comes along."""

import io
import re
from xml.etree import ElementTree as ET

import pypdf
import pytest
import zxingcpp
from effort import examples
from factories import make_definition
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from surveys import posters
from surveys.database import Database
from surveys.definitions import save_survey
from surveys.errors import InputError
from surveys.places import create_spot, create_store, entry_code
from surveys.poster_lines import LEADING, Line, Place, lay_out, width_of
from surveys.posters import PaperSize, Poster, compose_svg, poster_for, survey_address, to_file, to_pdf, to_png

URL = "https://koe.example.jp/s/bcdf2345"
LONG_NAME = "北海道地域密着型スーパーマーケット みなと商店フレッシュ＆デリ 札幌駅前大通り地下街南口第二ビル店（食品館）"
SVG = "{http://www.w3.org/2000/svg}"
POINTS = {PaperSize.A6: (298, 420), PaperSize.A5: (420, 595), PaperSize.A4: (595, 842)}
PIXELS = {PaperSize.A6: (1240, 1748), PaperSize.A5: (1748, 2480), PaperSize.A4: (2480, 3508)}


def make_poster(**changes: object) -> Poster:
    values = {"url": URL, "store_name": "銀座店", "spot_name": "レジ横", "organisation": "みなと商店"}
    return Poster(**(values | changes))  # type: ignore[arg-type]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own drawing


@pytest.mark.parametrize("size", PaperSize)
def test_the_code_on_a_png_says_the_address_and_the_page_has_its_true_size(size: PaperSize) -> None:
    image = Image.open(io.BytesIO(to_png(compose_svg(make_poster(size=size)))))
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [URL]
    assert all(abs(pixels - wanted) <= 1 for pixels, wanted in zip(image.size, PIXELS[size], strict=True))
    assert [round(dpi) for dpi in image.info["dpi"]] == [300, 300]


@pytest.mark.parametrize("size", PaperSize)
def test_a_pdf_has_one_page_of_its_true_size_with_the_japanese_font_embedded(size: PaperSize) -> None:
    pdf = pypdf.PdfReader(io.BytesIO(to_pdf(compose_svg(make_poster(size=size)))))
    assert len(pdf.pages) == 1
    page = pdf.pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == POINTS[size]
    assert page.extract_text().splitlines() == [
        "みなと商店",
        "ご意見をお聞かせください",
        "Tell us what you think",
        "スマートフォンのカメラで読み取ってください",
        "Scan with your phone's camera",
        URL,
        "銀座店",
        "レジ横",
    ]
    for font in page["/Resources"]["/Font"].values():
        descendant = font["/DescendantFonts"][0].get_object()
        assert "NotoSansCJKjp" in font["/BaseFont"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & descendant["/FontDescriptor"].keys()


def test_a_svg_has_its_size_in_millimetres_and_keeps_its_words_as_text() -> None:
    svg = compose_svg(make_poster(size=PaperSize.A4, spot_name="<レジ> & 横"))
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    assert (root.get("width"), root.get("height")) == ("210mm", "297mm")
    assert texts(svg)[-2:] == ["銀座店", "<レジ> & 横"]


def test_an_invitation_of_ones_own_stands_in_both_languages() -> None:
    lines = {"ja": "今日のお料理はいかがでしたか。ひとこと聞かせてください", "en": "How was your meal?"}
    assert texts(compose_svg(make_poster(invitation=lines)))[1:4] == [
        "今日のお料理はいかがでしたか。",
        "ひとこと聞かせてください",
        "How was your meal?",
    ]


def test_a_long_address_still_makes_a_readable_code_on_the_smallest_poster() -> None:
    url = f"https://{'long-name.' * 8}example.jp/koe/s/bcdf2345"
    image = Image.open(io.BytesIO(to_png(compose_svg(make_poster(url=url)), dpi=150)))
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [url]


def test_a_quarter_of_the_code_may_be_lost() -> None:
    image = Image.open(io.BytesIO(to_png(compose_svg(make_poster())))).convert("L")
    dirt = Image.new("L", (150, 150), 128)
    image.paste(dirt, (620, 960))
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [URL]


def test_what_fits_no_code_is_refused() -> None:
    with pytest.raises(InputError, match="does not fit into a QR code"):
        compose_svg(make_poster(url="https://example.jp/" + "x" * 3000))


@pytest.mark.parametrize("suffix", [".pdf", ".PNG", ".svg"])
def test_the_suffix_chooses_the_kind_of_file(suffix: str) -> None:
    starts = {".pdf": b"%PDF", ".PNG": b"\x89PNG", ".svg": b"<svg"}
    assert to_file(compose_svg(make_poster()), suffix).startswith(starts[suffix])


def test_another_suffix_is_refused() -> None:
    with pytest.raises(InputError, match=r"^a poster cannot be written as '\.jpg'; use \.pdf, \.svg or \.png$"):
        to_file("<svg/>", ".jpg")


@pytest.mark.parametrize(
    ("public_url", "address"),
    [
        ("https://koe.example.jp", "https://koe.example.jp/s/abc"),
        ("https://koe.example.jp/box/", "https://koe.example.jp/box/s/abc"),
        ("http://192.168.1.20:8765", "http://192.168.1.20:8765/s/abc"),
    ],
)
def test_the_address_is_built_from_the_public_one(public_url: str, address: str) -> None:
    assert survey_address(public_url, "abc") == address


@pytest.mark.parametrize(
    "public_url", ["", "koe.example.jp", "ftp://koe.example.jp", "https://", "https://[", "http://a/?b"]
)
def test_what_is_no_address_is_refused(public_url: str) -> None:
    with pytest.raises(InputError, match=r"^site\.public_url .* is no address"):
        survey_address(public_url, "abc")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8765", "[::1]:8765", "127.8.9.1", "koe.localhost"])
def test_an_address_of_this_machine_alone_is_refused_unless_allowed(host: str) -> None:
    with pytest.raises(InputError, match="reaches this machine alone"):
        survey_address(f"http://{host}", "abc")
    assert survey_address(f"http://{host}", "abc", allow_loopback=True) == f"http://{host}/s/abc"


def test_a_poster_is_made_for_a_code_that_exists(sqlite: Database) -> None:
    with sqlite.session() as session:
        save_survey(session, make_definition())
        create_store(session, "ginza", "銀座店")
        create_spot(session, "ginza", "register", "レジ横")
        code = entry_code(session, "store", "ginza", "register")
        made = poster_for(session, code, "https://koe.example.jp", "みなと商店")
        assert made == make_poster(url=f"https://koe.example.jp/s/{code}")
        with pytest.raises(InputError, match=r"^no survey has the code 'nobody'$"):
            poster_for(session, "nobody", "https://koe.example.jp", "みなと商店")


PLACE = Place(top=10, height=10, largest=6, smallest=2, lines=3, width=90)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("銀座店", ["銀座店"]),
        ("  銀座 \n 店 ", ["銀座 店"]),
        (
            LONG_NAME,
            [
                "北海道地域密着型スーパーマーケット みなと商店フレッシュ＆デリ",
                "札幌駅前大通り地下街南口第二ビル店（食品館）",
            ],
        ),
        ("Minato Shopping Center International Terminal", ["Minato Shopping Center", "International Terminal"]),
        ("", []),
    ],
)
def test_a_name_is_broken_where_it_may_be(text: str, rows: list[str]) -> None:
    assert [line.text for line in lay_out(text, PLACE)] == rows


def test_a_short_name_stands_in_the_middle_of_its_place_in_the_largest_type() -> None:
    assert lay_out("銀座店", PLACE) == (Line("銀座店", 17.28, 6),)


def test_what_never_fits_is_cut_and_says_so() -> None:
    lines = lay_out("札幌" * 100, PLACE)
    assert lines[-1].text.endswith("…")
    assert min(line.size for line in lines) >= PLACE.smallest


@settings(max_examples=examples(40), deadline=None)
@given(st.text(alphabet="銀座店みなと（）、。・ーABCdefg 123&-", max_size=200))
def test_every_name_stays_in_its_place(name: str) -> None:
    lines = lay_out(name, PLACE)
    assert len(lines) <= PLACE.lines
    for line in lines:
        assert width_of(line.text) * line.size <= PLACE.width * 1.01
        assert PLACE.top <= line.y - line.size * 0.9
        assert line.y <= PLACE.top + PLACE.height
    assert len(lines) * LEADING * max((line.size for line in lines), default=0) <= PLACE.height * 1.01


def test_no_line_of_japanese_begins_with_a_mark_that_must_not_begin_one() -> None:
    for length in (2, 5, 9, 14, 22):
        for line in lay_out("あ（い）、うーえ。" * length, PLACE):
            assert not re.match("[）、ー。]", line.text)
            assert not line.text.endswith("（")


def test_the_template_ships_beside_the_code() -> None:
    assert posters._TEMPLATE.is_file()
