"""A comment into opinions: normalise, split into clauses, mark requests, 「特になし」 and other languages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from unicodedata import category

import yaml

from analysis.reading.clauses import FACE, clauses, sentences
from analysis.reading.languages import is_foreign
from analysis.reading.patterns import Patterns
from analysis.reading.spellings import NO_OWN_WORDS, OwnWords, normalise
from analysis.reading.terms import read_terms
from analysis.reading.words import read_words
from analysis.results import Opinion, OpinionKind
from surveys.tokens import Word

_EXPECTING = re.compile("[思聞書待筈はつ]")
"""Stands in every expectation; most opinions need not be looked at more closely."""
_OF_FACES = "ωдДσεΘΔψ"
_LONGEST_NOTHING = 50
_MOST_WORDS_OF_NOTHING = 9
"""A clause of so many words may still say 「特にないのですが」."""
_ORDERING = ("ろ", "せ", "め", "え", "け", "べ", "よ")
"""How an order ends that is surely one: おわれ and くれ may be half a sentence."""
_ONE_SIGN = re.compile(r"[ぁ-ヿa-z0-9]")
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Turns:
    nothing: re.Pattern[str]
    nothing_but: re.Pattern[str]
    request: Patterns[None]
    expected: re.Pattern[str]


def read_opinions(comment: str, own: OwnWords = NO_OWN_WORDS) -> tuple[Opinion, ...]:
    """The opinions of one comment in order; empty for an empty comment. Takes any text and never fails.

    A comment that only says 「特になし」 or the like is one opinion of kind "none"; one in another language is one of
    kind "foreign". `text` is the clause as written, but normalised (NFKC). `own`: words of the organisation that stay
    whole.
    """
    text = normalise(comment).strip("　\n")
    if not text:
        return ()
    if _is_nothing(text):
        return (_without_themes(text, "none"),)
    said = _after_nothing(text)
    if is_foreign(said, own):
        return (_without_themes(text, "foreign"),)
    found = [
        words
        for sentence in sentences(said)
        if not _is_nothing(sentence)
        for words in clauses(read_words(sentence, own))
    ]
    if len(found) > 1:
        found = [words for words in found if not _says_nothing(words)] or found
    found = [words for words in found if _has_letters(words)] or found
    if not found:
        return (_without_themes(text, "none"),)
    return tuple(_opinion(words, position) for position, words in enumerate(found))


def is_request(text: str) -> bool:
    """Whether a clause asks for something (〜てほしい, もう少し, 〜たらいいのに ...)."""
    return _turns().request.occur_in(text)


def is_expected(text: str) -> bool:
    """Whether a clause only says what was expected and came out otherwise (美味しいかと思ったら, 期待していたが)."""
    return _EXPECTING.search(text) is not None and _turns().expected.search(text) is not None


def _has_letters(words: Sequence[Word]) -> bool:
    return any(letter.isalnum() and letter not in _OF_FACES for word in words for letter in word.surface)


def _is_order(words: Sequence[Word]) -> bool:
    """Whether a clause ends in an imperative (早くしろ, レジを増やせ)."""
    last = next((word for word in reversed(words) if word.pos not in {"補助記号", "記号", "空白"}), None)
    return last is not None and last.form.startswith("命令形") and last.surface.endswith(_ORDERING)


@lru_cache(maxsize=1_000)
def _is_nothing(text: str) -> bool:
    # remembered for a moment: most comments are one sentence, and most sentences one clause
    if len(text) > _LONGEST_NOTHING:
        return False
    bare = _NOT_WORDS.sub("", text).lower()
    if not bare or _ONE_SIGN.fullmatch(bare):
        # an emoji or a face alone says something
        return FACE.search(text) is None and not any(category(letter) == "So" for letter in text)
    return _turns().nothing.fullmatch(bare) is not None


def _says_nothing(words: Sequence[Word]) -> bool:
    return len(words) <= _MOST_WORDS_OF_NOTHING and _is_nothing("".join(word.surface for word in words))


def _after_nothing(text: str) -> str:
    """What follows 「特になし、」 at the beginning."""
    found = _turns().nothing_but.match(text)
    return text[found.end() :] if found else text


def _without_themes(text: str, kind: OpinionKind) -> Opinion:
    return Opinion(_shown(text), 0, kind, (), is_request=False)


def _opinion(words: Sequence[Word], position: int) -> Opinion:
    text = _shown("".join([word.surface for word in words]))
    expected = is_expected(text)
    asks = not expected and (is_request(text) or _is_order(words))
    return Opinion(text, position, "opinion", read_terms(words), is_request=asks, is_expected=expected)


def _shown(text: str) -> str:
    return text.replace("　", " ").strip(" 、")


@cache
def _turns() -> _Turns:
    table = yaml.safe_load(files("analysis").joinpath("data/turns.yaml").read_text("utf-8"))
    before, about, none, after = ("|".join(table["nothing"][part]) for part in ("before", "about", "none", "after"))
    things = f"(({about})(点|事|こと|ところ|所|もの)?(は|も|が)?)"
    nothing = f"({before})*[はにも]*{things}?({before})*[はにも]*({none})({after})*"
    return _Turns(
        nothing=re.compile(nothing),
        nothing_but=re.compile(rf"(?=.{{4}}){nothing}[、,，　。！!\n]+(?=.{{3}})"),
        request=Patterns((pattern, None) for pattern in table["requests"]),
        expected=re.compile(f"(?:{_any_of(table['expectations']).pattern})[、。！!？?…ー～〜]*$"),
    )


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
