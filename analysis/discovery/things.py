"""What the themes leave unexplained, by the things that many name: 「リサイクルボックス」, 「電波」. Pure.

Beside a catalogue most of what is left are single voices. People see some of them as one only where they name the same
thing, so an opinion belongs to a thing by its noun and by nothing else.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from analysis.reading.features import runs
from analysis.results import Opinion, Token

_SPOKEN_OF = 0.6
"""How much of what its opinions say must be said of a noun, from 0 (it sets the scene) to 1 (it is the subject)."""
_SCENE = re.compile("で(?!す|し|あ)|に|から|まで|へ|と|より|ほど|なく")
_DEED = re.compile("し[たてまなよ]|さ[れせ]|す[るれ]|でき|出来")
_OWNER = 0.5
"""「リサイクルボックスの数」, 「ポケモンマンホール」: the thing that another one belongs to."""
_SAID_BY = 3
_MOSTLY_HERE = 0.5
"""A word goes with a thing where more than half of the opinions that hold it name the thing."""
_BESIDE = 0.25
"""What such a word weighs at most: it brings quotes into order, and speaks for the theme only with two others."""
_MOST_BESIDE = 20


@dataclass(frozen=True, slots=True)
class Thing:
    """A noun, by its word key, and the opinions that name it. `words` weigh what speaks for it."""

    key: str
    opinions: tuple[Opinion, ...]
    words: dict[str, float]


def named_things(comments: Sequence[Sequence[Opinion]], smallest: int, barred: Container[str]) -> tuple[Thing, ...]:
    """The nouns that at least `smallest` comments speak of, most spoken of first. `barred` ones name nothing.

    An opinion counts for one thing, the one that more speak of.
    """
    opinions = [(number, opinion) for number, comment in enumerate(comments) for opinion in comment]
    holders = Counter(key for _, opinion in opinions for key in {token.key for token in opinion.tokens})
    open_nouns = {key: rows for key, rows in _spoken_of(opinions, barred).items() if len(rows) >= smallest}
    found: list[Thing] = []
    while open_nouns:
        # of equally many the longer, then the earlier word: no order of rows decides
        key = min(open_nouns, key=lambda noun: (-sum(open_nouns[noun].values()), -len(noun), noun))
        rows = open_nouns.pop(key)
        voices = {opinions[place][0] for place in rows}
        if len(voices) >= smallest and sum(rows.values()) >= _SPOKEN_OF * len(rows):
            named = tuple(opinions[place][1] for place in sorted(rows))
            found.append(Thing(key, named, _words(key, named, holders)))
            for others in open_nouns.values():
                for place in rows.keys() & others.keys():
                    del others[place]
    return tuple(found)


def _spoken_of(opinions: Sequence[tuple[int, Opinion]], barred: Container[str]) -> dict[str, dict[int, float]]:
    """How much each opinion, by its place, speaks of every noun that it holds: 0, 0.5 or 1."""
    found: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for place, (_, opinion) in enumerate(opinions):
        for token in opinion.tokens:
            if token.pos == "noun" and token.key not in barred:
                for key, much in _nouns(token, opinion.text):
                    if key not in barred:
                        found[key][place] = max(much, found[key].get(place, 0.0))
    return found


def _nouns(token: Token, text: str) -> Iterator[tuple[str, float]]:
    """A noun and what it is made of, each with how much is said of it."""
    after = text.partition(token.surface)[2].removeprefix("さん")
    much = 0.0 if _SCENE.match(after) or _DEED.match(after) else _OWNER if after.startswith("の") else 1.0
    for key in {token.key, *runs(token.parts)}:
        if len(key) > 1 and any(letter.isalpha() for letter in key):
            yield key, much if token.key.endswith(key) else min(much, _OWNER)


def _words(key: str, opinions: Sequence[Opinion], holders: Counter[str]) -> dict[str, float]:
    """The noun decides alone; what is mostly said with it stands beside it, most first."""
    tokens = ({token.key: token for token in opinion.tokens} for opinion in opinions)
    # a compound of the noun is the noun itself, and must not be weighed on its own
    held = Counter(word for found in tokens for word, token in found.items() if key not in (word, *runs(token.parts)))
    shares = {word: count / (holders[word] + 1) for word, count in held.items() if count >= _SAID_BY}
    beside = sorted((-round(_BESIDE * share, 3), word) for word, share in shares.items() if share >= _MOSTLY_HERE)
    return {key: 1.0} | {word: -weight for weight, word in beside[:_MOST_BESIDE]}
