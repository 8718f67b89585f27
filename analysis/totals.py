"""Stored counts of themes, added up by the database: a report needs sums of weeks or of stores, never every cell."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from analysis.records import known
from analysis.tables import ThemeRow, ThemeWeek


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
    query = (
        select(ThemeWeek.week, ThemeWeek.theme_id, *(func.sum(count) for count in _COUNTS))
        .where(*_narrowed(weeks, store_ids, known_at))
        .group_by(ThemeWeek.week, ThemeWeek.theme_id)
    )
    return {(week, theme_id): ThemeTotals(*counts) for week, theme_id, *counts in session.execute(query)}


def complaints_by_store(
    session: Session, weeks: Sequence[str], store_ids: Sequence[int] | None, known_at: str
) -> dict[tuple[int, str], int]:
    """Count responses with a complaint for each store and theme id that has any. Arguments as above."""
    query = (
        select(ThemeWeek.store_id, ThemeWeek.theme_id, func.sum(ThemeWeek.responses_negative))
        .where(*_narrowed(weeks, store_ids, known_at), ThemeWeek.responses_negative > 0)
        .group_by(ThemeWeek.store_id, ThemeWeek.theme_id)
    )
    return {(store_id, theme_id): int(count) for store_id, theme_id, count in session.execute(query)}


def responses_by_store(session: Session, weeks: Sequence[str], known_at: str) -> list[tuple[str, int, str, int, int]]:
    """Return week, store, theme id, responses that mention it and those that complain, of all stores, in no order."""
    query = select(
        ThemeWeek.week, ThemeWeek.store_id, ThemeWeek.theme_id, ThemeWeek.responses, ThemeWeek.responses_negative
    )
    return [(*row,) for row in session.execute(query.where(*_narrowed(weeks, None, known_at)))]


def complaints_by_store_and_week(
    session: Session, weeks: Sequence[str], store_ids: Sequence[int], theme_ids: Collection[str]
) -> dict[tuple[int, str], int]:
    """Count responses with a complaint for each store and week that has any.

    `theme_ids`: a theme and what was merged into it. Until the next analysis its weeks are counted under each of them,
    and an answer that complains of two counts twice.
    """
    query = (
        select(ThemeWeek.store_id, ThemeWeek.week, func.sum(ThemeWeek.responses_negative))
        .where(ThemeWeek.theme_id.in_(theme_ids), ThemeWeek.week.in_(weeks), ThemeWeek.store_id.in_(store_ids))
        .group_by(ThemeWeek.store_id, ThemeWeek.week)
    )
    return {(store_id, week): int(count) for store_id, week, count in session.execute(query) if count}


def _narrowed(weeks: Sequence[str], store_ids: Sequence[int] | None, known_at: str) -> list[ColumnElement[bool]]:
    shown = select(ThemeRow.id).where(*known(known_at))
    conditions: list[ColumnElement[bool]] = [ThemeWeek.week.in_(weeks), ThemeWeek.theme_id.in_(shown)]
    return conditions if store_ids is None else [*conditions, ThemeWeek.store_id.in_(store_ids)]
