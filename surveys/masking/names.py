"""Names of persons, found by the dictionary and by what stands around them.

A name counts only beside a title (さん, 様, 店長), after 「担当の」 and its kin, or where somebody gives a name
(〜と申します): 「山田うどん」 and 「松本城」 name no person.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from surveys.masking.identities import OFFICES
from surveys.masking.marks import MARK, MARKS
from surveys.masking.name_forms import written_names
from surveys.masking.name_lists import in_plain_characters, name_lists
from surveys.masking.rules import Span
from surveys.tokens import Word, parse

_TO_SPEAK = frozenset(("書く", "言う", "名乗る"))
_MOST_BETWEEN = 4
_GAPS = frozenset(("・", "　", "="))
_PLACE_TITLES = frozenset(("さん", "様", "さま", "くん", "君", "ちゃん", "先生", "せんせい"))
_SIGNED = re.compile(r"[一-龥々ぁ-んァ-ヶー]{1,5}[ 　・]?[一-龥々ぁ-んァ-ヶー]{1,5}|[(（].{2,12}[)）]")
_LATIN = re.compile("[A-Za-z]{2}|[가-힣]{2}|我叫|服[务務]|店员")
_OF_A_SHOP = re.compile(
    "(?:と|って)(?:いう|言う|書い).{0,6}?(?:店(?![員長])|屋|宿|館|社|ブランド|酒|カフェ|堂|町|村|駅|場所|ところ|城|武将)"
)
_OF_A_CLAN = frozenset("氏")
_TOWNS = frozenset(OFFICES.split("|"))
_SENTENCE_ENDS = frozenset("。.！!？?　」』)）")
_ONESELF = frozenset(("私", "わたし", "僕", "俺", "は", "、", "「", "初めまして", "はじめまして", "こんにちは"))


def mask_names(text: str, keep: AbstractSet[str]) -> str:
    """Replace names of persons; those of `keep`, family names of staff, stay."""
    return "".join(_mask_line(line, keep) for line in text.splitlines(keepends=True))


def _mask_line(line: str, keep: AbstractSet[str]) -> str:
    if not (name_lists().trigger.search(line) or _LATIN.search(line) or _SIGNED.fullmatch(line.strip())):
        return line
    marks = [found.span() for found in MARK.finditer(line)]
    for start, end in reversed(_joined([*_spans(line, keep), *marks])):
        if (start, end) not in marks:
            line = line[:start] + MARKS["name"] + line[end:]
    return line


def _spans(line: str, keep: AbstractSet[str]) -> Iterator[Span]:
    plain = in_plain_characters(line)
    words = parse(plain)
    for start, end in (*_read_names(plain, words), *written_names(plain)):
        if not _is_staff(plain[start:end], keep) and not _is_product(plain, start, end):
            yield start, end


def _is_staff(name: str, keep: AbstractSet[str]) -> bool:
    """Whether the family name is one of `keep`: 林 keeps 林さん and 林花子, never 小林."""
    kept = {in_plain_characters(each) for each in keep}
    return bool(kept) and (name in kept or parse(name)[0].surface in kept)


def _joined(spans: Sequence[Span]) -> list[Span]:
    """In order, of two that overlap the first; a mark that stands there already goes before all."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _is_product(line: str, start: int, end: int) -> bool:
    """「福井さん家のコロッケ」 in quotes is what a shop calls its ware."""
    return line[max(0, start - 1) : start] in {"「", "『"} and line[end:].startswith(("さん家の", "さんちの", "さんの"))


def _read_names(line: str, words: Sequence[Word]) -> Iterator[Span]:
    places = _places(line, words)
    at = 0
    while at < len(words):
        end = _name_end(words, at)
        if end > at and _is_person(line, words, places, at, end):
            yield places[at], places[end - 1] + len(words[end - 1].surface)
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


def _is_known(word: Word) -> bool:
    # a single letter stands for a name that the writer kept back
    return word.detail == "固有名詞-人名" and not word.surface.isascii()


def _is_name(word: Word) -> bool:
    return _is_known(word) or word.surface in name_lists().family_names


def _could_be_name(words: Sequence[Word], at: int) -> bool:
    word = words[at]
    following = words[at + 1].surface if at + 1 < len(words) else ""
    if _is_figure(word, following):
        return False
    if _is_name(word):
        return True
    alone = at == 0 or words[at - 1].pos not in {"接頭辞", "名詞", "接尾辞"}
    if word.detail == "固有名詞-地名" and following in _PLACE_TITLES:
        return alone
    if following in name_lists().friendly:
        return alone and word.pos == "名詞" and not {word.surface, word.lemma} & name_lists().no_names
    # 「〇〇と申します」 gives a name, whatever the dictionary thinks of it
    return word.pos == "名詞" and _introduces(words, at + 1)


def _is_figure(word: Word, following: str) -> bool:
    return (
        word.surface in name_lists().not_persons
        or (word.surface + following) in {"王様", "王さま", "東様"}
        or (following in name_lists().friendly and word.surface in name_lists().common_words | name_lists().no_names)
    )


def _is_person(line: str, words: Sequence[Word], places: Sequence[int], start: int, end: int) -> bool:
    return (
        _has_title(line, words, places, start, end)
        or _introduces(words, end)
        or (_is_written(words, end) and not _OF_A_SHOP.match(line, places[end]))
        or (_has_role(words, start) and not _goes_on(words, end))
        or _is_full_name(words, start, end)
        or _is_booked(words, start, end)
        or _is_signature(words, start, end)
        or _is_self(words, start, end)
    )


def _has_title(line: str, words: Sequence[Word], places: Sequence[int], start: int, end: int) -> bool:
    if end >= len(words):
        return False
    # 副店長 and 看護師 are two words of the dictionary
    if words[end].surface not in name_lists().titles:
        return line.startswith(name_lists().long_titles, places[end])
    # 「朝倉氏」 is a clan; 「担当の木村氏」 is a person
    return words[end].surface not in _OF_A_CLAN or _has_role(words, start)


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
    while before >= 0 and words[before].surface in name_lists().between:
        before -= 1
    return before >= 0 and start - before <= _MOST_BETWEEN and words[before].surface in name_lists().roles


def _goes_on(words: Sequence[Word], end: int) -> bool:
    """Whether the name is part of a longer word (松本城), or too short to be one without a title (受付が東に)."""
    return (end < len(words) and words[end].pos in {"名詞", "接尾辞"}) or len(words[end - 1].surface) == 1


def _is_full_name(words: Sequence[Word], start: int, end: int) -> bool:
    """大野　まり: a family and a given name with a blank between; 「松本　上田」 are towns."""
    gap = end - start == 3 and words[start + 1].surface == "　"  # noqa: PLR2004
    given = words[end - 1]
    if given.surface in name_lists().family_names or given.surface in _TOWNS:
        return False
    return gap and _is_known(given) and not _goes_on_in_kanji(words, end)


def _goes_on_in_kanji(words: Sequence[Word], end: int) -> bool:
    return end < len(words) and words[end].pos in {"名詞", "接尾辞"} and words[end].surface not in {"名義", "様"}


def _is_booked(words: Sequence[Word], start: int, end: int) -> bool:
    """「近藤で予約」, 「近藤名義」."""
    following = [word.surface for word in words[end : end + 2]]
    return _is_known(words[start]) and (following[:1] == ["名義"] or following == ["で", "予約"])


def _is_signature(words: Sequence[Word], start: int, end: int) -> bool:
    """A line that holds a family and a given name and no more."""
    alone = all(word.pos in {"補助記号", "空白"} for word in (*words[:start], *words[end:]))
    return alone and end - start > 1


def _is_self(words: Sequence[Word], start: int, end: int) -> bool:
    """A sentence that begins with 「田中です」; 「泉です」 may be a spring, 「福井です」 a town."""
    following = [word.surface for word in words[end : end + 2]]
    if following[:1] != ["です"] or (len(following) > 1 and following[1] not in {*_SENTENCE_ENDS, "、", "が", "けど"}):
        return False
    if not _is_known(words[start]) or len(words[start].surface) == 1:
        return False
    before = start
    while before and words[before - 1].surface in _ONESELF:
        before -= 1
    return before == 0 or words[before - 1].surface in _SENTENCE_ENDS
