"""Names of persons, found by the dictionary and by what stands around them.

A name counts only beside a title (さん, 様, 店長), after 「担当の」 and its kin, or where somebody gives a name
(〜と申します): 「山田うどん」 and 「松本城」 name no person.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from surveys.masking.marks import MARKS
from surveys.masking.rules import Edit
from surveys.tokens import Word, parse


_TO_SPEAK = frozenset(("書く", "言う", "名乗る"))
_MOST_BETWEEN = 4
_GAPS = frozenset(("・", "　", "="))
_LATIN_NAME = r"[A-Z][a-z]+(?:[ ][A-Z][a-z]+)?"
_LATIN = re.compile(
    rf"""(?:(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?[ ]?(?P<titled>{_LATIN_NAME})
    |(?<![A-Za-z])(?P<polite>{_LATIN_NAME})(?=[- ]?(?:san|sama|sensei)(?![a-z])|(?:さん|様|さま|くん|ちゃん|先生))
    |(?i:my[ ]name[ ]is|i[ ]am[ ]called|name[ ]is)[ ](?P<given>{_LATIN_NAME}))""",
    re.VERBOSE,
)
_SIGNED = re.compile(r"[一-龥々ぁ-んァ-ヶー]{1,5}[ 　・]?[一-龥々ぁ-んァ-ヶー]{1,5}|[(（].{2,12}[)）]")


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of `data/names.yaml`, and a pattern that any line with a name in it must hold."""

    titles: frozenset[str]
    friendly: frozenset[str]
    no_names: frozenset[str]
    roles: frozenset[str]
    between: frozenset[str]
    family_names: frozenset[str]
    trigger: re.Pattern[str]


def mask_names(text: str, keep: AbstractSet[str]) -> str:
    """Replace names of persons; those of `keep`, family names of staff, stay."""
    for found in reversed(list(_LATIN.finditer(text))):
        start, end = found.span(found.lastgroup or 0)
        if text[start:end] not in keep:
            text = text[:start] + MARKS["name"] + text[end:]
    return "".join(_mask_line(line, keep) for line in text.splitlines(keepends=True))


def _mask_line(line: str, keep: AbstractSet[str]) -> str:
    if not _words().trigger.search(line) and not _SIGNED.fullmatch(line.strip()):
        return line
    # the dictionary drops plain blanks; a full-width one is a word of its own
    words = parse(line.replace(" ", "　"))
    for start, end, mark in reversed(list(_edits(line.replace(" ", "　"), words, keep))):
        line = line[:start] + mark + line[end:]
    return line


def _edits(line: str, words: Sequence[Word], keep: AbstractSet[str]) -> Iterator[Edit]:
    places = _places(line, words)
    at = 0
    while at < len(words):
        end = _name_end(words, at)
        if end > at and _is_person(words, at, end):
            if not any(word.surface in keep for word in words[at:end]):
                yield places[at], places[end - 1] + len(words[end - 1].surface), MARKS["name"]
            at = end
        else:
            at += 1


def _places(line: str, words: Sequence[Word]) -> list[int]:
    places, start = [], 0
    for word in words:
        start = line.index(word.surface, start)
        places.append(start)
        start += len(word.surface)
    return places


def _name_end(words: Sequence[Word], start: int) -> int:
    """The end of the name that begins here: family name, given name or both; `start` where there is none."""
    if not _could_be_name(words, start):
        return start
    end = start + 1
    if end + 1 < len(words) and words[end].surface in _GAPS and _is_name(words[end + 1]):
        return end + 2
    return end + 1 if end < len(words) and _is_name(words[end]) else end


def _is_name(word: Word) -> bool:
    # a single letter stands for a name that the writer kept back
    return (word.detail == "固有名詞-人名" and not word.surface.isascii()) or word.surface in _words().family_names


def _could_be_name(words: Sequence[Word], at: int) -> bool:
    word = words[at]
    if _is_name(word):
        return True
    following = words[at + 1].surface if at + 1 < len(words) else ""
    if following in _words().friendly:
        alone = at == 0 or words[at - 1].pos not in {"接頭辞", "名詞", "接尾辞"}
        return alone and word.pos == "名詞" and not {word.surface, word.lemma} & _words().no_names
    # 「〇〇と申します」 gives a name, whatever the dictionary thinks of it
    return word.pos == "名詞" and _introduces(words, at + 1)


def _is_person(words: Sequence[Word], start: int, end: int) -> bool:
    return (
        _has_title(words, end)
        or _introduces(words, end)
        or _is_written(words, end)
        or (_has_role(words, start) and not _goes_on(words, end))
        or _is_signature(words, start, end)
    )


def _has_title(words: Sequence[Word], end: int) -> bool:
    return end < len(words) and words[end].surface in _words().titles


def _introduces(words: Sequence[Word], at: int) -> bool:
    """Whether 〜と申します follows."""
    return at + 1 < len(words) and words[at].surface == "と" and words[at + 1].lemma == "申す"


def _is_written(words: Sequence[Word], at: int) -> bool:
    """Whether 〜と書いてあった follows: on a name badge."""
    return at + 1 < len(words) and words[at].surface == "と" and words[at + 1].lemma in _TO_SPEAK


def _has_role(words: Sequence[Word], start: int) -> bool:
    """Whether 「担当の」, 「レジの」, 「名前は」 or the like stands before a name of the dictionary."""
    if not _is_name(words[start]):
        return False
    before = start - 1
    while before >= 0 and words[before].surface in _words().between:
        before -= 1
    return before >= 0 and start - before <= _MOST_BETWEEN and words[before].surface in _words().roles


def _goes_on(words: Sequence[Word], end: int) -> bool:
    """Whether the name is part of a longer word: 松本城, 山田うどん, 田中町."""
    return end < len(words) and words[end].pos in {"名詞", "接尾辞"}


def _is_signature(words: Sequence[Word], start: int, end: int) -> bool:
    """A line that holds a family and a given name and no more, or says 「田中です」."""
    alone = all(word.pos in {"補助記号", "空白"} for word in (*words[:start], *words[end:]))
    if alone:
        return end - start > 1
    rest = [word for word in words[end:] if word.pos not in {"補助記号", "空白"}]
    says = [word.surface for word in rest[:1]] == ["です"] and len(rest) == 1
    return says and all(word.pos in {"補助記号", "空白"} for word in words[:start])


@cache
def _words() -> _Words:
    table = yaml.safe_load(files("surveys").joinpath("data/names.yaml").read_text("utf-8"))
    sets = {name: frozenset(map(str, words)) for name, words in table.items()}
    marks = sorted({*sets["titles"], *sets["roles"], "申し", "です", "と書", "とい", "と言"})
    return _Words(**sets, trigger=re.compile("|".join(map(re.escape, marks))))
