"""The stored results, as reports and pages read them: frozen dataclasses out, never rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from analysis.corrections.amendments import Amended, amended_themes
from analysis.corrections.log import active
from analysis.discovery.lineage import standing
from analysis.errors import WeekNotAnalysedError
from analysis.results import Estimate, RunInfo, StoreWeekCounts, Theme, ThemeEvent, ThemeImpact, ThemeWeekCounts
from analysis.tables import ImpactRow, LineageRow, Run, StoreWeek, ThemeRow, ThemeWeek, WeekRead


def finished_run(session: Session, week: str, revision: int | None = None) -> RunInfo:
    """Return the newest finished run of a week, or the one of this revision. Error: `WeekNotAnalysedError`."""
    query = select(Run).where(Run.week == week, Run.state == "done")
    if revision is not None:
        query = query.where(Run.revision == revision)
    run = session.scalars(query.order_by(Run.revision.desc()).limit(1)).first()
    if run is None:
        raise WeekNotAnalysedError(week)
    return run_info(run)


def analysed_weeks(session: Session) -> tuple[str, ...]:
    """Every week with a finished run, oldest first."""
    return tuple(sorted(session.scalars(select(Run.week).where(Run.state == "done").distinct())))


def read_fingerprints(session: Session, weeks: Sequence[str]) -> dict[str, str]:
    """Return the state of each week that the stored results come from."""
    query = select(WeekRead.week, WeekRead.fingerprint).where(WeekRead.week.in_(weeks))
    return {row.week: row.fingerprint for row in session.execute(query)}


def latest_week(session: Session) -> str | None:
    """Return the newest week with a finished run, None when there is none yet."""
    weeks = analysed_weeks(session)
    return weeks[-1] if weeks else None


def current_run(session: Session) -> RunInfo | None:
    """Return the run that is being worked on, with its stage and percentage; None when nothing runs."""
    run = session.scalars(select(Run).where(Run.state == "running")).first()
    return run_info(run) if run else None


def recent_runs(session: Session, limit: int = 20) -> tuple[RunInfo, ...]:
    """Return the runs asked for last, newest first, whatever their state."""
    rows = session.scalars(select(Run).order_by(Run.requested_at.desc(), Run.id.desc()).limit(limit))
    return tuple(run_info(run) for run in rows)


def run_info(run: Run) -> RunInfo:
    """Make the row of a run into what other packages see."""
    return RunInfo(
        id=run.id,
        week=run.week,
        revision=run.revision,
        state=run.state,  # type: ignore[arg-type] # only these states are written
        stage=run.stage,
        progress=run.progress,
        impact_window=run.impact_window,
        provenance=run.provenance,
    )


def store_weeks(
    session: Session, weeks: Sequence[str], store_ids: Sequence[int] | None = None
) -> tuple[StoreWeekCounts, ...]:
    """Counts of each store and week with answers, ordered by week and store. `store_ids` None: every store."""
    query = (
        select(
            StoreWeek.week,
            StoreWeek.store_id,
            StoreWeek.responses,
            StoreWeek.histogram,
            StoreWeek.with_text,
            StoreWeek.none_answers,
            StoreWeek.foreign,
            StoreWeek.opinions,
            StoreWeek.unexplained,
        )
        .where(StoreWeek.week.in_(weeks), *_in_stores(StoreWeek.store_id, store_ids))
        .order_by(StoreWeek.week, StoreWeek.store_id)
    )
    return tuple(
        StoreWeekCounts(week, store, responses, tuple(histogram), *counts)
        for week, store, responses, histogram, *counts in session.execute(query)
    )


def theme_weeks(
    session: Session,
    weeks: Sequence[str],
    store_ids: Sequence[int] | None = None,
    known_at: str | None = None,
    theme_id: str | None = None,
) -> tuple[ThemeWeekCounts, ...]:
    """Counts of each theme, store and week with mentions, ordered by week, store and theme id.

    `known_at` hides themes that were discovered after that week, so that an old report never changes silently;
    `theme_id`: this theme alone.
    """
    of_theme = [] if theme_id is None else [ThemeWeek.theme_id == theme_id]
    query: Select[*tuple[Any, ...]] = (
        select(
            ThemeWeek.week,
            ThemeWeek.store_id,
            ThemeWeek.theme_id,
            ThemeWeek.opinions,
            ThemeWeek.positive,
            ThemeWeek.negative,
            ThemeWeek.requests,
            ThemeWeek.responses,
            ThemeWeek.responses_positive,
            ThemeWeek.responses_negative,
        )
        .join(ThemeRow, ThemeRow.id == ThemeWeek.theme_id)
        .where(ThemeWeek.week.in_(weeks), *_in_stores(ThemeWeek.store_id, store_ids), *known(known_at), *of_theme)
    )
    counts = (ThemeWeekCounts(*row) for row in session.execute(query))
    return tuple(sorted(counts, key=lambda row: (row.week, row.store_id, row.theme_id)))


def themes(session: Session, known_at: str | None = None) -> dict[str, Theme]:
    """Every theme by id as staff amended it, ordered by id. `known_at` hides themes discovered after that week.

    Themes that staff merged or took back are still here, since counts from before the next analysis may name them:
    those are not `is_listed`.
    """
    rows = {row.id: row for row in session.scalars(select(ThemeRow))}
    found = _amended(rows.values(), session)
    living = {**found.merged, **found.themes}
    if known_at is None:
        wanted = rows.keys() | living.keys()
    else:
        wanted = {row.id for row in rows.values() if row.known_from is None or row.known_from <= known_at}
    return {
        theme_id: living[theme_id] if theme_id in living else replace(theme_of(rows[theme_id]), hidden=True)
        for theme_id in sorted(wanted)
    }


def amended(session: Session) -> Amended:
    """Replay what fits made of the themes that they found, then every active correction."""
    return _amended(session.scalars(select(ThemeRow)), session)


def _amended(rows: Iterable[ThemeRow], session: Session) -> Amended:
    found = standing((theme_of(row) for row in rows if row.origin != "staff"), lineage(session))
    return amended_themes(found, active(session))


def lineage(session: Session, week: str | None = None) -> tuple[ThemeEvent, ...]:
    """What became of discovered themes, ordered by week and theme id: all of it, or of one week's fit."""
    query = select(LineageRow)
    if week is not None:
        query = query.where(LineageRow.week == week)
    rows = sorted(session.scalars(query), key=lambda row: (row.week, row.theme_id))
    return tuple(
        ThemeEvent(row.week, row.theme_id, row.kind, row.other_id, row.share, row.name)  # type: ignore[arg-type] # as above
        for row in rows
    )


def theme_of(row: ThemeRow) -> Theme:
    """Make the row of a theme into what other packages see, as it was found."""
    return Theme(
        id=row.id,
        name=row.name,
        origin=row.origin,  # type: ignore[arg-type] # only these origins are written
        words=row.words,
        group=row.group,
        advice=row.advice,
        general=row.general,
        since=row.first_week,
    )


def impacts(session: Session, run_id: int) -> tuple[ThemeImpact, ...]:
    """Return the impacts that a run found, ordered by theme id; empty when there were too few answers."""
    rows = session.scalars(select(ImpactRow).where(ImpactRow.run_id == run_id))
    return tuple(
        ThemeImpact(
            theme_id=row.theme_id,
            impact=Estimate(*row.figures["impact"]),
            negative=Estimate(*row.figures["negative"]),
            positive=Estimate(*row.figures["positive"]),
            mentions_negative=row.mentions_negative,
            mentions_positive=row.mentions_positive,
            # earlier versions stored no more than the above
            responses=row.figures.get("responses", 0),
            left_out_negative=Estimate(*row.figures.get("left_out_negative", [None])),
            left_out_positive=Estimate(*row.figures.get("left_out_positive", [None])),
            inseparable=tuple(row.figures.get("inseparable", [])),
        )
        for row in sorted(rows, key=lambda row: row.theme_id)
    )


def known(known_at: str | None) -> list[ColumnElement[bool]]:
    """Return the condition on `ThemeRow` that hides themes discovered after a week; none when it is None."""
    if known_at is None:
        return []
    return [or_(ThemeRow.known_from.is_(None), ThemeRow.known_from <= known_at)]


def _in_stores(column: InstrumentedAttribute[int], store_ids: Sequence[int] | None) -> list[ColumnElement[bool]]:
    return [] if store_ids is None else [cast("ColumnElement[bool]", column.in_(store_ids))]
