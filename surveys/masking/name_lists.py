"""What is known of names before a comment is read: `data/names.yaml`, and other ways of writing the same characters."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

_VARIANTS = str.maketrans("髙﨑邉邊濵𠮷德桒栁槗", "高崎辺辺浜吉徳桑柳橋")
# half a character cannot be given to the dictionary, and a zero would end the line for it
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class NameLists:
    """The lists of `data/names.yaml`, and a pattern that any line with a name in it must hold."""

    titles: frozenset[str]
    long_titles: tuple[str, ...]
    friendly: frozenset[str]
    no_names: frozenset[str]
    not_persons: frozenset[str]
    roles: frozenset[str]
    crafts: frozenset[str]
    common_words: frozenset[str]
    companies: frozenset[str]
    between: frozenset[str]
    family_names: frozenset[str]
    trigger: re.Pattern[str]


@cache
def name_lists() -> NameLists:
    """Read once."""
    table = yaml.safe_load(files("surveys").joinpath("data/names.yaml").read_text("utf-8"))
    sets = {name: frozenset(map(str, words)) for name, words in table.items()}
    marks = sorted({*sets["titles"], *sets["roles"], "申し", "です", "と書", "とい", "と言", "名義", "で予約"})
    # a blank between two words of kanji may part a family name from a given one
    long_titles = tuple(title for title in sets["titles"] if len(title) > 2)  # noqa: PLR2004
    trigger = re.compile("|".join(map(re.escape, marks)) + "|[一-龥々ァ-ー][ 　][一-龥々ぁ-ー]")
    return NameLists(**sets, long_titles=long_titles, trigger=trigger)


def in_plain_characters(line: str) -> str:
    """髙橋 as 高橋, 山﨑 as 山崎, and blanks that the dictionary keeps; of the same length."""
    return _UNREADABLE.sub("〓", line.translate(_VARIANTS).replace(" ", "　"))
