"""Spellings that mean the same word, and text made even before it is read."""

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

# Japanese punctuation stays as it was written: quotes are shown to people
_OUTSIDE_JAPANESE_PUNCTUATION = re.compile(r"[^！？（）：；，．／～％＆…‥]+")
_SPACE = re.compile(r"[^\S\n]+")
_LONG_VOWEL = re.compile(r"(?<=[ぁ-んァ-ヶ])[〜～~ーｰ─―]+")
_STRETCHED = re.compile(r"(?<=[ぁ-ん])ー(?=い)")
_SAME_FIVE_TIMES = re.compile(r"(.)\1{4,}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spellings:
    """`words`: plain form -> key; `texts`: written form -> what is read instead, found by `pattern`.

    `whole` finds the words that must stay whole, as one group, so that `split` keeps them.
    """

    words: dict[str, str]
    texts: dict[str, str]
    pattern: re.Pattern[str]
    whole: re.Pattern[str]


@cache
def spellings() -> Spellings:
    """The table in `data/spellings.yaml`."""
    table = yaml.safe_load(files("analysis").joinpath("data/spellings.yaml").read_text("utf-8"))
    texts = dict(table["texts"])
    whole = re.compile(f"({_any_of(table['whole'])})", re.IGNORECASE)
    return Spellings(words=dict(table["words"]), texts=texts, pattern=re.compile(_any_of(texts)), whole=whole)


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of these, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def normalise(text: str) -> str:
    """NFKC, repeats squeezed, known typing errors mended; white space in a line becomes U+3000, lone surrogates go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
    text = text.encode("utf-8", "ignore").decode("utf-8")
    if "&" in text:
        # survey tools export what was typed with entities such as &hellip;
        text = html.unescape(text).encode("utf-8", "ignore").decode("utf-8").replace("\0", " ")
    if not unicodedata.is_normalized("NFKC", text):
        text = _OUTSIDE_JAPANESE_PUNCTUATION.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = _STRETCHED.sub("", _LONG_VOWEL.sub("ー", text))
    text = _SAME_FIVE_TIMES.sub(r"\1\1\1", text)
    table = spellings()
    text = table.pattern.sub(lambda found: table.texts[found[0]], text)
    return _SPACE.sub("　", text)
