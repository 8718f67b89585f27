"""Does an opinion praise or blame? A lexicon and rules; the request flag is separate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.polarity.lexicon import DIFFICULT, EASY, NOT, TOO, Flag, Lexicon, lexicon
from analysis.reading.patterns import Found, longest
from analysis.results import Opinion, Polarity, Token

CLEAR = 0.25
"""A score from here on says something; what lies below only leans (「駐車場がある」)."""

_ABSENT = "無い"
_VERY = "大変"
_BEFORE, _AFTER = 2, 1
"""A word of `context` looks so many words around: 「車がない場合、少ないバスに乗る」 does not praise few cars."""
_MILD, _STRESSED = 0.5, 1.5
_BESIDE = 0.5
"""What a word of `context` weighs: less than any word that praises or blames by itself."""

Mark = tuple[int, float]
"""Where something in an opinion praises or blames, and how much."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """What the text itself shows, words apart: turns of speech, and where each flag first stands."""

    turns: Sequence[Found]
    flags: Mapping[Flag, int]


_NO_SIGNS = _Signs((), {})


def read_polarity(opinion: Opinion) -> Polarity:
    """Positive, neutral or negative. What a request wishes for is no praise: 「安いとうれしい」 is not positive."""
    return polarity_of(polarity_score(opinion))


def read_polarities(opinions: Sequence[Opinion]) -> list[Polarity]:
    """Judge many opinions, which is much quicker at once than one by one."""
    return [polarity_of(score) for score in polarity_scores(opinions)]


def polarity_of(score: float) -> Polarity:
    """Name a score; what only leans is neutral."""
    if score >= CLEAR:
        return "positive"
    return "negative" if score <= -CLEAR else "neutral"


def is_description(opinion: Opinion) -> bool:
    """Whether an opinion only tells what its writer did (「家族で来ました」)."""
    return lexicon().description.search(opinion.text) is not None


def polarity_score(opinion: Opinion) -> float:
    """Praise minus blame of one opinion; about 1 for a plain word, 0 when it holds neither.

    Where both are said, what is said last counts twice: in Japanese that is the predicate.
    """
    return polarity_scores([opinion])[0]


def polarity_scores(opinions: Sequence[Opinion]) -> list[float]:
    """Praise minus blame of each opinion."""
    rules = lexicon()
    found = rules.signs.matches([opinion.text for opinion in opinions])
    return [_score(opinion, _signs(signs), rules) for opinion, signs in zip(opinions, found, strict=True)]


def _score(opinion: Opinion, signs: _Signs, rules: Lexicon) -> float:
    if opinion.kind != "opinion" or opinion.is_expected:
        return 0.0
    marks = _marks(opinion, signs, rules)
    if "unique" in signs.flags:
        marks = [(0, 1.0), *(mark for mark in marks if mark[1] > 0)]
    if not marks:
        return 0.0
    if any(value > 0 for _, value in marks) and _only_blames(opinion, signs, rules):
        marks = [mark for mark in marks if mark[1] < 0]
    return _sum(marks) * _force(signs)


def _signs(found: Sequence[tuple[int, int, float | Flag]]) -> _Signs:
    if not found:
        return _NO_SIGNS
    turns: list[Found] = []
    flags: dict[Flag, int] = {}
    for start, end, label in found:
        if isinstance(label, float):
            turns.append((start, end, label))
        else:
            flags[label] = min(start, flags.get(label, start))
    return _Signs(longest(turns), flags)


def _only_blames(opinion: Opinion, signs: _Signs, rules: Lexicon) -> bool:
    """Whether praise is no praise here: in a wish, a question, and of what is too little."""
    if opinion.is_request:
        return rules.despite_wish.search(opinion.text) is None
    return "question" in signs.flags or ("unique" not in signs.flags and _is_scarce(opinion, signs, rules))


def _sum(marks: Sequence[Mark]) -> float:
    if len(marks) == 1:
        return marks[0][1]
    values = [value for _, value in sorted(marks)]
    if values and min(values) < 0 < max(values):
        values.append(values[-1])
    return sum(values)


def _force(signs: _Signs) -> float:
    if "mild" in signs.flags:
        return _MILD
    return _STRESSED if "stressed" in signs.flags else 1.0


def _marks(opinion: Opinion, signs: _Signs, rules: Lexicon) -> list[Mark]:
    keys = _keys(opinion.tokens)
    marks: list[Mark] = []
    if not rules.counting.isdisjoint(keys):
        marks = _word_marks(opinion, keys, signs.turns, rules)
    marks += [(start, value) for start, _, value in signs.turns if value]
    if "absent" in signs.flags:
        marks = _with_absence(opinion, marks, signs.flags["absent"], rules)
    if not marks and not rules.strengthening.isdisjoint(keys):
        marks = [(0, 1.0)]
    return marks


def _spoken(starts: Sequence[int], turns: Sequence[Found]) -> list[bool]:
    """Which tokens count by themselves: those outside of the turns of speech."""
    if not turns:
        return [True] * len(starts)
    return [not any(start <= at < end for start, end, _ in turns) for at in starts]


def _starts(opinion: Opinion) -> list[int]:
    """About where each token stands in the text: what is written begins like the plain form."""
    found, at, find = [], 0, opinion.text.find
    for token in opinion.tokens:
        length = len(token.surface)
        place = find(token.surface, at)
        while place < 0 and length > 1:
            length -= 1
            place = find(token.surface[:length], at)
        at = max(at, place)
        found.append(at)
        at += 1
    return found


def _word_marks(opinion: Opinion, keys: Sequence[str], turns: Sequence[Found], rules: Lexicon) -> list[Mark]:
    marks: list[Mark] = []
    tokens, starts = opinion.tokens, _starts(opinion)
    spoken = _spoken(starts, turns)
    relieved = frozenset[str]() if rules.scarce.isdisjoint(keys) else _relieved(tokens, rules)
    for place, token in enumerate(tokens):
        if not (token.parts or token.key in rules.known) or not spoken[place] or token.key in relieved:
            continue
        if token.negated and token.key in rules.perceiving:
            marks[-1:] = [(start, -value) for start, value in marks[-1:]]
        elif token.key == _ABSENT and _relieves(tokens, place, rules):
            marks[-1:] = [(start, abs(value)) for start, value in marks[-1:]]
        elif value := _value(token, _near(tokens, place, rules) if token.key in rules.context else (), rules):
            marks.append((starts[place], value))
    if len(rules.in_phrases.intersection(keys)) > 1:
        marks += _phrase_marks(tokens, starts, spoken, rules)
    return marks


def _phrase_marks(
    tokens: Sequence[Token], starts: Sequence[int], spoken: Sequence[bool], rules: Lexicon
) -> Iterator[Mark]:
    said = {token.key: (start, token) for token, start, heard in zip(tokens, starts, spoken, strict=True) if heard}
    for phrase in sorted(rules.vocabulary.find([token for _, token in said.values()])):
        parts = [said[key] for key in phrase.split(" ") if key in said]
        turned = any(token.negated for _, token in parts)
        value = rules.phrases[phrase]
        yield max((start for start, _ in parts), default=0), -value if turned else value


def _with_absence(opinion: Opinion, marks: list[Mark], place: int, rules: Lexicon) -> list[Mark]:
    """「駐車場がありません」, 「何もない」: something is missing, unless what is missing is a fault."""
    if any(token.key == _ABSENT for token in opinion.tokens):
        return marks
    if any(value < 0 for _, value in marks):
        return [(start, abs(value)) for start, value in marks]
    if any(token.negated and _value(token, (), rules) for token in opinion.tokens):
        return marks
    return [*marks, (place, -1.0)]


def _value(token: Token, near: Sequence[str], rules: Lexicon) -> float:
    if token.key == _VERY and token.pos == "adverb":
        return 0.0  # 大変良かった
    if token.negated and (value := rules.negated.get(token.key)) is not None:
        return value
    if token.negated and token.key in rules.burdens:
        return 1.0
    value = _plain(token, near, rules)
    return -value if token.negated else value


def _plain(token: Token, near: Sequence[str], rules: Lexicon) -> float:
    if token.key in rules.context:
        return _in_context(token.key, near, rules)
    if token.key in rules.values:
        return rules.values[token.key]
    if not token.parts:
        return 0.0
    if token.parts[-1] in DIFFICULT or token.parts[0] == NOT:
        return 1.0 if token.parts[-1] == TOO and token.parts[0] in rules.never_too_much else -1.0
    if token.parts[-1] == EASY:
        return 1.0
    found = [rules.values[part] for part in token.parts if part in rules.values]
    return found[-1] if found else 0.0


def _in_context(key: str, near: Sequence[str], rules: Lexicon) -> float:
    table, otherwise = rules.context[key]
    beside = [table[other] for other in near if other != key and other in table]
    if beside:
        return beside[0] * _BESIDE
    return rules.values.get(key, 0.0) if otherwise is None else otherwise * _BESIDE


def _is_scarce(opinion: Opinion, signs: _Signs, rules: Lexicon) -> bool:
    """Whether something good is too little: 「魅力的な商品が少ない」; but 「混雑が少ない」 is no lack."""
    tokens = opinion.tokens
    scarce = [place for place, token in enumerate(tokens) if token.key in rules.scarce]
    if not scarce:
        return False
    spoken = _spoken(_starts(opinion), signs.turns)
    return any(
        spoken[place] and _value(tokens[place], _near(tokens, place, rules), rules) < 0
        for place in scarce
        if tokens[place].key != _ABSENT or not _relieves(tokens, place, rules)
    )


def _keys(tokens: Sequence[Token]) -> list[str]:
    return [key for token in tokens for key in (token.key, *token.parts)]


def _near(tokens: Sequence[Token], place: int, rules: Lexicon) -> list[str]:
    """What stands beside a word, the nearest in front first. Behind 「少なくて」 stands what follows from it."""
    before = [key for token in reversed(tokens[max(0, place - _BEFORE) : place]) for key in (token.key, *token.parts)]
    if tokens[place].key in rules.scarce:
        return before
    return before + _keys(tokens[place : place + _AFTER + 1])


def _relieved(tokens: Sequence[Token], rules: Lexicon) -> frozenset[str]:
    """Faults that there is little of: 「待ち時間が少ない」 praises, so 待ち時間 does not blame."""
    return frozenset(
        key
        for place, token in enumerate(tokens)
        if token.key in rules.scarce and token.key in rules.context
        for key in _keys(tokens[:place])
        if rules.context[token.key][0].get(key, 0.0) > 0
    )


def _relieves(tokens: Sequence[Token], place: int, rules: Lexicon) -> bool:
    """Whether what is missing is a fault or burden (「遅れなどがない」, 「悪いところがない」): else its lack is one."""
    things = (token for token in reversed(tokens[:place]) if token.key not in rules.fillers)
    thing = next(things, None)
    return thing is not None and any(
        rules.values.get(key, 0.0) < 0 or key in rules.burdens for key in (thing.key, *thing.parts)
    )
