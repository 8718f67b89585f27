"""A name that a store manager understands: a noun and what is said of it (「駐車場が狭い」)."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from analysis.results import Opinion, Token, Wording

_SAID_OFTEN = 0.3
"""The share of opinions that must say the same of the noun before the name says it too."""
_SAID_AT_LEAST = 3
_SPEAKS_FOR_ALL = 0.4
"""The share of a theme's opinions that hold the noun before it stands in the name alone."""
_PARTICLES = "がをにで"
_READABLE_PARTICLES = "がを"
"""「友だちに教える」 and 「楽しみで来る」 say nothing of the friend or the joy: the noun stands alone then."""
_TOPIC_PARTICLES = "はも"
_BETWEEN_NOUNS = "・"


def name_theme(head: str, opinions: Sequence[Opinion], nouns: Sequence[str] = ()) -> Wording:
    """The name of a theme whose opinions share the word key `head`. The English name is the Japanese one.

    Where few of the opinions hold `head`, the next of `nouns` (word keys, most telling first) stands beside it.
    """
    holding = [opinion for opinion in opinions if any(token.key == head for token in opinion.tokens)]
    noun = _shown(token for opinion in holding for token in opinion.tokens if token.key == head) or head
    name = _said_of(noun, head, holding)
    if len(holding) < _SPEAKS_FOR_ALL * len(opinions):
        name = _beside(noun, [key for key in nouns if key != head], opinions) or name
    return {"ja": name, "en": name}


def _said_of(noun: str, head: str, opinions: Sequence[Opinion]) -> str:
    """The noun, with its predicate where enough of these opinions say it."""
    said = Counter(predicate for opinion in opinions for predicate in _predicates(opinion, head))
    # most said first; equal counts by the words themselves, never by the order of rows
    for predicate, count in sorted(said.items(), key=lambda item: (-item[1], item[0])):
        particle = _particle(noun, predicate, opinions)
        often = count >= max(_SAID_AT_LEAST, _SAID_OFTEN * len(opinions))
        if predicate and often and particle and particle in _READABLE_PARTICLES:
            return f"{noun}{particle}{predicate}"
    return noun


def _beside(noun: str, keys: Sequence[str], opinions: Sequence[Opinion]) -> str:
    """The noun and the first other one that does not only repeat it, "" where there is none."""
    for key in keys:
        other = _shown(token for opinion in opinions for token in opinion.tokens if token.key == key)
        if other and other not in noun and noun not in other:
            return f"{noun}{_BETWEEN_NOUNS}{other}"
    return ""


def _shown(tokens: Iterable[Token]) -> str:
    written = Counter(token.surface for token in tokens)
    return min(written, key=lambda surface: (-written[surface], surface)) if written else ""


def _predicates(opinion: Opinion, head: str) -> Iterable[str]:
    """What is said of the noun: the first predicate after it. What stands before it only describes it."""
    after = False
    for token in opinion.tokens:
        if after and token.pos in {"adjective", "verb"}:
            yield _said(token, opinion.text)
            return
        after = after or token.key == head


def _said(token: Token, text: str) -> str:
    """The predicate in its plain form, 「」 when it cannot be shown simply."""
    if not token.negated:
        return token.surface
    if token.pos == "adjective" and token.surface.endswith("い"):
        return f"{token.surface[:-1]}くない"
    written = re.search(f"{re.escape(token.surface[:-1])}[ぁ-ん]?ない", text) if token.pos == "verb" else None
    return written[0] if written else ""


def _particle(noun: str, predicate: str, opinions: Sequence[Opinion]) -> str:
    """What stands most often between the noun and its predicates, "" for nothing; は and も stand for が."""
    if predicate.endswith("い"):
        return "が"
    found: Counter[str] = Counter()
    for opinion in opinions:
        at = opinion.text.find(noun)
        following = opinion.text[at + len(noun) : at + len(noun) + 1] if at >= 0 else ""
        if following in _PARTICLES or following in _TOPIC_PARTICLES:
            found["が" if following in _TOPIC_PARTICLES else following] += 1
    del found[""]
    return min(found, key=lambda particle: (-found[particle], particle)) if found else ""
