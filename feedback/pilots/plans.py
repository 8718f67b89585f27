"""What a pilot would be: its stores in groups, how many draws there are, and how many weeks it takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.orm import Session

from analysis.figures.experiments import FEWEST_DRAWS, Design, alike_groups, comparisons_needed, draw
from analysis.figures.store_changes import LONGEST, levels_and_trends, weeks_needed
from feedback.improvements import ImprovementInfo, find_improvement
from feedback.pilots.answers import SHORTEST_PAST, Answers, read_answers, weeks_before
from feedback.pilots.records import Choice, Metric, PilotError, TakingPart, pilots
from feedback.scopes import find_store
from surveys.errors import InputError
from surveys.queries import StoreInfo, stores
from surveys.weeks import first_day, shift, week_of

METRICS: tuple[Metric, ...] = ("nps", "theme")
DEFAULT_EXPECTED = 8.0
_MOST_EXPECTED = 100
_FEWEST = 2
_LONGEST_AGO = 260


@dataclass(frozen=True, slots=True)
class NewPilot:
    """A pilot as it is asked for.

    `expected`: NPS points more, or percentage points fewer complaints. `weeks` None: as many as are needed. `stores`:
    keys of those that take part, none: every store. `trying`: how many of them are drawn to try, None: half. `picked`:
    keys of those that try, where they are not to be drawn; `everywhere`: all try, and nothing is compared.
    """

    improvement: int
    metric: Metric = "nps"
    expected: float = DEFAULT_EXPECTED
    start_week: str = ""
    weeks: int | None = None
    stores: tuple[str, ...] = ()
    trying: int | None = None
    picked: tuple[str, ...] = ()
    everywhere: bool = False

    @property
    def chosen(self) -> Choice:
        """How the stores that try are chosen."""
        return "all" if self.everywhere else "picked" if self.picked else "drawn"


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """A checked pilot that nobody has started yet.

    `groups` holds a number for each of `stores`. `weeks_needed` None: more than a year, or never. `comparisons`: how
    many stores to compare with would make a verdict possible, where there are too few draws; else None. `others`: how
    many pilots of other improvements go on at the same time in some of these stores.
    """

    new: NewPilot
    improvement: ImprovementInfo
    stores: tuple[StoreInfo, ...]
    groups: tuple[int, ...]
    trying: int
    draws: int
    weeks_before: int
    weeks_needed: int | None
    comparisons: int | None
    others: int = 0

    @property
    def weeks(self) -> int | None:
        """How many weeks it would run; None where nobody has said, and no number is enough."""
        return self.new.weeks or self.weeks_needed

    @property
    def end_week(self) -> str | None:
        """The last week, with which the verdict comes."""
        return shift(self.new.start_week, self.weeks - 1) if self.weeks else None

    def drawn(self, seed: int) -> tuple[TakingPart, ...]:
        """Return the stores with those that try: drawn from the seed, picked, or all of them."""
        picked = set(self.new.picked)
        if self.new.chosen == "drawn":
            tries = draw(np.array(self.groups), self.trying, seed).chosen.tolist()
        else:
            tries = [self.new.everywhere or store.key in picked for store in self.stores]
        return tuple(map(TakingPart, self.stores, self.groups, tries))


def plan_pilot(session: Session, new: NewPilot, now: datetime, zone: ZoneInfo) -> PilotPlan:
    """Check a pilot and say what it would take; nothing is stored or drawn.

    Errors: `PilotError` (also a kind of `InputError`) names what is wrong.
    """
    plan = _compared(session, new, now, zone)
    if plan.end_week is None:
        return plan
    ids = {store.id for store in plan.stores}
    others = [pilot for pilot in pilots(session) if pilot.improvement != new.improvement]
    return replace(plan, others=sum(pilot.meets(new.start_week, plan.end_week, ids) for pilot in others))


def _compared(session: Session, new: NewPilot, now: datetime, zone: ZoneInfo) -> PilotPlan:
    improvement = find_improvement(session, new.improvement)
    check_figures(new, improvement)
    _check_weeks(new, week_of(now, zone))
    chosen = _stores_of(session, new, improvement)
    before = weeks_before(session, new.start_week, [store.id for store in chosen])
    if new.everywhere:
        return PilotPlan(new, improvement, chosen, (0,) * len(chosen), len(chosen), 1, len(before), None, None)
    if len(before) < SHORTEST_PAST:
        raise PilotError(
            "start_week", f"stores are compared with their past: {SHORTEST_PAST} analysed weeks, not {len(before)}"
        )
    answers = read_answers(session, [store.id for store in chosen], before, improvement.theme)
    if new.metric == "theme":
        _check_complaints(new, answers, before)
    kept = _with_answers(new, chosen, answers)
    return _planned(new, improvement, kept, answers)


def _planned(
    new: NewPilot, improvement: ImprovementInfo, kept: Sequence[tuple[int, StoreInfo]], answers: Answers
) -> PilotPlan:
    trying = len(new.picked) or (len(kept) // 2 if new.trying is None else new.trying)
    if not _FEWEST <= trying <= len(kept) - _FEWEST:
        raise PilotError(
            "stores",
            f"{trying} of {len(kept)} stores can't try: at least {_FEWEST} try and {_FEWEST} are compared with",
        )
    past = answers.series(new.metric).only(np.array([place for place, _ in kept]))
    free = np.zeros(len(kept), dtype=np.int64)
    groups = free if new.picked else alike_groups(*levels_and_trends(past), trying)
    design = _picked(kept, new.picked) if new.picked else draw(groups, trying, 0)
    return PilotPlan(
        new=new,
        improvement=improvement,
        stores=tuple(store for _, store in kept),
        groups=tuple(groups.tolist()),
        trying=trying,
        draws=design.draws,
        weeks_before=len(answers.weeks),
        weeks_needed=weeks_needed(design, past, new.expected),
        comparisons=comparisons_needed(trying) if design.draws < FEWEST_DRAWS else None,
    )


def _picked(kept: Sequence[tuple[int, StoreInfo]], picked: Sequence[str]) -> Design:
    return Design(np.zeros(len(kept), dtype=np.int64), np.array([store.key in picked for _, store in kept]))


def check_figures(new: NewPilot, improvement: ImprovementInfo) -> None:
    """Refuse what this improvement can't be tried by, in the state it is in. Error: `PilotError`."""
    if improvement.state not in {"candidate", "pilot"} and not new.everywhere:
        raise PilotError("improvement", f"improvement {improvement.number} is {improvement.state}: no pilot begins now")
    if improvement.store_key is not None and not new.everywhere:
        raise PilotError(
            "one_store",
            f"improvement {improvement.number} is for {improvement.store_key} alone, so no store is compared with it: "
            "look at before and after (--everywhere), or write an improvement for the whole chain",
        )
    if new.metric not in METRICS:
        raise PilotError("metric", f"a pilot looks at {' or '.join(METRICS)}, not {new.metric!r}")
    if new.metric == "theme" and improvement.theme is None:
        raise PilotError("metric", f"improvement {improvement.number} has no theme whose complaints could be counted")
    if not (isfinite(new.expected) and 0 < new.expected <= _MOST_EXPECTED):
        raise PilotError("expected", f"the expected gain is above 0 and at most {_MOST_EXPECTED} points")


def _check_complaints(new: NewPilot, answers: Answers, before: Sequence[str]) -> None:
    if not answers.have_complaints(before):
        raise PilotError("complaints", "nobody complained about the theme in the weeks before: nothing can get less")
    past = answers.series("theme")
    now = -float(past.sums.sum() / past.answers.sum())
    if new.expected > now:
        raise PilotError(
            "too_much", f"{now:.1f} % of answers complain about the theme: not {new.expected:g} points fewer can"
        )


def _check_weeks(new: NewPilot, this_week: str) -> None:
    try:
        first_day(new.start_week)
    except InputError as error:
        raise PilotError("start_week", str(error)) from error
    if new.weeks is not None and not 1 <= new.weeks <= LONGEST:
        raise PilotError("weeks", f"a pilot runs 1 to {LONGEST} weeks, not {new.weeks}; does it end before it starts?")
    if new.chosen == "drawn" and new.start_week < this_week:
        raise PilotError(
            "start_week", f"stores are drawn before they start: {this_week} or later, not {new.start_week}"
        )
    if not shift(this_week, -_LONGEST_AGO) <= new.start_week <= shift(this_week, LONGEST):
        raise PilotError("start_week", f"{new.start_week} is more than a year away, or more than five years ago")


def _stores_of(session: Session, new: NewPilot, improvement: ImprovementInfo) -> tuple[StoreInfo, ...]:
    """Return the stores that take part, ordered by key; an improvement of one store is tried there alone."""
    if improvement.store_key is not None:
        return (find_store(session, improvement.store_key),)
    wanted = [*new.stores, *(key for key in new.picked if new.stores and key not in new.stores)]
    if len(set(new.stores)) < len(new.stores) or len(set(new.picked)) < len(new.picked):
        raise PilotError("stores", "a store is named twice")
    named = {find_store(session, key).key for key in (*wanted, *new.picked)}
    found = tuple(store for store in stores(session) if not wanted or store.key in named)
    if not found:
        raise PilotError("stores", "there are no stores yet; see: koebako store add")
    return found


def _with_answers(new: NewPilot, chosen: Sequence[StoreInfo], answers: Answers) -> list[tuple[int, StoreInfo]]:
    """Leave out stores that never answered; those that were named must have."""
    heard = {store for store, _ in answers.counts}
    silent = [store.key for store in chosen if store.id not in heard and store.key in {*new.stores, *new.picked}]
    if silent:
        raise PilotError("stores", f"no answers in the weeks before, so nothing to compare: {', '.join(silent)}")
    return [(place, store) for place, store in enumerate(chosen) if store.id in heard]
