"""Dictionary words, with names kept whole (コスパ, Wi-Fi, an organisation's own words) and dialect understood.

What the dictionary would misread is given to it as a stand-in, within the whole sentence: so が behind コスパ stays a
particle. The words that come back show what was written.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from analysis.reading.spellings import NO_OWN_WORDS, OwnWords, normalise, spellings
from surveys.masking import MARKS
from surveys.tokens import Word, parse

_NAME = "品物"
"""Stands in for a name: a noun that the dictionary joins with nothing."""
_NO_WORD = ""
"""The key of a mark of masking: it stands in the sentence like a name, and is counted as nothing."""
_SOLID = re.compile(r"[一-龥々ァ-ヺ]")
_LATIN = "A-Za-z0-9"
_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a sentence is read as something else. `key`: how a name is counted; None for dialect, "" for a mark."""

    start: int
    end: int
    read: str
    key: str | None


@dataclass(frozen=True, slots=True)
class _Table:
    """`hint` is quick and finds every sentence that has to be looked at.

    `written` finds what is always written alike: `names` and `plain`, by small letters. `rules`: what must occur before
    the regular expression beside it is tried; its groups are read as the texts after it.
    """

    hint: re.Pattern[str]
    written: re.Pattern[str]
    names: Mapping[str, str]
    plain: Mapping[str, str]
    rules: Sequence[tuple[str, re.Pattern[str], Sequence[str]]]


def read_words(sentence: str, own: OwnWords = NO_OWN_WORDS) -> Sequence[Word]:
    """The words of one normalised sentence. Their surfaces together are the sentence."""
    table = _table(own)
    if table.hint.search(sentence) is None:
        return parse(sentence)
    places = _places(sentence, table)
    if not places:
        return parse(sentence)
    return _in_one_go(sentence, places) or _piece_by_piece(sentence, places)


@lru_cache(maxsize=8)
def _table(own: OwnWords) -> _Table:
    known = spellings()
    names = {normalise(word).lower(): normalise(word).lower() for word in known.whole}
    names |= dict(own.spellings)
    plain = {word.lower(): read for word, read in known.readings.items() if isinstance(read, str)}
    return _Table(
        hint=_any_of([*names, *known.readings, *map(normalise, MARKS.values())]),
        written=re.compile("|".join(_name(word) for word in _longest_first({**plain, **names}))),
        names=names,
        plain=plain,
        rules=[
            (word, re.compile("|".join(f"({rule})" for rule in rules)), tuple(rules.values()))
            for word, rules in known.readings.items()
            if not isinstance(rules, str)
        ],
    )


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _name(word: str) -> str:
    """Find a name however its Latin letters are written, but not inside a longer Latin word."""
    before = f"(?<![{_LATIN}])" if re.match(f"[{_LATIN}]", word) else ""
    after = f"(?![{_LATIN}])" if re.search(f"[{_LATIN}]$", word) else ""
    return f"{before}(?ai:{re.escape(word)}){after}" if before or after else re.escape(word)


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these words, by their first letters: what the search can then skip to."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words):
        for first in sorted({word[0].lower(), word[0].upper()}):
            rests.setdefault(first, []).append(re.escape(word[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?ai:{'|'.join(rest)})" for first, rest in rests.items()))


def _places(sentence: str, table: _Table) -> list[_Place]:
    """What is read as something else, in order; of two places that overlap the first and longer one."""
    found = []
    if "[" in sentence:
        found += [_Place(*hit.span(), _NAME, _NO_WORD) for hit in _marks().finditer(sentence)]
    for hit in table.written.finditer(sentence):
        word = hit[0].lower()
        name = table.names.get(word)
        found.append(_Place(hit.start(), hit.end(), _NAME if name else table.plain[word], name))
    for hint, rule, read in table.rules:
        if hint in sentence:
            found += [
                _Place(hit.start(), hit.end(), read[(hit.lastindex or 1) - 1], None) for hit in rule.finditer(sentence)
            ]
    kept: list[_Place] = []
    for place in sorted(found, key=lambda place: (place.start, -place.end)):
        if (not kept or place.start >= kept[-1].end) and not (place.key and _cuts_a_word(sentence, place)):
            kept.append(place)
    return kept


@cache
def _marks() -> re.Pattern[str]:
    """［お名前］ and its kin, as `normalise` leaves them."""
    return re.compile("|".join(re.escape(normalise(mark)) for mark in MARKS.values()))


def _cuts_a_word(sentence: str, place: _Place) -> bool:
    """Whether a name would begin or end inside a word that the dictionary knows: no ロール in コントロール."""
    start = 0
    for word in parse(sentence):
        end = start + len(word.surface)
        if word.known and (start < place.start < end or start < place.end < end) and _SOLID.search(word.surface):
            return True
        start = end
    return False


def _in_one_go(sentence: str, places: Sequence[_Place]) -> Sequence[Word]:
    """Read the sentence with all stand-ins in their places; nothing where one grew together with its neighbour."""
    text, spans, read_to = "", [], 0
    for place in places:
        text += sentence[read_to : place.start]
        spans.append((len(text), len(text) + len(place.read)))
        text += place.read
        read_to = place.end
    words = parse(text + sentence[read_to:])
    starts, at = {}, 0
    for index, word in enumerate(words):
        starts[at] = index
        at += len(word.surface)
    starts[at] = len(words)
    result: list[Word] = []
    done = 0
    for place, (start, end) in zip(places, spans, strict=True):
        if start not in starts or end not in starts:
            return ()
        result += words[done : starts[start]]
        result += _as_written(tuple(words[starts[start] : starts[end]]), sentence[place.start : place.end], place.key)
        done = starts[end]
    return [*result, *words[done:]]


def _piece_by_piece(sentence: str, places: Sequence[_Place]) -> Sequence[Word]:
    words: list[Word] = []
    at = 0
    for place in places:
        words += parse(sentence[at : place.start])
        words += _as_written(tuple(parse(place.read)), sentence[place.start : place.end], place.key)
        at = place.end
    return [*words, *parse(sentence[at:])]


@lru_cache(maxsize=_REMEMBERED)
def _as_written(words: tuple[Word, ...], written: str, key: str | None) -> tuple[Word, ...]:
    """Let the stand-in's words show what was written: the first one all of it, the others nothing."""
    if key == _NO_WORD:
        return (Word(written, written, written, "補助記号", "一般", "*", known=True),)
    if key is not None:
        # a name of several words is a compound that knows its parts
        words = tuple(Word("", part, "", "名詞", "普通名詞-一般", "*", known=True) for part in key.split("　"))
        words = (replace(words[0], base=written.replace("　", " ")), *words[1:])
    return (replace(words[0], surface=written), *(replace(word, surface="") for word in words[1:]))
