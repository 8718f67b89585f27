"""Dictionary words into content words: compounds joined, negation marked, particles left out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from analysis.reading.remembered import Remembered
from analysis.reading.spellings import spellings
from analysis.results import Token
from surveys.tokens import Word

_EMPTY_VERBS = frozenset(
    [
        "為る",
        "居る",
        "成る",
        "出来る",
        "有る",
        "下さる",
        "頂く",
        "貰う",
        "呉れる",
        "遣る",
        "仕舞う",
        "御座る",
        "致す",
        "思う",
        "言う",
    ]
)
_EMPTY_NOUNS = frozenset(["事", "物", "為", "訳", "筈", "様", "風", "的", "等", "程", "位"])
_REMEMBERED = 50_000
_COMPOUNDED = frozenset(["名詞", "接頭辞", "接尾辞", "形状詞", "動詞"])
_LONGEST_COMPOUND = 8
"""Longer runs are no words; every part of a compound is looked up, which must stay cheap."""
_POLITE_SUFFIXES = frozenset(["さん", "様", "達", "君", "ちゃん", "殿", "共", "等"])
_JOINING_SUFFIXES = frozenset(["難い", "易い"])
_BETWEEN = frozenset(
    [("副詞", lemma) for lemma in ("余り", "全く", "全然", "殆ど", "略", "一切", "何も", "特に", "もう", "未だ")]
    + [("動詞", lemma) for lemma in ("為る", "有る", "居る", "出来る", "成る", "呉れる", "貰える")]
    + [("助詞", lemma) for lemma in ("は", "が", "も", "て", "で", "に", "の")]
    + [("名詞", "事"), ("名詞", "訳"), ("代名詞", "何"), ("接尾辞", "的")]
)
_QUESTION = re.compile(
    r"(し?て(くれ|もらえ|貰え|頂け|いただけ))?[のん]?(では|じゃ)?(ない|へん|ません|ありません)((でしょう|です)?か|の?[?？])"
)
_STRESS = re.compile(r"[てで](なら|なり|たまら|たまり|成ら|成り|堪ら|堪り)(な|ませ)")
_REGIONS = frozenset("都道府県市区町村郡")
_NEGATIONS = frozenset(("ない", "ず", "ぬ", "まい", "へん"))

Kind = Literal["noun", "verb", "adjective", "adverb", "other"]
Part = Literal["", "noun", "number", "prefix", "suffix", "shape", "stem"]
_KINDS: dict[str, Kind] = {
    "名詞": "noun",
    "形状詞": "adjective",
    "形容詞": "adjective",
    "動詞": "verb",
    "副詞": "adverb",
    "感動詞": "adverb",
}
_PARTS: dict[str, Part] = {"接頭辞": "prefix", "形状詞": "shape"}


@dataclass(frozen=True, slots=True)
class _Role:
    """What a word can do in a clause; made once for each word of the dictionary.

    `alone`: what it counts as where it joins no other word; `part`: as what it may stand in a compound noun.
    """

    alone: Token | None
    part: Part
    is_predicate: bool
    modifies_predicate: bool
    opens: bool
    """Whether it can be the first word of a compound."""
    follows: bool
    """Whether it can be the second word of a compound."""
    denies: bool
    is_absence: bool


def read_terms(words: Sequence[Word]) -> tuple[Token, ...]:
    """The content words of one clause, in order."""
    roles = [_ROLES[word] for word in words]
    denied = any([role.denies for role in roles])  # noqa: C419  (a list is quicker for the few words of a clause)
    tokens: list[Token] = []
    end = 0
    for at, role in enumerate(roles):
        if at < end or not (role.alone or role.opens):
            continue
        end = _compound_end(roles, at) if role.opens else at + 1
        token = _joined(tuple(words[at:end])) if end > at + 1 else role.alone
        if token is None or (role.is_absence and not _says_absence(words, at)):
            continue
        flips = _negations(words, end) if denied and token.pos not in {"adverb", "other"} else 0
        tokens.append(_negated(token) if flips % 2 else token)
    return tuple(tokens)


def _role_of(word: Word) -> _Role:
    part, is_predicate = _part_of(word), _is_predicate(word)
    return _Role(
        alone=_single(word),
        part=part,
        is_predicate=is_predicate,
        modifies_predicate=_modifies_predicate(word),
        opens=part in {"noun", "number", "prefix", "stem"} or is_predicate,
        follows=word.pos in _COMPOUNDED or _modifies_predicate(word),
        denies=word.lemma in _NEGATIONS or word.lemma == "無い",
        is_absence=word.lemma == "無い",
    )


def _part_of(word: Word) -> Part:
    if word.pos == "名詞":
        return "number" if _is_number(word) else "noun"
    if word.pos == "接尾辞" and word.detail.startswith("名詞的"):
        return "suffix"
    # 待ち時間, 受け取り場所: the plain stem of a verb right before a noun
    if word.pos == "動詞" and word.form == "連用形-一般":
        return "stem"
    return _PARTS.get(word.pos, "")


_ROLES = Remembered(_role_of)


def key_of(word: Word) -> str:
    """How this word is counted: the lemma, unless the table of spellings or a proper name says otherwise."""
    known = spellings().words
    # the lemma of a proper name is its reading
    lemma = word.base if word.detail.startswith("固有名詞") else word.lemma
    return known.get(word.base) or known.get(lemma, lemma).lower()


def _compound_end(roles: Sequence[_Role], start: int) -> int:
    """The end of the compound that begins here: a run of nouns with prefixes and suffixes, or verb + にくい/すぎる."""
    if start + 1 == len(roles) or not roles[start + 1].follows:
        return start + 1
    if roles[start].is_predicate and roles[start + 1].modifies_predicate:
        return start + 2
    at, most = start, min(len(roles), start + _LONGEST_COMPOUND)
    while at < most and (roles[at].part == "noun" or _joins_nouns(roles, at, start)):
        at += 1
    return max(at, start + 1)


def _joins_nouns(roles: Sequence[_Role], at: int, start: int) -> bool:
    part = roles[at].part
    if part == "number":
        return at == start
    if part == "suffix":
        return at > start
    if part == "shape":
        return at > start and roles[at - 1].part == "prefix"
    following = roles[at + 1].part if at + 1 < len(roles) else ""
    if part == "prefix":
        return following in {"noun", "number", "shape"}
    return part == "stem" and following in {"noun", "suffix"}


def _is_predicate(word: Word) -> bool:
    return word.pos in {"動詞", "形容詞", "形状詞"} or word.detail in {"普通名詞-サ変可能", "普通名詞-形状詞可能"}


def _modifies_predicate(word: Word) -> bool:
    return (word.pos == "接尾辞" and word.lemma in _JOINING_SUFFIXES | {"辛い"}) or word.lemma == "過ぎる"


@lru_cache(maxsize=_REMEMBERED)
def _joined(words: tuple[Word, ...]) -> Token | None:
    if _is_number(words[0]):
        return Token("#" + "".join(word.lemma for word in words[1:]), "".join(word.surface for word in words), "other")
    kept = [word for word in words if not _is_polite(word)]
    keys = tuple(_part_key(word, kept) for word in kept)
    if len(kept) <= 1:
        found = _single(kept[0]) if kept else None
        return Token(found.key, _shown(words), found.pos) if found else None
    whole = spellings().words.get("".join(word.surface for word in kept))
    if whole:
        return Token(whole, "".join(word.surface for word in words), "noun")
    pos: Kind = "noun"
    if _modifies_predicate(kept[-1]):
        pos = "verb" if kept[-1].pos == "動詞" and kept[0].pos == "動詞" else "adjective"
    elif all(word.detail.startswith("固有名詞") or word.surface in _REGIONS for word in kept):
        pos = "other"
    return Token("".join(keys), _shown(words), pos, parts=keys)


def _shown(words: Sequence[Word]) -> str:
    """The plain form; a last word that stands in for what the first one shows adds nothing."""
    return "".join(word.surface for word in words[:-1]) + (words[-1].surface and words[-1].base)


def _part_key(word: Word, words: Sequence[Word]) -> str:
    # a verb inside a noun keeps its written stem; before にくい it is a verb like any other
    if word.pos == "動詞" and not _modifies_predicate(words[-1]) and word is not words[-1]:
        return spellings().words.get(word.surface, word.surface)
    return key_of(word)


def _is_polite(word: Word) -> bool:
    return (word.pos == "接頭辞" and word.lemma == "御") or (word.pos == "接尾辞" and word.lemma in _POLITE_SUFFIXES)


def _single(word: Word) -> Token | None:
    # また行きたい: the dictionary takes an また that opens a clause for a conjunction
    kind = "adverb" if word.lemma == "又" else _KINDS.get(word.pos)
    key = key_of(word)
    if word.pos == "形容詞" and word.lemma in {"無い", "欲しい"}:
        return Token(key, word.base, "adjective")
    if kind is None or _is_number(word) or key in _EMPTY_NOUNS or key in _EMPTY_VERBS:
        return None
    if kind == "noun" and word.detail in {"固有名詞-地名", "固有名詞-人名"}:
        kind = "other"
    if word.detail.startswith("助動詞語幹"):
        return None
    if word.detail == "普通名詞-形状詞可能":
        kind = "adjective"
    if kind == "noun" and (not any(letter.isalnum() for letter in key) or not key.strip("w")):
        return None  # a sign, or laughter (www)
    return Token(key, word.base, kind)


def _is_number(word: Word) -> bool:
    return word.detail.startswith("数詞")


def _says_absence(words: Sequence[Word], at: int) -> bool:
    """駐車場がない says that something is missing; 広くない only turns the adjective round, 困ることがない the verb."""
    before = [
        word for word in words[max(0, at - 4) : at] if word.pos not in {"助詞", "副詞"} or word.lemma in {"て", "で"}
    ]
    if len(before) > 1 and before[-1].lemma == "事":
        return before[-2].pos not in {"動詞", "形容詞", "形状詞", "助動詞"}
    if not before:
        return True
    last = before[-1]
    return last.detail.startswith("名詞的") or (last.pos == "名詞" and not last.detail.endswith("形状詞可能"))


def _negated(token: Token) -> Token:
    return Token(token.key, token.surface, token.pos, negated=True, parts=token.parts)


def _negations(words: Sequence[Word], start: int) -> int:
    """How often what stands before `start` is negated by the auxiliaries that follow it."""
    tail = [word for word in _tail(words, start) if word.lemma in _NEGATIONS or word.lemma == "無い"]
    return 0 if len(tail) == 1 and _only_sounds_negated(words, start) else len(tail)


def _only_sounds_negated(words: Sequence[Word], start: int) -> bool:
    """Whether a question or stress follows: 「良いのではないでしょうか」 and 「残念でならない」 deny nothing."""
    surfaces = "".join(word.surface for word in words[start:])
    return _QUESTION.match(surfaces) is not None or _STRESS.match(surfaces) is not None


def _tail(words: Sequence[Word], start: int) -> Iterator[Word]:
    """The words that belong to the predicate or noun before `start`: auxiliaries, and は/が/も/の before 無い."""
    for at in range(start, min(start + 7, len(words))):
        word = words[at]
        if word.pos == "助動詞" or word.lemma == "無い":
            yield word
        elif (word.pos, word.lemma) not in _BETWEEN:
            return
