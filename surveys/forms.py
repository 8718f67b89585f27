"""A posted form against the questions asked: answers that fit, or what is wrong with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from surveys.questions import GRADES, SATISFACTION_KEY, Kind, QuestionDefinition
from surveys.submissions import SATISFACTIONS, SCORES
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


def other_name(question: QuestionDefinition) -> str:
    """Name the form field in which a customer writes what the other option is."""
    return f"text-{question.other_field}"


def read_form(questions: Sequence[QuestionDefinition], posted: Posted, max_text_length: int) -> FormReading:
    """Check a posted form. Fields that belong to no question are ignored.

    A required follow-up is missed only where its score was given; one of another score is taken all the same, since
    without script a page shows them all.
    """
    faults: list[Fault] = []
    found: dict[str, Any] = {}
    score: int | None = None
    for question in questions:
        own_words = _filled(posted, other_name(question)) if question.other else []
        values = _with_other(question, _filled(posted, field_name(question)), own_words)
        fault = _fault(question, values, own_words, max_text_length)
        if not values and question.required and question.is_asked(score):
            fault = Fault(question.key, FaultKind.MISSING)
        if fault:
            faults.append(fault)
            continue
        if values:
            found[question.key] = _value(question, values)
        if own_words:
            found[question.other_field] = tidy(own_words[0])
        if question.kind is Kind.NPS:
            score = found.get(question.key)
    answers = _sorted(questions, found)
    if not faults and answers.is_empty:
        faults.append(Fault(questions[0].key, FaultKind.NOTHING))
    return FormReading(answers, tuple(faults))


def typed(questions: Sequence[QuestionDefinition], posted: Posted) -> dict[str, tuple[str, ...]]:
    """What the customer entered, by question key, fit to stand in the form again: unreadable characters are gone.

    What was written of an other option stands under its comment's field.
    """
    names = {question.key: field_name(question) for question in questions}
    names |= {question.other_field: other_name(question) for question in questions if question.other}
    return {
        key: tuple(storable(value).replace(UNREADABLE, "") for value in posted[name])
        for key, name in names.items()
        if name in posted
    }


def _filled(posted: Posted, name: str) -> list[str]:
    return [value for value in posted.get(name, ()) if value.strip()]


def _with_other(question: QuestionDefinition, values: list[str], own_words: Sequence[str]) -> list[str]:
    """Choose the other option for who wrote what it is without choosing it; a single choice made stays."""
    if not (question.other and own_words) or (values and question.kind is Kind.SINGLE):
        return values
    return [*values, question.other.key]


def _fault(
    question: QuestionDefinition, values: Sequence[str], own_words: Sequence[str], max_text_length: int
) -> Fault | None:
    if question.kind is Kind.TEXT:
        return _text_fault(question, values, max_text_length)
    several = question.kind is Kind.MULTIPLE
    if any(value not in _offered(question) for value in values) or (len(values) > 1 and not several):
        return Fault(question.key, FaultKind.NOT_OFFERED)
    return _text_fault(question, own_words, max_text_length)


def _text_fault(question: QuestionDefinition, values: Sequence[str], max_text_length: int) -> Fault | None:
    text = tidy(values[0]) if values else ""
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
    if question.kind in GRADES:
        return {str(grade) for grade in SATISFACTIONS}
    return {option.key for option in question.offered}


def _value(question: QuestionDefinition, values: Sequence[str]) -> Any:
    if question.kind is Kind.TEXT:
        return tidy(values[0])
    if question.kind is Kind.NPS or question.kind in GRADES:
        return int(values[0])
    if question.kind is Kind.MULTIPLE:
        return [option.key for option in question.offered if option.key in values]
    return values[0]


def _sorted(questions: Sequence[QuestionDefinition], found: Mapping[str, Any]) -> Answers:
    score: int | None = None
    satisfaction: int | None = None
    comments: dict[str, str] = {}
    answers: dict[str, Any] = {}
    attributes: dict[str, str] = {}
    for question in questions:
        if question.other_field in found:
            comments[question.other_field] = found[question.other_field]
        if question.key not in found:
            continue
        value = found[question.key]
        if question.kind is Kind.NPS:
            score = value
        elif question.kind in GRADES and question.key == SATISFACTION_KEY:
            satisfaction = value
        elif question.kind is Kind.TEXT:
            comments[question.key] = value
        else:
            answers[question.key] = value
        if question.attribute:
            attributes[question.key] = value
    return Answers(score, satisfaction, comments, answers, attributes)
