"""One answer on its way in: what it may hold, checked and masked before a transaction begins."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from surveys.doubts import Doubt
from surveys.errors import InputError
from surveys.masking import mask_text
from surveys.questions import Asks
from surveys.submission_keys import digest
from surveys.texts import is_storable, tidy

SCORES = range(11)
SATISFACTIONS = range(1, 6)
_YEARS = range(1990, 2200)
_MAX_EXTERNAL_ID = 200
_MAX_FIELD = 99
_MAX_CHANNEL = 50


@dataclass(frozen=True, slots=True)
class Submission:
    """One answer as it comes in, from the form, a file or the demo.

    `external_id` is its identity; `answered_at` is aware; `score` 0-10, `satisfaction` 1-5; `comments` maps a field
    (question key or column) to unmasked text, in the order to keep; `answers` maps a question key to a value or a list
    of values; `attributes` describe the customer in groups ('年代': '30代'). `asks` maps a
    field to what its question asks for, where it asks for one thing.
    """

    external_id: str
    store_id: int
    channel: str
    answered_at: datetime
    submission_key: str | None = None
    survey_id: int | None = None
    spot_id: int | None = None
    score: int | None = None
    satisfaction: int | None = None
    comments: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    asks: Mapping[str, Asks] = field(default_factory=dict)
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A submission that may be stored: masked, with the digest of what will be stored."""

    submission: Submission
    digest: str


def prepare(submission: Submission, staff_names: Sequence[str] = ()) -> Ready:
    """Check and mask a submission, before a transaction begins. Error: `InputError` says what cannot be stored."""
    reason = fault(submission)
    if reason:
        raise InputError(reason)
    tidied = {name: tidy(text) for name, text in submission.comments.items()}
    comments = {name: mask_text(text, staff_names) for name, text in tidied.items() if text}
    asks = {name: asked for name, asked in submission.asks.items() if name in comments}
    masked = replace(submission, comments=comments, asks=asks)
    return Ready(masked, _digest(masked))


def external_id_of(submission_key: str) -> str:
    """Name the response of a form by its submission key, which itself stays secret."""
    return f"web-{digest(submission_key)[:24]}"


def fault(submission: Submission) -> str:
    """Say why a submission cannot be stored; '' when it can."""
    if not 0 < len(submission.external_id) <= _MAX_EXTERNAL_ID or not is_storable(submission.external_id):
        return f"the id must be 1 to {_MAX_EXTERNAL_ID} characters"
    if not 0 < len(submission.channel) <= _MAX_CHANNEL or not is_storable(submission.channel):
        return f"the channel must be 1 to {_MAX_CHANNEL} characters"
    if submission.answered_at.tzinfo is None or submission.answered_at.year not in _YEARS:
        return f"the date {submission.answered_at} is impossible"
    return _figure_fault(submission) or _words_fault(submission)


def _figure_fault(submission: Submission) -> str:
    for what, value, allowed in (
        ("score", submission.score, SCORES),
        ("satisfaction", submission.satisfaction, SATISFACTIONS),
    ):
        if value is not None and (type(value) is not int or value not in allowed):
            return f"the {what} {value!r} is not a whole number from {allowed[0]} to {allowed[-1]}"
    return ""


def _words_fault(submission: Submission) -> str:
    for name, text in submission.comments.items():
        if not 0 < len(name) <= _MAX_FIELD or not is_storable(name):
            return f"the comment field {name[:_MAX_FIELD]!r} must be 1 to {_MAX_FIELD} characters"
        if not is_storable(tidy(text)):
            return f"the comment {name!r} holds control characters"
    if not all(is_storable(text) for text in _strings([submission.answers, submission.attributes])):
        return "an answer holds control characters"
    return ""


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _strings([key, item])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)


def _digest(submission: Submission) -> str:
    """Digest what is stored, never what was masked: a digest of a phone number is as good as the number.

    The moment of a form's answer is the server's, not content: the same form sent twice is the same answer.
    """
    moment = None if submission.submission_key else submission.answered_at.astimezone(UTC).isoformat()
    content = [
        submission.store_id,
        submission.spot_id,
        submission.survey_id,
        submission.channel,
        moment,
        submission.score,
        submission.satisfaction,
        list(submission.comments.items()),
        dict(submission.answers),
        dict(submission.attributes),
        dict(submission.asks),
    ]
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
