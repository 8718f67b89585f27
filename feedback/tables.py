"""The tables of the giving-back part: columns and relations only."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveys.database import Base


class Staff(Base):
    """A member of staff. A store or an area narrows what is seen; both empty: the whole chain."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))


class AuditEntry(Base):
    """Who did what and when; who is stored as text."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(50))
    subject: Mapped[str] = mapped_column(String(200))


class ImprovementRow(Base):
    """Something to improve. A store narrows it; without one it is for the whole chain. `theme`: its id."""

    __tablename__ = "improvements"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    theme: Mapped[str | None] = mapped_column(String(100), index=True)
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    state: Mapped[str] = mapped_column(String(20), default="candidate")
    owner: Mapped[str] = mapped_column(String(100), default="")
    due: Mapped[date | None]
    effort: Mapped[int | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(100))


class ImprovementChange(Base):
    """Who changed what of an improvement, and when."""

    __tablename__ = "improvement_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    improvement_id: Mapped[int] = mapped_column(ForeignKey("improvements.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(100))
    field: Mapped[str] = mapped_column(String(20))
    before: Mapped[str]
    after: Mapped[str]


class PilotRow(Base):
    """An improvement tried in some stores. `seed`: of the draw, None where stores were not drawn; `looks`: verdicts."""

    __tablename__ = "pilots"
    id: Mapped[int] = mapped_column(primary_key=True)
    improvement_id: Mapped[int] = mapped_column(ForeignKey("improvements.id", ondelete="CASCADE"), index=True)
    metric: Mapped[str] = mapped_column(String(10))
    expected: Mapped[float]
    start_week: Mapped[str] = mapped_column(String(8))
    end_week: Mapped[str] = mapped_column(String(8))
    chosen: Mapped[str] = mapped_column(String(10))
    seed: Mapped[int | None]
    weeks_needed: Mapped[int | None]
    looks: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(100))
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[str | None] = mapped_column(String(100))


class PilotStore(Base):
    """A store of a pilot: the number of its group of alike stores, and whether it tries or is compared with."""

    __tablename__ = "pilot_stores"
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilots.id", ondelete="CASCADE"), primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    group: Mapped[int]
    tries: Mapped[bool]


class CriticalFinding(Base):
    """A comment that speaks of something that must not wait (`kind`), and who has seen it. It goes with its comment."""

    __tablename__ = "critical_findings"
    __table_args__ = (UniqueConstraint("comment_id", "kind"), Index("ix_critical_findings_seen_at", "seen_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(50))
    found_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None] = mapped_column(String(100))


class CriticalReading(Base):
    """How far comments were searched, and with which words (one row): another list begins anew."""

    __tablename__ = "critical_reading"
    id: Mapped[int] = mapped_column(primary_key=True)
    last_comment_id: Mapped[int]
    words: Mapped[str] = mapped_column(String(16))
