"""Stored counts of one week and scope, added up the ways a report needs them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from analysis.figures.trends import share_change
from analysis.results import Estimate, StoreWeekCounts
from analysis.totals import NO_MENTIONS, ThemeTotals
from feedback.results import Scope
from surveys.queries import StoreInfo
from surveys.weeks import shift, window

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class AnswerTotals:
    """Answers of some weeks and stores together (see `analysis.results.StoreWeekCounts`)."""

    responses: int = 0
    with_text: int = 0
    none_answers: int = 0
    opinions: int = 0
    unexplained: int = 0
    histogram: tuple[int, ...] = (0,) * 11

    @property
    def scored(self) -> int:
        """Answers with a score."""
        return sum(self.histogram)


NO_ANSWERS = AnswerTotals()


def total_answers(rows: Iterable[StoreWeekCounts | AnswerTotals]) -> AnswerTotals:
    """Add the answers of these rows or totals up."""
    columns = [
        (row.responses, row.with_text, row.none_answers, row.opinions, row.unexplained, *row.histogram) for row in rows
    ]
    if not columns:
        return NO_ANSWERS
    responses, with_text, none_answers, opinions, unexplained, *histogram = map(sum, zip(*columns, strict=True))
    return AnswerTotals(responses, with_text, none_answers, opinions, unexplained, tuple(histogram))


def answers_by(rows: Iterable[StoreWeekCounts], key: Callable[[StoreWeekCounts], Key]) -> dict[Key, AnswerTotals]:
    """Add answers up for each value of a key."""
    groups: dict[Key, list[StoreWeekCounts]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return {value: total_answers(group) for value, group in groups.items()}


@dataclass(frozen=True, slots=True)
class Counts:
    """The stored counts of a scope over the longest window, and as long before where that is compared with.

    `stores`: those of the scope, ordered by key; `answers`: theirs in the longest window, one row a store and week;
    `weekly`: the same by week, and further back where needed; `mentions`: by week and theme id.
    """

    scope: Scope
    stores: tuple[StoreInfo, ...]
    answers: Sequence[StoreWeekCounts]
    weekly: Mapping[str, AnswerTotals]
    mentions: Mapping[tuple[str, str], ThemeTotals]

    def answers_by_store(self, weeks: Collection[str]) -> dict[int, AnswerTotals]:
        """Return the answers in these weeks of each store that has any."""
        return answers_by((row for row in self.answers if row.week in weeks), lambda row: row.store_id)

    def answers_by_week(self, weeks: Sequence[str]) -> list[AnswerTotals]:
        """Return the answers of each of these weeks, in their order."""
        return [self.weekly.get(week, NO_ANSWERS) for week in weeks]


@dataclass(frozen=True, slots=True)
class Said:
    """Answers and theme mentions of some weeks and one scope, added up."""

    answers: AnswerTotals
    themes: Mapping[str, ThemeTotals]

    @classmethod
    def of(cls, counts: Counts, weeks: Sequence[str]) -> "Said":
        """Add the counts in these weeks up."""
        themes: dict[str, ThemeTotals] = {}
        for (week, theme_id), totals in counts.mentions.items():
            if week in weeks:
                themes[theme_id] = themes.get(theme_id, NO_MENTIONS) + totals
        return cls(total_answers(counts.answers_by_week(weeks)), themes)

    def theme(self, theme_id: str) -> ThemeTotals:
        """Return the mentions of a theme, zeros when it was not mentioned."""
        return self.themes.get(theme_id, NO_MENTIONS)


@dataclass(frozen=True, slots=True)
class Period:
    """The weeks that figures pool, oldest first, and what was said in them and in as many weeks before."""

    weeks: tuple[str, ...]
    now: Said
    before: Said

    @classmethod
    def of(cls, counts: Counts, week: str, length: int) -> "Period":
        """Take the `length` weeks that end with `week`."""
        weeks, before = window(week, length), window(shift(week, -length), length)
        return cls(weeks, Said.of(counts, weeks), Said.of(counts, before))

    def trend(self, theme_id: str) -> Estimate:
        """Compute a theme's share of the responses with text now minus its share before."""
        now, before = self.now, self.before
        return share_change(
            before.theme(theme_id).responses,
            before.answers.with_text,
            now.theme(theme_id).responses,
            now.answers.with_text,
        )
