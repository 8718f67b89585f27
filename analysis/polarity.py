"""Does an opinion praise or blame? A lexicon and rules; the request flag is separate."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from analysis.features import Vocabulary, entry_key, is_negated
from analysis.results import Opinion, Polarity, Token

_STRONG = 2.0
_BESIDE = 0.5
"""What a word of `context` weighs: less than any word that praises or blames by itself."""
_ANYTHING = "*"
_DIFFICULT = frozenset(("難い", "にくい", "過ぎる"))
_EASY = "易い"
_NEGATED = "!"
_NOT = "不"
_VERY = "大変"
_NEAR = 3
"""A word of `context` looks so many words around: 「車がない場合、少ないバスに乗る」 does not praise few cars."""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    values: Mapping[str, float]
    phrases: Mapping[str, float]
    vocabulary: Vocabulary
    strengthening: frozenset[str]
    scarce: frozenset[str]
    patterns: Sequence[tuple[re.Pattern[str], float]]
    unique: re.Pattern[str]
    context: Mapping[str, Mapping[str, float]]
    emoji: Mapping[str, float]


def read_polarity(opinion: Opinion) -> Polarity:
    """Positive, neutral or negative. What a request wishes for is no praise: 「安いとうれしい」 is not positive."""
    score = polarity_score(opinion)
    if score > 0:
        return "positive"
    return "negative" if score < 0 else "neutral"


def polarity_score(opinion: Opinion) -> float:
    """Praise minus blame of one opinion; 0 when it holds neither or both."""
    if opinion.kind != "opinion":
        return 0.0
    lexicon = _lexicon()
    keys = _keys(opinion.tokens)
    relieved = _relieved(keys, lexicon)
    tokens = [(place, token) for place, token in enumerate(opinion.tokens) if token.key not in relieved]
    scores = [score for place, token in tokens if (score := _value(token, _near(opinion.tokens, place), lexicon))]
    if not scores and lexicon.strengthening.intersection(keys):
        scores = [1.0]
    scores += [lexicon.phrases[phrase] for phrase in sorted(lexicon.vocabulary.find(opinion.tokens))]
    scores += [value for pattern, value in lexicon.patterns if pattern.search(opinion.text)]
    scores += [value for face, value in lexicon.emoji.items() if face in opinion.text]
    unique = lexicon.unique.search(opinion.text) is not None
    if unique:
        scores = [1.0, *(max(score, 0.0) for score in scores)]
    if opinion.is_request or (not unique and _is_scarce(opinion.tokens, lexicon)):
        scores = [min(score, 0.0) for score in scores]
    return sum(scores)


def _value(token: Token, keys: Sequence[str], lexicon: _Lexicon) -> float:
    if token.key == "無い":
        return _absence(keys, lexicon)
    if token.negated and token.key + _NEGATED in lexicon.values:
        return lexicon.values[token.key + _NEGATED]
    value = _plain(token, keys, lexicon)
    return -value if token.negated else value


def _plain(token: Token, keys: Sequence[str], lexicon: _Lexicon) -> float:
    last = token.parts[-1] if token.parts else ""
    if token.key == _VERY and token.pos == "adverb":
        return 0.0  # 大変良かった
    if token.key in lexicon.context:
        return _in_context(token.key, keys, lexicon)
    if token.key in lexicon.values:
        return lexicon.values[token.key]
    if last in _DIFFICULT or (token.parts and token.parts[0] == _NOT):
        return -1.0
    if last == _EASY:
        return 1.0
    found = [lexicon.values[part] for part in token.parts if part in lexicon.values]
    return found[-1] if found else 0.0


def _in_context(key: str, keys: Sequence[str], lexicon: _Lexicon) -> float:
    table = lexicon.context[key]
    beside = [table[other] for other in keys if other != key and other in table]
    if beside:
        return beside[0] * _BESIDE
    return table.get(_ANYTHING, 0.0) * _BESIDE or lexicon.values.get(key, 0.0)


def _is_scarce(tokens: Sequence[Token], lexicon: _Lexicon) -> bool:
    """Whether something good is too little: 「魅力的な商品が少ない」; but 「混雑が少ない」 is no lack."""
    scarce = [(place, token) for place, token in enumerate(tokens) if token.key in lexicon.scarce]
    return any(_value(token, _near(tokens, place), lexicon) < 0 for place, token in scarce)


def _keys(tokens: Sequence[Token]) -> list[str]:
    return [key for token in tokens for key in (token.key, *token.parts)]


def _near(tokens: Sequence[Token], place: int) -> list[str]:
    return _keys(tokens[max(0, place - _NEAR) : place + _NEAR + 1])


def _relieved(keys: Sequence[str], lexicon: _Lexicon) -> frozenset[str]:
    """Faults that there is little of: 「待ち時間が少ない」 praises, so 待ち時間 does not blame."""
    few = [lexicon.context[key] for key in keys if key in lexicon.scarce and key in lexicon.context]
    return frozenset(key for table in few for key in keys if table.get(key, 0.0) > 0)


def _absence(keys: Sequence[str], lexicon: _Lexicon) -> float:
    """Something is missing: a fault, unless what is missing is itself one (the negated noun then counts as praise)."""
    return 0.0 if any(lexicon.values.get(key, 0.0) < 0 for key in keys if key != "無い") else -1.0


@cache
def _lexicon() -> _Lexicon:
    table = yaml.safe_load(files("analysis").joinpath("data/polarity.yaml").read_text("utf-8"))
    strong = frozenset(table["strong"])
    values = {_lexicon_key(word): value * (_STRONG if word in strong else 1.0) for word, value in _pairs(table)}
    phrases = {key: value for key, value in values.items() if " " in key}
    return _Lexicon(
        values=values,
        phrases=phrases,
        vocabulary=Vocabulary(phrases),
        strengthening=frozenset(entry_key(word) for word in table["strengthening"]),
        scarce=frozenset(entry_key(word) for word in table["scarce"]),
        patterns=[(re.compile(pattern), value) for pattern, value in _pairs(table["patterns"])],
        unique=re.compile("|".join(table["unique"])),
        context={entry_key(row["word"]): _row(row) for row in table["context"]},
        emoji=dict(_pairs(table["emoji"])),
    )


def _lexicon_key(entry: str) -> str:
    return entry_key(entry) + (_NEGATED if " " not in entry and is_negated(entry) else "")


def _row(row: Mapping[str, Any]) -> dict[str, float]:
    return {word if word == _ANYTHING else entry_key(word): value for word, value in _pairs(row)}


def _pairs(table: Mapping[str, Any]) -> Iterable[tuple[str, float]]:
    for name, value in (("positive", 1.0), ("negative", -1.0), ("neutral", 0.0)):
        for word in table.get(name, ()):
            yield str(word), value
