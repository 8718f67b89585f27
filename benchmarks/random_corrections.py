"""Random corrections, as staff might make them, and whether each still holds."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis import records
from analysis.corrections import correcting
from analysis.corrections.amendments import Amended
from analysis.corrections.log import Correction, active
from analysis.errors import CorrectionError
from analysis.results import Theme
from analysis.tables import OpinionRow, TagRow
from surveys.tables import Comment

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_WHO = "benchmark"


def make_corrections(session: Session, number: int, seed: int) -> None:
    """Make so many corrections, the kinds in turn, each about themes and comments of its own."""
    chance = random.Random(seed)
    themes = [theme for theme in records.themes(session).values() if theme.is_listed and not theme.general]
    chance.shuffle(themes)
    said = select(Comment.external_id).join(OpinionRow, OpinionRow.comment_id == Comment.id)
    comments = sorted(set(session.scalars(said.where(OpinionRow.kind == "opinion", OpinionRow.position == 0))))
    chance.shuffle(comments)
    made = 0
    kinds = list(_MAKERS.values())
    while made < number and comments and len(themes) > 2:
        try:
            kinds[made % len(kinds)](session, themes, comments)
        except CorrectionError:  # nothing to ban, say: other themes will do
            continue
        made += 1


def corrections_kept(session: Session) -> float | None:
    """Return the share of active corrections that hold; None where there is none."""
    amended, events = records.amended(session), active(session)
    held = [_HOLDS[event.kind](session, amended, event) for event in events]
    return round(sum(held) / len(held), 4) if held else None


def _rename(session: Session, themes: list[Theme], _: list[str]) -> None:
    correcting.rename(session, themes.pop().id, {"ja": f"名前{len(themes)}"}, _WHO, _NOW)


def _merge(session: Session, themes: list[Theme], _: list[str]) -> None:
    correcting.merge(session, [themes.pop().id], themes.pop().id, _WHO, _NOW)


def _move(session: Session, themes: list[Theme], comments: list[str]) -> None:
    correcting.move(session, (comments.pop(), 0), [themes[0].id], _WHO, _NOW)


def _set(session: Session, themes: list[Theme], comments: list[str]) -> None:
    correcting.set_themes(session, comments.pop(), [theme.id for theme in themes[:2]], _WHO, _NOW)


def _pin(session: Session, themes: list[Theme], _: list[str]) -> None:
    correcting.pin(session, themes.pop().id, f"新語{len(themes)}", 1.5, _WHO, _NOW)


def _ban(session: Session, themes: list[Theme], _: list[str]) -> None:
    theme = themes.pop()
    correcting.ban(session, theme.id, min(theme.words), _WHO, _NOW)


def _hide(session: Session, themes: list[Theme], _: list[str]) -> None:
    correcting.hide(session, themes.pop().id, _WHO, _NOW)


_MAKERS: Mapping[str, Callable[[Session, list[Theme], list[str]], None]] = {
    "rename": _rename,
    "merge": _merge,
    "move": _move,
    "set": _set,
    "pin": _pin,
    "ban": _ban,
    "hide": _hide,
}


def _living(amended: Amended, event: Correction) -> Theme:
    return amended.themes[amended.resolve(event.content["theme"]) or ""]


def _is_merged(session: Session, amended: Amended, event: Correction) -> bool:
    parts, into = event.content["themes"], amended.resolve(event.content["into"])
    left = session.scalar(select(TagRow.theme_id).where(TagRow.theme_id.in_(parts)).limit(1))
    return left is None and all(amended.resolve(part) == into for part in parts)


def _is_as_said(session: Session, amended: Amended, event: Correction) -> bool:
    """Whether the opinion, or the comment with all its opinions, has exactly the themes that staff gave it."""
    tags = (
        select(TagRow.theme_id, TagRow.source)
        .join(OpinionRow, OpinionRow.id == TagRow.opinion_id)
        .join(Comment, Comment.id == OpinionRow.comment_id)
        .where(Comment.external_id == event.content["comment"])
    )
    if event.kind == "move":
        tags = tags.where(OpinionRow.position == event.content["position"])
    found = session.execute(tags).all()
    expected = amended.resolve_all(event.content["themes"])
    return {theme for theme, _ in found} == expected and {source for _, source in found} == {"staff"}


_HOLDS: Mapping[str, Callable[[Session, Amended, Correction], bool]] = {
    "rename": lambda _, amended, event: _living(amended, event).name["ja"] == event.content["name"]["ja"],
    "merge": _is_merged,
    "move": _is_as_said,
    "set": _is_as_said,
    "pin": lambda _, amended, event: _living(amended, event).words[event.content["word"]] == event.content["weight"],
    "ban": lambda _, amended, event: event.content["word"] not in _living(amended, event).words,
    "hide": lambda _, amended, event: _living(amended, event).hidden,
}
