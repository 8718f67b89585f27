"""What a pilot shows: both groups week by week, and at its planned end, not before, the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from analysis import records
from analysis.figures.experiments import CHANCE, FEWEST_DRAWS, Design, Effect, Verdict, verdict
from analysis.figures.store_changes import measured, measured_before, weeks_more
from analysis.results import Estimate
from feedback.pilots.answers import Answers, read_answers, weeks_before
from feedback.pilots.records import Metric, PilotInfo, weeks_between
from surveys.weeks import shift, window

Caution = Literal["picked", "drifted", "few_draws", "few_stores", "looked_again", "everywhere"]
_SHOWN_BEFORE = 13


@dataclass(frozen=True, slots=True)
class GroupWeek:
    """One week of both groups: NPS in points, or complaints in per cent of answers."""

    week: str
    trying: Estimate
    others: Estimate


@dataclass(frozen=True, slots=True)
class PilotResult:
    """What a pilot shows so far.

    `weeks_left`: until the verdict can be given; 0 at the planned end. `effect` and `other` (of the metric that was not
    asked about) are points, upward being good. `change`: after less before, where there are no stores to compare with.
    `more_weeks`: about how long an unclear pilot must go on; None where no time would do.
    """

    pilot: PilotInfo
    weeks: tuple[GroupWeek, ...]
    weeks_left: int
    verdict: Verdict | None = None
    effect: Effect | None = None
    other: Effect | None = None
    change: Estimate | None = None
    more_weeks: int | None = None
    cautions: tuple[Caution, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether the planned end has come and was analysed."""
        return self.weeks_left == 0 and self.pilot.stopped_at is None


def pilot_result(session: Session, pilot: PilotInfo) -> PilotResult:
    """Return what a pilot shows so far; figures of an effect only when its planned end was analysed."""
    newest = records.latest_week(session) or shift(pilot.start_week, -1)
    ids = tuple(each.store.id for each in pilot.stores)
    before = weeks_before(session, pilot.start_week, ids)
    during = tuple(week for week in window(pilot.end_week, pilot.weeks) if week <= newest)
    answers = read_answers(session, ids, (*before, *during), pilot.theme)
    left = max(0, weeks_between(newest, pilot.end_week))
    weeks = _weekly(pilot, answers, (*before[-_SHOWN_BEFORE:], *during))
    if left or pilot.stopped_at:
        return PilotResult(pilot, weeks, left)
    if pilot.chosen == "all":
        change = answers.change(pilot.metric, pilot.start_week)
        return PilotResult(pilot, weeks, 0, change=change, cautions=("everywhere",))
    return _judged(pilot, answers, weeks, len(before))


def _judged(pilot: PilotInfo, answers: Answers, weeks: tuple[GroupWeek, ...], before: int) -> PilotResult:
    design, series = pilot.design, answers.series(pilot.metric)
    past, during = series.weeks(0, before), series.weeks(before, series.length)
    found = measured(design, past, during)
    if found is None:
        return PilotResult(pilot, weeks, 0, verdict="unclear", cautions=("few_stores",))
    drifted = _drifted(measured_before(design, past))
    said = verdict(found, pilot.expected)
    if pilot.chosen == "picked" and drifted and said == "worked":
        said = "unclear"
    return PilotResult(
        pilot=pilot,
        weeks=weeks,
        weeks_left=0,
        verdict=said,
        effect=found,
        other=_of_other_metric(pilot, design, answers, before),
        more_weeks=weeks_more(found, past, pilot.weeks, pilot.expected) if said == "unclear" else None,
        cautions=_cautions(pilot, found, drifted=drifted),
    )


def _cautions(pilot: PilotInfo, found: Effect, *, drifted: bool) -> tuple[Caution, ...]:
    named: Sequence[tuple[Caution, bool]] = (
        ("picked", pilot.chosen == "picked"),
        ("drifted", drifted),
        ("few_draws", found.draws < FEWEST_DRAWS),
        ("looked_again", pilot.looks > 1),
    )
    return tuple(name for name, holds in named if holds)


def _drifted(found: Effect | None) -> bool:
    """Whether the groups drew apart before the start, more than one draw in twenty has them do."""
    return found is not None and found.either <= CHANCE


def _of_other_metric(pilot: PilotInfo, design: Design, answers: Answers, before: int) -> Effect | None:
    if pilot.theme is None:
        return None
    other: Metric = "theme" if pilot.metric == "nps" else "nps"
    series = answers.series(other)
    return measured(design, series.weeks(0, before), series.weeks(before, series.length))


def _weekly(pilot: PilotInfo, answers: Answers, weeks: Sequence[str]) -> tuple[GroupWeek, ...]:
    trying, others = ([store.id for store in group] for group in (pilot.trying, pilot.others))
    return tuple(
        GroupWeek(
            week,
            answers.figure(pilot.metric, week, trying),
            answers.figure(pilot.metric, week, others) if others else Estimate(None),
        )
        for week in weeks
    )
