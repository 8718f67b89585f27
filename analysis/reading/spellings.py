"""Spellings that mean the same word, and text made even before it is read."""

import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

# Japanese punctuation stays as it was written: quotes are shown to people. So do circled numbers, which count points,
# and accents that stand alone in faces, which would become a space with an accent on it.
_OUTSIDE_JAPANESE_PUNCTUATION = re.compile(r"[^！？（）：；，．／～％＆…‥①-⓿´¨¯¸゛゜￣˘-˝]+")
_VOICING_ALONE = re.compile(r"(?<![ぁ-ヿ])[\u3099\u309a]")
_SPACE = re.compile(r"[^\S\n]+")
_LONG_VOWEL = re.compile(r"(?<=[ぁ-んァ-ヶ])[〜～~ーｰ─―]+")
_STRETCHED = re.compile(r"(?<=[ぁ-ん])ー(?=い)")
_LONG = re.compile(r"([あいうえおぁぃぅぇぉ])\1\1")
_LONG_MIDDLE = re.compile(r"(?<=[ぁ-んァ-ヶ])([あうえおぁぅぇぉ])\1{2,}(?=い)")
_LONG_ENDING = re.compile(r"(?<=[ぁ-んァ-ヶ一-龥])(?<!かわ)([あいうえおぁぃぅぇぉ])\1{2,}")
_SAME_FIVE_TIMES = re.compile(r"(.)\1{4,}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spellings:
    """`words`: plain form -> key; `texts`: written form -> what is written instead, found by `pattern`.

    `whole`: words that must stay whole; `readings`: what is written -> what it is read as, or such a table of regular
    expressions where its neighbours matter.
    """

    words: dict[str, str]
    texts: dict[str, str]
    pattern: re.Pattern[str]
    whole: tuple[str, ...]
    readings: Mapping[str, str | Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The words of one organisation that stay whole: (normalised spelling, key of the word), in order."""

    spellings: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """Changes with any word."""
        return hashlib.sha256(json.dumps(self.spellings, ensure_ascii=False).encode()).hexdigest()[:8]


NO_OWN_WORDS = OwnWords()


@cache
def spellings() -> Spellings:
    """The tables in `data/spellings.yaml` and `data/readings.yaml`."""
    table = _table("spellings")
    texts = dict(table["texts"])
    return Spellings(
        words=dict(table["words"]),
        texts=texts,
        pattern=re.compile(_any_of(texts)),
        whole=tuple(table["whole"]),
        readings=_table("readings"),
    )


def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = yaml.safe_load(files("analysis").joinpath(f"data/{name}.yaml").read_text("utf-8"))
    return table


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of these, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _composed(text: str) -> str:
    """NFKC; half-width voicing marks that belong to no kana (in faces) stay signs of their own."""
    composed = unicodedata.normalize("NFKC", text)
    return _VOICING_ALONE.sub(lambda found: "゛" if found[0] == "\u3099" else "゜", composed)


def normalise(text: str) -> str:
    """NFKC, repeats squeezed, known typing errors mended; white space in a line becomes U+3000, lone surrogates go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
    text = text.encode("utf-8", "ignore").decode("utf-8")
    if "&" in text:
        # survey tools export what was typed with entities such as &hellip;
        text = html.unescape(text).encode("utf-8", "ignore").decode("utf-8").replace("\0", " ")
    if not unicodedata.is_normalized("NFKC", text):
        text = _OUTSIDE_JAPANESE_PUNCTUATION.sub(lambda found: _composed(found[0]), text)
    text = _STRETCHED.sub("", _LONG_VOWEL.sub("ー", text))
    text = _SAME_FIVE_TIMES.sub(r"\1\1\1", text)
    if _LONG.search(text):
        text = _LONG_ENDING.sub(r"\1", _LONG_MIDDLE.sub("", text))
    table = spellings()
    text = table.pattern.sub(lambda found: table.texts[found[0]], text)
    return _SPACE.sub("　", text)
