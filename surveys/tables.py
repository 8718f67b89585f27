"""The tables of the collecting part: columns and relations only."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveys.database import Base


class Area(Base):
    """A group of stores, also the scope of a staff member."""

    __tablename__ = "areas"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))


class Store(Base):
    """A place that customers visit. `key` is the organisation's own name or number for it.

    `operator` names who runs it where that is somebody else, a competitor: no figure of ours holds its answers.
    """

    __tablename__ = "stores"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"), index=True)
    operator: Mapped[str | None] = mapped_column(String(100))
    area: Mapped[Area | None] = relationship()


class Spot(Base):
    """Where in a store one QR code hangs. From `retired_at` on its codes take no answers; those it has stay."""

    __tablename__ = "spots"
    __table_args__ = (UniqueConstraint("store_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    key: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    retired_at: Mapped[datetime | None]
    store: Mapped[Store] = relationship()


class Survey(Base):
    """What is asked. Texts are maps of language to wording, and fall back to ja.

    `settings` holds what else a definition may say (coupon, contact, review invitation ...); `coupons_issued` is
    counted by a conditional UPDATE, so that a limit holds when two customers thank at once.
    """

    __tablename__ = "surveys"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[dict[str, str]]
    introduction: Mapped[dict[str, str]]
    purpose: Mapped[dict[str, str]]
    thanks: Mapped[dict[str, str]]
    revision: Mapped[int] = mapped_column(default=1)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    coupons_issued: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    questions: Mapped[list["Question"]] = relationship(order_by="Question.position", back_populates="survey")


class Question(Base):
    """One question; `key` is its identity, so one series runs on over revised wordings."""

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("survey_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    key: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    required: Mapped[bool]
    retired: Mapped[bool] = mapped_column(default=False)
    text: Mapped[dict[str, str]]
    options: Mapped[list[Any]]
    settings: Mapped[dict[str, Any]]
    survey: Mapped[Survey] = relationship(back_populates="questions")


class EntryCode(Base):
    """The short random code of a QR code: it names survey, store and spot."""

    __tablename__ = "entry_codes"
    __table_args__ = (UniqueConstraint("survey_id", "spot_id"),)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    spot_id: Mapped[int] = mapped_column(ForeignKey("spots.id"))
    survey: Mapped[Survey] = relationship()
    spot: Mapped[Spot] = relationship()


class RetiredCode(Base):
    """A code that another one replaced. `leads_on`: whether its page may lead to the new one."""

    __tablename__ = "retired_codes"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    spot_id: Mapped[int] = mapped_column(ForeignKey("spots.id"))
    retired_at: Mapped[datetime]
    leads_on: Mapped[bool]
    survey: Mapped[Survey] = relationship()
    spot: Mapped[Spot] = relationship()


class Response(Base):
    """One submission by one customer.

    `week` is the ISO week of `answered_at` in the organisation's zone; `revision` grows when the content is replaced,
    so that analysis can tell a changed week from an unchanged one without reading it. `submission_key` and
    `code_digest` are the SHA-256 of the customer's key and deletion code: what is stored opens nothing. `doubt` says
    why a response looks like spam or a duplicate; `counted` is False until staff have looked at it (`decided_at`), and
    figures leave it out.
    """

    __tablename__ = "responses"
    __table_args__ = (
        Index("ix_responses_week_store_id", "week", "store_id"),
        # an id is never given twice, so that a week whose last answer was exchanged is seen to have changed
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), unique=True)
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    content_digest: Mapped[str] = mapped_column(String(64))
    code_digest: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    doubt: Mapped[str | None] = mapped_column(String(20))
    counted: Mapped[bool] = mapped_column(default=True, server_default=true())
    decided_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("surveys.id"), index=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"), index=True)
    spot_id: Mapped[int | None] = mapped_column(ForeignKey("spots.id"), index=True)
    channel: Mapped[str] = mapped_column(String(50))
    answered_at: Mapped[datetime] = mapped_column(index=True)
    received_at: Mapped[datetime]
    week: Mapped[str] = mapped_column(String(8))
    score: Mapped[int | None]
    satisfaction: Mapped[int | None]
    answers: Mapped[dict[str, Any]]
    attributes: Mapped[dict[str, str]]
    store: Mapped[Store] = relationship()
    spot: Mapped[Spot | None] = relationship()
    comments: Mapped[list["Comment"]] = relationship(
        order_by="Comment.position",
        back_populates="response",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class Comment(Base):
    """One free-text answer, masked before it came here. `asks`: what its question asked for (`questions.Asks`)."""

    __tablename__ = "comments"
    __table_args__ = (UniqueConstraint("response_id", "field"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    external_id: Mapped[str] = mapped_column(String(300), unique=True)
    field: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]
    text: Mapped[str]
    asks: Mapped[str | None] = mapped_column(String(10))
    response: Mapped[Response] = relationship(back_populates="comments")


class FormDay(Base):
    """How often the form of one survey at one spot was seen and begun on one day (ISO date of the organisation)."""

    __tablename__ = "form_days"
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"), primary_key=True)
    spot_id: Mapped[int] = mapped_column(ForeignKey("spots.id"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    seen: Mapped[int] = mapped_column(default=0)
    started: Mapped[int] = mapped_column(default=0)


class Coupon(Base):
    """A thank-you for one response: a code that is taken once. It outlives its response."""

    __tablename__ = "coupons"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"), index=True)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id", ondelete="SET NULL"), unique=True)
    wording: Mapped[dict[str, str]]
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    redeemed_at: Mapped[datetime | None]
    redeemed_by: Mapped[str | None] = mapped_column(String(100))


class Contact(Base):
    """A customer's wish to be called, encrypted and kept apart: never exported, never analysed."""

    __tablename__ = "contacts"
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), unique=True)
    sealed: Mapped[str]
    given_at: Mapped[datetime]
    erase_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(100))


class Member(Base):
    """Which member gave a response: the keyed digest of a member code, kept apart, never exported.

    Many responses may be one member's. `erase_at`: from then on nobody can tell any more whose answer it was.
    """

    __tablename__ = "members"
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    given_at: Mapped[datetime]
    erase_at: Mapped[datetime] = mapped_column(index=True)


class Purchase(Base):
    """What a member bought on one day (of the organisation's zone). `digest` as in `Member`, of whom there is one.

    `identity` is the digest of what its line said, so that the same file twice adds nothing; `hundredths` is the amount
    in hundredths of the currency (1,980 yen are 198,000), since SQLite knows no decimal numbers.
    """

    __tablename__ = "purchases"
    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    bought_on: Mapped[date] = mapped_column(index=True)
    hundredths: Mapped[int] = mapped_column(BigInteger)


class Notice(Base):
    """What customers said and what became of it (ご意見への対応), shown to customers while it is published.

    `store_id` None: for every store. `theme` is the id of the theme it answers, as text: the upper packages know it.
    """

    __tablename__ = "notices"
    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"), index=True)
    heard: Mapped[dict[str, str]]
    done: Mapped[dict[str, str]]
    theme: Mapped[str | None] = mapped_column(String(100))
    mentions: Mapped[int | None]
    published_at: Mapped[datetime] = mapped_column(index=True)
    published_by: Mapped[str] = mapped_column(String(100))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(100))


class PrivacyEvent(Base):
    """What was done with personal data, and when: erased, shown to its giver, cleared by age.

    `digest` is the SHA-256 of the deletion code, where there was one; `count` says how many rows it was.
    """

    __tablename__ = "privacy_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str | None] = mapped_column(String(64), index=True)
    count: Mapped[int]
    made_by: Mapped[str] = mapped_column(String(100))


class ClosedWeek(Base):
    """A week whose answers were cleared by age. Its counts stay, so its fingerprint is kept as it was."""

    __tablename__ = "closed_weeks"
    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(16))
    closed_at: Mapped[datetime]
