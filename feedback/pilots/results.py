"""What a pilot shows: both groups week by week, and at its planned end, not before, the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from sqlalchemy.orm import Session

from analysis import records
from analysis.figures.experiments import CHANCE, FEWEST_DRAWS, Design, Effect, Verdict, verdict
from analysis.figures.store_changes import Series, measured, measured_before, weeks_more
from analysis.results import Estimate
from feedback.pilots.answers import Answers, read_answers, weeks_before
from feedback.pilots.records import Metric, PilotInfo, pilots, weeks_between
from surveys.queries import StoreInfo
from surveys.weeks import shift, window

Caution = Literal[
    "picked", "drifted", "few_draws", "few_stores", "looked_again", "overlapping", "everywhere", "no_complaints"
]
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
    `more_weeks`: about how long an unclear pilot must go on; None where no time would do. `left_out`: stores without
    answers before or after the start, which the verdict knows nothing of.
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
    left_out: tuple[StoreInfo, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether the planned end has come and was analysed."""
        return self.weeks_left == 0 and self.pilot.stopped_at is None


def pilot_result(session: Session, pilot: PilotInfo) -> PilotResult:
    """Return what a pilot shows so far; figures of an effect only when its planned end was analysed."""
    answers = pilot_answers(session, pilot)
    before = [week for week in answers.weeks if week < pilot.start_week]
    left = max(0, weeks_between(_newest(session, pilot), pilot.end_week))
    weeks = _weekly(pilot, answers, answers.weeks[max(0, len(before) - _SHOWN_BEFORE) :])
    if left or pilot.stopped_at:
        return PilotResult(pilot, weeks, left)
    if pilot.metric == "theme" and not _are_comparable(answers, pilot):
        return PilotResult(pilot, weeks, 0, verdict="unclear", cautions=("no_complaints",))
    if pilot.chosen == "all":
        change = answers.change(pilot.metric, pilot.start_week)
        if change.value is None:
            return PilotResult(pilot, weeks, 0, verdict="unclear", cautions=("few_stores",))
        return PilotResult(pilot, weeks, 0, change=change, cautions=("everywhere",))
    found = _judged(pilot, answers, weeks, len(before))
    return replace(found, cautions=(*found.cautions, "overlapping")) if _overlaps(session, pilot) else found


def pilot_answers(session: Session, pilot: PilotInfo) -> Answers:
    """Return the counts that a verdict is worked out from: the analysed weeks before the start, then those since."""
    ids, newest = tuple(each.store.id for each in pilot.stores), _newest(session, pilot)
    during = [week for week in window(pilot.end_week, pilot.weeks) if week <= newest]
    return read_answers(session, ids, (*weeks_before(session, pilot.start_week, ids), *during), pilot.theme)


def _newest(session: Session, pilot: PilotInfo) -> str:
    """Return the newest analysed week; before the first one, the week before the start."""
    return records.latest_week(session) or shift(pilot.start_week, -1)


def _judged(pilot: PilotInfo, answers: Answers, weeks: tuple[GroupWeek, ...], before: int) -> PilotResult:
    design, series = pilot.design, answers.series(pilot.metric)
    past, during = series.weeks(0, before), series.weeks(before, series.length)
    found, left_out = measured(design, past, during), _left_out(pilot, past, during)
    if found is None:
        return PilotResult(pilot, weeks, 0, verdict="unclear", cautions=("few_stores",), left_out=left_out)
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
        left_out=left_out,
    )


def _left_out(pilot: PilotInfo, past: Series, during: Series) -> tuple[StoreInfo, ...]:
    heard = np.isfinite(past.means) & np.isfinite(during.means)
    return tuple(each.store for each, known in zip(pilot.stores, heard, strict=True) if not known)


def _are_comparable(answers: Answers, pilot: PilotInfo) -> bool:
    """Whether anybody complained before the start and, where stores are compared, after it: a theme may be gone."""
    before = answers.have_complaints(week for week in answers.weeks if week < pilot.start_week)
    after = answers.have_complaints(week for week in answers.weeks if week >= pilot.start_week)
    return before and (after or pilot.chosen == "all")


def _overlaps(session: Session, pilot: PilotInfo) -> bool:
    """Whether some of its stores tried, or were compared, in another pilot at the same time."""
    ids = {each.store.id for each in pilot.stores}
    return any(
        other.meets(pilot.start_week, pilot.end_week, ids)
        for other in pilots(session)
        if other.improvement != pilot.improvement
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
    other: Metric = "theme" if pilot.metric == "nps" else "nps"
    if other == "theme" and not _are_comparable(answers, pilot):
        return None
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
