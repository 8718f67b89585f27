"""What staff corrected, as events: who changed what and when. Fits and pages replay those that are not undone."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.errors import CorrectionError
from analysis.tables import CorrectionRow
from surveys.texts import is_storable, is_storable_number

Kind = Literal["rename", "merge", "split", "move", "set", "pin", "ban", "hide"]

_SHOWN_ONLY = frozenset({"rename", "hide"})
"""These change what is shown, never what an opinion is about: no week is read again for them."""
_WHO_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Correction:
    """One event. `content` holds ids, words, names and digests, never a customer's text.

    rename: theme, name {language: text}; merge: themes, into; split: theme, id (of the new one), name, words;
    move: comment, text, position, clause, start, themes; set: comment, text, themes (both: see `verdicts`);
    pin: theme, word, weight; ban: theme, word; hide: theme.
    """

    number: int
    kind: Kind
    content: Mapping[str, Any]
    made_by: str
    made_at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None

    @property
    def is_undone(self) -> bool:
        """Whether it counts as never made."""
        return self.undone_at is not None

    @property
    def is_shown_only(self) -> bool:
        """Whether it changes only what is shown, at once, and no tag."""
        return self.kind in _SHOWN_ONLY


def record(session: Session, kind: Kind, content: Mapping[str, Any], who: str, now: datetime) -> Correction:
    """Store one event; `analysis.correcting` checks it first. Error: `CorrectionError` without a name."""
    row = CorrectionRow(kind=kind, content=dict(content), made_by=_checked_name(who), made_at=now)
    session.add(row)
    session.flush()
    return _correction(row)


def undo(session: Session, number: int, who: str, now: datetime) -> Correction:
    """Make an event count as never made. Errors: `CorrectionError` for an unknown number, and for one undone before."""
    row = session.get(CorrectionRow, number) if is_storable_number(number) else None
    if row is None:
        raise CorrectionError(f"there is no correction {number}; koebako theme log shows all")
    if row.undone_at is not None:
        raise CorrectionError(
            f"correction {number} was undone before, by {row.undone_by}; make it anew to have it back"
        )
    row.undone_by, row.undone_at = _checked_name(who), now
    session.flush()
    return _correction(row)


def active(session: Session) -> tuple[Correction, ...]:
    """Every event that is not undone, in the order in which they were made."""
    query = select(CorrectionRow).where(CorrectionRow.undone_at.is_(None)).order_by(CorrectionRow.id)
    return tuple(_correction(row) for row in session.scalars(query))


def events(session: Session, limit: int | None = None) -> tuple[Correction, ...]:
    """Every event, undone ones too, newest first."""
    query = select(CorrectionRow).order_by(CorrectionRow.id.desc()).limit(limit)
    return tuple(_correction(row) for row in session.scalars(query))


def digest(corrections: Iterable[Correction]) -> str:
    """Twelve digits that change with every correction that can change a tag; "" where there is none."""
    telling = [[event.kind, event.content] for event in corrections if not event.is_shown_only]
    if not telling:
        return ""
    return sha256(json.dumps(telling, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


def corrected_ids(corrections: Iterable[Correction]) -> frozenset[str]:
    """The ids of all themes that these corrections name: no fit may drop or reword them, or people's work is lost."""
    return frozenset(theme_id for event in corrections for theme_id in named_themes(event))


def named_themes(event: Correction) -> Sequence[str]:
    """The ids of the themes that an event names."""
    content = event.content
    return [*content.get("themes", ()), *(content[key] for key in ("theme", "into", "id") if key in content)]


def _checked_name(who: str) -> str:
    name = " ".join(who.split())
    if not 0 < len(name) <= _WHO_LENGTH or not is_storable(name):
        raise CorrectionError(f"who corrects? Give a name of 1 to {_WHO_LENGTH} letters (--by NAME)")
    return name


def _correction(row: CorrectionRow) -> Correction:
    return Correction(
        number=row.id,
        kind=row.kind,  # type: ignore[arg-type] # only these kinds are written
        content=row.content,
        made_by=row.made_by,
        made_at=row.made_at,
        undone_by=row.undone_by,
        undone_at=row.undone_at,
    )
