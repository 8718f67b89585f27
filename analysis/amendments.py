"""Themes as staff amended them: corrections replayed in their order over the themes as they were found.

Pure: the same themes and corrections give the same result. A correction that lost its ground (its theme is gone, its
words went elsewhere) is passed over, never an error: an undo of an earlier one may bring the ground back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from analysis.corrections import Correction
from analysis.results import Theme

SPLIT_WEIGHT = 1.0
"""A word that staff make a theme of speaks for it alone, also where it was only a hint before."""


@dataclass(frozen=True, slots=True)
class Amended:
    """The themes that live, by id, hidden ones too; `merged`: the others, each with the theme it is a part of."""

    themes: Mapping[str, Theme]
    merged: Mapping[str, Theme]

    def resolve(self, theme_id: str) -> str | None:
        """Return the id of the living theme that stands for this one, None where there is none."""
        return _resolve(theme_id, self.themes, self.merged)

    def resolve_all(self, theme_ids: Iterable[str]) -> frozenset[str]:
        """Return the ids of the living themes that stand for these."""
        return frozenset(found for theme_id in theme_ids if (found := self.resolve(theme_id)) is not None)


def amended_themes(themes: Iterable[Theme], corrections: Iterable[Correction]) -> Amended:
    """Replay these corrections over these themes."""
    replay = _Replay({theme.id: theme for theme in themes}, {}, set())
    for event in corrections:
        if event.kind in _STEPS:
            _STEPS[event.kind](replay, event.content)
    return Amended(replay.themes, replay.merged)


def split_id(parent: str, name: Mapping[str, str], words: Sequence[str]) -> str:
    """The id of the theme that staff split off: the same words of the same theme under the same name give the same."""
    content = "\n".join([parent, *(name[language] for language in sorted(name)), *sorted(words)])
    return f"s-{sha256(content.encode()).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class _Replay:
    """The state while events are replayed. `banned`: theme id and word."""

    themes: dict[str, Theme]
    merged: dict[str, Theme]
    banned: set[tuple[str, str]]

    def find(self, theme_id: str) -> Theme | None:
        found = _resolve(theme_id, self.themes, self.merged)
        return None if found is None else self.themes[found]

    def put(self, theme: Theme, **changes: Any) -> None:
        changed = replace(theme, **changes)
        self.themes[changed.id] = changed


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
        words = {word: weight for word, weight in source.words.items() if (into.id, word) not in replay.banned}
        joined = {word: max(weight, into.words.get(word, 0.0)) for word, weight in words.items()}
        replay.put(into, words={**into.words, **joined}, since=_earlier(source.since, into.since))
        del replay.themes[source.id]
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
    replay.put(parent, words={word: weight for word, weight in parent.words.items() if word not in taken})
    words = {word: max(weight, SPLIT_WEIGHT) for word, weight in taken.items()}
    replay.put(parent, id=new, name=dict(content["name"]), origin="staff", words=words, hidden=False)


def _pin(replay: _Replay, content: Mapping[str, Any]) -> None:
    if theme := replay.find(content["theme"]):
        replay.banned.discard((theme.id, content["word"]))
        replay.put(theme, words={**theme.words, content["word"]: content["weight"]})


def _ban(replay: _Replay, content: Mapping[str, Any]) -> None:
    if theme := replay.find(content["theme"]):
        replay.banned.add((theme.id, content["word"]))
        replay.put(theme, words={word: weight for word, weight in theme.words.items() if word != content["word"]})


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
