"""Improvements: what staff mean to change, who sees to it, how far it is, and who changed what of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from analysis import records
from feedback import accounts
from feedback.accounts import Member
from feedback.scopes import find_store
from feedback.tables import ImprovementChange, ImprovementRow
from surveys.errors import InputError
from surveys.queries import StoreInfo
from surveys.tables import Store
from surveys.texts import is_storable, is_storable_number, tidy

ROLE = "manager"
"""Who may change improvements, of the own stores."""
State = Literal["candidate", "pilot", "rollout", "measuring", "done", "dropped"]
NEXT: Mapping[State, tuple[State, ...]] = {
    "candidate": ("pilot", "rollout", "dropped"),
    "pilot": ("rollout", "candidate", "dropped"),
    "rollout": ("measuring", "dropped"),
    "measuring": ("done", "rollout", "dropped"),
    "done": ("measuring",),
    "dropped": ("candidate",),
}
"""The states in their order, and where each may lead."""
_ENDED = frozenset({"done", "dropped"})
EFFORTS = range(1, 6)
LONGEST_TITLE = 200
LONGEST_NOTE = 2000
LONGEST_OWNER = 100
_AT_ONCE = timedelta(minutes=1)
"""What one person asks for twice within this time was a button pressed twice."""


class ImprovementError(InputError):
    """An improvement cannot be made or changed; `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Details:
    """What staff write of an improvement. `effort`: 1 (an hour) to 5 (months); both it and `due` may be open."""

    title: str
    owner: str = ""
    due: date | None = None
    effort: int | None = None


@dataclass(frozen=True, slots=True)
class ImprovementInfo:
    """An improvement as pages and commands see it. `store_key` and `store_name` None: for the whole chain.

    `theme`: the id of the living theme, also where that of the improvement was merged into it.
    """

    number: int
    details: Details
    theme: str | None
    store_key: str | None
    store_name: str | None
    state: State
    made_at: datetime
    made_by: str

    @property
    def next_states(self) -> tuple[State, ...]:
        """Where it may go from here."""
        return NEXT[self.state]

    def is_late(self, today: date) -> bool:
        """Tell whether it should have been done."""
        return self.details.due is not None and self.details.due < today and self.state not in _ENDED


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history. `field`: made, state, title, owner, due, effort, note or pilot."""

    at: datetime
    who: str
    field: str
    before: str
    after: str


def add_improvement(
    session: Session, details: Details, who: str, now: datetime, *, theme: str | None = None, store: str | None = None
) -> ImprovementInfo:
    """Put an improvement down as a candidate; the same one from the same person within a minute is that one.

    Errors: `ImprovementError`; `InputError` for an unknown store.
    """
    checked, who = _checked(details), accounts.checked_name(who)
    if theme is not None and theme not in records.themes(session):
        raise ImprovementError("theme", f"there is no theme {theme!r}; see: koebako theme list")
    asked = (checked, theme, find_store(session, store).key if store else None, "candidate", who)
    for each in improvements(session):
        if (
            each.details,
            each.theme,
            each.store_key,
            each.state,
            each.made_by,
        ) == asked and now - each.made_at < _AT_ONCE:
            return each
    row = ImprovementRow(
        title=checked.title,
        owner=checked.owner,
        due=checked.due,
        effort=checked.effort,
        theme=theme,
        store_id=find_store(session, store).id if store else None,
        state="candidate",
        made_at=now,
        made_by=who,
    )
    session.add(row)
    session.flush()
    note_change(session, row.id, Change(now, who, "made", "", checked.title))
    accounts.record(session, who, "improvement made", f"{row.id} {checked.title}"[:200], now)
    return find_improvement(session, row.id)


def change_improvement(
    session: Session, number: int, details: Details, who: str, now: datetime, *, seen: Details | None = None
) -> ImprovementInfo:
    """Change what is written of an improvement; each field that differs leaves a line.

    `seen`: what it was changed from, None: what is written now. A field that was left as it was seen stays as somebody
    else has written it meanwhile; one that both changed is refused. Error: `ImprovementError`.
    """
    lock_improvement(session, number)
    before, checked, who = find_improvement(session, number).details, _checked(details), accounts.checked_name(who)
    for field in Details.__dataclass_fields__:
        old, new, was = (getattr(each, field) for each in (before, checked, seen or before))
        if new not in {was, old} and was != old:
            raise ImprovementError("meanwhile", f"improvement {number}: somebody else made {field} {_told(old)!r}")
        if new not in {was, old}:
            session.execute(update(ImprovementRow).where(ImprovementRow.id == number).values({field: new}))
            note_change(session, number, Change(now, who, field, _told(old), _told(new)))
    return find_improvement(session, number)


def move_improvement(
    session: Session, number: int, state: str, who: str, now: datetime, *, seen: str | None = None
) -> ImprovementInfo:
    """Take an improvement on to another state; where it is there already, nothing is done.

    `seen`: the state that it was moved from, None: the one it is in now; two people who decide at once don't both win.
    Error: `ImprovementError` names where it may go from here.
    """
    lock_improvement(session, number)
    found, who = find_improvement(session, number), accounts.checked_name(who)
    if state == found.state:
        return found
    if seen not in {None, found.state}:
        raise ImprovementError("meanwhile", f"improvement {number} was made {found.state} by somebody else; look again")
    if state not in found.next_states:
        ways = ", ".join(found.next_states)
        raise ImprovementError("state", f"improvement {number} is {found.state}; it may become {ways}, not {state!r}")
    session.execute(update(ImprovementRow).where(ImprovementRow.id == number).values(state=state))
    note_change(session, number, Change(now, who, "state", found.state, state))
    accounts.record(session, who, "improvement moved", f"{number} {found.state} {state}", now)
    return find_improvement(session, number)


def add_note(session: Session, number: int, text: str, who: str, now: datetime) -> None:
    """Write a note into the history of an improvement; the same one within a minute is that one.

    Error: `ImprovementError`.
    """
    lock_improvement(session, number)
    text, who = tidy(text), accounts.checked_name(who)
    if not 0 < len(text) <= LONGEST_NOTE or not is_storable(text):
        raise ImprovementError("note", f"a note has 1 to {LONGEST_NOTE} characters")
    latest = next(iter(history(session, number)))
    if (latest.field, latest.after, latest.who) == ("note", text, who) and now - latest.at < _AT_ONCE:
        return
    note_change(session, number, Change(now, who, "note", "", text))


def lock_improvement(session: Session, number: int) -> None:
    """Let nobody else change an improvement until this session ends. Error: `ImprovementError` when there is none."""
    find_improvement(session, number)
    # SQLite's one writer has the whole file to itself anyway
    session.execute(select(ImprovementRow.id).where(ImprovementRow.id == number).with_for_update())
    session.expire_all()


def find_improvement(session: Session, number: int) -> ImprovementInfo:
    """Return one improvement. Error: `ImprovementError` when there is none of this number."""
    query = _improvements().where(ImprovementRow.id == number)
    found = session.execute(query).one_or_none() if is_storable_number(number) else None
    if found is None:
        raise ImprovementError("number", f"there is no improvement {number}; see: koebako improvement list")
    return _info(*found, living=records.amended(session).resolve)


def improvements(session: Session) -> tuple[ImprovementInfo, ...]:
    """Every improvement: by state, within a state by due date, those without one last."""
    living = records.amended(session).resolve
    found = (_info(*row, living=living) for row in session.execute(_improvements()))
    order = list(NEXT)
    return tuple(
        sorted(found, key=lambda each: (order.index(each.state), each.details.due or date.max, each.number)),
    )


def history(session: Session, number: int) -> tuple[Change, ...]:
    """Return all changes of one improvement, newest first."""
    query = select(ImprovementChange).where(ImprovementChange.improvement_id == number)
    return tuple(
        Change(row.at, row.who, row.field, row.before, row.after)
        for row in session.scalars(query.order_by(ImprovementChange.at.desc(), ImprovementChange.id.desc()))
    )


def efforts(session: Session) -> dict[str, int]:
    """Return staff's estimate of effort, 1 to 5, by theme id: that of the newest improvement that has one."""
    found = sorted(improvements(session), key=lambda each: each.number)
    return {each.theme: each.details.effort for each in found if each.theme and each.details.effort}


def visible_improvements(session: Session, stores: Sequence[StoreInfo]) -> tuple[ImprovementInfo, ...]:
    """Return those of these stores and of the whole chain."""
    keys = {store.key for store in stores}
    return tuple(each for each in improvements(session) if each.store_key is None or each.store_key in keys)


def open_by_theme(session: Session, stores: Sequence[StoreInfo]) -> dict[str, int]:
    """Return, by theme id, the number of the first improvement that these stores see and that is still open."""
    found = (each for each in visible_improvements(session, stores) if each.state not in _ENDED)
    return {each.theme: each.number for each in sorted(found, key=lambda each: -each.number) if each.theme}


def may_change(member: Member, stores: Sequence[StoreInfo], store_key: str | None) -> bool:
    """Tell whether a member may change what is for one store, or (None) for the whole chain."""
    return member.may(ROLE) and accounts.acts_for(member, stores, store_key)


def note_change(session: Session, number: int, change: Change) -> None:
    """Leave one line in the history of an improvement."""
    session.add(
        ImprovementChange(
            improvement_id=number,
            at=change.at,
            who=change.who,
            field=change.field,
            before=change.before,
            after=change.after,
        )
    )
    session.flush()


def _checked(details: Details) -> Details:
    title, owner = tidy(details.title), tidy(details.owner)
    if not 0 < len(title) <= LONGEST_TITLE or not title.isprintable():
        raise ImprovementError("title", f"a title has 1 to {LONGEST_TITLE} characters on one line")
    if len(owner) > LONGEST_OWNER or not owner.isprintable():
        raise ImprovementError("owner", f"an owner's name has at most {LONGEST_OWNER} characters")
    if details.effort is not None and details.effort not in EFFORTS:
        raise ImprovementError("effort", f"effort is 1 (small) to 5 (large), not {details.effort}")
    return Details(title, owner, details.due, details.effort)


def _told(value: object) -> str:
    return "" if value is None else str(value)


def _improvements() -> Select[ImprovementRow, str, str]:
    return select(ImprovementRow, Store.key, Store.name).outerjoin(Store, ImprovementRow.store_id == Store.id)


def _info(
    row: ImprovementRow, store_key: str | None, store_name: str | None, *, living: Callable[[str], str | None]
) -> ImprovementInfo:
    return ImprovementInfo(
        number=row.id,
        details=Details(row.title, row.owner, row.due, row.effort),
        theme=row.theme and (living(row.theme) or row.theme),
        store_key=store_key,
        store_name=store_name,
        state=row.state,  # type: ignore[arg-type] # only these states are written
        made_at=row.made_at,
        made_by=row.made_by,
    )
