"""New themes in opinions that no theme explains: groups that are big and tight enough, as weighted words."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import yaml
from numpy.typing import NDArray

from analysis.discovery.grouping import Terms, group_passages, terms_of
from analysis.discovery.naming import name_theme, said_of
from analysis.discovery.things import named_things
from analysis.reading.features import entry_key
from analysis.reading.vectors import load_vectors
from analysis.results import Opinion, Theme, Token, Wording

_ENOUGH = 0.6
"""What a word of a theme weighs at least that speaks for it alone; one below it is a hint."""
_AGREED = 5
"""So many opinions must say the same of a hint before it heads a theme."""
_LONGEST_PASSAGE = 15
"""Content words. A longer comment speaks of several things."""
_MOST_WORDS = 60
_SAID_BY = 2
"""A word that one opinion alone holds is no word of a theme."""
_DOUBT = 1.0
"""Opinions that are taken to hold a word anywhere, before the first is seen: rare words prove little."""
_TELLING = 0.4
"""A word tells of a theme when the theme's share of its opinions lies so far above the theme's share of all."""
_TIGHT = 0.3
"""The share of a group's opinions that must hold a telling word."""
_GROUP = {"ja": "新しい話題", "en": "New topics"}
_ADVICE = {
    "ja": "新しく見つかった話題です。もとの声を読み、担当を決めて対応を考えましょう。",
    "en": "A newly found topic. Read the voices behind it, name someone in charge and decide what to do.",
}


def discover(
    comments: Sequence[Sequence[Opinion]], known: Mapping[str, float], *, min_opinions: int, most: int
) -> tuple[Theme, ...]:
    """The things that at least `min_opinions` of these comments name, as themes, at most `most` of them.

    `comments` hold the opinions that no theme explains. `known`: the words of themes that stand already, with the most
    that each of them weighs. They head no new theme; one that is only a hint (野菜) does where the opinions agree on
    what they say of it, for its name tells then what is new. The order of comments does not matter.
    """
    ordered = sorted((comment for comment in comments if comment), key=_letters)
    barred = light_nouns() | {word for word, weight in known.items() if weight >= _ENOUGH}
    found: list[Theme] = []
    for thing in named_things(ordered, min_opinions, barred):
        name = name_theme(thing.key, thing.opinions)
        if thing.key not in known or said_of(thing.key, thing.opinions, _AGREED):
            found.append(_theme(thing.key, thing.words, name))
    return tuple(found[:most])


def sort_all(
    comments: Sequence[Sequence[Opinion]], *, min_opinions: int, most: int, seed: int = 0
) -> tuple[Theme, ...]:
    """Sort opinions that no catalogue reads into themes, biggest first, at most `most` of them.

    What stands together in a short comment speaks of the same. The order of comments does not matter. Word vectors help
    where they are installed.
    """
    passages = sorted((piece for comment in comments for piece in _passages(comment)), key=_letters)
    if len(passages) < min_opinions:
        return ()
    terms = terms_of([[token for opinion in passage for token in opinion.tokens] for passage in passages])
    groups = group_passages(terms, load_vectors(), seed)
    words = _telling_words(terms, groups)
    heads = np.array([_may_head(token) for token in terms.tokens])
    found: dict[str, tuple[int, Theme]] = {}
    for number in range(len(words)):
        rows = np.flatnonzero(groups == number)
        opinions = [opinion for row in rows for opinion in passages[row]]
        nouns = _nouns(terms, np.where(heads, words[number], 0), opinions)
        holding = _holding(terms, words[number] >= _TELLING, rows)
        if nouns and holding >= max(min_opinions, _TIGHT * len(rows)):
            theme = _theme(nouns[0], _weighted(terms, words[number]), name_theme(nouns[0], opinions, nouns))
            found[theme.id] = (len(rows), theme)
    ranked = sorted(found.values(), key=lambda item: (-item[0], item[1].id))
    return tuple(theme for _, theme in ranked[:most])


def _passages(opinions: Sequence[Opinion]) -> Iterable[tuple[Opinion, ...]]:
    """A comment in pieces of whole opinions: a short one is one piece."""
    piece: list[Opinion] = []
    for opinion in opinions:
        if piece and sum(len(other.tokens) for other in (*piece, opinion)) > _LONGEST_PASSAGE:
            yield tuple(piece)
            piece = []
        piece.append(opinion)
    if piece:
        yield tuple(piece)


def _letters(passage: Sequence[Opinion]) -> list[str]:
    return [opinion.text for opinion in passage] + [token.key for opinion in passage for token in opinion.tokens]


def _telling_words(terms: Terms, groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much each word tells of each group: 0 for a word that all groups share alike, 1 for one of this alone."""
    count = int(groups.max()) + 1 if len(groups) else 0
    held = np.zeros((count, len(terms.tokens)))
    for number in range(count):
        held[number] = np.asarray(terms.held[groups == number].sum(axis=0)).ravel()
    base = np.bincount(groups, minlength=count)[:, None] / max(len(groups), 1)
    told = (held + _DOUBT * base) / (held.sum(axis=0) + _DOUBT)
    # where all speak of one thing, every shared word tells of it
    above = (told - base) / (1 - base) if count > 1 else told
    above[(held < _SAID_BY) | (above < 0)] = 0
    for number in range(count):
        order = np.lexsort((np.arange(len(terms.tokens)), -np.round(above[number] * held[number], 9)))
        above[number, order[_MOST_WORDS:]] = 0
    return np.asarray(np.round(above, 3))


def _nouns(terms: Terms, words: NDArray[np.float64], opinions: Sequence[Opinion]) -> list[str]:
    """These words, which may stand in the name, most telling of the most opinions first."""
    held = Counter(key for opinion in opinions for key in {token.key for token in opinion.tokens})
    weights = {terms.tokens[place].key: float(words[place]) for place in np.flatnonzero(words).tolist()}
    return sorted((key for key in weights if held[key]), key=lambda key: (-round(weights[key] * held[key], 6), key))


def _may_head(token: Token) -> bool:
    key = token.key
    return token.pos == "noun" and len(key) > 1 and key not in light_nouns() and any(letter.isalpha() for letter in key)


def _holding(terms: Terms, telling: NDArray[np.bool_], rows: NDArray[np.int64]) -> int:
    """How many opinions of a group hold a telling word."""
    return int(((terms.held[rows] @ telling) > 0).sum())


def _weighted(terms: Terms, words: NDArray[np.float64]) -> dict[str, float]:
    telling = sorted(np.flatnonzero(words).tolist(), key=lambda place: (-words[place], place))
    return {terms.tokens[place].key: float(words[place]) for place in telling}


def _theme(head: str, words: Mapping[str, float], name: Wording) -> Theme:
    return Theme(
        id=f"d-{hashlib.sha256(head.encode()).hexdigest()[:10]}",
        name=name,
        origin="discovered",
        words={head: 1.0} | {key: weight for key, weight in words.items() if key != head},
        group=_GROUP,
        advice=_ADVICE,
    )


@cache
def light_nouns() -> frozenset[str]:
    """Nouns that are no theme of their own (所, 今回, 家族): no discovered theme is named after one."""
    words = yaml.safe_load(files("analysis").joinpath("data/stopwords.yaml").read_text("utf-8"))
    return frozenset(str(word) for word in words) | frozenset(entry_key(str(word)) for word in words)
