"""Theme catalogues: data files that say what customers of a trade speak of, checked when they are loaded."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from analysis.errors import CatalogueError
from analysis.reading.features import entry_key, sentence_key
from analysis.reading.spellings import NO_OWN_WORDS, OwnWords
from analysis.results import Theme
from analysis.settings import catalogue_names
from analysis.themes.catalogue_files import GroupPart, ThemePart, read_file

WORD_WEIGHT = 1.0
PHRASE_WEIGHT = 1.2
BROAD_WEIGHT = 0.65
"""Enough alone, but less than what a theme needs beside a clear word of another one: 部屋 in 「部屋の枕が固い」."""
HINT_WEIGHT = 0.4


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The themes of a trade. `digest` changes with any word, name or advice."""

    themes: tuple[Theme, ...]
    digest: str


def load_catalogue(name: str, extra_files: Sequence[str | Path] = (), own: OwnWords = NO_OWN_WORDS) -> Catalogue:
    """The catalogue `name`, with the themes of an organisation's own files added.

    A theme in a later file replaces the one with the same group and id, and takes its words from the themes of earlier
    files: who writes パン under a theme of their own means that one. An entry of `words`, `broad` or `hints` is one
    word, or several with spaces between them that must occur together. `own`: words of the organisation, for its own
    files. Errors: `CatalogueError` names file and key.
    """
    if name not in catalogue_names():
        raise CatalogueError(f"catalogue {name!r} is unknown; there are: {', '.join(catalogue_names())}")
    themes = {theme.id: theme for theme in _shipped(name)}
    for path in extra_files:
        added = _read(str(path), _text_of(Path(path)), own)
        themes = {theme_id: _without(theme, _taken_by(added)) for theme_id, theme in themes.items()}
        themes |= {theme.id: theme for theme in added}
    ordered = tuple(themes.values())
    return Catalogue(themes=ordered, digest=_digest(ordered))


@cache
def _shipped(name: str) -> tuple[Theme, ...]:
    """The themes of a file of ours, which does not change while we run; the tokeniser has to read each of its words."""
    text = files("analysis").joinpath(f"data/catalogues/{name}.yaml").read_text("utf-8")
    return tuple(_read(f"{name}.yaml", text, NO_OWN_WORDS))


@cache
def entries_as_written() -> Mapping[str, str]:
    """How our catalogues write their entries, by key: おむつ替え for 御襁褓替え. Takes up to a second, once."""
    found: dict[str, str] = {}
    for name in catalogue_names():
        text = files("analysis").joinpath(f"data/catalogues/{name}.yaml").read_text("utf-8")
        parts = (part for group in read_file(f"{name}.yaml", text).groups for part in group.themes)
        for entry in (entry for part in parts for entry in (*part.words, *part.broad, *part.hints)):
            for key in (entry_key(entry), sentence_key(entry)):
                found.setdefault(key, entry)  # of several spellings the first is shown
    return found


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path}: cannot be read: it is not in UTF-8; save it again as UTF-8") from error
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error}") from error


def _taken_by(themes: Sequence[Theme]) -> set[str]:
    return {
        word for theme in themes if not theme.general for word, weight in theme.words.items() if weight > HINT_WEIGHT
    }


def _without(theme: Theme, taken: AbstractSet[str]) -> Theme:
    kept = {word: weight for word, weight in theme.words.items() if word not in taken}
    return theme if theme.general or len(kept) == len(theme.words) else replace(theme, words=kept)


def _read(source: str, text: str, own: OwnWords) -> list[Theme]:
    file = read_file(source, text)
    return [_theme(source, group, theme, own) for group in file.groups for theme in group.themes]


def _theme(source: str, group: GroupPart, part: ThemePart, own: OwnWords) -> Theme:
    place = f"{source}: {group.id}.{part.id}"
    words = {key: HINT_WEIGHT for entry in part.hints for key in _keys(place, "hints", entry, own)}
    words |= {key: BROAD_WEIGHT for entry in part.broad for key in _keys(place, "broad", entry, own)}
    words |= {key: _weight(key) for entry in part.words for key in _keys(place, "words", entry, own)}
    return Theme(
        id=f"{group.id}.{part.id}",
        name=part.name.model_dump(),
        origin="catalogue",
        words=words,
        group=group.name.model_dump(),
        advice=part.advice.model_dump(),
        general=part.general,
    )


def _weight(key: str) -> float:
    return PHRASE_WEIGHT if " " in key else WORD_WEIGHT


def _keys(place: str, field: str, entry: str, own: OwnWords) -> Iterable[str]:
    """着替え is found in 「着替えが無い」 and in 「着替えたい」."""
    key = entry_key(entry, own)
    if len(key.split()) < len(entry.split()):
        raise CatalogueError(f"{place}.{field}: {entry!r} is no word that a theme can stand on; write another one")
    return (key, sentence_key(entry, own))


def _digest(themes: Sequence[Theme]) -> str:
    content = [
        [theme.id, dict(theme.name), dict(theme.words), dict(theme.group), dict(theme.advice), theme.general]
        for theme in themes
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
