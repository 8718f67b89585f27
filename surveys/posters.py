"""QR codes and printable posters for a spot: one composed SVG, turned into PDF and PNG."""

import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from itertools import groupby
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import segno
import vl_convert
from jinja2 import Environment, StrictUndefined
from sqlalchemy.orm import Session

from surveys.entries import find_entry
from surveys.errors import InputError
from surveys.poster_lines import Place, lay_out
from surveys.texts import storable

_TEMPLATE = Path(__file__).parent / "data" / "poster.svg"
_CODE_SIDE = 54.0
"""Side of the code with its quiet zone, in the drawing's units (millimetres on A6)."""
_CODE_LEFT, _CODE_TOP = 25.5, 54.0
_QUIET_ZONE = 4
_MILLIMETRES = re.compile(r'(width|height)="(\d+)mm"')
_POINTS_A_MILLIMETRE = 72 / 25.4
PRINT_DPI = 300

INVITATION = {"ja": "ご意見をお聞かせください", "en": "Tell us what you think"}
_HOW_TO = {"ja": "スマートフォンのカメラで読み取ってください", "en": "Scan with your phone's camera"}

_PLACES = {
    "organisation": Place(top=9.5, height=7, largest=3.4, smallest=2, width=80),
    "invitation": Place(top=16.5, height=15.5, largest=7, smallest=3, lines=2, width=83),
    "translation": Place(top=32, height=9, largest=4.2, smallest=2, lines=2, width=83),
    "how_to": Place(top=111.6, height=5, largest=3.2, smallest=2),
    "how_to_translation": Place(top=116.4, height=4, largest=2.6, smallest=2),
    "url": Place(top=120.6, height=4, largest=2.5, smallest=1.2),
    "store": Place(top=127.6, height=10.4, largest=6, smallest=2.2, lines=3),
    "spot": Place(top=138, height=4.8, largest=3.2, smallest=1.8, lines=2),
}


class PaperSize(Enum):
    """Paper in (width, height) millimetres, ISO 216."""

    A6 = (105, 148)
    A5 = (148, 210)
    A4 = (210, 297)


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on a poster. `url` is what the code says; `invitation` is one line in ja and one in en."""

    url: str
    store_name: str
    spot_name: str
    organisation: str
    size: PaperSize = PaperSize.A6
    invitation: dict[str, str] = field(default_factory=lambda: INVITATION)


def survey_address(public_url: str, code: str, *, allow_loopback: bool = False) -> str:
    """Build the address that a QR code says.

    Error: `InputError` when `site.public_url` is empty, no web address, or reaches this machine alone (a poster with
    such a code would be waste paper), unless `allow_loopback`.
    """
    parts = _split(public_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise InputError(
            f"site.public_url {public_url!r} is no address that customers can reach; set it like https://koe.example.jp"
        )
    if _is_loopback(parts.hostname) and not allow_loopback:
        raise InputError(f"site.public_url {public_url!r} reaches this machine alone; set the address customers use")
    return f"{public_url.rstrip('/')}/s/{code}"


def poster_for(
    session: Session, code: str, public_url: str, organisation: str, *, allow_loopback: bool = False
) -> Poster:
    """Make the poster of a code that exists. Errors: `InputError` as `survey_address`, or when nobody made the code."""
    entry = find_entry(session, code)
    if entry is None:
        raise InputError(f"no survey has the code {code!r}")
    url = survey_address(public_url, entry.code, allow_loopback=allow_loopback)
    return Poster(url, entry.store.name, entry.spot_name, organisation)


def _split(public_url: str) -> SplitResult:
    try:
        return urlsplit(public_url)
    except ValueError as error:
        raise InputError(f"site.public_url {public_url!r} is no address: {error}") from error


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def compose_svg(poster: Poster) -> str:
    """Draw a poster; every text is made to fit its place, and stays text."""
    written = {
        "organisation": poster.organisation,
        "invitation": poster.invitation["ja"],
        "translation": poster.invitation["en"],
        "how_to": _HOW_TO["ja"],
        "how_to_translation": _HOW_TO["en"],
        "url": poster.url,
        "store": poster.store_name,
        "spot": poster.spot_name,
    }
    texts = {name: storable(text) for name, text in written.items()}  # what cannot be stored, XML cannot hold either
    code = _draw_code(poster.url)
    width, height = poster.size.value
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(_TEMPLATE.read_text("utf-8"))
    return template.render(
        width=width,
        height=height,
        texts=texts,
        lines={name: lay_out(text, _PLACES[name]) for name, text in texts.items()},
        code=code,
    )


@dataclass(frozen=True, slots=True)
class _Code:
    """A QR code as one path in modules, with where it goes and how large a module is."""

    path: str
    left: float
    top: float
    module: float


def _draw_code(text: str) -> _Code:
    """Draw with a quarter of the code in reserve (level Q): posters get scratched and wet."""
    try:
        matrix = segno.make(text, error="q", micro=False).matrix
    except (ValueError, segno.DataOverflowError) as error:
        raise InputError(f"the address {text[:80]!r} does not fit into a QR code: {error}") from error
    module = _CODE_SIDE / (len(matrix) + 2 * _QUIET_ZONE)
    bars = "".join(f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(matrix) for x, length in _runs(row))
    edge = _QUIET_ZONE * module
    return _Code(bars, _CODE_LEFT + edge, _CODE_TOP + edge, module)


def _runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Find where dark modules begin and how many follow: one bar each, since viewers draw seams between squares."""
    position = 0
    for dark, modules in groupby(row):
        length = len(list(modules))
        if dark:
            yield position, length
        position += length


def to_file(svg: str, suffix: str) -> bytes:
    """Turn a composed SVG into what a file's suffix asks for: .svg, .pdf or .png. Error: `InputError` for another."""
    if suffix.lower() not in _WRITERS:
        raise InputError(f"a poster cannot be written as {suffix or 'a file without suffix'!r}; use .pdf, .svg or .png")
    return _WRITERS[suffix.lower()](svg)


def to_pdf(svg: str) -> bytes:
    """Turn a composed SVG into a PDF of its true size with the fonts embedded."""
    _know_font()
    return bytes(vl_convert.svg_to_pdf(_in_points(svg)))


def to_png(svg: str, dpi: int = PRINT_DPI) -> bytes:
    """Turn a composed SVG into a PNG of its true size at so many dots per inch."""
    _know_font()
    return bytes(vl_convert.svg_to_png(_in_points(svg), ppi=dpi))


def _in_points(svg: str) -> str:
    """Give the size in points: the converter takes a pixel (1/96 inch) for a point, so paper would grow by a third."""
    return _MILLIMETRES.sub(lambda found: f'{found[1]}="{int(found[2]) * _POINTS_A_MILLIMETRE:.3f}"', svg, count=2)


@cache
def _know_font() -> None:
    """Tell the converter of the Japanese font once: a machine need not have one of its own."""
    import noto_cjk_sans_jp_regular

    vl_convert.register_font_directory(str(Path(noto_cjk_sans_jp_regular.FONT_PATH).parent))


_WRITERS: dict[str, Callable[[str], bytes]] = {".svg": str.encode, ".pdf": to_pdf, ".png": to_png}
