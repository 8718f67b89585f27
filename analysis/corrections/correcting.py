"""What staff may correct, checked before it is stored: library calls for pages and commands.

Each call stores one event in the session that it is given and returns it; figures follow with the next analysis.
Errors: `CorrectionError` names what is wrong and what to do.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.corrections.amendments import split_id
from analysis.corrections.log import Correction, record
from analysis.corrections.verdicts import starts, text_digest
from analysis.errors import CorrectionError
from analysis.reading.features import sentence_key
from analysis.reading.text import read_opinions
from analysis.records import amended
from analysis.results import Theme
from analysis.tables import OpinionRow
from analysis.themes.catalogues import PHRASE_WEIGHT, WORD_WEIGHT
from surveys.tables import Comment
from surveys.texts import is_storable

HEAVIEST = 5.0
_NAME_LENGTH = _WORD_LENGTH = 60
_SHOWN_LENGTH = 40
_DIGITS = 9
"""No opinion has a number as long as this, and no number so short is too large for a database."""
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""These turn the direction of the letters around them: a name would read as another one."""


def find_theme(session: Session, theme_id: str) -> Theme:
    """Return a theme that lives, by its id. Error: `CorrectionError`, also for one that became a part of another."""
    found = amended(session)
    if theme_id in found.themes:
        return found.themes[theme_id]
    if into := found.resolve(theme_id):
        raise CorrectionError(f"theme {theme_id!r} was merged into {into!r}; name that one", "gone")
    raise CorrectionError(f"there is no theme {_shown(theme_id)}; koebako theme list shows all", "gone")


def rename(session: Session, theme_id: str, name: Mapping[str, str], who: str, now: datetime) -> Correction:
    """Give a theme another name in the languages of `name` (ja, en).

    Where both names were the same (a discovered theme), the new Japanese one stands for both.
    """
    theme = find_theme(session, theme_id)
    name = _checked_names(name)
    if "en" not in name and theme.name.get("en") == theme.name.get("ja"):
        name = {**name, "en": name["ja"]}
    if all(theme.name.get(language) == text for language, text in name.items()):
        raise CorrectionError(f"theme {theme_id!r} has this name already", "same")
    return record(session, "rename", {"theme": theme_id, "name": name}, who, now)


def merge(session: Session, theme_ids: Sequence[str], into: str, who: str, now: datetime) -> Correction:
    """Make themes a part of another one: their words join it, and so does their history."""
    target = find_theme(session, into)
    sources = [find_theme(session, theme_id).id for theme_id in dict.fromkeys(theme_ids)]
    if not sources:
        raise CorrectionError("name at least one theme to merge", "words")
    if target.id in sources:
        raise CorrectionError(f"theme {into!r} cannot be merged into itself", "itself")
    return record(session, "merge", {"themes": sources, "into": target.id}, who, now)


def split(
    session: Session, theme_id: str, name: Mapping[str, str], words: Sequence[str], who: str, now: datetime
) -> Correction:
    """Make a theme of its own of some words of another one. The content's `id` is that of the new theme."""
    parent, name = find_theme(session, theme_id), _checked_names(name)
    if "ja" not in name:
        raise CorrectionError("the new theme needs a Japanese name", "name")
    keys = list(dict.fromkeys(_word_of(parent, word) for word in words))
    if not keys:
        raise CorrectionError("name at least one word of the theme that makes the new one", "words")
    if len(keys) == len(parent.words):
        raise CorrectionError(f"these are all words of {theme_id!r}; to call it otherwise: koebako theme rename", "all")
    name = {"en": name["ja"], **name}
    new = split_id(parent.id, name, keys)
    return record(session, "split", {"theme": parent.id, "id": new, "name": name, "words": keys}, who, now)


def pin(session: Session, theme_id: str, word: str, weight: float | None, who: str, now: datetime) -> Correction:
    """Make a word, or words that must occur together, speak for a theme; `weight` None: as much as a catalogue's."""
    theme, key = find_theme(session, theme_id), word_key(word)
    if weight is None:
        weight = PHRASE_WEIGHT if " " in key else WORD_WEIGHT
    if not 0 < weight <= HEAVIEST:
        raise CorrectionError(f"a weight lies above 0 and is {HEAVIEST:g} at most, not {weight:g}")
    if theme.words.get(key) == weight:
        raise CorrectionError(f"{word!r} speaks for {theme_id!r} already, with just this weight", "same")
    return record(session, "pin", {"theme": theme.id, "word": key, "weight": weight}, who, now)


def ban(session: Session, theme_id: str, word: str, who: str, now: datetime) -> Correction:
    """Let a word no longer speak for a theme."""
    theme = find_theme(session, theme_id)
    key = _word_of(theme, word)
    if len(theme.words) == 1:
        raise CorrectionError(
            f"{word!r} is the only word of {theme_id!r}; to see no more of it: koebako theme hide", "last"
        )
    return record(session, "ban", {"theme": theme.id, "word": key}, who, now)


def hide(session: Session, theme_id: str, who: str, now: datetime) -> Correction:
    """Leave a theme out of lists and improvements; what it explains stays explained. Its undo shows it again."""
    theme = find_theme(session, theme_id)
    if theme.hidden:
        raise CorrectionError(
            f"theme {theme_id!r} is hidden already; to see it again undo that (koebako theme log)", "same"
        )
    return record(session, "hide", {"theme": theme.id}, who, now)


def set_themes(session: Session, comment_id: str, theme_ids: Sequence[str], who: str, now: datetime) -> Correction:
    """Say that a comment is about exactly these themes, or about none."""
    text, _ = _comment(session, comment_id)
    found = sorted({find_theme(session, theme_id).id for theme_id in theme_ids})
    content = {"comment": comment_id, "text": text_digest(text), "themes": found}
    return record(session, "set", content, who, now)


def move(session: Session, opinion: tuple[str, int], theme_ids: Sequence[str], who: str, now: datetime) -> Correction:
    """Say that one opinion (comment id and position, counted from 0) is about exactly these themes, or about none."""
    comment_id, position = opinion
    text, clauses = _comment(session, comment_id)
    if not 0 <= position < len(clauses):
        places = "0" if len(clauses) == 1 else f"0 to {len(clauses) - 1}"
        raise CorrectionError(f"comment {comment_id!r} has no opinion {position}; its opinions are {places}")
    content = {
        "comment": comment_id,
        "text": text_digest(text),
        "position": position,
        "clause": text_digest(clauses[position]),
        "start": starts(text, clauses)[position],
        "themes": sorted({find_theme(session, theme_id).id for theme_id in theme_ids}),
    }
    return record(session, "move", content, who, now)


def opinion_reference(written: str) -> tuple[str, int]:
    """Read COMMENT/POSITION (or COMMENT#POSITION, as an export writes it). Error: `CorrectionError`."""
    cut = max(written.rfind("/"), written.rfind("#"))
    comment_id, position = written[:cut], written[cut + 1 :]
    if cut < 1 or not position.isdecimal() or len(position) > _DIGITS:
        raise CorrectionError(f"{_shown(written)} names no opinion; write the comment's id, / and the opinion's number")
    return comment_id, int(position)


def word_key(word: str) -> str:
    """Return the key under which a written word counts. Error: `CorrectionError` where no theme can stand on it."""
    word = _readable("word", word, _WORD_LENGTH)
    key = sentence_key(word)
    if not key or len(key.split()) < len(word.split()):
        raise CorrectionError(f"{_shown(word)} is no word that a theme can stand on; write another one", "word")
    return key


def _comment(session: Session, comment_id: str) -> tuple[str, list[str]]:
    """Return the text of a comment and its clauses, as they were cut by the last analysis."""
    query = select(Comment.id, Comment.text).where(Comment.external_id == comment_id)
    found = session.execute(query).one_or_none() if is_storable(comment_id) else None
    if found is None:
        raise CorrectionError(f"there is no comment {_shown(comment_id)}; koebako export tags lists their ids")
    stored = select(OpinionRow.text, OpinionRow.kind).where(OpinionRow.comment_id == found.id)
    rows: Sequence[Any] = session.execute(stored.order_by(OpinionRow.position)).all() or read_opinions(found.text)
    if not any(row.kind == "opinion" for row in rows):
        raise CorrectionError(f"comment {comment_id!r} says nothing, or in another language: it has no themes")
    return found.text, [row.text for row in rows]


def _word_of(theme: Theme, word: str) -> str:
    """Return the key of one of the theme's words, written as a customer would or as `koebako theme show` does."""
    key = word if word in theme.words else word_key(word)
    if key not in theme.words:
        raise CorrectionError(
            f"theme {theme.id!r} has no word {_shown(word)}; koebako theme show {theme.id} lists its words", "gone"
        )
    return key


def _checked_names(name: Mapping[str, str]) -> dict[str, str]:
    found = {language: _readable("name", text, _NAME_LENGTH) for language, text in name.items()}
    if not found:
        raise CorrectionError("a theme needs a name", "name")
    return found


def _readable(what: Literal["name", "word"], written: str, longest: int) -> str:
    """Return a text with single spaces. Error: `CorrectionError` names the length or a letter that nobody would see."""
    text = written.strip(" \u3000")
    if not 0 < len(text) <= longest:
        raise CorrectionError(f"a {what} has 1 to {longest} letters, {_shown(text)} has {len(text)}", what)
    for letter in text:
        if letter in _TURNING or unicodedata.category(letter) == "Cc" or not is_storable(letter):
            called = unicodedata.name(letter, "a control character")
            raise CorrectionError(
                f"the {what} {_shown(text)} holds U+{ord(letter):04X} ({called}); leave it out", "letters"
            )
    return " ".join(text.split())


def _shown(text: str) -> str:
    """Quote what was typed, the beginning of it where it is long."""
    return repr(text) if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]!r}…"
