"""What became of each discovered theme between two fits: same, new, merged, split, gone. Pure.

A fit groups opinions as if nothing had been found before. `compare` looks where the opinions of each standing theme
ended up; `settled` lets a merge or a split happen only when two fits in a row say so and nobody has touched the theme;
`standing` replays what happened into the themes that tag today, `ground` into those that stood before a fit.
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

    `parts`: the groups that it fell into, biggest first; `taken`: the words of other discovered themes. A part takes
    the words that the first one lacks, and is a theme of its own only where most of its words are its own.
    """
    kept, found = set(theme.words) & set(parts[0].words), []
    for part in parts[1:]:
        words = {word: weight for word, weight in part.words.items() if word not in taken and word not in kept}
        most = sum(sorted(words.values())) >= _MOST * sum(sorted(part.words.values()))
        if most and words.keys() & theme.words.keys():
            found.append(replace(part, id=_part_id(theme.id, week, words), words=words))
    divided = {word for part in found for word in part.words}
    return tuple(found) if set(theme.words) - divided else ()


def _part_id(parent: str, week: str, words: Iterable[str]) -> str:
    return f"d-{sha256('|'.join((parent, week, *sorted(words))).encode()).hexdigest()[:10]}"


def standing(found: Iterable[Theme], events: Iterable[ThemeEvent]) -> tuple[Theme, ...]:
    """Replay merges and splits over discovered themes as they were found; ordered by id, merged ones among them.

    A merged theme goes on finding what it found, for its successor, as one does that staff merged (see
    `corrections.amendments`). A theme that was split loses the words of its parts, which are known since it was, and is
    called by what is left; so do the themes that were merged into it. An event whose themes are gone is passed over.
    """
    themes = {theme.id: theme for theme in found}
    for event in sorted(events, key=lambda event: (event.week, event.theme_id)):
        if event.name and event.theme_id in themes:
            themes[event.theme_id] = replace(themes[event.theme_id], name=event.name)
        theme, other = themes.get(event.theme_id), themes.get(event.other_id or "")
        if theme is None or other is None or theme.merged_into or other.merged_into:
            continue
        if event.kind == "merged":
            themes[theme.id] = replace(theme, merged_into=other.id)
        elif event.kind == "split":
            themes[theme.id] = replace(theme, since=other.since)
            for part in [each for each in themes.values() if _ends_in(each, themes) == other.id]:
                kept = {word: weight for word, weight in part.words.items() if word not in theme.words}
                themes[part.id] = replace(part, words=kept)
    return tuple(themes[theme_id] for theme_id in sorted(themes))


def _ends_in(theme: Theme, themes: Mapping[str, Theme]) -> str:
    """The id of the theme that this one is a part of now: its own where it lives."""
    while theme.merged_into is not None:
        theme = themes[theme.merged_into]
    return theme.id


@dataclass(frozen=True, slots=True)
class Ground:
    """What the fit of a week builds on, however often it is done.

    `themes`: those that stood before it; `last`: what the fit before it said of each; `kept`: what became of themes in
    an earlier revision of this fit that people have built upon since; `replaceable`: the other themes of that revision.
    """

    themes: tuple[Theme, ...]
    last: Mapping[str, ThemeEvent]
    kept: tuple[ThemeEvent, ...]
    replaceable: tuple[Theme, ...]


def ground(found: Iterable[Theme], events: Iterable[ThemeEvent], week: str, touched: Collection[str]) -> Ground:
    """Go back to before the fit of a week. `found`: discovered themes as they were found; `touched`: by people."""
    told = sorted(events, key=lambda event: (event.week, event.theme_id))
    earlier, mine = ([event for event in told if event.week < week], [event for event in told if event.week == week])
    held = set(touched)
    for event in mine:
        if (
            event.kind in {"merged", "split"}
            and event.other_id
            and not {event.theme_id, event.other_id}.isdisjoint(touched)
        ):
            held |= {event.theme_id, event.other_id}
    kept = [event for event in mine if event.theme_id in held]
    born = [theme for theme in found if theme.since == week]
    stood = [theme for theme in found if theme.since and theme.since < week]
    last = max((event.week for event in earlier), default="")
    return Ground(
        themes=standing([*stood, *(theme for theme in born if theme.id in held)], [*earlier, *kept]),
        last={event.theme_id: event for event in earlier if event.week == last},
        kept=tuple(kept),
        replaceable=tuple(theme for theme in born if theme.id not in held),
    )


def version(events: Iterable[ThemeEvent]) -> str:
    """Name the merges and splits that tags come from: "" for none."""
    told = sorted(
        (event.week, event.theme_id, event.kind, event.other_id)
        for event in events
        if event.kind in {"merged", "split"}
    )
    return f"-{sha256(repr(told).encode()).hexdigest()[:8]}" if told else ""
