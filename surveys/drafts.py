"""A survey while somebody edits it: plain values, as its file holds them, that need not be right yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from surveys.errors import SurveysError
from surveys.places import free_key
from surveys.questions import SATISFACTION_KEY, Kind, SurveyDefinition

Draft = dict[str, Any]
Part = str | int

_FIRST_KEYS = {Kind.NPS: "recommend", Kind.RATING: SATISFACTION_KEY, Kind.CSAT: SATISFACTION_KEY}
"""Keys that reports know: the first question of such a kind takes its own."""


@dataclass(frozen=True, slots=True)
class DraftFault:
    """What is wrong with a draft and where: the way down to the value; `kind` is pydantic's name of the error."""

    where: tuple[Part, ...]
    kind: str
    said: str


class DraftError(SurveysError):
    """A draft that is no survey yet."""

    def __init__(self, faults: Sequence[DraftFault]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, fault.where))}: {fault.said}" for fault in faults))
        self.faults = tuple(faults)


def new_draft(key: str) -> Draft:
    """Begin a survey with what most begin with: a score and its reason. Its wordings are still to be chosen."""
    draft: Draft = {"key": key, "questions": []}
    add_question(draft, Kind.NPS)
    add_question(draft, Kind.TEXT)
    draft["questions"][0]["required"] = True
    return draft


def is_draft(value: object) -> bool:
    """Tell whether a value is built like a draft: every part has a key. What the parts hold may be wrong."""
    return (
        isinstance(value, dict)
        and _all_have_keys([value])
        and _all_have_keys(value.get("questions"))
        and all(_all_have_keys(question.get("options", [])) for question in value["questions"])
        and all(isinstance(question.get("kind"), str) for question in value["questions"])
    )


def _all_have_keys(parts: object) -> bool:
    return isinstance(parts, list) and all(
        isinstance(part, dict) and isinstance(part.get("key"), str) for part in parts
    )


def draft_of(definition: SurveyDefinition) -> Draft:
    """Take a survey as it stands, to be edited."""
    return definition.model_dump(mode="json", exclude_defaults=True)


def checked(draft: Mapping[str, Any]) -> SurveyDefinition:
    """Read a draft as a survey. Error: `DraftError` names everything that is wrong and where."""
    try:
        return SurveyDefinition.model_validate(draft)
    except ValidationError as error:
        faults = [
            DraftFault(fault["loc"], fault["type"], fault["msg"].removeprefix("Value error, "))
            for fault in error.errors()
        ]
        if len(faults) > 1:  # questions that are wrong are not counted as questions: that none is left is no news
            faults = [fault for fault in faults if (fault.where, fault.kind) != (("questions",), "too_short")]
        raise DraftError(faults) from error


def add_question(draft: Draft, kind: str) -> None:
    """Add a question of a kind at the end, with one option to begin with where it chooses."""
    taken = {question.get("key") for question in draft["questions"]}
    first = _FIRST_KEYS.get(Kind(kind), kind)
    key = first if first not in taken else free_key(kind, taken)
    question: Draft = {"key": key, "kind": kind}
    draft["questions"].append(question)
    if kind in {Kind.SINGLE, Kind.MULTIPLE}:
        add_option(question)


def add_option(question: dict[str, Any]) -> None:
    """Add an option to a question."""
    options = question.setdefault("options", [])
    options.append({"key": free_key("option", {option.get("key") for option in options})})


def move(items: list[Any], number: int, steps: int) -> None:
    """Move one item so many steps on; past the end it stays."""
    if 0 <= number + steps < len(items):
        items.insert(number + steps, items.pop(number))


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name what differs between two drafts of a survey: parts of it, and keys of its questions."""
    parts = [part for part in {**one, **other} if part != "questions"]
    questions = [{question.get("key", ""): question for question in draft["questions"]} for draft in (one, other)]
    keys = list(questions[0]) + [key for key in questions[1] if key not in questions[0]]
    return (
        tuple(part for part in parts if one.get(part) != other.get(part)),
        tuple(key for key in keys if questions[0].get(key) != questions[1].get(key)),
    )
