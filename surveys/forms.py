"""A posted form against the questions asked: answers that fit, or what is wrong with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from surveys.questions import SATISFACTION_KEY, Kind, QuestionDefinition
from surveys.responses import SATISFACTIONS, SCORES
from surveys.texts import is_storable, storable, tidy

UNREADABLE = "\ufffd"
"""What decoding leaves where the bytes were no UTF-8."""

Posted = Mapping[str, Sequence[str]]
"""Field name -> values, as a form posts them."""


class FaultKind(StrEnum):
    """What can be wrong with one answer."""

    MISSING = "missing"
    NOT_OFFERED = "not_offered"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    NOTHING = "nothing"
    """Not one question of the whole form was answered."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the answer to one question; `excess` counts the characters too many."""

    question_key: str
    kind: FaultKind
    excess: int = 0


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one form, sorted into the places where a response keeps them."""

    score: int | None = None
    satisfaction: int | None = None
    comments: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return self.score is None and self.satisfaction is None and not (self.comments or self.answers)


@dataclass(frozen=True, slots=True)
class FormReading:
    """What a posted form holds. The answers count only while there are no faults."""

    answers: Answers
    faults: tuple[Fault, ...]


def field_name(question: QuestionDefinition) -> str:
    """Name the form field of a question; free text is told from choices, so that a page can hand it back unread."""
    return f"{'text' if question.kind is Kind.TEXT else 'choice'}-{question.key}"


def read_form(questions: Sequence[QuestionDefinition], posted: Posted, max_text_length: int) -> FormReading:
    """Check a posted form. Fields that belong to no question are ignored."""
    faults: list[Fault] = []
    found: dict[str, Any] = {}
    for question in questions:
        values = [value for value in posted.get(field_name(question), ()) if value.strip()]
        fault = _fault(question, values, max_text_length)
        if fault:
            faults.append(fault)
        elif values:
            found[question.key] = _value(question, values)
    answers = _sorted(questions, found)
    if not faults and answers.is_empty:
        faults.append(Fault(questions[0].key, FaultKind.NOTHING))
    return FormReading(answers, tuple(faults))


def typed(questions: Sequence[QuestionDefinition], posted: Posted) -> dict[str, tuple[str, ...]]:
    """What the customer entered, by question key, fit to stand in the form again: unreadable characters are gone."""
    return {
        question.key: tuple(storable(value).replace(UNREADABLE, "") for value in posted[field_name(question)])
        for question in questions
        if field_name(question) in posted
    }


def _fault(question: QuestionDefinition, values: Sequence[str], max_text_length: int) -> Fault | None:
    if not values:
        return Fault(question.key, FaultKind.MISSING) if question.required else None
    if question.kind is Kind.TEXT:
        return _text_fault(question, values, max_text_length)
    several = question.kind is Kind.MULTIPLE
    if any(value not in _offered(question) for value in values) or (len(values) > 1 and not several):
        return Fault(question.key, FaultKind.NOT_OFFERED)
    return None


def _text_fault(question: QuestionDefinition, values: Sequence[str], max_text_length: int) -> Fault | None:
    text = tidy(values[0])
    if len(values) > 1:
        return Fault(question.key, FaultKind.NOT_OFFERED)
    if not is_storable(text) or UNREADABLE in text:
        return Fault(question.key, FaultKind.UNREADABLE)
    if len(text) > max_text_length:
        return Fault(question.key, FaultKind.TOO_LONG, len(text) - max_text_length)
    return None


def _offered(question: QuestionDefinition) -> set[str]:
    if question.kind is Kind.NPS:
        return {str(score) for score in SCORES}
    if question.kind is Kind.RATING:
        return {str(grade) for grade in SATISFACTIONS}
    return {option.key for option in question.offered}


def _value(question: QuestionDefinition, values: Sequence[str]) -> Any:
    if question.kind is Kind.TEXT:
        return tidy(values[0])
    if question.kind in {Kind.NPS, Kind.RATING}:
        return int(values[0])
    if question.kind is Kind.SINGLE:
        return values[0]
    return [option.key for option in question.offered if option.key in values]


def _sorted(questions: Sequence[QuestionDefinition], found: Mapping[str, Any]) -> Answers:
    score: int | None = None
    satisfaction: int | None = None
    comments: dict[str, str] = {}
    answers: dict[str, Any] = {}
    attributes: dict[str, str] = {}
    for question in questions:
        if question.key not in found:
            continue
        value = found[question.key]
        if question.kind is Kind.NPS:
            score = value
        elif question.kind is Kind.RATING and question.key == SATISFACTION_KEY:
            satisfaction = value
        elif question.kind is Kind.TEXT:
            comments[question.key] = value
        else:
            answers[question.key] = value
        if question.attribute:
            attributes[question.key] = value
    return Answers(score, satisfaction, comments, answers, attributes)
