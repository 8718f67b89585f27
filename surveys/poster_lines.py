"""Lines of text that fit their place on a poster, however long a store's name is."""

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass

LEADING = 1.32
"""Distance between two lines, in sizes of type."""
_BASELINE = 0.38
"""How far below its middle a line of Japanese stands, in sizes of type."""

# where a line may end, best first: after a space or a full stop; where a Japanese word probably ends (hiragana before
# anything else); then anywhere but within a word of letters of up to 20 characters
_CUTS = (
    re.compile(r".+?(?:[ 。、！？）」]+|$)", re.DOTALL),
    re.compile(r"[A-Za-z0-9&'’.,:/@_\-]+ ?|[^ぁ-ん]*[ぁ-ん]+(?![ぁ-ん])|.", re.DOTALL),
    re.compile(r"[A-Za-z0-9&'’.,:/@_\-]{1,20} ?|.", re.DOTALL),
)
_WORTH = 1.25
"""A better place to end a line may make the longest line so much longer."""
_NOT_FIRST = frozenset("、。，．,.!?！？」』】）)〉》・ー〜～々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…：；")
_NOT_LAST = frozenset("「『【（(〈《")
_WIDE_LETTERS = frozenset("mwMWQ@%&")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, the height of its baseline and its size of type, in units of the drawing."""

    text: str
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text goes: from `top`, `height` high and `width` wide, in type from `largest` down to `smallest`."""

    top: float
    height: float
    largest: float
    smallest: float
    lines: int = 1
    width: float = 91.0


def lay_out(text: str, place: Place) -> tuple[Line, ...]:
    """Set a text as large as its place allows, on as few lines as that takes; what never fits ends in '…'."""
    text = " ".join(text.split())
    size, rows = _best(text, place)
    if size < place.smallest:
        size, rows = _best(_cut(text, place), place)
    first = place.top + (place.height - (len(rows) - 1) * LEADING * size) / 2 + _BASELINE * size
    return tuple(Line(row, round(first + i * LEADING * size, 2), round(size, 2)) for i, row in enumerate(rows) if row)


def width_of(text: str) -> float:
    """Estimate how wide a text runs, in sizes of type; rather too wide than too narrow."""
    return sum(map(_width_of_character, text))


def _width_of_character(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    return 0.95 if character in _WIDE_LETTERS else 0.62


def _best(text: str, place: Place) -> tuple[float, list[str]]:
    """Choose the number of lines that allows the largest type; fewer lines where it makes no difference."""
    settings = [_set(text, place, count) for count in range(1, place.lines + 1)]
    return max(settings, key=lambda setting: (round(setting[0], 3), -len(setting[1])))


def _cut(text: str, place: Place) -> str:
    """Keep as much of the beginning as fits in the smallest type."""
    cuts = [text[:length].rstrip() + "…" for length in range(len(text))]
    return cuts[max(0, bisect(cuts, 0, key=lambda cut: _best(cut, place)[0] < place.smallest) - 1)]


def _set(text: str, place: Place, count: int) -> tuple[float, list[str]]:
    settings = [_balanced(list(_pieces(text, cut)), count) for cut in _CUTS]
    narrowest = min(_longest(rows) for rows in settings)
    rows = next(rows for rows in settings if _longest(rows) <= _WORTH * narrowest)
    return min(place.largest, place.width / _longest(rows), place.height / (len(rows) * LEADING or 1)), rows


def _longest(rows: list[str]) -> float:
    return max(map(width_of, rows), default=0.0) or 1.0


def _pieces(text: str, cut: re.Pattern[str]) -> Iterator[str]:
    """Cut a text where a line may end; marks stay with the word they belong to."""
    held = ""
    for piece in cut.findall(text):
        if held and piece[0] not in _NOT_FIRST and held[-1] not in _NOT_LAST:
            yield held
            held = piece
        else:
            held += piece
    if held:
        yield held


def _balanced(pieces: list[str], count: int) -> list[str]:
    """Fill at most `count` lines, the longest as short as can be."""
    low, high = max(map(width_of, pieces), default=0.0), width_of("".join(pieces))
    while high - low > 0.01:  # noqa: PLR2004 - a hundredth of a letter shows nowhere
        middle = (low + high) / 2
        low, high = (low, middle) if len(_filled(pieces, middle)) <= count else (middle, high)
    return _filled(pieces, high)


def _filled(pieces: list[str], width: float) -> list[str]:
    rows: list[str] = []
    for piece in pieces:
        if rows and width_of((rows[-1] + piece).rstrip()) <= width:
            rows[-1] += piece
        else:
            rows.append(piece)
    return [row.strip() for row in rows]
