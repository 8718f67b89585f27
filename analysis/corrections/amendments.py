"""Themes as staff amended them: corrections replayed in their order over the themes as they were found.

Pure: the same themes and corrections give the same result. A correction that lost its ground (its theme is gone, its
words went elsewhere) is passed over, never an error: an undo of an earlier one may bring the ground back.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from analysis.corrections.log import Correction
from analysis.results import Theme

SPLIT_WEIGHT = 1.0
"""A word that staff make a theme of speaks for it alone, also where it was only a hint before."""


@dataclass(frozen=True, slots=True)
class Amended:
    """The themes that live, by id, hidden ones too; `merged`: the others, each with the theme it is a part of.

    `members` are what opinions are compared with. A theme that staff or a fit merged goes on finding what it
    found, in its own words and with its own `since`, so that no history is lost; `merged_into` names the living theme
    it finds it for.
    """

    themes: Mapping[str, Theme]
    merged: Mapping[str, Theme]
    members: tuple[Theme, ...]

    def resolve(self, theme_id: str) -> str | None:
        """Return the id of the living theme that stands for this one, None where there is none."""
        return _resolve(theme_id, self.themes, self.merged)

    def resolve_all(self, theme_ids: Iterable[str]) -> frozenset[str]:
        """Return the ids of the living themes that stand for these."""
        return frozenset(found for theme_id in theme_ids if (found := self.resolve(theme_id)) is not None)

    def parts_of(self, theme_id: str) -> frozenset[str]:
        """Return a living theme's id with those of the themes that it stands for."""
        parts = (part for part in self.merged if self.resolve(part) == theme_id)
        return frozenset([theme_id, *parts])

    @property
    def later(self) -> frozenset[str]:
        """The ids of the living themes that were once new."""
        return frozenset(theme.id for theme in self.themes.values() if theme.since is not None)


def amended_themes(themes: Iterable[Theme], corrections: Iterable[Correction]) -> Amended:
    """Replay these corrections over these themes; those that fits merged before are parts like those of staff."""
    found = {theme.id: theme for theme in themes}
    living = {theme_id: theme for theme_id, theme in found.items() if theme.merged_into is None}
    merged = {theme_id: theme for theme_id, theme in found.items() if theme_id not in living}
    replay = _Replay(living, merged, dict(found), set())
    for part in merged.values():
        replay.join(part, _resolve(part.id, living, merged))
    for event in corrections:
        if event.kind in _STEPS:
            _STEPS[event.kind](replay, event.content)
    return Amended(replay.themes, replay.merged, tuple(replay.finished_members()))


def split_id(parent: str, name: Mapping[str, str], words: Sequence[str]) -> str:
    """The id of the theme that staff split off: the same words of the same theme under the same name give the same."""
    content = "\n".join([parent, *(name[language] for language in sorted(name)), *sorted(words)])
    return f"s-{sha256(content.encode()).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class _Replay:
    """The state while events are replayed. `members`: see `Amended`; `banned`: theme id and word."""

    themes: dict[str, Theme]
    merged: dict[str, Theme]
    members: dict[str, Theme]
    banned: set[tuple[str, str]]

    def find(self, theme_id: str) -> Theme | None:
        found = _resolve(theme_id, self.themes, self.merged)
        return None if found is None else self.themes[found]

    def put(self, theme: Theme, **changes: Any) -> None:
        changed = replace(theme, **changes)
        self.themes[changed.id] = changed

    def join(self, part: Theme, into_id: str | None) -> None:
        """Let a theme show the words of its part, and be known since the older of them was."""
        if into_id is not None:
            into = self.themes[into_id]
            words = {word: max(weight, into.words.get(word, 0.0)) for word, weight in part.words.items()}
            self.put(into, words={**into.words, **words}, since=_earlier(part.since, into.since))

    def take(self, theme_id: str, words: Container[str]) -> None:
        """Take words from a theme and from all that is merged into it."""
        self.put(self.themes[theme_id], words=_without(self.themes[theme_id].words, words))
        for member_id in (theme_id, *self.merged):
            member = self.members.get(member_id)
            if member is not None and _resolve(member_id, self.themes, self.merged) == theme_id:
                self.members[member_id] = replace(member, words=_without(member.words, words))

    def finished_members(self) -> Iterator[Theme]:
        for member in self.members.values():
            into = _resolve(member.id, self.themes, self.merged)
            if member.words and into is not None:
                yield replace(member, merged_into=None if into == member.id else into)


def _without(words: Mapping[str, float], taken: Container[str]) -> dict[str, float]:
    return {word: weight for word, weight in words.items() if word not in taken}


def _resolve(theme_id: str, themes: Mapping[str, Theme], merged: Mapping[str, Theme]) -> str | None:
    while (at := merged.get(theme_id)) is not None:
        theme_id = at.merged_into or ""
    return theme_id if theme_id in themes else None


def _rename(replay: _Replay, content: Mapping[str, Any]) -> None:
    if theme := replay.find(content["theme"]):
        replay.put(theme, name={**theme.name, **content["name"]})


def _merge(replay: _Replay, content: Mapping[str, Any]) -> None:
    for theme_id in content["themes"]:
        source, into = replay.find(theme_id), replay.find(content["into"])
        if source is None or into is None or source.id == into.id:
            continue
        replay.take(source.id, {word for theme, word in replay.banned if theme == into.id})
        source = replay.themes.pop(source.id)
        replay.join(source, into.id)
        replay.merged[source.id] = replace(source, merged_into=into.id)


def _earlier(one: str | None, other: str | None) -> str | None:
    return None if one is None or other is None else min(one, other)


def _split(replay: _Replay, content: Mapping[str, Any]) -> None:
    parent, new = replay.find(content["theme"]), content["id"]
    if parent is None or new in replay.themes or new in replay.merged:
        return
    taken = {word: parent.words[word] for word in content["words"] if word in parent.words}
    if not taken:
        return
    replay.take(parent.id, taken)
    words = {word: max(weight, SPLIT_WEIGHT) for word, weight in taken.items()}
    replay.put(parent, id=new, name=dict(content["name"]), origin="staff", words=words, hidden=False)
    replay.members[new] = replay.themes[new]


def _pin(replay: _Replay, content: Mapping[str, Any]) -> None:
    if theme := replay.find(content["theme"]):
        pinned = {content["word"]: content["weight"]}
        replay.banned.discard((theme.id, content["word"]))
        replay.put(theme, words={**theme.words, **pinned})
        member = replay.members[theme.id]
        replay.members[theme.id] = replace(member, words={**member.words, **pinned})


def _ban(replay: _Replay, content: Mapping[str, Any]) -> None:
    if theme := replay.find(content["theme"]):
        replay.banned.add((theme.id, content["word"]))
        replay.take(theme.id, {content["word"]})


def _hide(replay: _Replay, content: Mapping[str, Any]) -> None:
    if theme := replay.find(content["theme"]):
        replay.put(theme, hidden=True)


_STEPS: Mapping[str, Callable[[_Replay, Mapping[str, Any]], None]] = {
    "rename": _rename,
    "merge": _merge,
    "split": _split,
    "pin": _pin,
    "ban": _ban,
    "hide": _hide,
}
