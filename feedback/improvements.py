"""Improvements: what staff mean to change, who sees to it, how far it is, and who changed what of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from analysis import records
from feedback import accounts
from feedback.accounts import Member
from feedback.tables import ImprovementChange, ImprovementRow
from surveys.errors import InputError
from surveys.queries import StoreInfo
from surveys.tables import Store
from surveys.texts import is_storable_number

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


def efforts(session: Session, stores: Sequence[StoreInfo]) -> dict[str, int]:
    """Return staff's estimate of effort, 1 to 5, by theme id: the newest one that these stores see."""
    found = sorted(visible_improvements(session, stores), key=lambda each: each.number)
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
