"""A name that a store manager understands: a noun and what is said of it (「駐車場が狭い」)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from analysis.reading.features import runs
from analysis.results import Opinion, Token, Wording

_SAID_OFTEN = 0.3
"""The share of opinions that must say the same of the noun before the name says it too."""
_SAID_AT_LEAST = 3
_SPEAKS_FOR_ALL = 0.4
"""The share of a theme's opinions that hold the noun before it stands in the name alone."""
_MOSTLY = 0.5
_IS_THERE = "がある"
"""What is said of a thing where most only say that it is there (「食べごたえがあります」)."""
_BEING = re.compile("[がはも](?:とても|すごく|かなり)?あ[るりっ]")
_ONE_FORM = 0.5
"""The share of a noun's compounds that must be one and the same before it is called by that one."""
_PARTICLES = "がをにで"
_READABLE_PARTICLES = "がを"
"""「友だちに教える」 and 「楽しみで来る」 say nothing of the friend or the joy: the noun stands alone then."""
_TOPIC_PARTICLES = "はも"
_BETWEEN_NOUNS = "・"
_ENDS_CLAUSE = re.compile("で(?:す|し|も)|だ|で(?!き)|[。！!…、～〜ー]|$")
_TELLS = re.compile(r"[がはも][^がをに]*$")


def name_theme(head: str, opinions: Sequence[Opinion], nouns: Sequence[str] = ()) -> Wording:
    """The name of a theme whose opinions share the word key `head`. The English name is the Japanese one.

    Where few of the opinions hold `head`, the next of `nouns` (word keys, most telling first) stands beside it.
    """
    holding = [opinion for opinion in opinions if any(_names(token, head) for token in opinion.tokens)]
    noun = _noun(head, holding)
    name = f"{noun}{said_of(head, holding)}"
    if len(holding) < _SPEAKS_FOR_ALL * len(opinions):
        name = _beside(noun, [key for key in nouns if key != head], opinions) or name
    return {"ja": name, "en": name}


def said_of(head: str, opinions: Sequence[Opinion], at_least: int = _SAID_AT_LEAST) -> str:
    """What enough of these opinions say of a noun, with its particle (「が狭い」); "" where they don't agree."""
    forms: defaultdict[tuple[str, bool], list[tuple[Opinion, Token]]] = defaultdict(list)
    for opinion in opinions:
        token = _predicate(opinion, head)
        if token is not None:
            forms[token.key, token.negated].append((opinion, token))
    most, second = [*sorted(forms.values(), key=len, reverse=True), [], []][:2]
    often = max(at_least, _SAID_OFTEN * len(opinions))
    if len(most) == len(second) or len(most) < often:
        there = sum(any(_is_there(token, head, opinion.text) for token in opinion.tokens) for opinion in opinions)
        return _IS_THERE if there >= max(often, _MOSTLY * len(opinions)) else ""
    predicate = _most(_shown(token, opinion.text) for opinion, token in most)
    particle = _particle(head, predicate, [opinion for opinion, _ in most])
    return f"{particle}{predicate}" if predicate and particle and particle in _READABLE_PARTICLES else ""


def _names(token: Token, head: str) -> bool:
    """Whether a token is this noun, or a compound that it is a part of."""
    return token.key == head or (token.pos == "noun" and head in runs(token.parts))


def _noun(head: str, opinions: Sequence[Opinion]) -> str:
    """How the noun is written most; a compound where it mostly stands in this one (ボックス: リサイクルボックス)."""
    tokens = [token for opinion in opinions for token in opinion.tokens if _names(token, head)]
    forms = Counter(token.surface for token in tokens)
    form = _most(forms.elements())
    of_one_form = form and forms[form] >= _ONE_FORM * len(tokens)
    return form if of_one_form else _most(token.surface for token in tokens if token.key == head) or head


def _most(written: Iterable[str]) -> str:
    found = Counter(written)
    return min(found, key=lambda text: (-found[text], text)) if found else ""


def _beside(noun: str, keys: Sequence[str], opinions: Sequence[Opinion]) -> str:
    """The noun and the first other one that does not only repeat it, "" where there is none."""
    for key in keys:
        other = _most(token.surface for opinion in opinions for token in opinion.tokens if token.key == key)
        if other and other not in noun and noun not in other:
            return f"{noun}{_BETWEEN_NOUNS}{other}"
    return ""


def _predicate(opinion: Opinion, head: str) -> Token | None:
    """What is said of the noun: the first predicate after it. What stands before the noun only describes it.

    A noun is a predicate where it ends the clause (「箱が満杯です」).
    """
    subject = ""
    for token in opinion.tokens:
        if subject and (token.pos in {"adjective", "verb"} or _ends_clause(token, subject, opinion.text)):
            return token
        subject = token.surface if _names(token, head) else subject
    return None


def _is_there(token: Token, head: str, text: str) -> bool:
    return _names(token, head) and bool(_BEING.match(text.partition(token.surface)[2]))


def _ends_clause(token: Token, subject: str, text: str) -> bool:
    between, _, rest = text.partition(subject)[2].partition(token.surface)
    return token.pos == "noun" and bool(_TELLS.match(between)) and bool(_ENDS_CLAUSE.match(rest))


def _shown(token: Token, text: str) -> str:
    """The predicate in its plain form, 「」 when it cannot be shown simply."""
    if not token.negated:
        return token.surface
    if token.pos == "adjective" and token.surface.endswith("い"):
        return f"{token.surface[:-1]}くない"
    written = re.search(f"{re.escape(token.surface[:-1])}[ぁ-ん]?ない", text) if token.pos == "verb" else None
    return written[0] if written else ""


def _particle(head: str, predicate: str, opinions: Sequence[Opinion]) -> str:
    """What stands most often between the noun and its predicates, "" for nothing; は and も stand for が."""
    if predicate.endswith("い"):
        return "が"
    found: Counter[str] = Counter()
    for opinion in opinions:
        for token in opinion.tokens:
            following = opinion.text.partition(token.surface)[2][:1] if _names(token, head) else ""
            if following and following in f"{_PARTICLES}{_TOPIC_PARTICLES}":
                found["が" if following in _TOPIC_PARTICLES else following] += 1
    return min(found, key=lambda particle: (-found[particle], particle)) if found else ""
