"""How many customers saw a form, began it and sent it, by spot and day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.errors import InputError
from surveys.places import SpotInfo, spots
from surveys.tables import FormDay, Response, Survey


@dataclass(frozen=True, slots=True)
class Funnel:
    """What became of one form. `seen` and `started` count pages, `sent` answers.

    `started` is counted by script: customers without it are seen and sent only. After a crash, or while an old phone
    sends late, `sent` may be the larger one.
    """

    seen: int = 0
    started: int = 0
    sent: int = 0

    def __add__(self, other: "Funnel") -> "Funnel":
        return Funnel(self.seen + other.seen, self.started + other.started, self.sent + other.sent)

    def share(self, count: int) -> float | None:
        """Return a count as a share of the pages seen; None when none was seen, or fewer than that."""
        return count / self.seen if self.seen >= max(count, 1) else None


@dataclass(frozen=True, slots=True)
class FunnelDay:
    """One spot on one day of the organisation's zone."""

    spot: SpotInfo
    day: date
    funnel: Funnel


def read_funnel(
    session: Session, survey_key: str, first_day: date, last_day: date, zone: ZoneInfo
) -> tuple[FunnelDay, ...]:
    """Read the days (both included) on which a form was seen, begun or sent, ordered by store, spot and day.

    Answers that came by another way than the form (imports, the demo) are not counted. Error: `InputError` when there
    is no such survey.
    """
    survey_id = session.scalar(select(Survey.id).where(Survey.key == survey_key))
    if survey_id is None:
        raise InputError(f"no survey has the key {survey_key!r}; see: koebako survey list")
    found: defaultdict[int, defaultdict[date, Funnel]] = defaultdict(lambda: defaultdict(Funnel))
    counted = select(FormDay).where(
        FormDay.survey_id == survey_id, FormDay.day.between(first_day.isoformat(), last_day.isoformat())
    )
    for row in session.scalars(counted):
        found[row.spot_id][date.fromisoformat(row.day)] += Funnel(row.seen, row.started)
    sent = select(Response.spot_id, Response.answered_at).where(
        Response.survey_id == survey_id,
        Response.submission_key.is_not(None),
        Response.counted,
        Response.answered_at >= _midnight(first_day, zone),
        Response.answered_at < _midnight(last_day + timedelta(days=1), zone),
    )
    for spot_id, answered_at in session.execute(sent):
        if spot_id is not None:
            found[spot_id][answered_at.astimezone(zone).date()] += Funnel(sent=1)
    return tuple(
        FunnelDay(spot, day, funnel)
        for spot in spots(session)
        for day, funnel in sorted(found[spot.id].items(), key=lambda item: item[0])
    )


def by_spot(days: Iterable[FunnelDay]) -> dict[SpotInfo, Funnel]:
    """Add up the days of each spot, in their order."""
    sums: defaultdict[SpotInfo, Funnel] = defaultdict(Funnel)
    for one in days:
        sums[one.spot] += one.funnel
    return dict(sums)


def by_day(days: Iterable[FunnelDay]) -> dict[date, Funnel]:
    """Add up the spots of each day, oldest first."""
    sums: defaultdict[date, Funnel] = defaultdict(Funnel)
    for one in sorted(days, key=lambda one: one.day):
        sums[one.day] += one.funnel
    return dict(sums)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
