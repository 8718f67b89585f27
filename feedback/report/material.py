"""What a report is made of: the stored counts, themes, impacts and quotes of one week and scope, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from analysis import records
from analysis.figures.nps import MINIMUM_ANSWERS, nps
from analysis.figures.priorities import Level, best_quarter
from analysis.figures.shrinkage import Chain, chain_of
from analysis.figures.windows import choose_window
from analysis.opinions import OpinionFilter, quotes_by_theme
from analysis.results import WINDOWS, Quote, RunInfo, StoreWeekCounts, Theme, ThemeEvent, ThemeImpact
from analysis.totals import ThemeTotals, complaints_by_store, theme_totals_by_week
from analysis.visits import VisitFigures, visit_figures
from feedback.config import Config
from feedback.report.alerts import report_alerts
from feedback.report.counts import Counts, Period, answers_by
from feedback.results import ReportAlert, ReportQuote, Scope
from feedback.scopes import CHAIN, store_ids, stores_in
from surveys.queries import StoreInfo
from surveys.weeks import shift, window

LONGEST = WINDOWS[-1]

_SPARE = 2
"""So many times the wanted wishes are read: one that speaks of two themes is shown under the first only."""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a report of one week and scope is put together from.

    `period`: the shortest window with enough scored answers, else the longest, of which `missing` are short of enough.
    `complaints`: the shortest with enough complaints, at least as long.
    `weeks`: those of the trend, oldest first, from the first one with answers.
    `levels`: share of responses with a complaint in the best quarter of all stores, by theme id; empty where
    improvements are compared with no complaints at all.
    `chain`: what all stores together say of one of them, over `stores_weeks`; None with fewer than three.
    `store_complaints`: responses with a complaint in `stores_weeks`, by store and theme id.
    `lineage`: what became of discovered themes since the report of the week before.
    `quotes`, `requests`: the closest opinions of the period, and the closest ones of `complaints` that ask for
    something (more than the `quotes_wanted`), by theme id.
    `alerts`: themes that rose or fell beyond chance.
    `visits`: first-time and repeat customers, over the weeks of `complaints` or more.
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
    levels: Mapping[str, Level]
    stores_weeks: tuple[str, ...]
    chain: Chain | None
    store_complaints: Mapping[tuple[int, str], int]
    lineage: tuple[ThemeEvent, ...]
    quotes: Mapping[str, tuple[ReportQuote, ...]]
    requests: Mapping[str, tuple[ReportQuote, ...]]
    quotes_wanted: int
    alerts: tuple[ReportAlert, ...]
    visits: VisitFigures | None


def read_material(session: Session, config: Config, week: str, scope: Scope) -> Material:
    """Read the material of one report. Error: `WeekNotAnalysedError` when the week has no finished analysis."""
    run = records.finished_run(session, week)
    longest, mine = window(week, LONGEST), stores_in(session, scope)
    ids, ours = store_ids(session, scope), store_ids(session, CHAIN)
    chain = records.store_weeks(session, longest, ours)
    counts = _counts_of(chain, scope, mine, theme_totals_by_week(session, longest, ids, week))
    themes = records.themes(session, known_at=week)
    length, missing = _enough_answers(counts, week, config.analysis.window_responses)
    wide = max(length, _enough_complaints(counts, week, themes, config.analysis.window_responses))
    period, complaints = _periods(session, counts, week, (length, wide))
    side_by_side = _enough_for_stores(counts, week, length)
    wanted, each = OpinionFilter(period.weeks, ids, known_at=week), config.feedback.quotes_per_theme
    names = {store.id: store.name for store in mine}
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
        levels=_best_quarters(session, week, chain, ours) if config.analysis.improve_to == "best_quarter" else {},
        stores_weeks=side_by_side,
        chain=_chain_in(chain, side_by_side),
        store_complaints=complaints_by_store(session, side_by_side, ids, week),
        lineage=records.lineage(session, week),
        quotes=_quotes(session, wanted, names, each),
        requests=_quotes(session, replace(wanted, weeks=complaints.weeks, requests_only=True), names, _SPARE * each),
        quotes_wanted=each,
        alerts=report_alerts(session, config.feedback.holidays, chain, themes, week, scope),
        visits=visit_figures(session, _periods_from(week, len(complaints.weeks)), ids, _shown(themes)),
    )


def _periods_from(week: str, shortest: int) -> list[tuple[str, ...]]:
    return [window(week, length) for length in WINDOWS if length >= shortest]


def _shown(themes: Mapping[str, Theme]) -> frozenset[str]:
    return frozenset(theme_id for theme_id, theme in themes.items() if not theme.hidden)


def _counts_of(
    chain: Sequence[StoreWeekCounts],
    scope: Scope,
    mine: tuple[StoreInfo, ...],
    mentions: Mapping[tuple[str, str], ThemeTotals],
) -> Counts:
    ids = {store.id for store in mine}
    answers = [row for row in chain if row.store_id in ids]
    return Counts(scope, mine, answers, answers_by(answers, lambda row: row.week), mentions)


def _periods(session: Session, counts: Counts, week: str, lengths: tuple[int, int]) -> tuple[Period, Period]:
    """Add up the report's own window and the one of its improvements."""
    if 2 * max(lengths) > LONGEST:
        counts = _with_older(session, counts, week)
    period = Period.of(counts, week, lengths[0])
    return period, period if lengths[0] == lengths[1] else Period.of(counts, week, lengths[1])


def _with_older(session: Session, counts: Counts, week: str) -> Counts:
    """Add what long windows are compared with; most reports don't need it."""
    older, ids = window(shift(week, -LONGEST), LONGEST), tuple(store.id for store in counts.stores)
    answers = records.store_weeks(session, older, ids)
    return replace(
        counts,
        weekly={**answers_by(answers, lambda row: row.week), **counts.weekly},
        mentions={**theme_totals_by_week(session, older, ids, week), **counts.mentions},
    )


def _enough_answers(counts: Counts, week: str, needed: int) -> tuple[int, int]:
    """Return the shortest window with enough scored answers and 0, else the longest one and how many are missing."""
    scored = [totals.scored for totals in counts.answers_by_week(window(week, LONGEST))]
    length = choose_window(scored, needed)
    return (length, 0) if length else (LONGEST, needed - sum(scored))


def _enough_complaints(counts: Counts, week: str, themes: Mapping[str, Theme], needed: int) -> int:
    """Return the shortest window with enough complaints about something that can be done, else the longest.

    A week of 400 scores may hold one or two complaints a theme: an order of those would be an order of chance.
    """
    complaints = dict.fromkeys(window(week, LONGEST), 0)
    for (said, theme_id), totals in counts.mentions.items():
        if said in complaints and not themes[theme_id].general:
            complaints[said] += totals.responses_negative
    return choose_window(list(complaints.values()), needed) or LONGEST


def _enough_for_stores(counts: Counts, week: str, shortest: int) -> tuple[str, ...]:
    """Return the weeks over which stores are compared: at least the report's own.

    The shortest window in which most stores have enough answers for an interval, else the longest. All stores share
    it: figures of different weeks must not stand side by side.
    """
    answering = len({row.store_id for row in counts.answers})
    for weeks in (window(week, length) for length in WINDOWS if length >= shortest):
        answers = counts.answers_by_store(weeks).values()
        if 2 * sum(totals.scored >= MINIMUM_ANSWERS for totals in answers) > answering:
            return weeks
    return window(week, LONGEST)


def _chain_in(rows: Sequence[StoreWeekCounts], weeks: tuple[str, ...]) -> Chain | None:
    """Learn from every store of the chain, whatever the scope: of each it is told what the others are like."""
    answers = answers_by((row for row in rows if row.week in weeks), lambda row: row.store_id)
    # in order of id: sums of fractions depend on their order, and a report does not
    return chain_of([nps(answers[store_id].histogram) for store_id in sorted(answers)])


def _trend_weeks(counts: Counts, week: str) -> tuple[str, ...]:
    weeks = window(week, LONGEST)
    first = min((each for each in weeks if each in counts.weekly), default=week)
    return tuple(each for each in weeks if each >= first)


def _best_quarters(
    session: Session, week: str, chain: Sequence[StoreWeekCounts], ours: tuple[int, ...] | None
) -> dict[str, Level]:
    """Find, for each theme, the share of responses with a complaint that the best quarter of all stores stays under.

    Over the longest window and the whole chain: a level to compare with must not rest on a quiet week.
    """
    weeks = window(week, LONGEST)
    answers = answers_by(chain, lambda row: row.store_id)
    complaints = complaints_by_store(session, weeks, ours, week)
    return {
        theme_id: best_quarter(
            [(complaints.get((store, theme_id), 0), totals.responses) for store, totals in answers.items()]
        )
        for theme_id in sorted({theme_id for _, theme_id in complaints})
    }


def _quotes(
    session: Session, wanted: OpinionFilter, names: Mapping[int, str], each: int
) -> dict[str, tuple[ReportQuote, ...]]:
    found = quotes_by_theme(session, wanted, each)
    return {theme_id: tuple(_quote(each, names) for each in quotes) for theme_id, quotes in found.items()}


def _quote(quote: Quote, names: Mapping[int, str]) -> ReportQuote:
    return ReportQuote(quote.comment_id, quote.text, quote.polarity, quote.is_request, names[quote.store_id])
