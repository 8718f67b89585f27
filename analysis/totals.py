"""Stored counts of themes, added up by the database: a report needs sums of weeks or of stores, never every cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from analysis.records import known
from analysis.tables import ThemeRow, ThemeWeek

Key = TypeVar("Key", str, int)


@dataclass(frozen=True, slots=True)
class ThemeTotals:
    """Mentions of one theme in some weeks and stores together (see `results.ThemeWeekCounts`)."""

    opinions: int = 0
    positive: int = 0
    negative: int = 0
    requests: int = 0
    responses: int = 0
    responses_positive: int = 0
    responses_negative: int = 0

    def __add__(self, other: "ThemeTotals") -> "ThemeTotals":
        return ThemeTotals(
            self.opinions + other.opinions,
            self.positive + other.positive,
            self.negative + other.negative,
            self.requests + other.requests,
            self.responses + other.responses,
            self.responses_positive + other.responses_positive,
            self.responses_negative + other.responses_negative,
        )


NO_MENTIONS = ThemeTotals()

_COUNTS = (
    ThemeWeek.opinions,
    ThemeWeek.positive,
    ThemeWeek.negative,
    ThemeWeek.requests,
    ThemeWeek.responses,
    ThemeWeek.responses_positive,
    ThemeWeek.responses_negative,
)


def theme_totals_by_week(
    session: Session, weeks: Sequence[str], store_ids: Sequence[int] | None, known_at: str
) -> dict[tuple[str, str], ThemeTotals]:
    """Add mentions up for each week and theme id. `store_ids` None: every store; `known_at`: see `records`."""
    return _totals(session, ThemeWeek.week, weeks, store_ids, known_at)


def theme_totals_by_store(
    session: Session, weeks: Sequence[str], store_ids: Sequence[int] | None, known_at: str
) -> dict[tuple[int, str], ThemeTotals]:
    """Add mentions up for each store and theme id. `store_ids` None: every store; `known_at`: see `records`."""
    return _totals(session, ThemeWeek.store_id, weeks, store_ids, known_at)


def _totals(
    session: Session,
    key: InstrumentedAttribute[Key],
    weeks: Sequence[str],
    store_ids: Sequence[int] | None,
    known_at: str,
) -> dict[tuple[Key, str], ThemeTotals]:
    shown = select(ThemeRow.id).where(*known(known_at))
    query = (
        select(key, ThemeWeek.theme_id, *(func.sum(count) for count in _COUNTS))
        .where(ThemeWeek.week.in_(weeks), ThemeWeek.theme_id.in_(shown))
        .group_by(key, ThemeWeek.theme_id)
    )
    if store_ids is not None:
        query = query.where(ThemeWeek.store_id.in_(store_ids))
    return {(value, theme_id): ThemeTotals(*counts) for value, theme_id, *counts in session.execute(query)}
