"""Stored counts, added up the ways a report needs them."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, fields
from typing import TypeVar

from analysis.nps import pool
from analysis.results import StoreWeekCounts, ThemeWeekCounts

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class AnswerTotals:
    """Answers of some weeks and stores together (see `analysis.results.StoreWeekCounts`)."""

    responses: int = 0
    with_text: int = 0
    none_answers: int = 0
    foreign: int = 0
    opinions: int = 0
    unexplained: int = 0
    histogram: tuple[int, ...] = (0,) * 11

    @property
    def scored(self) -> int:
        """Answers with a score."""
        return sum(self.histogram)


@dataclass(frozen=True, slots=True)
class ThemeTotals:
    """Mentions of one theme in some weeks and stores together (see `analysis.results.ThemeWeekCounts`)."""

    opinions: int = 0
    positive: int = 0
    negative: int = 0
    requests: int = 0
    responses: int = 0
    responses_positive: int = 0
    responses_negative: int = 0


NO_ANSWERS = AnswerTotals()
NO_MENTIONS = ThemeTotals()

_ANSWERS = tuple(field.name for field in fields(AnswerTotals) if field.name != "histogram")
_MENTIONS = tuple(field.name for field in fields(ThemeTotals))


def total_answers(rows: Iterable[StoreWeekCounts]) -> AnswerTotals:
    """Add the answers of these rows up."""
    rows = list(rows)
    counts = {name: sum(getattr(row, name) for row in rows) for name in _ANSWERS}
    return AnswerTotals(**counts, histogram=pool(row.histogram for row in rows))


def total_mentions(rows: Iterable[ThemeWeekCounts]) -> ThemeTotals:
    """Add the mentions of these rows up."""
    rows = list(rows)
    return ThemeTotals(**{name: sum(getattr(row, name) for row in rows) for name in _MENTIONS})


def answers_by(rows: Iterable[StoreWeekCounts], key: Callable[[StoreWeekCounts], Key]) -> dict[Key, AnswerTotals]:
    """Add answers up for each value of a key."""
    return {value: total_answers(group) for value, group in _grouped(rows, key).items()}


def mentions_by(rows: Iterable[ThemeWeekCounts], key: Callable[[ThemeWeekCounts], Key]) -> dict[Key, ThemeTotals]:
    """Add mentions up for each value of a key."""
    return {value: total_mentions(group) for value, group in _grouped(rows, key).items()}


def _grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
