"""Improvements and pilots for analysts: what was taken up, what was tried, and the counts that each verdict rests on.

The columns are a contract, written down in docs/data.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from datetime import date
from typing import BinaryIO

from sqlalchemy.orm import Session

from analysis import records
from analysis.figures.experiments import Effect
from analysis.results import Estimate, rounded
from feedback.export_files import Format, Row, write_rows
from feedback.exports import Selection, local_moment, selected_stores
from feedback.improvements import history, visible_improvements
from feedback.pilots.records import PilotInfo, pilots, visible_pilots
from feedback.pilots.results import pilot_answers, pilot_result
from surveys.queries import StoreInfo
from surveys.texts import pick
from surveys.weeks import first_day

IMPROVEMENT_COLUMNS = (
    "improvement",
    "title",
    "theme_id",
    "theme",
    "store",
    "state",
    "since",
    "owner",
    "due",
    "effort",
    "made_at",
    "made_by",
    "pilots",
)
PILOT_COLUMNS = (
    "pilot",
    "improvement",
    "title",
    "theme_id",
    "metric",
    "expected",
    "start_week",
    "end_week",
    "chosen",
    "seed",
    "weeks_needed",
    "looks",
    "trying",
    "others",
    "made_at",
    "made_by",
    "stopped_at",
    "stopped_by",
    "weeks_left",
    "verdict",
    "effect",
    "low",
    "high",
    "least",
    "most",
    "chance",
    "draws",
    "other_effect",
    "other_low",
    "other_high",
    "change",
    "change_low",
    "change_high",
    "more_weeks",
    "cautions",
    "left_out",
)
WEEK_COLUMNS = (
    "pilot",
    "store_key",
    "store",
    "group",
    "tries",
    "week",
    "started",
    "responses",
    "scores",
    "promoters",
    "detractors",
    "complaints",
)


def export_improvements(session: Session, selection: Selection, format_: Format, stream: BinaryIO) -> int:
    """Write one row for each improvement of these stores or of the whole chain that was made in these days."""
    return write_rows(stream, format_, IMPROVEMENT_COLUMNS, _improvement_rows(session, selection))


def export_pilots(session: Session, selection: Selection, format_: Format, stream: BinaryIO) -> int:
    """Write one row for each pilot that began in these days, with its verdict; return how many.

    Only pilots whose every store is one of these: their figures tell of all of them.
    """
    rows = (_pilot_row(session, pilot, selection) for pilot in _pilots(session, selection))
    return write_rows(stream, format_, PILOT_COLUMNS, rows)


def export_pilot_weeks(session: Session, selection: Selection, format_: Format, stream: BinaryIO) -> int:
    """Write one row for each store and week of the same pilots: the counts that the verdict is worked out from."""
    rows = (row for pilot in _pilots(session, selection) for row in _week_rows(session, pilot))
    return write_rows(stream, format_, WEEK_COLUMNS, rows)


def _improvement_rows(session: Session, selection: Selection) -> Iterator[Row]:
    names = {theme.id: pick(theme.name, selection.language) for theme in records.themes(session).values()}
    seen = selected_stores(session, selection)
    tried = [pilot.improvement for pilot in visible_pilots(pilots(session), seen)]
    for each in sorted(visible_improvements(session, seen), key=lambda each: each.number):
        if not _is_within(each.made_at.astimezone(selection.zone).date(), selection):
            continue
        moved = next((line.at for line in history(session, each.number) if line.field == "state"), each.made_at)
        yield (
            each.number,
            each.details.title,
            each.theme,
            names.get(each.theme or ""),
            each.store_name,
            each.state,
            local_moment(moved, selection.zone),
            each.details.owner or None,
            None if each.details.due is None else str(each.details.due),
            each.details.effort,
            local_moment(each.made_at, selection.zone),
            each.made_by,
            tried.count(each.number),
        )


def _pilot_row(session: Session, pilot: PilotInfo, selection: Selection) -> Row:
    found = pilot_result(session, pilot)
    effect, stopped = found.effect, pilot.stopped_at
    return (
        pilot.number,
        pilot.improvement,
        pilot.title,
        pilot.theme,
        pilot.metric,
        pilot.expected,
        pilot.start_week,
        pilot.end_week,
        pilot.chosen,
        pilot.seed,
        pilot.weeks_needed,
        pilot.looks,
        _joined(pilot.trying),
        _joined(pilot.others),
        local_moment(pilot.made_at, selection.zone),
        pilot.made_by,
        local_moment(stopped, selection.zone) if stopped else None,
        pilot.stopped_by,
        found.weeks_left,
        found.verdict,
        *_figures(effect.estimate if effect else None),
        *_bounds(effect),
        *_figures(found.other.estimate if found.other else None),
        *_figures(found.change),
        found.more_weeks,
        "; ".join(found.cautions) or None,
        _joined(found.left_out),
    )


def _week_rows(session: Session, pilot: PilotInfo) -> Iterator[Row]:
    answers = pilot_answers(session, pilot)
    for each in pilot.stores:
        for week in answers.weeks:
            count = answers.counts.get((each.store.id, week))
            scores = count.histogram if count else (0,) * 11
            yield (
                pilot.number,
                each.store.key,
                each.store.name,
                each.group,
                each.tries,
                week,
                week >= pilot.start_week,
                count.responses if count else 0,
                sum(scores),
                sum(scores[9:]),
                sum(scores[:7]),
                None if answers.complaints is None else answers.complaints.get((each.store.id, week), 0),
            )


def _pilots(session: Session, selection: Selection) -> list[PilotInfo]:
    """Return the pilots of a selection, in the order of their numbers."""
    found = visible_pilots(pilots(session), selected_stores(session, selection))
    return [pilot for pilot in reversed(found) if _is_within(first_day(pilot.start_week), selection)]


def _is_within(day: date, selection: Selection) -> bool:
    first, last = selection.first_day, selection.last_day
    return (first is None or first <= day) and (last is None or day <= last)


def _joined(found: Sequence[StoreInfo]) -> str | None:
    return "; ".join(store.key for store in found) or None


def _bounds(found: Effect | None) -> Row:
    """Return what one-sided tests tell: the least and the most, the chance of so much without an effect, the draws."""
    return (rounded(found.least), rounded(found.most), rounded(found.chance), found.draws) if found else (None,) * 4


def _figures(found: Estimate | None) -> Row:
    return astuple((found or Estimate(None)).rounded())
