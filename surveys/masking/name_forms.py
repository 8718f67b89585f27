"""Names known by their form, whatever the dictionary says of them: in Latin letters, in kana, in other tongues."""

import re
from collections.abc import Iterator
from functools import cache

from surveys.masking.name_lists import name_lists
from surveys.masking.rules import Span

_TITLE = "(?:さん|サン|様|さま|サマ|くん|クン|君|ちゃん|チャン|先生|せんせい)"
_LATIN_NAME = r"[A-Z][A-Za-z]+(?:[ ][A-Z][A-Za-z]+)?"
_NO_LATIN_NAME = re.compile(
    r"(?:Donuts?|Martens|Pepper|Doughnut|Max|Children|Bean|Potato|Japan|Only|Was|Is|And|The|Who|Special|Room|Very|So|Not|Sorry|Happy|Here"
    r"|Vegan|Muslim|Halal|Thai|Was|Were|Has|Had|In|At|On|From|I|We|They|She|He|It|Service|Member|Please|But)(?:[ ].*)?"
    r"|.*(?:ese|ish|ed|ing|ian|can)",
)
_LATIN = re.compile(
    rf"""(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?[ ]?(?P<titled>{_LATIN_NAME})
    |(?<![A-Za-z])(?P<polite>{_LATIN_NAME})(?=[- ]?(?:san|sama|sensei|kun|chan)(?![a-z]))
    |(?i:my[ ]name[ ]is|i[ ]am[ ]called|name[ ]is)[ ](?P<given>{_LATIN_NAME})(?=[,.!]|[ ](?:and|from)|$)
    |(?i:my[ ]name[ ]is|i[ ]am[ ]called)[ ](?P<called>{_LATIN_NAME})
    |(?<![A-Za-z])I(?:'m|’m|[ ]am)[ ](?P<self>{_LATIN_NAME})(?=[,.!]|[ ]from|$)
    |(?i:waiter|waitress|server|receptionist|staff|manager|guide|chef|barber|stylist|hairdresser|driver|lady|man|woman|guy)
     (?:,|[ ](?:named|called))?[ ](?P<craft>{_LATIN_NAME})
    |(?<![A-Za-z])(?P<booked>[A-Z][A-Za-z]+[ ][A-Z][A-Za-z]+)(?=名義|で予約|と申|といい|と言い)
    |(?<![A-Za-z0-9])(?P<japanese>[A-Z][A-Za-z]+[ ][A-Z][A-Za-z]+|[A-Za-z]{{2,12}})(?={_TITLE})""",
    re.VERBOSE,
)
_CHINESE = re.compile(
    r"(?:服务员|服務員|店员|前台|师傅|经理|阿姨)(?P<small>[小老阿][一-龥])|(?:我叫|名字是|名叫)(?P<called>[一-龥]{2,3})(?=[，。,.！!]|$)"
)
_KOREAN = re.compile(
    r"(?<![가-힣])(?P<polite>(?!아저|아가|마음)[가-힣]{2,4}?)(?=[ ]?씨(?![가-힣])|[ ]?씨[가는께의도와])"
    r"|이름은[ ](?P<called>[가-힣]{2,4})(?=입니다|이에요|예요)"
)
_KOREAN_HINT = re.compile("씨|이름")
_CHINESE_HINT = re.compile("服务|服務|店员|前台|师傅|经理|阿姨|我叫|名字是|名叫")
# a name of kana begins behind a particle, a sign or nothing; 「も〜ちゃんと」 and 「〜くんです」 are other words
_KANA_FRIEND = re.compile(
    r"(?:^|(?<=[ 　、。!！?？「『(（・☆♪のはがと]))(?P<name>[ぁ-ん]{2,4}|[ァ-ヶー]{2,6})"
    r"(?=ちゃん(?!と|ぽ|こ)|くん(?!です|だ|じゃ|でしょ|や|と|な|さ|ろ|れ|か|の(?:で|は|が)))"
)


def written_names(line: str) -> Iterator[Span]:
    """Where names stand that give themselves away by their form. `line`: as `in_plain_characters` gives it."""
    plain = line.replace("　", " ")
    for found in _LATIN.finditer(plain):
        name = found[found.lastgroup or 0]
        is_company = found["japanese"] is not None and name.upper() in name_lists().companies
        if not _NO_LATIN_NAME.fullmatch(name) and not _is_common(name) and not is_company:
            yield found.span(found.lastgroup or 0)
    for pattern in (_KANA_FRIEND, _behind_a_craft()):
        for found in pattern.finditer(line):
            if not _is_common(found["name"]):
                yield found.span("name")
    yield from (found.span() for found in _family_with_title().finditer(line))
    yield from _foreign_names(plain)


def _foreign_names(line: str) -> Iterator[Span]:
    hints = ((_CHINESE, _CHINESE_HINT), (_KOREAN, _KOREAN_HINT))
    for pattern in (pattern for pattern, hint in hints if hint.search(line)):
        for found in pattern.finditer(line):
            yield found.span(found.lastgroup or 0)


def _is_common(name: str) -> bool:
    lists = name_lists()
    return (
        name in lists.common_words
        or name in lists.not_persons
        or name in lists.no_names
        or name.lower() in lists.common_words
    )


@cache
def _behind_a_craft() -> re.Pattern[str]:
    """スタイリストのKENさん, 担当のみかさん."""
    crafts = "|".join(sorted(map(re.escape, name_lists().crafts), key=len, reverse=True))
    return re.compile(rf"(?:{crafts})(?:者|係)?の?[「　]?(?P<name>[ァ-ヶー]{{2,6}}|[ぁ-ん]{{2,5}}?)(?=さん|さま|様)")


@cache
def _family_with_title() -> re.Pattern[str]:
    """A family name of two or more kanji from the list, which the dictionary may take for something else."""
    names = [name for name in name_lists().family_names if re.fullmatch("[一-龥々]{2,}", name)]
    listed = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(rf"(?<![一-龥々ァ-ヶー])(?:{listed})(?={_TITLE})(?!さん家)")
