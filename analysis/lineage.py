"""What became of each discovered theme between two fits: same, new, merged, split, gone. Pure.

A fit groups opinions as if nothing had been found before. `compare` looks where the opinions of each standing theme
ended up; `settled` lets a merge or a split happen only when two fits in a row say so and nobody has touched the theme;
`standing` replays what happened into the themes that tag today.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from analysis.results import Theme, ThemeEvent

_MOST = 2 / 3
"""The share of a theme's opinions that must end up in one group (to merge) or in its parts (to split)."""
_OF_GROUP = 1 / 2
"""What merges or splits off must be half of the group that says so: a group of odds and ends joins nothing."""
_PART = 1 / 4
"""A split-off part holds at least this share of the theme."""
_HELD = 1 / 4
"""A theme of whose opinions fewer stand in any group is gone."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What one comparison says of one theme.

    `other_id`: the theme that a merged one goes into; `share`: of its opinions, those that lead to this verdict;
    `groups`: the places of its parts, biggest first (split), or of the group that holds most of it; none when gone.
    """

    theme_id: str
    kind: Literal["same", "merged", "split", "gone"]
    share: float
    groups: tuple[int, ...] = ()
    other_id: str | None = None


def compare(old: Mapping[str, AbstractSet[str]], groups: Sequence[AbstractSet[str]], smallest: int) -> tuple[Fate, ...]:
    """Tell what became of every old theme, ordered by id.

    `old`: the opinions (external ids) of each theme; `groups`: those of each new group, in any order that is always the
    same; `smallest`: the fewest opinions that a split-off part has.
    """
    fates = {theme_id: _alone(theme_id, members, groups, smallest) for theme_id, members in sorted(old.items())}
    for place, group in enumerate(groups):
        inside = [theme_id for theme_id, fate in fates.items() if fate.groups[:1] == (place,) and fate.share >= _MOST]
        inside.sort(key=lambda theme_id: (-len(old[theme_id] & group), theme_id))
        for theme_id in inside[1:]:
            biggest = inside[0]
            if len(old[biggest] & group) + len(old[theme_id] & group) >= _OF_GROUP * len(group):
                fates[theme_id] = replace(fates[theme_id], kind="merged", other_id=biggest)
                # what takes another theme in does not fall apart at the same time
                fates[biggest] = replace(fates[biggest], kind="same", groups=(place,))
    return tuple(fates.values())


def _alone(theme_id: str, members: AbstractSet[str], groups: Sequence[AbstractSet[str]], smallest: int) -> Fate:
    """Judge a theme as if it were the only one: same, split or gone. `share`: of the biggest part."""
    shared = sorted(((len(members & group), -place) for place, group in enumerate(groups)), reverse=True)
    if not members or sum(count for count, _ in shared) < _HELD * len(members):
        return Fate(theme_id, "gone", 0.0)
    parts = [
        (count, -place)
        for count, place in shared
        if count >= max(smallest, _PART * len(members)) and count >= _OF_GROUP * len(groups[-place])
    ]
    share = shared[0][0] / len(members)
    if len(parts) > 1 and sum(count for count, _ in parts) >= _MOST * len(members):
        return Fate(theme_id, "split", parts[0][0] / len(members), tuple(place for _, place in parts))
    return Fate(theme_id, "same", share, (-shared[0][1],))


def settled(fates: Iterable[Fate], before: Mapping[str, ThemeEvent], touched: Collection[str]) -> tuple[Fate, ...]:
    """Let happen only what two fits in a row say of themes that no person has touched.

    `before`: what the last fit stored of each theme. A first sign is kept as "same" with `other_id`: the theme that it
    may become one with, or its own id where it may fall apart. People win: a theme in `touched` stays as it is.
    """
    return tuple(_settled(fate, before, touched) for fate in fates)


def _settled(fate: Fate, before: Mapping[str, ThemeEvent], touched: Collection[str]) -> Fate:
    if fate.theme_id in touched or fate.other_id in touched:
        return replace(fate, kind="same", groups=fate.groups[:1], other_id=None)
    if fate.kind not in {"merged", "split"}:
        return fate
    other = fate.other_id or fate.theme_id
    # which of two themes is the bigger one may change in between
    signs = {(one, before[one].other_id) for one in (fate.theme_id, other) if one in before}
    if signs & {(fate.theme_id, other), (other, fate.theme_id)}:
        return fate
    return replace(fate, kind="same", groups=fate.groups[:1], other_id=other)


def split_off(theme: Theme, parts: Sequence[Theme], taken: AbstractSet[str], week: str) -> tuple[Theme, ...]:
    """Make the parts of a theme but the first into themes of their own; none where its words can't be divided.

    `parts`: the groups that it fell into, biggest first; `taken`: the words of every other theme.
    """
    kept, found = set(theme.words) & set(parts[0].words), []
    for part in parts[1:]:
        words = {word: weight for word, weight in part.words.items() if word not in taken and word not in kept}
        if words.keys() & theme.words.keys():
            found.append(replace(part, id=_part_id(theme.id, week, words), words=words))
    divided = {word for part in found for word in part.words}
    return tuple(found) if set(theme.words) - divided else ()


def _part_id(parent: str, week: str, words: Iterable[str]) -> str:
    return f"d-{sha256('|'.join((parent, week, *sorted(words))).encode()).hexdigest()[:10]}"


def standing(
    found: Mapping[str, Sequence[Theme]], events: Iterable[ThemeEvent], before: str | None = None
) -> dict[str, tuple[Theme, ...]]:
    """Replay merges and splits: the discovered themes that tag, with their words, by the week of their discovery.

    `found`: each theme as it was discovered. A merged theme gives its words to its successor, a theme that was split
    loses the words of its parts. `before`: only what happened in earlier weeks, as the fit of that week finds it.
    """
    told = sorted((event for event in events if event.kind in {"merged", "split"}), key=_order)
    unborn = {event.theme_id for event in told if event.kind == "split" and before and event.week >= before}
    weeks = {
        theme.id: (week, theme)
        for week, themes in found.items()
        for theme in themes
        if theme.id not in unborn and not (before and week >= before)
    }
    for event in told:
        if (before and event.week >= before) or event.theme_id not in weeks or event.other_id not in weeks:
            continue
        _apply(event, event.other_id, weeks)
    kept: dict[str, list[Theme]] = {}
    for week, theme in weeks.values():
        kept.setdefault(week, []).append(theme)
    return {week: tuple(sorted(kept[week], key=lambda theme: theme.id)) for week in sorted(kept)}


def _order(event: ThemeEvent) -> tuple[str, str]:
    return event.week, event.theme_id


def _apply(event: ThemeEvent, other_id: str, themes: dict[str, tuple[str, Theme]]) -> None:
    week, other = themes[other_id]
    _, theme = themes[event.theme_id]
    if event.kind == "split":
        words = {word: weight for word, weight in other.words.items() if word not in theme.words}
    else:
        words = {**theme.words, **other.words}
        del themes[event.theme_id]
    themes[other_id] = (week, replace(other, words=words))


def version(events: Iterable[ThemeEvent]) -> str:
    """Name the merges and splits that tags come from: "" for none."""
    told = sorted(
        (event.week, event.theme_id, event.kind, event.other_id)
        for event in events
        if event.kind in {"merged", "split"}
    )
    return f"-{sha256(repr(told).encode()).hexdigest()[:8]}" if told else ""
