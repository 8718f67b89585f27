"""The writes of a run. Each call belongs to one short transaction that holds the run's lease."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from analysis.records import theme_of
from analysis.results import Estimate, StoreWeekCounts, Theme, ThemeEvent, ThemeImpact, ThemeWeekCounts
from analysis.tables import (
    ImpactRow,
    LineageRow,
    OpinionRow,
    StoreWeek,
    TagRow,
    ThemeRow,
    ThemeWeek,
    ValenceRow,
    WeekRead,
)
from analysis.weeks.counts import count_themes
from analysis.weeks.pipeline import Unexplained, WeekResult
from analysis.weeks.refit import Fit
from surveys.queries import closed_weeks


def save_themes(session: Session, themes: Sequence[Theme], first_week: str | None) -> None:
    """Add these themes, or bring their words and names up to date."""
    rows = {row.id: row for row in session.scalars(select(ThemeRow).where(ThemeRow.id.in_([t.id for t in themes])))}
    for theme in themes:
        row = rows.get(theme.id)
        if row is None:
            session.add(ThemeRow(first_week=first_week, known_from=first_week, **_columns(theme)))
        elif _columns(theme_of(row)) != _columns(theme):
            for name, value in _columns(theme).items():
                setattr(row, name, value)
    session.flush()


def save_amendments(session: Session, themes: Sequence[Theme]) -> None:
    """Store the themes that staff made, and from which week on reports know these themes (`Theme.since`)."""
    save_themes(session, [theme for theme in themes if theme.origin == "staff"], None)
    for theme in themes:
        session.get_one(ThemeRow, theme.id).known_from = theme.since
    session.flush()


def replace_week(session: Session, result: WeekResult, model_version: str) -> None:
    """Put the new reading of one week in the place of the old one."""
    for table in (OpinionRow, StoreWeek, ThemeWeek, WeekRead):
        session.execute(delete(table).where(table.week == result.week))
    _insert(session, OpinionRow, _opinion_rows(result, model_version))
    _insert(session, TagRow, _tag_rows(session, result))
    _insert(session, StoreWeek, [{**_fields(row), "histogram": list(row.histogram)} for row in result.stores])
    _insert(session, ThemeWeek, [_fields(row) for row in result.themes])
    read = {"week": result.week, "fingerprint": result.fingerprint, "model_version": model_version}
    _insert(session, WeekRead, [read])


def replace_fit(
    session: Session, week: str, old: Collection[str], fit: Fit, explained: Sequence[tuple[Unexplained, float]]
) -> None:
    """Put the fit of a week in the place of what an earlier revision of it found (`old`); `explained` by new themes."""
    themes = (*fit.new, *fit.parts)
    gone = set(old) - {theme.id for theme in themes}
    session.execute(delete(TagRow).where(TagRow.theme_id.in_(old)))
    # the counts of a closed week cannot be made again: they stay as long as their theme does
    recounted = ThemeWeek.week.not_in(closed_weeks(session).keys()) | ThemeWeek.theme_id.in_(gone)
    session.execute(delete(ThemeWeek).where(ThemeWeek.theme_id.in_(old), recounted))
    session.execute(delete(ImpactRow).where(ImpactRow.theme_id.in_(gone)))
    session.execute(delete(ThemeRow).where(ThemeRow.id.in_(gone)))
    save_themes(session, themes, week)
    session.execute(delete(LineageRow).where(LineageRow.week == week))
    _insert(session, LineageRow, [_fields(event) for event in fit.events])
    tags = [
        {"opinion_id": item.opinion_id, "theme_id": item.mention.theme_id, "weight": weight, "source": "model"}
        for item, weight in explained
    ]
    _insert(session, TagRow, tags)
    _insert(session, ThemeWeek, [_fields(row) for row in _counts([item for item, _ in explained])])


def replace_valences(session: Session, week: str, found: Mapping[str, float]) -> None:
    """Store what a week taught about words, in the place of what an earlier revision of it taught."""
    session.execute(delete(ValenceRow).where(ValenceRow.week == week))
    _insert(session, ValenceRow, [{"week": week, "key": key, "value": value} for key, value in found.items()])


def replace_impacts(session: Session, run_id: int, found: Iterable[ThemeImpact]) -> None:
    """Store the impacts that a run found."""
    session.execute(delete(ImpactRow).where(ImpactRow.run_id == run_id))
    rows = [
        {
            "run_id": run_id,
            "theme_id": impact.theme_id,
            "mentions_negative": impact.mentions_negative,
            "mentions_positive": impact.mentions_positive,
            "figures": {
                "impact": _figure(impact.impact),
                "negative": _figure(impact.negative),
                "positive": _figure(impact.positive),
                "responses": impact.responses,
                "left_out_negative": _figure(impact.left_out_negative),
                "left_out_positive": _figure(impact.left_out_positive),
                "inseparable": list(impact.inseparable),
            },
        }
        for impact in found
    ]
    _insert(session, ImpactRow, rows)


def _columns(theme: Theme) -> dict[str, Any]:
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name in ("id", "origin", "name", "group", "advice", "words", "general")
        for value in (getattr(theme, name),)
    }


def _fields(counts: StoreWeekCounts | ThemeWeekCounts | ThemeEvent) -> dict[str, Any]:
    # `asdict` would copy every figure deeply
    return {name: getattr(counts, name) for name in counts.__slots__}


def _opinion_rows(result: WeekResult, model_version: str) -> list[dict[str, Any]]:
    return [
        {
            "comment_id": comment.comment.id,
            "position": read.opinion.position,
            "week": result.week,
            "store_id": comment.comment.store_id,
            "kind": read.opinion.kind,
            "text": read.opinion.text,
            "polarity": read.polarity,
            "is_request": read.opinion.is_request,
            "model_version": model_version,
        }
        for comment in result.comments
        for read in comment.opinions
    ]


def _tag_rows(session: Session, result: WeekResult) -> list[dict[str, Any]]:
    query = select(OpinionRow.comment_id, OpinionRow.position, OpinionRow.id).where(OpinionRow.week == result.week)
    ids = {(comment_id, position): opinion_id for comment_id, position, opinion_id in session.execute(query)}
    return [
        {
            "opinion_id": ids[comment.comment.id, read.opinion.position],
            "theme_id": tag.theme_id,
            "weight": tag.weight,
            "source": tag.source,
        }
        for comment in result.comments
        for read in comment.opinions
        for tag in read.tags
    ]


def _counts(explained: Sequence[Unexplained]) -> Iterable[ThemeWeekCounts]:
    for week in sorted({item.week for item in explained}):
        yield from count_themes(week, (item.mention for item in explained if item.week == week))


def _figure(estimate: Estimate) -> list[float | None]:
    return [estimate.value, estimate.low, estimate.high]


def _insert(session: Session, table: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    if rows:  # an INSERT of no rows would insert one of defaults
        session.execute(insert(table.__table__), rows)
