"""Tagged comments and responses for analysts: streamed from the database, one row after the other.

The columns are a contract, written down in docs/data.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import Row as DatabaseRow
from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import ColumnElement

from analysis import records
from analysis.opinions import said_to_be_of_nothing
from analysis.tables import OpinionRow, TagRow
from feedback.export_files import Cell, Format, Row, write_rows
from surveys.errors import InputError
from surveys.queries import StoreInfo, of_ours, stores
from surveys.tables import Comment, Response, Spot, Store, Survey
from surveys.texts import pick

TAG_COLUMNS = (
    "response_id",
    "answered_at",
    "store",
    "spot",
    "channel",
    "score",
    "comment_id",
    "comment",
    "opinion_id",
    "opinion",
    "theme_id",
    "theme",
    "polarity",
    "is_request",
    "weight",
    "source",
    "model_version",
)
RESPONSE_COLUMNS = (
    "response_id",
    "answered_at",
    "week",
    "store",
    "spot",
    "channel",
    "survey",
    "score",
    "satisfaction",
    "comment",
)

DOUBT_COLUMNS = ("counted", "doubt")

ROWS_AT_ONCE = 2000
"""Rows fetched from the database at a time: memory does not grow with the size of an export."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What an export holds: the days are the organisation's, both included; None narrows nothing.

    `store_ids`: only these stores; `theme_id`: only opinions about this theme (tags alone);
    `language`: of theme and survey names; `doubtful`: doubtful responses too, which no figure holds (responses alone).
    """

    zone: ZoneInfo
    first_day: date | None = None
    last_day: date | None = None
    store_ids: tuple[int, ...] | None = None
    theme_id: str | None = None
    language: str = "ja"
    doubtful: bool = False


def export_tags(session: Session, selection: Selection, format_: Format, stream: BinaryIO) -> int:
    """Write one row for each theme of each opinion, and one for each opinion without a theme; return the row count.

    Rows stand in the order of `answered_at`, then response id, comment, opinion, weight (highest first).
    """
    return write_rows(stream, format_, TAG_COLUMNS, _tag_rows(session, selection))


def export_responses(session: Session, selection: Selection, format_: Format, stream: BinaryIO) -> int:
    """Write one row for each response, also those without a comment; return the row count.

    After the fixed columns stand `answer.<question>` and `attribute.<name>` for every one that occurs, and with
    doubtful ones `counted` and `doubt` before them.
    """
    extra = _extra_columns(session, selection)
    header = (*RESPONSE_COLUMNS, *(DOUBT_COLUMNS if selection.doubtful else ()), *extra)
    return write_rows(stream, format_, header, _response_rows(session, selection, extra))


def known_theme(session: Session, theme_id: str) -> str:
    """Return the id when there is such a theme. Error: `InputError` when not."""
    if theme_id not in records.themes(session):
        raise InputError(f"no theme has the id {theme_id!r}; a report in JSON lists them")
    return theme_id


def tags_query(session: Session, selection: Selection) -> Select[*tuple[Any, ...]]:
    """Return the query that an export of tags streams."""
    query = (
        select(
            Response.external_id,
            Response.answered_at,
            Response.store_id,
            Response.spot_id,
            Response.channel,
            Response.score,
            Comment.external_id,
            Comment.text,
            OpinionRow.position,
            OpinionRow.text,
            TagRow.theme_id,
            OpinionRow.kind,
            OpinionRow.polarity,
            OpinionRow.is_request,
            TagRow.weight,
            TagRow.source,
            OpinionRow.model_version,
        )
        .select_from(Response)
        .join(Comment, Comment.response_id == Response.id)
        .join(OpinionRow, OpinionRow.comment_id == Comment.id)
        .outerjoin(TagRow, TagRow.opinion_id == OpinionRow.id)
    )
    if selection.theme_id is not None:
        query = query.where(TagRow.theme_id == selection.theme_id)
    return narrowed(query, selection).order_by(
        Response.answered_at,
        _by_code_point(session, Response.external_id),
        Comment.position,
        _by_code_point(session, Comment.external_id),
        OpinionRow.position,
        TagRow.weight.desc(),
        _by_code_point(session, TagRow.theme_id),
    )


def _tag_rows(session: Session, selection: Selection) -> Iterator[Row]:
    store_names, spot_names = _names(session, Store), _names(session, Spot)
    themes = {theme.id: pick(theme.name, selection.language) for theme in records.themes(session).values()}
    of_nothing = said_to_be_of_nothing(session)
    for row in _streamed(session, tags_query(session, selection)):
        (response, at, store, spot, channel, score, comment, text, position, opinion) = row[:10]
        (theme, kind, polarity, is_request, weight, source, version) = row[10:]
        yield (
            response,
            local_moment(at, selection.zone),
            store_names[store],
            spot_names.get(spot),
            channel,
            score,
            comment,
            text,
            f"{comment}#{position}",
            opinion,
            theme,
            themes.get(theme),
            polarity if kind == "opinion" else None,
            is_request,
            weight if weight is None else round(weight, 4),
            "staff" if theme is None and (comment, position) in of_nothing else source,
            version,
        )


def _response_rows(session: Session, selection: Selection, extra: Sequence[str]) -> Iterator[Row]:
    store_names, spot_names = _names(session, Store), _names(session, Spot)
    surveys = {survey.id: survey.key for survey in session.scalars(select(Survey))}
    rows = _streamed(session, _responses_query(session, selection))
    for _, same in groupby(rows, key=lambda row: row.id):
        lines = list(same)
        row = lines[0]
        found = _extra(row.answers, row.attributes)
        yield (
            row.external_id,
            local_moment(row.answered_at, selection.zone),
            row.week,
            store_names[row.store_id],
            spot_names.get(row.spot_id),
            row.channel,
            surveys.get(row.survey_id),
            row.score,
            row.satisfaction,
            "\n".join(line.text for line in lines if line.text is not None) or None,
            *((row.counted, row.doubt) if selection.doubtful else ()),
            *(found.get(name) for name in extra),
        )


def _responses_query(session: Session, selection: Selection) -> Select[*tuple[Any, ...]]:
    query = select(
        Response.id,
        Response.external_id,
        Response.answered_at,
        Response.week,
        Response.store_id,
        Response.spot_id,
        Response.channel,
        Response.survey_id,
        Response.score,
        Response.satisfaction,
        Response.answers,
        Response.attributes,
        Response.counted,
        Response.doubt,
        Comment.text,
    ).outerjoin(Comment, Comment.response_id == Response.id)
    return narrowed(query, selection).order_by(
        Response.answered_at,
        _by_code_point(session, Response.external_id),
        Comment.position,
        _by_code_point(session, Comment.external_id),
    )


def _extra_columns(session: Session, selection: Selection) -> tuple[str, ...]:
    """Name the columns that this selection's answers and attributes need, in order of their names.

    Only distinct ones are read: PostgreSQL cannot compare JSON, so it is compared as text.
    """
    names: set[str] = set()
    for column, prefix in ((Response.answers, "answer."), (Response.attributes, "attribute.")):
        distinct = narrowed(select(func.min(Response.id)), selection).group_by(cast(column, Text))
        query = select(column).where(Response.id.in_(distinct))
        for (values,) in _streamed(session, query):
            names.update(f"{prefix}{name}" for name in values)
    return tuple(sorted(names))


def _extra(answers: Mapping[str, object], attributes: Mapping[str, object]) -> dict[str, Cell]:
    return {f"answer.{name}": _cell(value) for name, value in answers.items()} | {
        f"attribute.{name}": _cell(value) for name, value in attributes.items()
    }


def _cell(value: object) -> Cell:
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def local_moment(moment: datetime, zone: ZoneInfo) -> str:
    """Write a moment as exports do: ISO 8601 with the offset of the zone."""
    return moment.astimezone(zone).isoformat(timespec="seconds")


def _streamed(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[DatabaseRow[*tuple[Any, ...]]]:
    return iter(session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)))


def narrowed(query: Select[*tuple[Any, ...]], selection: Selection) -> Select[*tuple[Any, ...]]:
    """Narrow a query over responses to those of a selection."""
    query = query.where(of_ours())
    if not selection.doubtful:
        query = query.where(Response.counted)
    if selection.first_day is not None:
        query = query.where(Response.answered_at >= _midnight(selection.first_day, selection.zone))
    if selection.last_day is not None:
        following = selection.last_day + timedelta(days=1)
        query = query.where(Response.answered_at < _midnight(following, selection.zone))
    if selection.store_ids is not None:
        query = query.where(Response.store_id.in_(selection.store_ids))
    return query


def selected_stores(session: Session, selection: Selection) -> tuple[StoreInfo, ...]:
    """Return our own stores among those of a selection, ordered by key: counts may be left of competitors' too."""
    ids = selection.store_ids
    return tuple(store for store in stores(session) if ids is None or store.id in ids)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _by_code_point(session: Session, column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Order by code points: the same order on both databases, whatever the language of the server."""
    return column.collate("C" if session.get_bind().dialect.name == "postgresql" else "BINARY")


def _names(session: Session, table: type[Store | Spot]) -> dict[int | None, str]:
    return {row.id: row.name for row in session.execute(select(table.id, table.name))}
