"""The reads that upper packages may rely on: frozen dataclasses out, never rows.

Figures are made of counted responses alone: a doubtful one is left out until staff have looked at it (`doubts.py`). And
they are made of our own: answers at a competitor's store are read only by who asks for competitors.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, func, null, or_, select
from sqlalchemy.orm import Session

from surveys.questions import FIRST_VISIT, VISITS_OPTIONS, Asks, Kind, Option
from surveys.submission_keys import digest
from surveys.tables import Area, ClosedWeek, Comment, Question, Response, Store


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """A store as other packages see it."""

    id: int
    key: str
    name: str
    area_id: int | None
    area_name: str | None


@dataclass(frozen=True, slots=True)
class RivalStore:
    """A store that somebody else runs."""

    id: int
    key: str
    name: str
    operator: str


@dataclass(frozen=True, slots=True)
class CommentInfo:
    """One masked comment with what is needed to read it."""

    id: int
    external_id: str
    response_id: int
    week: str
    store_id: int
    text: str
    score: int | None
    asks: Asks | None = None
    """What its question asked for, where it asked for one thing."""


@dataclass(frozen=True, slots=True)
class AttributeQuestion:
    """A question that describes the customer (age, number of visits): what it asks, and its options by their keys."""

    key: str
    text: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ScoreInfo:
    """The figures of one response, without its words. `score` is 0-10 or None."""

    response_id: int
    external_id: str
    week: str
    store_id: int
    answered_at: datetime
    score: int | None
    has_text: bool
    channel: str = ""
    visits: str | None = None
    """Which number of visits the customer chose; None where nothing was asked or answered."""


@dataclass(frozen=True, slots=True)
class DescribedResponse:
    """A response with what is known of its customer (`attributes`); `score` is 0-10 or None."""

    id: int
    survey_id: int | None
    score: int | None
    has_text: bool
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VisitsQuestion:
    """A question that tells first-time from repeat customers. `survey_id` None: of answers that belong to no survey."""

    survey_id: int | None
    key: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ResponseInfo:
    """A stored response, without what was answered."""

    id: int
    external_id: str
    survey_id: int | None
    store_id: int
    answered_at: datetime


def stores(session: Session) -> tuple[StoreInfo, ...]:
    """Every store of ours, ordered by the code points of its key (sorted here: a database follows its own language)."""
    found = (
        StoreInfo(store.id, store.key, store.name, store.area_id, area.name if area else None)
        for store, area in session.execute(select(Store, Area).outerjoin(Area).where(Store.operator.is_(None)))
    )
    return tuple(sorted(found, key=lambda store: store.key))


def rivals(session: Session) -> tuple[RivalStore, ...]:
    """Every store of a competitor, ordered by operator and key."""
    query = select(Store.id, Store.key, Store.name, Store.operator).where(Store.operator.is_not(None))
    found = (RivalStore(number, key, name, operator or "") for number, key, name, operator in session.execute(query))
    return tuple(sorted(found, key=lambda store: (store.operator, store.key)))


def of_ours() -> ColumnElement[bool]:
    """Return the condition on `Response` that leaves competitors' answers out."""
    return ~of_rivals()


def of_rivals() -> ColumnElement[bool]:
    """Return the condition on `Response` that leaves our own answers out."""
    return Response.store_id.in_(select(Store.id).where(Store.operator.is_not(None)))


def response_of_code(session: Session, code: str) -> ResponseInfo | None:
    """Find the response of a deletion code (as `read_code` gives it); None where it was erased or never stored."""
    query = select(
        Response.id, Response.external_id, Response.survey_id, Response.store_id, Response.answered_at
    ).where(Response.code_digest == digest(code))
    row = session.execute(query).one_or_none()
    return ResponseInfo(*row) if row else None


def week_fingerprints(session: Session, weeks: Sequence[str] | None = None) -> dict[str, str]:
    """One digest a week with answers, changed by any that is added, replaced, removed, counted or left out.

    `weeks` None: every week.

    A closed week keeps the digest that it had: nothing that still happens to its answers changes its counts.

    Counting and summing ids and revisions sees every such change, needs no second table that a writer could forget,
    and has no gap between a writer's commit and a reader's mark.
    """
    conditions = [of_ours()] if weeks is None else [of_ours(), Response.week.in_(weeks)]
    found = _states(session, conditions)
    closed = closed_weeks(session)
    found |= {week: closed[week] for week in (closed if weeks is None else closed.keys() & set(weeks))}
    return dict(sorted(found.items()))


def rival_fingerprints(session: Session) -> dict[str, str]:
    """One digest a week with answers at competitors' stores, as `week_fingerprints`."""
    return _states(session, [of_rivals()])


def _states(session: Session, conditions: Sequence[ColumnElement[bool]]) -> dict[str, str]:
    query = select(Response.week, func.count(), func.sum(Response.id), func.sum(Response.id * Response.revision))
    query = query.where(Response.counted, *conditions).group_by(Response.week)
    return {
        week: sha256(f"{week}:{count}:{ids}:{revisions}".encode()).hexdigest()[:16]
        for week, count, ids, revisions in session.execute(query)
    }


def closed_weeks(session: Session) -> dict[str, str]:
    """The weeks whose answers were cleared by age, with the fingerprint that each had."""
    return {row.week: row.fingerprint for row in session.execute(select(ClosedWeek.week, ClosedWeek.fingerprint))}


def weeks_with_answers(session: Session) -> tuple[str, ...]:
    """Name every week with answers, oldest first."""
    query = select(Response.week).where(Response.counted, of_ours()).distinct()
    return tuple(session.scalars(query.order_by(Response.week)))


def comments_of_week(session: Session, week: str, *, of_competitors: bool = False) -> tuple[CommentInfo, ...]:
    """The comments of one week, ordered by external id (the same on both databases: sorted here)."""
    query = (
        select(
            Comment.id,
            Comment.external_id,
            Comment.response_id,
            Response.week,
            Response.store_id,
            Comment.text,
            Response.score,
            Comment.asks,
        )
        .join(Comment.response)
        .where(Response.week == week, Response.counted, of_rivals() if of_competitors else of_ours())
    )
    rows = (CommentInfo(*row[:-1], Asks(row.asks) if row.asks else None) for row in session.execute(query))
    return tuple(sorted(rows, key=lambda comment: comment.external_id))


def scores_of_weeks(session: Session, weeks: Sequence[str], *, of_competitors: bool = False) -> tuple[ScoreInfo, ...]:
    """The figures of every response of these weeks, ordered by external id."""
    has_text = select(Comment.id).where(Comment.response_id == Response.id).exists()
    query = select(
        Response.id,
        Response.external_id,
        Response.week,
        Response.store_id,
        Response.answered_at,
        Response.score,
        has_text,
        Response.channel,
        _visits(session),
    ).where(Response.week.in_(weeks), Response.counted, of_rivals() if of_competitors else of_ours())
    rows = (ScoreInfo(*row) for row in session.execute(query))
    return tuple(sorted(rows, key=lambda response: response.external_id))


def described_responses(
    session: Session, weeks: Sequence[str], attributes: Collection[str], store_ids: Sequence[int] | None = None
) -> tuple[DescribedResponse, ...]:
    """Those responses of these weeks and stores (None: every store) that have any of these attributes."""
    has_text = select(Comment.id).where(Comment.response_id == Response.id).exists()
    query = select(Response.id, Response.survey_id, Response.score, has_text, Response.attributes)
    query = query.where(*are_described(weeks, attributes, store_ids))
    return tuple(DescribedResponse(*row) for row in session.execute(query.order_by(Response.id)))


def are_described(
    weeks: Sequence[str], attributes: Collection[str], store_ids: Sequence[int] | None = None
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on `Response` of `described_responses`."""
    known = or_(*(Response.attributes[name].as_string().is_not(None) for name in sorted(attributes)))
    narrowed = () if store_ids is None else (Response.store_id.in_(store_ids),)
    return (Response.week.in_(weeks), Response.counted, of_ours(), *narrowed, known)


def attribute_questions(session: Session) -> tuple[AttributeQuestion, ...]:
    """Every question that describes the customer, ordered by survey and key."""
    rows = session.scalars(select(Question).where(Question.kind.in_([Kind.VISITS, Kind.SINGLE])))
    return tuple(
        AttributeQuestion(row.key, row.text, {option.key: option.text for option in _options(row)})
        for row in sorted(rows, key=lambda row: (row.survey_id, row.key))
        if row.kind == Kind.VISITS or row.settings.get("attribute")
    )


def _options(row: Question) -> tuple[Option, ...]:
    return tuple(map(Option.model_validate, row.options)) or (VISITS_OPTIONS if row.kind == Kind.VISITS else ())


def visits_questions(session: Session) -> tuple[VisitsQuestion, ...]:
    """Every question that tells first-time from repeat customers, ordered by survey and key.

    It is one of kind `visits`, or a single choice that is an attribute and has an option `first`. Answers that belong
    to no survey may say it as their attribute `visits`.
    """
    rows = session.scalars(select(Question).where(Question.kind.in_([Kind.VISITS, Kind.SINGLE])))
    asked = [
        VisitsQuestion(row.survey_id, row.key, tuple(map(Option.model_validate, row.options)) or VISITS_OPTIONS)
        for row in sorted(rows, key=lambda row: (row.survey_id, row.key))
        if row.kind == Kind.VISITS or row.settings.get("attribute")
    ]
    told = (question for question in asked if any(option.key == FIRST_VISIT for option in question.options))
    return (*told, VisitsQuestion(None, "visits", VISITS_OPTIONS))


def _visits(session: Session) -> ColumnElement[str | None]:
    """What the customer chose in any visits question."""
    keys = {question.key for question in visits_questions(session)}
    return func.coalesce(*(Response.attributes[key].as_string() for key in sorted(keys)), null())
