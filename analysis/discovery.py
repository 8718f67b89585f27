"""New themes in opinions that no theme explains: words that many of them share, with what is said of them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

from analysis.features import entry_key
from analysis.naming import name_theme
from analysis.results import Opinion, Theme

_SAME_THEME = 0.5
"""Two words are one theme when at least this share of the rarer one's opinions holds the other too."""
_GROUP = {"ja": "新しい話題", "en": "New topics"}
_ADVICE = {
    "ja": "新しく見つかった話題です。もとの声を読み、担当を決めて対応を考えましょう。",
    "en": "A newly found topic. Read the voices behind it, name someone in charge and decide what to do.",
}


def discover(opinions: Sequence[Opinion], taken: Iterable[str], *, min_opinions: int, most: int) -> tuple[Theme, ...]:
    """Themes that at least `min_opinions` of these opinions share, biggest first, at most `most` of them.

    `taken` are the word keys of themes that stand already. The order of `opinions` does not matter.
    """
    holders = _holders(opinions, set(taken))
    heads = sorted(
        (key for key, found in holders.items() if len(found) >= min_opinions), key=lambda key: (-len(holders[key]), key)
    )
    return tuple(_theme(group, holders, opinions) for group in _grouped(heads, holders)[:most])


def _holders(opinions: Sequence[Opinion], taken: set[str]) -> Mapping[str, set[int]]:
    """Which opinions hold which noun that may become a theme."""
    holders: defaultdict[str, set[int]] = defaultdict(set)
    for row, opinion in enumerate(opinions):
        for token in opinion.tokens:
            if token.pos == "noun" and token.key not in taken and _may_head(token.key):
                holders[token.key].add(row)
    return holders


def _may_head(key: str) -> bool:
    return len(key) > 1 and key not in _stopwords() and any(letter.isalpha() for letter in key)


def _grouped(heads: Sequence[str], holders: Mapping[str, set[int]]) -> list[list[str]]:
    """Heads that mostly occur together, as one group; the most frequent head leads it."""
    groups: list[list[str]] = []
    for head in heads:
        for group in groups:
            shared = len(holders[head] & holders[group[0]])
            if shared >= _SAME_THEME * len(holders[head]):
                group.append(head)
                break
        else:
            groups.append([head])
    return groups


def _theme(group: Sequence[str], holders: Mapping[str, set[int]], opinions: Sequence[Opinion]) -> Theme:
    head = group[0]
    return Theme(
        id=f"d-{hashlib.sha256(head.encode()).hexdigest()[:10]}",
        name=name_theme(head, [opinions[row] for row in sorted(holders[head])]),
        origin="discovered",
        words=dict.fromkeys(group, 1.0),
        group=_GROUP,
        advice=_ADVICE,
    )


@cache
def _stopwords() -> frozenset[str]:
    words = yaml.safe_load(files("analysis").joinpath("data/stopwords.yaml").read_text("utf-8"))
    return frozenset(str(word) for word in words) | frozenset(entry_key(str(word)) for word in words)
