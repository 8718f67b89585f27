"""What a report is made of: the stored counts, themes, impacts and quotes of one week and scope, read once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from analysis import records
from analysis.opinions import OpinionFilter, quotes_by_theme
from analysis.results import WINDOWS, Estimate, Quote, RunInfo, StoreWeekCounts, Theme, ThemeImpact, ThemeWeekCounts
from analysis.trends import share_change
from analysis.windows import choose_window
from feedback.config import Config
from feedback.report_counts import (
    NO_ANSWERS,
    NO_MENTIONS,
    AnswerTotals,
    ThemeTotals,
    answers_by,
    mentions_by,
    total_answers,
)
from feedback.results import ReportQuote, Scope
from feedback.scopes import stores_in
from surveys.queries import StoreInfo, stores
from surveys.weeks import shift, window

LONGEST = WINDOWS[-1]


@dataclass(frozen=True, slots=True)
class Counts:
    """The stored counts of the whole chain over the longest window and as long before, and whose report it is."""

    answers: Sequence[StoreWeekCounts]
    mentions: Sequence[ThemeWeekCounts]
    scope: Scope
    stores: tuple[StoreInfo, ...]
    """The stores of the scope, ordered by key."""

    @property
    def narrowing(self) -> tuple[int, ...] | None:
        """The store ids that a read is narrowed to; None for the whole chain."""
        whole = self.scope.store_id is None and self.scope.area_id is None
        return None if whole else tuple(store.id for store in self.stores)

    def answers_in(self, weeks: Collection[str]) -> list[StoreWeekCounts]:
        """Return the scope's answers in these weeks."""
        ids = {store.id for store in self.stores}
        return [row for row in self.answers if row.week in weeks and row.store_id in ids]

    def mentions_in(self, weeks: Collection[str]) -> list[ThemeWeekCounts]:
        """Return the scope's mentions in these weeks."""
        ids = {store.id for store in self.stores}
        return [row for row in self.mentions if row.week in weeks and row.store_id in ids]


@dataclass(frozen=True, slots=True)
class Mentions:
    """Answers and theme mentions of some weeks and one scope, added up."""

    answers: AnswerTotals
    themes: Mapping[str, ThemeTotals]

    @classmethod
    def of(cls, counts: Counts, weeks: Collection[str]) -> "Mentions":
        """Add the scope's counts in these weeks up."""
        themes = mentions_by(counts.mentions_in(weeks), lambda row: row.theme_id)
        return cls(total_answers(counts.answers_in(weeks)), themes)

    def theme(self, theme_id: str) -> ThemeTotals:
        """Return the mentions of a theme, zeros when it was not mentioned."""
        return self.themes.get(theme_id, NO_MENTIONS)


@dataclass(frozen=True, slots=True)
class Period:
    """The weeks that figures pool, oldest first, and what was said in them and in as many weeks before."""

    weeks: tuple[str, ...]
    now: Mentions
    before: Mentions

    @classmethod
    def of(cls, counts: Counts, week: str, length: int) -> "Period":
        """Take the `length` weeks that end with `week`."""
        weeks, before = window(week, length), window(shift(week, -length), length)
        return cls(weeks, Mentions.of(counts, weeks), Mentions.of(counts, before))

    def trend(self, theme_id: str) -> Estimate:
        """Compute a theme's share of the responses with text now minus its share before."""
        now, before = self.now, self.before
        return share_change(
            before.theme(theme_id).responses,
            before.answers.with_text,
            now.theme(theme_id).responses,
            now.answers.with_text,
        )


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a report of one week and scope is put together from.

    `period`: the shortest window with enough scored answers, else the longest, of which `missing` are short of enough;
    `complaints`: the shortest with enough complaints, at least as long; `weeks`: those of the trend, oldest first, from
    the first one with answers; `quotes` (of the period) and `requests` (of `complaints`): by theme id, the closest
    opinions and the closest ones that ask for something.
    """

    week: str
    run: RunInfo
    counts: Counts
    period: Period
    missing: int
    complaints: Period
    weeks: tuple[str, ...]
    themes: Mapping[str, Theme]
    impacts: Mapping[str, ThemeImpact]
    quotes: Mapping[str, tuple[ReportQuote, ...]]
    requests: Mapping[str, tuple[ReportQuote, ...]]

    @property
    def longest(self) -> tuple[str, ...]:
        """The weeks of the longest window."""
        return window(self.week, LONGEST)


def read_material(session: Session, config: Config, week: str, scope: Scope) -> Material:
    """Read the material of one report. Error: `WeekNotAnalysedError` when the week has no finished analysis."""
    run = records.finished_run(session, week)
    both = window(week, 2 * LONGEST)
    counts = Counts(
        answers=records.store_weeks(session, both),
        mentions=records.theme_weeks(session, both, known_at=week),
        scope=scope,
        stores=stores_in(session, scope),
    )
    themes = records.themes(session, known_at=week)
    length, missing = _enough_answers(counts, week, config.analysis.window_responses)
    period = Period.of(counts, week, length)
    wide = max(length, _enough_complaints(counts, week, themes, config.analysis.window_responses))
    complaints = period if wide == length else Period.of(counts, week, wide)
    wanted = OpinionFilter(weeks=period.weeks, store_ids=counts.narrowing, known_at=week)
    return Material(
        week=week,
        run=run,
        counts=counts,
        period=period,
        missing=missing,
        complaints=complaints,
        weeks=_trend_weeks(counts, week),
        themes=themes,
        impacts={impact.theme_id: impact for impact in records.impacts(session, run.id)},
        quotes=_quotes(session, config, wanted),
        requests=_quotes(session, config, replace(wanted, weeks=complaints.weeks, requests_only=True)),
    )


def _enough_answers(counts: Counts, week: str, needed: int) -> tuple[int, int]:
    """Return the shortest window with enough scored answers and 0, else the longest one and how many are missing."""
    by_week = answers_by(counts.answers_in(window(week, LONGEST)), lambda row: row.week)
    scored = [by_week.get(each, NO_ANSWERS).scored for each in window(week, LONGEST)]
    length = choose_window(scored, needed)
    return (length, 0) if length else (LONGEST, needed - sum(scored))


def _enough_complaints(counts: Counts, week: str, themes: Mapping[str, Theme], needed: int) -> int:
    """Return the shortest window with enough complaints about something that can be done, else the longest.

    A week of 400 scores may hold one or two complaints a theme: an order of those would be an order of chance.
    """
    rows = counts.mentions_in(window(week, LONGEST))
    by_week = mentions_by((row for row in rows if not themes[row.theme_id].general), lambda row: row.week)
    complaints = [by_week.get(each, NO_MENTIONS).responses_negative for each in window(week, LONGEST)]
    return choose_window(complaints, needed) or LONGEST


def _trend_weeks(counts: Counts, week: str) -> tuple[str, ...]:
    weeks = window(week, LONGEST)
    answered = {row.week for row in counts.answers_in(weeks)}
    first = min(answered, default=week)
    return tuple(each for each in weeks if each >= first)


def _quotes(session: Session, config: Config, wanted: OpinionFilter) -> dict[str, tuple[ReportQuote, ...]]:
    names = {store.id: store.name for store in stores(session)}
    found = quotes_by_theme(session, wanted, config.feedback.quotes_per_theme)
    return {theme_id: tuple(_quote(each, names) for each in quotes) for theme_id, quotes in found.items()}


def _quote(quote: Quote, names: Mapping[int, str]) -> ReportQuote:
    return ReportQuote(quote.comment_id, quote.text, quote.polarity, quote.is_request, names[quote.store_id])
