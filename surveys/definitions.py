"""Survey definitions in the database: created or revised without losing a series, read back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from surveys.errors import InputError, SurveyChangedError
from surveys.questions import GRADES, SATISFACTION_KEY, Kind, QuestionDefinition, SurveyDefinition
from surveys.tables import Comment, Question, Response, Survey

_SETTINGS = ("hint", "low", "high", "attribute", "asks", "scores")
_SURVEY_SETTINGS = ("health", "coupon", "contact", "member", "review")
"""What a definition says beside its texts, its times and its questions; kept in `Survey.settings`."""


@dataclass(frozen=True, slots=True)
class SurveyChange:
    """What loading a definition did; question keys in the order of the file."""

    survey_key: str
    revision: int
    added: tuple[str, ...] = ()
    revised: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the questions stood exactly so already."""
        return not (self.added or self.revised or self.retired or self.removed)


@dataclass(frozen=True, slots=True)
class SurveyInfo:
    """A survey in a list."""

    key: str
    revision: int
    definition: SurveyDefinition


def save_survey(session: Session, definition: SurveyDefinition, seen: int | None = None) -> SurveyChange:
    """Create a survey or revise the one of the same key.

    A question keeps its identity by its key. `seen`: the revision that the editor saw (0: none yet). Errors:
    `InputError` when a question or option that has answers would be lost (mark it `retired: true`) or would change its
    kind; `SurveyChangedError` when somebody else saved since `seen`.
    """
    survey = session.scalar(select(Survey).where(Survey.key == definition.key).with_for_update())
    if seen is not None and seen != (survey.revision if survey else 0):
        raise SurveyChangedError(definition.key)
    if survey is None:
        survey = Survey(key=definition.key, revision=0)
        session.add(survey)
    before = _definition(survey) if survey.revision else None
    change = _change(session, survey, before.questions if before else (), definition.questions)
    if before != definition:
        survey.revision += 1
        _write(session, survey, definition)
    return replace(change, revision=survey.revision)


def read_survey(session: Session, survey_id: int) -> SurveyDefinition:
    """Read a survey back, retired questions too. Error: `InputError` when there is none of this id."""
    survey = session.get(Survey, survey_id)
    if survey is None:
        raise InputError(f"no survey has the id {survey_id}")
    return _definition(survey)


def surveys(session: Session) -> tuple[SurveyInfo, ...]:
    """Every survey, ordered by key."""
    found = (SurveyInfo(survey.key, survey.revision, _definition(survey)) for survey in session.scalars(select(Survey)))
    return tuple(sorted(found, key=lambda survey: survey.key))


def find_survey(session: Session, key: str) -> SurveyInfo:
    """Look a survey up by its key. Error: `InputError` when there is none."""
    survey = session.scalar(select(Survey).where(Survey.key == key))
    if survey is None:
        raise InputError(f"no survey has the key {key!r}; see: koebako survey list")
    return SurveyInfo(survey.key, survey.revision, _definition(survey))


def survey_key_or_only(session: Session, key: str | None) -> str:
    """Return the wanted survey's key, or without one that of the only survey.

    Error: `InputError` when it is unknown, when there is none, or when several could be meant.
    """
    keys = sorted(session.scalars(select(Survey.key)))
    if key is None and len(keys) == 1:
        return keys[0]
    if not keys:
        raise InputError("there is no survey yet; load one: koebako survey load FILE")
    if key not in keys:
        said = f"no survey has the key {key!r}" if key else "there are several surveys; name one with --survey"
        raise InputError(f"{said} (known: {', '.join(keys)})")
    return key


def answered_questions(session: Session, survey_key: str) -> frozenset[str]:
    """Name the questions of a survey that have answers, by their keys: these are retired, never left out."""
    survey = session.scalar(select(Survey).where(Survey.key == survey_key))
    questions = _definition(survey).questions if survey else ()
    return frozenset(
        question.key for question in questions if survey and session.scalar(select(_has_answers(survey.id, question)))
    )


def _change(
    session: Session,
    survey: Survey,
    before: Sequence[QuestionDefinition],
    after: Sequence[QuestionDefinition],
) -> SurveyChange:
    old = {question.key: question for question in before}
    new = {question.key: question for question in after}
    for key, question in old.items():
        _refuse_loss(session, survey, question, new.get(key))
    retired = tuple(key for key in new if key in old and new[key].retired and not old[key].retired)
    return SurveyChange(
        survey.key,
        survey.revision,
        added=tuple(key for key in new if key not in old),
        revised=tuple(key for key in new if key in old and new[key] != old[key] and key not in retired),
        retired=retired,
        removed=tuple(key for key in old if key not in new),
    )


def _refuse_loss(session: Session, survey: Survey, old: QuestionDefinition, new: QuestionDefinition | None) -> None:
    kept = {option.key for option in new.options} if new else set()
    lost = [option.key for option in old.options if option.key not in kept]
    if new and _answers_alike(old.kind, new.kind) and not lost:
        return
    if not session.scalar(select(_has_answers(survey.id, old))):
        return
    name = f"survey {survey.key!r}: question {old.key!r}"
    if new is None:
        raise InputError(f"{name} has answers and cannot be left out; mark it `retired: true`")
    if not _answers_alike(old.kind, new.kind):
        raise InputError(f"{name} has answers and stays {old.kind}; give the {new.kind} question another key")
    raise InputError(f"{name} has answers, so option {lost[0]!r} cannot be left out; mark it `retired: true`")


def _answers_alike(old: Kind, new: Kind) -> bool:
    return old is new or {old, new} <= GRADES  # a row of numbers may become one of faces, and back


def _has_answers(survey_id: int, question: QuestionDefinition) -> ColumnElement[bool]:
    answered: ColumnElement[bool]
    if question.kind is Kind.NPS:
        answered = Response.score.is_not(None)
    elif question.kind in GRADES and question.key == SATISFACTION_KEY:
        answered = Response.satisfaction.is_not(None)
    elif question.kind is Kind.TEXT:
        answered = Response.comments.any(Comment.field == question.key)
    else:
        answered = Response.answers[question.key].as_string().is_not(None)
    return exists().where(Response.survey_id == survey_id, answered)


def _write(session: Session, survey: Survey, definition: SurveyDefinition) -> None:
    survey.title = definition.title
    survey.introduction = definition.introduction or {}
    survey.purpose = definition.purpose
    survey.thanks = definition.thanks or {}
    survey.opens_at = definition.opens
    survey.closes_at = definition.closes
    survey.settings = definition.model_dump(mode="json", include=set(_SURVEY_SETTINGS), exclude_defaults=True)
    session.flush()
    rows = {row.key: row for row in survey.questions}
    for position, question in enumerate(definition.questions):
        row = rows.pop(question.key, None) or Question(survey_id=survey.id, key=question.key)
        _write_question(row, position, question)
        session.add(row)
    for row in rows.values():
        session.delete(row)
    session.flush()
    session.expire(survey, ["questions"])


def _write_question(row: Question, position: int, question: QuestionDefinition) -> None:
    row.kind = question.kind
    row.position = position
    row.required = question.required
    row.retired = question.retired
    row.text = question.text
    row.options = [option.model_dump() for option in question.options]
    row.settings = question.model_dump(include=set(_SETTINGS), exclude_none=True)


def _definition(survey: Survey) -> SurveyDefinition:
    return SurveyDefinition(
        key=survey.key,
        title=survey.title,
        introduction=survey.introduction or None,
        purpose=survey.purpose,
        thanks=survey.thanks or None,
        opens=survey.opens_at,
        closes=survey.closes_at,
        questions=tuple(_question(row) for row in survey.questions),
        **survey.settings,
    )


def _question(row: Question) -> QuestionDefinition:
    return QuestionDefinition.model_validate(
        {
            "key": row.key,
            "kind": row.kind,
            "text": row.text,
            "required": row.required,
            "retired": row.retired,
            "options": row.options,
            **row.settings,
        }
    )
