"""A name that a store manager understands: a noun and what is said of it (「駐車場が狭い」)."""

from collections import Counter
from collections.abc import Iterable, Sequence

from analysis.results import Opinion, Token, Wording

_SAID_OFTEN = 0.3
"""The share of opinions that must say the same of the noun before the name says it too."""
_SAID_AT_LEAST = 3
_PARTICLES = "がをにで"
_READABLE_PARTICLES = "がを"
"""「友だちに教える」 and 「楽しみで来る」 say nothing of the friend or the joy: the noun stands alone then."""
_TOPIC_PARTICLES = "はも"


def name_theme(head: str, opinions: Sequence[Opinion]) -> Wording:
    """The name of a theme whose opinions share the word key `head`. The English name is the Japanese one."""
    noun = _shown(token for opinion in opinions for token in opinion.tokens if token.key == head) or head
    said = Counter(_said(token) for opinion in opinions for token in _predicates(opinion, head))
    name = noun
    # most said first; equal counts by the words themselves, never by the order of rows
    for predicate, count in sorted(said.items(), key=lambda item: (-item[1], item[0])):
        particle = _particle(noun, predicate, opinions)
        often = count >= max(_SAID_AT_LEAST, _SAID_OFTEN * len(opinions))
        if predicate and often and particle and particle in _READABLE_PARTICLES:
            name = f"{noun}{particle}{predicate}"
            break
    return {"ja": name, "en": name}


def _shown(tokens: Iterable[Token]) -> str:
    written = Counter(token.surface for token in tokens)
    return min(written, key=lambda surface: (-written[surface], surface)) if written else ""


def _predicates(opinion: Opinion, head: str) -> Iterable[Token]:
    return {token for token in opinion.tokens if token.pos in {"adjective", "verb"} and token.key != head}


def _said(token: Token) -> str:
    """The predicate in its plain form, 「」 when it cannot be shown simply."""
    if not token.negated:
        return token.surface
    if token.pos == "adjective" and token.surface.endswith("い"):
        return f"{token.surface[:-1]}くない"
    return ""


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
