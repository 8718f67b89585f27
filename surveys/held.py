"""All that is held of one response, for the customer who gave it: to be read, and as JSON."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.contact_box import Box, ContactDetails
from surveys.contacts import contact_of
from surveys.coupons import coupon_of
from surveys.definitions import read_survey
from surveys.questions import GRADES, SATISFACTION_KEY, Kind, QuestionDefinition, SurveyDefinition
from surveys.rights import CUSTOMER, SHOWN, record_event
from surveys.tables import Member, Response

FORMAT = 1
"""The version of the JSON."""


@dataclass(frozen=True, slots=True)
class Derived:
    """One opinion that the analysis read out of a comment. `themes`: their names by language."""

    text: str
    themes: tuple[Mapping[str, str], ...]
    polarity: str
    is_request: bool


ReadDerived = Callable[[Session, str], Sequence[Derived]]
"""Reads what upper packages made of the response of an external id."""


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """The answer to one question. `question`: its wordings, {} where it is not known any more; `given`: wordings."""

    key: str
    question: Mapping[str, str]
    given: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """The coupon of a response. `code` as people read it; `valid_until`: the last second in which it is taken."""

    code: str
    wording: Mapping[str, str]
    issued_at: datetime
    valid_until: datetime
    redeemed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """Everything. `contact` None: none was left; `contact_sealed`: one was left that no key of this server opens."""

    external_id: str
    survey: Mapping[str, str]
    store: str
    spot: str
    channel: str
    answered_at: datetime
    received_at: datetime
    answers: tuple[HeldAnswer, ...]
    attributes: Mapping[str, str]
    doubt: str | None
    counted: bool
    coupon: HeldCoupon | None
    contact: ContactDetails | None
    contact_sealed: bool
    opinions: tuple[Derived, ...]
    member_until: datetime | None = None
    """Until when it is kept, as a digest, which member gave the answer. None: no member code was left.

    What the member bought is not shown: whoever holds a deletion code may have typed somebody else's member code.
    """

    def as_json(self) -> dict[str, Any]:
        """Give all of it as plain values; moments are ISO 8601 in UTC."""
        return {"format": FORMAT, **_plain(asdict(self))}


def held_for(session: Session, digest: str, read_derived: ReadDerived, box: Box | None) -> Held | None:
    """Return what is held for the digest of a deletion code; None where there is nothing (any more)."""
    response = session.scalar(select(Response).where(Response.code_digest == digest))
    if response is None:
        return None
    survey = read_survey(session, response.survey_id) if response.survey_id else None
    sealed = contact_of(session, response.id)
    contact = box.try_open(sealed) if box and sealed else None
    return Held(
        external_id=response.external_id,
        survey=survey.title if survey else {},
        store=response.store.name,
        spot=response.spot.name if response.spot else "",
        channel=response.channel,
        answered_at=response.answered_at,
        received_at=response.received_at,
        answers=tuple(_answers(response, survey)),
        attributes=response.attributes,
        doubt=response.doubt,
        counted=response.counted,
        coupon=_coupon(session, response.external_id),
        contact=contact,
        contact_sealed=sealed is not None and contact is None,
        opinions=tuple(read_derived(session, response.external_id)),
        member_until=session.scalar(select(Member.erase_at).where(Member.response_id == response.id)),
    )


def show(
    session: Session, digest: str, read_derived: ReadDerived, box: Box | None, now: datetime, who: str = CUSTOMER
) -> Held | None:
    """Return what is held, and leave a line in the trail that it was shown."""
    held = held_for(session, digest, read_derived, box)
    if held is not None:
        record_event(session, SHOWN, now, who, digest=digest)
    return held


def _answers(response: Response, survey: SurveyDefinition | None) -> Iterator[HeldAnswer]:
    """Every answer, in the order of the questions; then those whose question is not known (any more)."""
    left = _given(response)
    for question in survey.questions if survey else ():
        values = _several(left.pop(_place_of(question), []))
        own_words = _several(left.pop(f"comment {question.other_field}", []))
        if values or own_words:
            given = (*(_worded(question, value) for value in values), *({"": str(text)} for text in own_words))
            yield HeldAnswer(question.key, question.text, given)
    for place, value in left.items():
        yield HeldAnswer(place.partition(" ")[2] or place, {}, tuple({"": str(each)} for each in _several(value)))


def _given(response: Response) -> dict[str, Any]:
    """Every answer by the place where it is kept."""
    figures = {"score": response.score, "satisfaction": response.satisfaction}
    found: dict[str, Any] = {name: value for name, value in figures.items() if value is not None}
    found |= {f"answer {key}": value for key, value in response.answers.items()}
    return found | {f"comment {comment.field}": comment.text for comment in response.comments}


def _place_of(question: QuestionDefinition) -> str:
    if question.kind is Kind.NPS:
        return "score"
    if question.key == SATISFACTION_KEY and question.kind in GRADES:
        return "satisfaction"
    return f"{'comment' if question.kind is Kind.TEXT else 'answer'} {question.key}"


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _worded(question: QuestionDefinition, value: Any) -> Mapping[str, str]:
    return next((option.text for option in question.options if option.key == value), {"": str(value)})


def _coupon(session: Session, external_id: str) -> HeldCoupon | None:
    coupon = coupon_of(session, external_id)
    if coupon is None:
        return None
    last_second = coupon.valid_until - timedelta(seconds=1)
    return HeldCoupon(coupon.code, coupon.wording, coupon.issued_at, last_second, coupon.redeemed_at)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value
