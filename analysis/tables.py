"""The tables of the understanding part: columns and relations only."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.database import Base


class ThemeRow(Base):
    """A theme as it was found; corrections are replayed over it when it is read.

    `first_week`: the week in which a discovered theme was new; `known_from`: reports before that week don't know it
    (the same week, or an earlier one when staff made an older theme a part of it).
    """

    __tablename__ = "themes"
    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    origin: Mapped[str] = mapped_column(String(20))
    name: Mapped[dict[str, str]]
    group: Mapped[dict[str, str]]
    advice: Mapped[dict[str, str]]
    words: Mapped[dict[str, float]]
    general: Mapped[bool] = mapped_column(default=False)
    first_week: Mapped[str | None] = mapped_column(String(8))
    known_from: Mapped[str | None] = mapped_column(String(8))


class Run(Base):
    """One analysis of one week, claimed once by a conditional UPDATE with a renewed lease.

    The index lets one run at a time be running: runs share the weeks that they read, and a database that counts to one
    needs no lock of ours.
    """

    __tablename__ = "runs"
    __table_args__ = (
        UniqueConstraint("week", "revision"),
        Index(
            "uq_runs_running",
            "state",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    week: Mapped[str] = mapped_column(String(8))
    revision: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="requested")
    stage: Mapped[str] = mapped_column(String(50), default="")
    progress: Mapped[int] = mapped_column(default=0)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None]
    impact_window: Mapped[int | None]
    provenance: Mapped[dict[str, Any]]


class WeekRead(Base):
    """Which state of a week's comments the stored opinions, tags and counts come from."""

    __tablename__ = "weeks_read"
    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    model_version: Mapped[str] = mapped_column(String(64))


class OpinionRow(Base):
    """One opinion of a stored comment; it goes when its comment goes."""

    __tablename__ = "opinions"
    __table_args__ = (
        UniqueConstraint("comment_id", "position"),
        Index("ix_opinions_week_store_id", "week", "store_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    position: Mapped[int]
    week: Mapped[str] = mapped_column(String(8))
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str]
    polarity: Mapped[str] = mapped_column(String(10))
    is_request: Mapped[bool]
    model_version: Mapped[str] = mapped_column(String(64))


class TagRow(Base):
    """opinion -> theme."""

    __tablename__ = "tags"
    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinions.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("themes.id"), primary_key=True, index=True)
    weight: Mapped[float]
    source: Mapped[str] = mapped_column(String(10), default="model")


class StoreWeek(Base):
    """Counts of one store and week (see `results.StoreWeekCounts`)."""

    __tablename__ = "store_weeks"
    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    responses: Mapped[int]
    histogram: Mapped[list[int]]
    with_text: Mapped[int]
    none_answers: Mapped[int]
    foreign: Mapped[int]
    opinions: Mapped[int]
    unexplained: Mapped[int]


class ThemeWeek(Base):
    """Counts of one theme in one store and week (see `results.ThemeWeekCounts`)."""

    __tablename__ = "theme_weeks"
    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("themes.id"), primary_key=True)
    opinions: Mapped[int]
    positive: Mapped[int]
    negative: Mapped[int]
    requests: Mapped[int]
    responses: Mapped[int]
    responses_positive: Mapped[int]
    responses_negative: Mapped[int]


class RivalWeek(Base):
    """Which state of a week's answers at competitors' stores the stored counts of them come from."""

    __tablename__ = "rival_weeks"
    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    model_version: Mapped[str] = mapped_column(String(64))


class RivalStoreWeek(Base):
    """Counts of one competitor's store and week; apart from ours, so that nothing can mix them."""

    __tablename__ = "rival_store_weeks"
    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    responses: Mapped[int]
    with_text: Mapped[int]


class RivalThemeWeek(Base):
    """Counts of one theme in one competitor's store and week. No key to themes: a fit may take one away."""

    __tablename__ = "rival_theme_weeks"
    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    responses: Mapped[int]
    responses_negative: Mapped[int]


class ImpactRow(Base):
    """The impact of one theme as one run found it (see `results.ThemeImpact`)."""

    __tablename__ = "impacts"
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("themes.id"), primary_key=True)
    mentions_negative: Mapped[int]
    mentions_positive: Mapped[int]
    figures: Mapped[dict[str, Any]]


class CorrectionRow(Base):
    """What a person changed, as an event: only its undo edits it. `content` holds keys and words, never quotes."""

    __tablename__ = "corrections"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    content: Mapped[dict[str, Any]]
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]
    undone_by: Mapped[str | None] = mapped_column(String(100))
    undone_at: Mapped[datetime | None]


class LineageRow(Base):
    """What became of a discovered theme at the fit of a week: same, new, merged, split or gone.

    See `results.ThemeEvent`.
    """

    __tablename__ = "lineage"
    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    theme_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    other_id: Mapped[str | None] = mapped_column(String(100))
    share: Mapped[float | None]
    name: Mapped[dict[str, str] | None]


class ValenceRow(Base):
    """What the scores of earlier weeks taught about a word: below 0 it goes with low scores. Valid from `week` on."""

    __tablename__ = "valences"
    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    value: Mapped[float]
