"""Spot x time of day x theme x NPS in one table: where and when which theme goes with which score."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from analysis import records
from analysis.figures.nps import nps
from analysis.results import NpsResult, Wording
from analysis.tables import OpinionRow, TagRow
from feedback.export_files import Format, write_rows
from feedback.exports import ROWS_AT_ONCE, Selection, narrowed
from feedback.segments import nps_cells
from surveys.queries import stores
from surveys.tables import Comment, Response, Spot
from surveys.texts import pick

TIMES: dict[str, tuple[int, Wording]] = {
    "morning": (5, {"ja": "朝（5〜10時台）", "en": "Morning (5–11)"}),
    "midday": (11, {"ja": "昼（11〜13時台）", "en": "Midday (11–14)"}),
    "afternoon": (14, {"ja": "午後（14〜16時台）", "en": "Afternoon (14–17)"}),
    "evening": (17, {"ja": "夕方から夜（17〜4時台）", "en": "Evening and night (17–5)"}),
}
"""Times of day in the organisation's zone, by the hour in which each begins."""

COLUMNS = (
    *("store", "spot", "time", "theme_id", "theme", "responses", "positive", "negative"),
    *("answers", "nps", "low", "high", "promoters", "passives", "detractors"),
)


@dataclass(frozen=True, slots=True)
class SpotRow:
    """The answers of one spot and time of day: all of them (`theme_id` None), or those that speak of a theme.

    `spot_name` None: answers without a spot. `responses`: with or without a score; `positive` and `negative`: of them,
    those that praise the theme or complain of it; `nps`: of those with a score.
    """

    store_name: str
    spot_name: str | None
    time: str
    theme_id: str | None
    theme: Wording | None
    responses: int
    positive: int
    negative: int
    nps: NpsResult


class _Place(NamedTuple):
    store_id: int
    spot_id: int
    time: str


_NO_SPOT = 0


class _Sums:
    """What a row of the table counts."""

    def __init__(self) -> None:
        self.responses = self.positive = self.negative = 0
        self.scores = [0] * 11

    def add(self, score: int | None, *, positive: bool = False, negative: bool = False) -> None:
        self.responses += 1
        self.positive += positive
        self.negative += negative
        if score is not None:
            self.scores[score] += 1


def spot_table(session: Session, selection: Selection) -> tuple[SpotRow, ...]:
    """Return the whole table: by store, spot and time of day all answers, then its themes, the most frequent first.

    Themes that staff hid are left out, and comments that were not analysed yet have none.
    """
    themes = {theme.id: theme.name for theme in records.themes(session).values() if theme.is_listed}
    sums: defaultdict[tuple[_Place, str], _Sums] = defaultdict(_Sums)
    for answer in _streamed(session, narrowed(select(*_PLACE), selection)):
        sums[_place(answer, selection), ""].add(answer.score)
    for answer, theme_id, polarities in _mentions(session, selection):
        if theme_id in themes:
            positive, negative = "positive" in polarities, "negative" in polarities
            sums[_place(answer, selection), theme_id].add(answer.score, positive=positive, negative=negative)
    return tuple(_rows(session, sums, themes))


def export_spots(session: Session, selection: Selection, format_: Format, stream: BinaryIO) -> int:
    """Write the table, one row a spot, time of day and theme; return how many."""
    rows = (
        (
            *(row.store_name, row.spot_name, row.time, row.theme_id),
            pick(row.theme, selection.language) if row.theme else None,
            *(row.responses, row.positive, row.negative),
            *nps_cells(row.nps),
        )
        for row in spot_table(session, selection)
    )
    return write_rows(stream, format_, COLUMNS, rows)


_PLACE = (Response.id, Response.store_id, Response.spot_id, Response.answered_at, Response.score)


def _mentions(session: Session, selection: Selection) -> Iterator[tuple[Any, str, set[str]]]:
    """Yield each answer with a theme that it speaks of, and with what polarities."""
    query = (
        select(*_PLACE, TagRow.theme_id, OpinionRow.polarity)
        .join(Comment, Comment.response_id == Response.id)
        .join(OpinionRow, OpinionRow.comment_id == Comment.id)
        .join(TagRow, TagRow.opinion_id == OpinionRow.id)
        .order_by(Response.id, TagRow.theme_id)
    )
    last, polarities = None, set[str]()
    for row in _streamed(session, narrowed(query, selection)):
        if last is not None and (last.id, last.theme_id) != (row.id, row.theme_id):
            yield last, last.theme_id, polarities
            polarities = set()
        last = row
        polarities.add(row.polarity)
    if last is not None:
        yield last, last.theme_id, polarities


def _place(answer: Any, selection: Selection) -> _Place:
    hour = answer.answered_at.astimezone(selection.zone).hour
    time = next((key for key, (begins, _) in reversed(TIMES.items()) if hour >= begins), "evening")
    return _Place(answer.store_id, answer.spot_id or _NO_SPOT, time)


def _rows(
    session: Session, sums: Mapping[tuple[_Place, str], _Sums], themes: Mapping[str, Wording]
) -> Iterator[SpotRow]:
    of_store = {store.id: (number, store.name) for number, store in enumerate(stores(session))}
    spots = {spot.id: (spot.key, spot.name) for spot in session.scalars(select(Spot))}
    times = list(TIMES)

    def order(key: tuple[_Place, str]) -> tuple[Any, ...]:
        place, theme_id = key
        where = of_store[place.store_id][0], spots[place.spot_id][0] if place.spot_id else ""
        return (*where, times.index(place.time), bool(theme_id), -sums[key].responses, theme_id)

    for place, theme_id in sorted(sums, key=order):
        row = sums[place, theme_id]
        yield SpotRow(
            store_name=of_store[place.store_id][1],
            spot_name=spots[place.spot_id][1] if place.spot_id else None,
            time=place.time,
            theme_id=theme_id or None,
            theme=themes[theme_id] if theme_id else None,
            responses=row.responses,
            positive=row.positive,
            negative=row.negative,
            nps=nps(row.scores),
        )


def _streamed(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    return iter(session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)))
