"""What a survey asks: questions, options and their wordings, checked."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints, model_validator

from surveys.offers import ContactOffer, CouponOffer, MemberOffer, ReviewInvitation
from surveys.settings import Settings
from surveys.texts import Text, speaks_of_health

SATISFACTION_KEY = "satisfaction"
"""A rating or csat question of this key feeds `Response.satisfaction`."""
HIGHEST_SCORE = 10
_SCORES = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?")


class Kind(StrEnum):
    """The kinds of question."""

    NPS = "nps"
    RATING = "rating"
    CSAT = "csat"
    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"
    VISITS = "visits"


GRADES = frozenset({Kind.RATING, Kind.CSAT})
"""The kinds that are answered by 1 to 5."""


class Asks(StrEnum):
    """What a text question asks for, where it asks for one thing: a bare 「駐車場」 then says praise, fault or wish."""

    PRAISE = "praise"
    FAULTS = "faults"
    WISHES = "wishes"


QuestionKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
OptionKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]


def _score_range(value: object) -> object:
    """Read one score or a range of scores, and write it as a range: 0-6, 7-7."""
    found = _SCORES.fullmatch(str(value).strip())
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not low <= high <= HIGHEST_SCORE:
        raise ValueError(f"{value!r} is no range of scores; write one such as 0-6 or 9-10")
    return f"{low}-{high}"


ScoreRange = Annotated[str, BeforeValidator(_score_range)]
"""Scores from one to another, both included, such as 0-6."""


class Option(Settings):
    """One choice; `key` is its identity and is what answers store. `other`: whoever chooses it may write what it is."""

    key: OptionKey
    text: Text
    other: bool = False
    retired: bool = False


def plain_wording(text: str) -> str:
    """Even out how people write an option in a file of past answers: はじめて and 初めて; 2～5回, 2〜5 回目, 2-5回."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("目", "").replace("はじめて", "初めて")
    return "".join("-" if letter in "〜~–ー−" else letter for letter in folded if not letter.isspace())


VISITS_TEXT = {
    "ja": "ご来店は何回目ですか。",
    "en": "How many times have you visited us?",
    "zh_Hans": "您是第几次光临本店？",
    "ko": "저희 매장을 몇 번째 방문하셨나요?",
}
FIRST_VISIT = "first"
"""The option of who is here for the first time, also where a survey offers options of its own."""
VISITS_OPTIONS = (
    Option(key=FIRST_VISIT, text={"ja": "初めて", "en": "This is my first time", "zh_Hans": "第一次", "ko": "처음"}),
    Option(key="2to5", text={"ja": "2〜5回目", "en": "2 to 5 times", "zh_Hans": "第2〜5次", "ko": "2~5번째"}),
    Option(key="6to10", text={"ja": "6〜10回目", "en": "6 to 10 times", "zh_Hans": "第6〜10次", "ko": "6~10번째"}),
    Option(key="from11", text={"ja": "11回目以上", "en": "11 or more", "zh_Hans": "第11次以上", "ko": "11번째 이상"}),
)
"""What a visits question offers: the same everywhere, so that shops and surveys can be compared."""


class QuestionDefinition(Settings):
    """One question; `key` is its identity, so its series runs on over revised wordings.

    `low` and `high` name the ends of an nps or rating scale. `attribute` marks a single choice that describes the
    customer (age group, first visit ...), by which figures can be split; a visits question always does. `asks` says
    what a text question asks for. `scores` makes it a follow-up, asked of those who gave such a score. A retired
    question is no longer asked.
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
    scores: ScoreRange | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_ready_made(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("kind") == Kind.VISITS:
            return {"text": VISITS_TEXT, **values, "attribute": True}
        return values

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        chooses = self.kind in {Kind.SINGLE, Kind.MULTIPLE}
        if chooses and len(self.options) < 1:
            raise ValueError(f"a {self.kind} question needs options")
        if self.options and not chooses:
            raise ValueError(f"options do not fit a {self.kind} question")
        if (self.low or self.high) and self.kind not in {Kind.NPS, Kind.RATING}:
            raise ValueError(f"low and high do not fit a {self.kind} question")
        if self.attribute and self.kind not in {Kind.SINGLE, Kind.VISITS}:
            raise ValueError("attribute fits a single question only")
        if sum(option.other for option in self.offered) > 1:
            raise ValueError("at most one option can be the other one (other: true)")
        if self.scores and self.kind is Kind.NPS:
            raise ValueError("scores does not fit an nps question: it asks for the score itself")
        if self.asks and self.kind is not Kind.TEXT:
            raise ValueError("asks fits a text question only")
        _refuse_repeated("option", [option.key for option in self.options])
        return self

    @property
    def offered(self) -> tuple[Option, ...]:
        """The options that can be chosen now."""
        if self.kind is Kind.VISITS:
            return VISITS_OPTIONS
        return tuple(option for option in self.options if not option.retired)

    @property
    def other(self) -> Option | None:
        """The option whose choice may be put into one's own words."""
        return next((option for option in self.offered if option.other), None)

    @property
    def other_field(self) -> str:
        """The field of the comment that says what the other option is; no question has such a key."""
        return f"{self.key}.other"

    def is_asked(self, score: int | None) -> bool:
        """Tell whether it is asked of who gave this score (None: no score)."""
        if self.scores is None:
            return True
        low, _, high = self.scores.partition("-")
        return score is not None and int(low) <= score <= int(high)


class SurveyDefinition(Settings):
    """A survey as its file defines it. `opens` is the first moment of answering, `closes` the first one after it.

    `health`: it asks about health, as a clinic does; its purpose of use then says so.
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
    contact: ContactOffer = None
    member: MemberOffer = None
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
        self._refuse_orphans(asked)
        if self.opens and self.closes and self.opens >= self.closes:
            raise ValueError("closes comes before opens")
        if self.health and self.review:
            raise ValueError("a survey with health: true cannot invite to a public review; leave out review")
        if self.health and self.member:
            raise ValueError("a survey with health: true cannot ask for a member code; leave out member")
        return self

    def _refuse_orphans(self, asked: Sequence[QuestionDefinition]) -> None:
        scored = False
        for question in asked:
            scored = scored or question.kind is Kind.NPS
            if question.scores and not scored:
                raise ValueError(f"question {question.key!r} is asked by score, so an nps question must come before it")

    @model_validator(mode="after")
    def _says_what_health_data_is_for(self) -> Self:
        silent = [language for language, text in self.purpose.items() if not speaks_of_health(text, language)]
        if self.health and silent:
            raise ValueError(
                f"with health: true the purpose says (here in {', '.join(silent)}) that answers may concern health and "
                "what they are used for, such as 「健康に関するご回答も、診療と接遇をよくするためだけに使います」"
            )
        return self

    @property
    def asked(self) -> tuple[QuestionDefinition, ...]:
        """The questions that customers see, in order."""
        return tuple(question for question in self.questions if not question.retired)


def _refuse_repeated(what: str, keys: Sequence[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"{what} {key!r} stands twice")
