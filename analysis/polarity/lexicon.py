"""The words and turns of speech that praise or blame: `data/polarity.yaml`, ready to be looked up."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

import yaml

from analysis.reading.features import Vocabulary, entry_key, is_negated, is_noun
from analysis.reading.patterns import Patterns

_SIGNS = (("positive", 1.0), ("negative", -1.0), ("neutral", 0.0))
_STRONG, _WEAK, _BARELY = 2.0, 0.5, 0.2
_ANYTHING, _BURDENS = "*", "burdens"
NOT, TOO, EASY = "不", "過ぎる", "易い"
DIFFICULT = frozenset(("難い", "にくい", TOO))
Flag = Literal["unique", "absent", "question", "mild", "stressed"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Values are 1 for a plain word, 2 for a verdict, 0.5 for a weak one; negative ones blame.

    `negated`: words that are listed in their negated form (つまらない). `known`: all that can count by itself;
    `counting`: these, and what can count as part of a compound or phrase. `signs`: turns of speech by their values, and
    what else in a text changes how it is judged. `context`: for each word, what the words beside it make of it, and
    what it is beside anything else (None: what it is alone).
    """

    values: Mapping[str, float]
    negated: Mapping[str, float]
    phrases: Mapping[str, float]
    vocabulary: Vocabulary
    in_phrases: frozenset[str]
    known: frozenset[str]
    counting: frozenset[str]
    burdens: frozenset[str]
    strengthening: frozenset[str]
    scarce: frozenset[str]
    never_too_much: frozenset[str]
    fillers: frozenset[str]
    perceiving: frozenset[str]
    context: Mapping[str, tuple[Mapping[str, float], float | None]]
    signs: Patterns[float | Flag]
    despite_wish: re.Pattern[str]
    description: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The table in `data/polarity.yaml`."""
    table = yaml.safe_load(files("analysis").joinpath("data/polarity.yaml").read_text("utf-8"))
    entries = {(entry_key(word), is_negated(word)): value for word, value in _words(table)}
    phrases = {key: value for (key, _), value in entries.items() if " " in key}
    values, negated = (
        {key: value for (key, is_it), value in entries.items() if is_it is wanted and key not in phrases}
        for wanted in (False, True)
    )
    burdens, perceiving = (frozenset(entry_key(word) for word in table[name]) for name in ("burdens", "perceiving"))
    faults = frozenset(entry_key(word) for word, value in _words(table) if value < 0 and is_noun(word))
    context = {entry_key(row["word"]): _row(row, burdens | faults) for row in table["context"]}
    known = frozenset((*values, *negated, *context, *burdens, *perceiving))
    in_phrases = frozenset(word for phrase in phrases for word in phrase.split(" "))
    return Lexicon(
        values=values,
        negated=negated,
        phrases=phrases,
        vocabulary=Vocabulary(phrases),
        in_phrases=in_phrases,
        burdens=burdens,
        strengthening=frozenset(entry_key(word) for word in table["strengthening"]),
        never_too_much=frozenset(entry_key(word) for word in table["never_too_much"]),
        fillers=frozenset(entry_key(word) for word in table["fillers"]),
        scarce=frozenset(entry_key(word) for word in table["scarce"]),
        perceiving=perceiving,
        context=context,
        known=known,
        counting=known | in_phrases | {NOT, TOO, EASY} | DIFFICULT,
        signs=Patterns(_signs(table)),
        despite_wish=_any_of(table["despite_wish"]),
        description=_any_of(table["description"]),
    )


def _words(table: Mapping[str, Any]) -> Iterable[tuple[str, float]]:
    strong = frozenset(table["strong"])
    for name, sign in _SIGNS[:2]:
        for word in table["weak"][name]:
            yield word, sign * _WEAK
        for words in table[name].values():
            for word in words:
                yield word, sign * (_STRONG if word in strong else 1.0)


def _row(row: Mapping[str, Any], burdens: frozenset[str]) -> tuple[Mapping[str, float], float | None]:
    values = dict(_pairs(row))
    otherwise = values.pop(_ANYTHING, None)
    of_burdens = values.pop(_BURDENS, None)
    table = {} if of_burdens is None else dict.fromkeys(sorted(burdens), of_burdens)
    return table | {entry_key(word): value for word, value in values.items()}, otherwise


def _signs(table: Mapping[str, Any]) -> Iterable[tuple[str, float | Flag]]:
    yield from _turns(table)
    for flag in get_args(Flag):
        for pattern in table[flag]:
            yield pattern, flag


def _turns(table: Mapping[str, Any]) -> Iterable[tuple[str, float]]:
    for name, sign in _SIGNS:
        for strength, weight in (("", 1.0), ("weakly_", _WEAK), ("barely_", _BARELY)):
            for turn in table["turns"].get(strength + name, ()):
                yield turn, sign * weight
    for face, value in _pairs(table["emoji"]):
        yield re.escape(face), value


def _pairs(table: Mapping[str, Any]) -> Iterable[tuple[str, float]]:
    for name, value in _SIGNS:
        for word in table.get(name, ()):
            yield str(word), value


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
