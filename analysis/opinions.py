"""The opinions behind every figure: quotes for a report, pages of comments for a drill-down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import collate

from analysis.corrections.log import active
from analysis.corrections.verdicts import Verdicts, verdicts_of
from analysis.quote_choice import choose_quotes
from analysis.records import amended, known
from analysis.results import Opinion, OpinionKind, Polarity, Quote, ReadOpinion, Tag
from analysis.tables import OpinionRow, TagRow, ThemeRow
from surveys.queries import of_ours
from surveys.tables import Comment, Response
from surveys.texts import is_storable, is_storable_number

OTHER: Literal["other"] = "other"
NONE: Literal["none"] = "none"
"""Two selections that are no theme: opinions without a theme, and 「特になし」 with its kin."""

QUOTE_LENGTHS = (8, 60)
"""A quote of so many characters reads well beside a figure; others come only when there are none of these."""

_SPARE_QUOTES = 4
"""So many times the wanted quotes are fetched, since the same words and the same person are shown once."""
_IDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class OpinionFilter:
    """Which opinions. None means: do not narrow.

    Without theme, polarity and request the list holds every comment, also 「特になし」 and other languages.
    `theme`: a theme id, `OTHER` or `NONE`; `known_at`: themes discovered after that week count as none (see `records`);
    `scores`: only of answers with one of these scores.
    """

    weeks: Sequence[str]
    store_ids: Sequence[int] | None = None
    theme: str | None = None
    polarity: Polarity | None = None
    requests_only: bool = False
    known_at: str | None = None
    scores: Sequence[int] | None = None

    @property
    def every_comment(self) -> bool:
        """Whether nothing that is read out of the words narrows the list."""
        return self.theme is None and self.polarity is None and not self.requests_only


@dataclass(frozen=True, slots=True)
class OpinionsPage:
    """One page of a list of opinions; `total` counts the whole list, `responses` the answers that it comes from."""

    total: int
    responses: int
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class TaggedQuote:
    """One opinion with the ids of its themes, the heaviest first."""

    quote: Quote
    theme_ids: tuple[str, ...]


def quotes_by_theme(session: Session, wanted: OpinionFilter, limit: int = 3) -> dict[str, tuple[Quote, ...]]:
    """Return the closest opinions of every theme in one query; see `choose_quotes` for what is left out."""
    shortest, longest = QUOTE_LENGTHS
    hard_to_read = case((func.length(OpinionRow.text).between(shortest, longest), 0), else_=1)
    closest = (
        func.row_number()
        .over(
            partition_by=TagRow.theme_id,
            order_by=(hard_to_read, TagRow.weight.desc(), *_steady_order(session)),
        )
        .label("place")
    )
    ranked = (
        _opinions(OpinionRow.id.label("opinion_id"), TagRow.theme_id, closest)
        .join(TagRow, TagRow.opinion_id == OpinionRow.id)
        .where(*_conditions(wanted))
        .subquery()
    )
    query = (
        _opinions(ranked.c.theme_id, Comment.response_id, *_QUOTE_COLUMNS)
        .join(ranked, ranked.c.opinion_id == OpinionRow.id)
        .where(ranked.c.place <= limit * _SPARE_QUOTES)
        .order_by(ranked.c.place)
    )
    found: dict[str, list[tuple[int, Quote]]] = {}
    for theme_id, response_id, *columns in session.execute(query):
        found.setdefault(theme_id, []).append((response_id, Quote(*columns)))
    return {theme_id: choose_quotes(found[theme_id], limit) for theme_id in sorted(found)}


def opinions_page(session: Session, wanted: OpinionFilter, offset: int = 0, limit: int = 50) -> OpinionsPage:
    """Return one page of the opinions behind a figure, newest answers first."""
    conditions = _conditions(wanted)
    counts = _opinions(func.count(), func.count(Response.id.distinct())).where(*conditions)
    total, responses = session.execute(counts).one()
    query = (
        _opinions(*_QUOTE_COLUMNS)
        .where(*conditions)
        .order_by(Response.answered_at.desc(), *_steady_order(session))
        .offset(offset)
        .limit(limit)
    )
    return OpinionsPage(total, responses, tuple(Quote(*row) for row in session.execute(query)))


def tagged_quote(session: Session, comment_id: str, position: int | None) -> TaggedQuote | None:
    """Return one opinion by its comment's external id and its position; None where there is none.

    `position` None: the comment's first opinion that says something.
    """
    if not is_storable(comment_id) or not is_storable_number(position or 0):
        return None
    at = OpinionRow.kind == "opinion" if position is None else OpinionRow.position == position
    query = _opinions(OpinionRow.id, *_QUOTE_COLUMNS).where(Comment.external_id == comment_id, at)
    row = session.execute(query.order_by(OpinionRow.position).limit(1)).one_or_none()
    if row is None:
        return None
    return TaggedQuote(Quote(*row[1:]), _theme_ids(session, row.id))


def opinions_of_response(session: Session, external_id: str) -> tuple[TaggedQuote, ...]:
    """Return every opinion that was read out of one response, in the order in which they were written."""
    query = _opinions(OpinionRow.id, *_QUOTE_COLUMNS).where(Response.external_id == external_id)
    rows = session.execute(query.order_by(Comment.position, OpinionRow.position)).all()
    return tuple(TaggedQuote(Quote(*row[1:]), _theme_ids(session, row.id)) for row in rows)


def said_to_be_of_nothing(session: Session) -> frozenset[tuple[str, int]]:
    """Return the opinions without a theme of which staff said so, by comment's external id and position."""
    given = amended(session)
    verdicts = verdicts_of(active(session), given)
    said, ids = Verdicts(verdicts, given.themes), sorted(verdicts)
    found: set[tuple[str, int]] = set()
    for at in range(0, len(ids), _IDS_AT_ONCE):
        for (comment, text), read in _stored_opinions(session, ids[at : at + _IDS_AT_ONCE]).items():
            now, places = said.apply(comment, text, read), said.places(comment, text, read)
            bare = (place for place in places if not read[place].tags and not now[place].tags)
            found.update((comment, read[place].opinion.position) for place in bare)
    return frozenset(found)


def _stored_opinions(session: Session, comment_ids: Sequence[str]) -> Mapping[tuple[str, str], list[ReadOpinion]]:
    """The opinions of these comments as the last analysis cut and tagged them, by the comment's id and text."""
    wanted = Comment.external_id.in_(comment_ids)
    tags: dict[int, tuple[Tag, ...]] = {}
    of_them = select(TagRow).join(OpinionRow, OpinionRow.id == TagRow.opinion_id).join(Comment).where(wanted)
    for tag in session.scalars(of_them.order_by(TagRow.theme_id)):
        tags[tag.opinion_id] = (*tags.get(tag.opinion_id, ()), Tag(tag.theme_id, tag.weight))
    query = select(Comment.external_id, Comment.text, OpinionRow).join(OpinionRow, OpinionRow.comment_id == Comment.id)
    found: dict[tuple[str, str], list[ReadOpinion]] = {}
    for comment, text, row in session.execute(query.where(wanted).order_by(Comment.id, OpinionRow.position)):
        opinion = Opinion(row.text, row.position, cast("OpinionKind", row.kind), (), is_request=row.is_request)
        read = ReadOpinion(opinion, cast("Polarity", row.polarity), tags.get(row.id, ()))
        found.setdefault((comment, text), []).append(read)
    return found


def responses_asked(session: Session, wanted: OpinionFilter) -> int:
    """Count the answers of these weeks, stores and scores, also those without a comment."""
    conditions = [Response.week.in_(wanted.weeks), Response.counted, of_ours()]
    if wanted.store_ids is not None:
        conditions.append(Response.store_id.in_(wanted.store_ids))
    if wanted.scores is not None:
        conditions.append(Response.score.in_(wanted.scores))
    return session.scalar(select(func.count()).select_from(Response).where(*conditions)) or 0


def _theme_ids(session: Session, opinion_id: int) -> tuple[str, ...]:
    tags = select(TagRow.theme_id).where(TagRow.opinion_id == opinion_id)
    return tuple(session.scalars(tags.order_by(TagRow.weight.desc(), TagRow.theme_id)))


_QUOTE_COLUMNS = (
    Comment.external_id,
    OpinionRow.text,
    Comment.text,
    OpinionRow.polarity,
    OpinionRow.is_request,
    OpinionRow.store_id,
    OpinionRow.week,
    Response.score,
    OpinionRow.kind,
    OpinionRow.position,
)


def _opinions(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(OpinionRow)
        .join(Comment, Comment.id == OpinionRow.comment_id)
        .join(Response, Response.id == Comment.response_id)
        .where(Response.counted, of_ours())
    )


def _conditions(wanted: OpinionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [OpinionRow.week.in_(wanted.weeks)]
    if not wanted.every_comment:
        conditions.append(OpinionRow.kind == ("none" if wanted.theme == NONE else "opinion"))
    if wanted.store_ids is not None:
        conditions.append(OpinionRow.store_id.in_(wanted.store_ids))
    if wanted.polarity is not None:
        conditions.append(OpinionRow.polarity == wanted.polarity)
    if wanted.requests_only:
        conditions.append(OpinionRow.is_request.is_(True))
    if wanted.scores is not None:
        conditions.append(Response.score.in_(wanted.scores))
    return [*conditions, *_theme_condition(wanted)]


def _theme_condition(wanted: OpinionFilter) -> Iterable[ColumnElement[bool]]:
    # an alias: the quotes join the tags themselves, and must not be correlated with this condition
    if wanted.theme is None or wanted.theme == NONE:
        return
    tagged = (
        select(TagRow.opinion_id)
        .join(ThemeRow, ThemeRow.id == TagRow.theme_id)
        .where(*known(wanted.known_at))
        .correlate(None)
    )
    if wanted.theme == OTHER:
        yield OpinionRow.id.not_in(tagged)
    else:
        yield OpinionRow.id.in_(tagged.where(TagRow.theme_id == wanted.theme))


def _steady_order(session: Session) -> tuple[ColumnElement[Any], ...]:
    """Order by external id as bytes: a database's own collation would choose other quotes on another machine."""
    collation = "C" if session.get_bind().dialect.name == "postgresql" else "BINARY"
    return collate(Comment.external_id, collation), cast("ColumnElement[Any]", OpinionRow.position)
