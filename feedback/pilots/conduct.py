"""Starting a pilot, letting it go on, stopping it: each leaves a line in the improvement's history and in the trail."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from analysis import records
from feedback import accounts
from feedback.accounts import Member
from feedback.improvement_changes import lock_improvement, move_improvement, note_change
from feedback.improvements import ROLE, Change, find_improvement
from feedback.pilots.plans import PilotPlan, check_figures
from feedback.pilots.records import PilotError, PilotInfo, find_pilot, pilots
from feedback.pilots.results import PilotResult
from feedback.tables import PilotRow, PilotStore
from surveys.queries import StoreInfo
from surveys.weeks import shift

LONGEST_WEEKS = 104
_LARGEST_SEED = 2**31 - 1


def start_pilot(session: Session, plan: PilotPlan, who: str, now: datetime, *, seed: int | None = None) -> PilotInfo:
    """Draw the stores that try, and record them with the seed of the draw: a new one, unless it is to be repeated.

    The plan was made before, outside of the writing session: it takes a while. The same pilot asked for again while it
    goes on (a button pressed twice) is the one that was started. Error: `PilotError` where the plan names no end, or
    the improvement was changed or tried otherwise meanwhile.
    """
    who, new = accounts.checked_name(who), plan.new
    lock_improvement(session, new.improvement)
    improvement = find_improvement(session, new.improvement)
    check_figures(new, improvement)
    running = [pilot for pilot in pilots(session, new.improvement) if is_running(session, pilot)]
    if running and _is_same(running[0], plan):
        return running[0]
    if running:
        raise PilotError("running", f"improvement {new.improvement} has a pilot that is not over; stop it first")
    number = _stored(session, plan, secrets.randbelow(_LARGEST_SEED) if seed is None else seed, who, now)
    state = "rollout" if new.everywhere else "pilot"
    if state in improvement.next_states:
        move_improvement(session, new.improvement, state, who, now)
    return _told(session, number, "started", who, now)


def extend_pilot(session: Session, found: PilotResult, weeks: int, who: str, now: datetime) -> PilotInfo:
    """Let a pilot that is unclear at its planned end go on for some weeks.

    What it shows was worked out before, outside of the writing session: it takes a while. Error: `PilotError`, also
    where somebody else extended it meanwhile, or another pilot of the improvement goes on.
    """
    number = found.pilot.number
    pilot, who = _locked(session, number), accounts.checked_name(who)
    if found.verdict != "unclear" or pilot.looks != found.pilot.looks:
        raise PilotError("extended", f"pilot {number} is not unclear at its planned end; only then does it go on")
    if any(is_running(session, other) for other in pilots(session, pilot.improvement)):
        raise PilotError("running", f"improvement {pilot.improvement} has a pilot that is not over; stop it first")
    if not 0 < weeks <= LONGEST_WEEKS - pilot.weeks:
        raise PilotError("more_weeks", f"a pilot goes on for 1 week or more, and runs {LONGEST_WEEKS} at most")
    longer = {"end_week": shift(pilot.end_week, weeks), "looks": pilot.looks + 1}
    session.execute(update(PilotRow).where(PilotRow.id == number).values(longer))
    session.expire_all()
    return _told(session, number, "extended", who, now)


def stop_pilot(session: Session, number: int, who: str, now: datetime) -> PilotInfo:
    """End a pilot before its planned end, without a verdict; who has stopped it may ask again.

    Error: `PilotError` when it is over.
    """
    pilot, who = _locked(session, number), accounts.checked_name(who)
    if pilot.stopped_by == who:
        return pilot
    if not is_running(session, pilot):
        raise PilotError("over", f"pilot {number} is over already")
    session.execute(update(PilotRow).where(PilotRow.id == number).values(stopped_at=now, stopped_by=who))
    session.expire_all()
    return _told(session, number, "stopped", who, now)


def is_running(session: Session, pilot: PilotInfo) -> bool:
    """Tell whether a pilot still waits for its planned end."""
    newest = records.latest_week(session)
    return pilot.stopped_at is None and (newest is None or newest < pilot.end_week)


def may_run(member: Member, mine: Sequence[StoreInfo], taking_part: Sequence[StoreInfo]) -> bool:
    """Tell whether a member may start and change a pilot: every store that takes part is one of `mine`."""
    ids = {store.id for store in mine}
    return member.may(ROLE) and all(store.id in ids for store in taking_part)


def _locked(session: Session, number: int) -> PilotInfo:
    """Return a pilot that nobody else changes until this session ends. Error: `PilotError`."""
    lock_improvement(session, find_pilot(session, number).improvement)
    return find_pilot(session, number)


def _is_same(pilot: PilotInfo, plan: PilotPlan) -> bool:
    """Tell whether a pilot is what was planned, but for the draw."""
    new, picked = plan.new, {store.key for store in pilot.trying if pilot.chosen == "picked"}
    asked = (new.metric, new.expected, new.start_week, plan.end_week, new.chosen, set(new.picked), plan.trying)
    had = (pilot.metric, pilot.expected, pilot.start_week, pilot.end_week, pilot.chosen, picked, len(pilot.trying))
    return asked == had and {store.id for store in plan.stores} == {each.store.id for each in pilot.stores}


def _stored(session: Session, plan: PilotPlan, seed: int, who: str, now: datetime) -> int:
    new = plan.new
    if plan.end_week is None:
        raise PilotError("weeks", "no time up to a year is enough to see this gain; say how many weeks all the same")
    row = PilotRow(
        improvement_id=new.improvement,
        metric=new.metric,
        expected=new.expected,
        start_week=new.start_week,
        end_week=plan.end_week,
        chosen=new.chosen,
        seed=seed if new.chosen == "drawn" else None,
        weeks_needed=plan.weeks_needed,
        looks=1,
        made_at=now,
        made_by=who,
    )
    session.add(row)
    session.flush()
    for each in plan.drawn(seed):
        session.add(PilotStore(pilot_id=row.id, store_id=each.store.id, group=each.group, tries=each.tries))
    session.flush()
    return row.id


def _told(session: Session, number: int, what: str, who: str, now: datetime) -> PilotInfo:
    """Leave the lines of history and trail."""
    pilot = find_pilot(session, number)
    note_change(session, pilot.improvement, Change(now, who, "pilot", "", f"{number} {what}"))
    accounts.record(session, who, f"pilot {what}", f"{number} {pilot.start_week} {pilot.end_week}", now)
    return pilot
