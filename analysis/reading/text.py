"""A comment into opinions: normalise, split into clauses, mark requests, 「特になし」 and other languages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from unicodedata import category

import yaml

from analysis.reading.clauses import FACE, clauses, sentences
from analysis.reading.languages import is_foreign
from analysis.reading.patterns import Patterns, starts
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
_MOST_OF_A_SIGN = 2
_ONE_SIGN = re.compile(r"[ぁ-ヿa-z0-9]")
_NOT_WORDS = re.compile(r"[\W_]+")


_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class _Turns:
    """`openings`: the first three letters, or fewer, of all that `nothing` finds."""

    nothing: re.Pattern[str]
    openings: frozenset[str]
    nothing_but: re.Pattern[str]
    request: Patterns[None]
    expected: re.Pattern[str]


def read_opinions(comment: str, own: OwnWords = NO_OWN_WORDS) -> tuple[Opinion, ...]:
    """The opinions of one comment in order; empty for an empty comment. Takes any text and never fails.

    A comment that only says 「特になし」 or the like is one opinion of kind "none"; one in another language is one of
    kind "foreign". `text` is the clause as written, but normalised (NFKC). `own`: words of the organisation that stay
    whole.
    """
    return read_comments([comment], own)[0]


def read_comments(comments: Sequence[str], own: OwnWords = NO_OWN_WORDS) -> list[tuple[Opinion, ...]]:
    """The opinions of each comment, as `read_opinions`.

    Many are read step by step, and not one after the other: the tagger and its large dictionary would else drive
    everything that the other steps need out of the processor's cache, comment by comment.
    """
    found: list[tuple[Opinion, ...]] = []
    for start in range(0, len(comments), _AT_A_TIME):
        found += _read(comments[start : start + _AT_A_TIME], own)
    return found


def _read(comments: Sequence[str], own: OwnWords) -> Iterator[tuple[Opinion, ...]]:
    texts = [normalise(comment).strip("　\n") for comment in comments]
    kinds = [_kind(text, own) for text in texts]
    told = [
        [sentence for sentence in sentences(_after_nothing(text)) if not _is_nothing(sentence)]
        if kind == "opinion"
        else []
        for text, kind in zip(texts, kinds, strict=True)
    ]
    words = [[read_words(sentence, own) for sentence in of_comment] for of_comment in told]
    said = [_telling([piece for found in of_comment for piece in clauses(found)]) for of_comment in words]
    opinions = iter(_opinions(said))
    for text, kind, pieces in zip(texts, kinds, said, strict=True):
        yield tuple(islice(opinions, len(pieces))) or _without_themes(text, kind)


def _kind(text: str, own: OwnWords) -> OpinionKind:
    if _is_nothing(text):
        return "none"
    return "foreign" if is_foreign(_after_nothing(text), own) else "opinion"


def _telling(pieces: Sequence[Sequence[Word]]) -> Sequence[Sequence[Word]]:
    """Those clauses of a comment that say something, if any does."""
    if len(pieces) > 1:
        pieces = [words for words in pieces if not _says_nothing(words)] or pieces
    return [words for words in pieces if _has_letters(words)] or pieces


def is_request(text: str) -> bool:
    """Whether a clause asks for something (〜てほしい, もう少し, 〜たらいいのに ...)."""
    return bool(_turns().request.matches([text])[0])


def is_expected(text: str) -> bool:
    """Whether a clause only says what was expected and came out otherwise (美味しいかと思ったら, 期待していたが)."""
    return _EXPECTING.search(text) is not None and _turns().expected.search(text) is not None


def _has_letters(words: Sequence[Word]) -> bool:
    return any(letter.isalnum() and letter not in _OF_FACES for word in words for letter in word.surface)


def _is_order(words: Sequence[Word]) -> bool:
    """Whether a clause ends in an imperative (早くしろ, レジを増やせ)."""
    last = next((word for word in reversed(words) if word.pos not in {"補助記号", "記号", "空白"}), None)
    return last is not None and last.form.startswith("命令形") and last.surface.endswith(_ORDERING)


def _is_nothing(text: str) -> bool:
    if len(text) > _LONGEST_NOTHING:
        return False
    bare = _NOT_WORDS.sub("", text).lower()
    if len(bare) < _MOST_OF_A_SIGN and (not bare or _ONE_SIGN.fullmatch(bare)):
        # an emoji or a face alone says something
        return FACE.search(text) is None and not any(category(letter) == "So" for letter in text)
    turns = _turns()
    return not turns.openings.isdisjoint((bare[:1], bare[:2], bare[:3])) and turns.nothing.fullmatch(bare) is not None


def _says_nothing(words: Sequence[Word]) -> bool:
    return len(words) <= _MOST_WORDS_OF_NOTHING and _is_nothing("".join(word.surface for word in words))


def _after_nothing(text: str) -> str:
    """What follows 「特になし、」 at the beginning."""
    found = _turns().nothing_but.match(text)
    return text[found.end() :] if found else text


def _without_themes(text: str, kind: OpinionKind) -> tuple[Opinion, ...]:
    """What a comment is that holds no opinion, though it may look as if."""
    shown = "none" if kind == "opinion" else kind
    return (Opinion(_shown(text), 0, shown, (), is_request=False),) if text else ()


def _opinions(said: Sequence[Sequence[Sequence[Word]]]) -> Iterator[Opinion]:
    """The opinions of all comments, one for each clause."""
    pieces = [(place, words) for of_comment in said for place, words in enumerate(of_comment)]
    texts = [_shown("".join([word.surface for word in words])) for _, words in pieces]
    for text, (place, words), requests in zip(texts, pieces, _turns().request.matches(texts), strict=True):
        expected = is_expected(text)
        asks = not expected and (bool(requests) or _is_order(words))
        yield Opinion(text, place, "opinion", read_terms(words), is_request=asks, is_expected=expected)


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
        openings=starts(nothing) or frozenset(),
        nothing_but=re.compile(rf"(?=.{{4}}){nothing}[、,，　。！!\n]+(?=.{{3}})"),
        request=Patterns((pattern, None) for pattern in table["requests"]),
        expected=re.compile(f"(?:{_any_of(table['expectations']).pattern})[、。！!？?…ー～〜]*$"),
    )


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
