"""What a survey asks: questions, options and their wordings, checked."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from surveys.offers import CouponOffer, ReviewInvitation
from surveys.settings import Settings
from surveys.texts import Text

SATISFACTION_KEY = "satisfaction"
"""A rating question of this key feeds `Response.satisfaction`."""


class Kind(StrEnum):
    """The kinds of question."""

    NPS = "nps"
    RATING = "rating"
    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"


class Asks(StrEnum):
    """What a text question asks for, where it asks for one thing: a bare 「駐車場」 then says praise, fault or wish."""

    PRAISE = "praise"
    FAULTS = "faults"
    WISHES = "wishes"


QuestionKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
OptionKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]


class Option(Settings):
    """One choice; `key` is its identity and is what answers store."""

    key: OptionKey
    text: Text
    retired: bool = False


class QuestionDefinition(Settings):
    """One question; `key` is its identity, so its series runs on over revised wordings.

    `low` and `high` name the ends of an nps or rating scale. `attribute` marks a single choice that describes the
    customer (age group, first visit ...), by which figures can be split. `asks` says what a text question asks for. A
    retired question is no longer asked.
    """

    key: QuestionKey
    kind: Kind
    text: Text
    hint: Text | None = None
    required: bool = False
    retired: bool = False
    low: Text | None = None
    high: Text | None = None
    options: tuple[Option, ...] = ()
    attribute: bool = False
    asks: Asks | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        chooses = self.kind in {Kind.SINGLE, Kind.MULTIPLE}
        if chooses and len(self.options) < 1:
            raise ValueError(f"a {self.kind} question needs options")
        if self.options and not chooses:
            raise ValueError(f"options do not fit a {self.kind} question")
        if (self.low or self.high) and self.kind not in {Kind.NPS, Kind.RATING}:
            raise ValueError(f"low and high do not fit a {self.kind} question")
        if self.attribute and self.kind is not Kind.SINGLE:
            raise ValueError("attribute fits a single question only")
        if self.asks and self.kind is not Kind.TEXT:
            raise ValueError("asks fits a text question only")
        _refuse_repeated("option", [option.key for option in self.options])
        return self

    @property
    def offered(self) -> tuple[Option, ...]:
        """The options that can be chosen now."""
        return tuple(option for option in self.options if not option.retired)


class SurveyDefinition(Settings):
    """A survey as its file defines it. `opens` is the first moment of answering, `closes` the first one after it.

    `health`: it asks about health, as a clinic does.
    """

    key: QuestionKey
    title: Text
    introduction: Text | None = None
    purpose: Text
    thanks: Text | None = None
    opens: AwareDatetime | None = None
    closes: AwareDatetime | None = None
    health: bool = False
    coupon: CouponOffer | None = None
    review: ReviewInvitation | None = None
    questions: Annotated[tuple[QuestionDefinition, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        _refuse_repeated("question", [question.key for question in self.questions])
        asked = [question for question in self.questions if not question.retired]
        if not asked:
            raise ValueError("every question is retired")
        if sum(question.kind is Kind.NPS for question in asked) > 1:
            raise ValueError("at most one nps question can be asked")
        if self.opens and self.closes and self.opens >= self.closes:
            raise ValueError("closes comes before opens")
        if self.health and self.review:
            raise ValueError("a survey with health: true cannot invite to a public review; leave out review")
        return self

    @property
    def asked(self) -> tuple[QuestionDefinition, ...]:
        """The questions that customers see, in order."""
        return tuple(question for question in self.questions if not question.retired)


def _refuse_repeated(what: str, keys: Sequence[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"{what} {key!r} stands twice")
