"""Staff: accounts, roles, scope, sign-in, and the trail of who did what."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.errors import StaffError, TooManyAttemptsError
from feedback.passwords import check_choice, hash_password, matches, one_time_password
from feedback.results import Scope
from feedback.tables import AuditEntry, Staff
from surveys.queries import StoreInfo
from surveys.queries import stores as all_stores
from surveys.tables import Area, Store

ROLES = ("viewer", "manager", "analyst", "admin")
"""What staff may do, each one including those before it."""

ATTEMPTS = 10
ATTEMPTS_WINDOW = timedelta(minutes=15)
_FAILED = "sign-in failed"
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Member:
    """A signed-in member of staff. Both `store_id` and `area_id` None: the whole chain."""

    id: int
    name: str
    role: str
    store_id: int | None
    area_id: int | None
    must_change: bool
    session_version: int

    def may(self, role: str) -> bool:
        """Tell whether this member has that role or a higher one."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class NewMember:
    """An account to be made. At most one of `area` and `store` (their keys) narrows what it sees."""

    name: str
    role: str = "viewer"
    area: str | None = None
    store: str | None = None


@dataclass(frozen=True, slots=True)
class MemberInfo:
    """One line of the list of accounts."""

    name: str
    role: str
    scope: str
    active: bool
    must_change: bool


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in is checked against. `member` is None where no such account is active."""

    name: str
    member: Member | None
    password_hash: str | None

    def check(self, password: str) -> Member | None:
        """Return the member when the password is right; equally slow when there is no such account."""
        return self.member if matches(self.password_hash, password) else None


def add_member(session: Session, new: NewMember, now: datetime) -> str:
    """Make an account and return its one-time password. Errors: `StaffError`."""
    name = normal_name(new.name)
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise StaffError("a name has 1 to 100 printable characters")
    if new.role not in ROLES:
        raise StaffError(f"unknown role {new.role!r}; one of {', '.join(ROLES)}")
    if new.area and new.store:
        raise StaffError("give an area or a store, not both")
    if _find(session, name):
        raise StaffError(f"there is an account {name!r} already; koebako staff reset gives it a new password")
    password = one_time_password()
    session.add(
        Staff(
            name=name,
            role=new.role,
            password_hash=hash_password(password),
            area_id=_area_id(session, new.area),
            store_id=_store_id(session, new.store),
        )
    )
    record(session, name, "account made", new.role, now)
    return password


def reset_password(session: Session, name: str, now: datetime) -> str:
    """Give an account a new one-time password, wake it up and end its sessions. Error: `StaffError`."""
    staff = _existing(session, name)
    password = one_time_password()
    staff.password_hash = hash_password(password)
    staff.must_change = True
    staff.active = True
    staff.session_version += 1
    record(session, staff.name, "password reset", "", now)
    return password


def close_account(session: Session, name: str, now: datetime) -> None:
    """Close an account and end its sessions; its trail stays. Error: `StaffError`."""
    staff = _existing(session, name)
    staff.active = False
    staff.session_version += 1
    record(session, staff.name, "account closed", "", now)


def members(session: Session) -> tuple[MemberInfo, ...]:
    """Every account, ordered by name."""
    query = (
        select(Staff, Area.name, Store.name)
        .outerjoin(Area, Staff.area_id == Area.id)
        .outerjoin(Store, Staff.store_id == Store.id)
    )
    found = (
        MemberInfo(staff.name, staff.role, store or area or "", staff.active, staff.must_change)
        for staff, area, store in session.execute(query)
    )
    return tuple(sorted(found, key=lambda member: member.name))


def credentials(session: Session, name: str, now: datetime) -> Credentials:
    """Look up what a sign-in is checked against. Error: `TooManyAttemptsError` after ten failures in 15 minutes."""
    name = normal_name(name)
    staff = _find(session, name)
    if staff is None or not staff.active:
        return Credentials(name, None, None)
    failures = session.scalar(
        select(func.count())
        .select_from(AuditEntry)
        .where(AuditEntry.who == name, AuditEntry.action == _FAILED, AuditEntry.at > now - ATTEMPTS_WINDOW)
    )
    if (failures or 0) >= ATTEMPTS:
        raise TooManyAttemptsError(name)
    return Credentials(name, _member(staff), staff.password_hash)


def record_sign_in(session: Session, tried: Credentials, *, succeeded: bool, now: datetime) -> None:
    """Leave a trail of a sign-in. A name without an account is not kept: people type passwords there by mistake."""
    if tried.member:
        record(session, tried.name, "signed in" if succeeded else _FAILED, "", now)


def find_member(session: Session, staff_id: int, session_version: int) -> Member | None:
    """Return the member of a session, or None where the account was closed or the session ended."""
    staff = session.get(Staff, staff_id)
    if staff is None or not staff.active or staff.session_version != session_version:
        return None
    return _member(staff)


def change_password(session: Session, member: Member, password: str, now: datetime) -> Member:
    """Set a chosen password and end every other session. Error: `StaffError` names what is wrong with it."""
    check_choice(password, member.name)
    staff = session.get_one(Staff, member.id)
    if matches(staff.password_hash, password):
        raise StaffError("the new password is the old one")
    staff.password_hash = hash_password(password)
    staff.must_change = False
    staff.session_version += 1
    record(session, staff.name, "password changed", "", now)
    return _member(staff)


def sign_out(session: Session, member: Member, now: datetime) -> None:
    """End every session of this member: a cookie that somebody copied is dead then, too."""
    staff = session.get_one(Staff, member.id)
    staff.session_version += 1
    record(session, staff.name, "signed out", "", now)


def visible_stores(session: Session, member: Member) -> tuple[StoreInfo, ...]:
    """Return the stores that a member may see, ordered by key."""
    return tuple(
        store
        for store in all_stores(session)
        if (member.store_id is None or store.id == member.store_id)
        and (member.area_id is None or store.area_id == member.area_id)
    )


def narrowed(stores: Sequence[StoreInfo], member: Member, wanted: str = "") -> Scope | None:
    """Return the scope that a member asked for ("store-KEY", "area-ID" or ""), never wider than the member's own.

    `stores` are those of `visible_stores`. None where something else was asked for than these hold.
    """
    if not wanted:
        return _own_scope(stores, member)
    for store in stores:
        if wanted == f"store-{store.key}":
            return Scope(store_id=store.id, name=store.name)
        # one store of an area is not the area
        if wanted == f"area-{store.area_id}" and store.area_id is not None and member.store_id is None:
            return Scope(area_id=store.area_id, name=store.area_name or "")
    return None


def acts_for(member: Member, stores: Sequence[StoreInfo], store_key: str | None) -> bool:
    """Tell whether one store, or (None) the whole chain, is the member's own.

    `stores`: those that the member may see. The chain is that of members who see all of it.
    """
    if store_key is None:
        return member.store_id is None and member.area_id is None
    return any(store.key == store_key for store in stores)


def checked_name(who: str) -> str:
    """Return the name of whoever does something, as it is recorded. Error: `StaffError` when it is none."""
    name = normal_name(who)
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise StaffError(f"who does it? Give a name of 1 to {_LONGEST_NAME} letters (--by NAME)")
    return name


def record(session: Session, who: str, action: str, subject: str, now: datetime) -> None:
    """Leave one line in the trail of who did what."""
    session.add(AuditEntry(at=now, who=who, action=action, subject=subject))


def normal_name(name: str) -> str:
    """Return the one form of a name: a full-width name signs in as well."""
    return unicodedata.normalize("NFKC", name).strip()


def _own_scope(stores: Sequence[StoreInfo], member: Member) -> Scope:
    if member.store_id is not None:
        return Scope(store_id=member.store_id, name=next((store.name for store in stores), ""))
    if member.area_id is not None:
        return Scope(area_id=member.area_id, name=next((store.area_name or "" for store in stores), ""))
    return Scope()


def _member(staff: Staff) -> Member:
    return Member(
        staff.id, staff.name, staff.role, staff.store_id, staff.area_id, staff.must_change, staff.session_version
    )


def _find(session: Session, name: str) -> Staff | None:
    return session.scalar(select(Staff).where(Staff.name == normal_name(name)))


def _existing(session: Session, name: str) -> Staff:
    staff = _find(session, name)
    if staff is None:
        raise StaffError(f"there is no account {normal_name(name)!r}; koebako staff list shows all")
    return staff


def _area_id(session: Session, key: str | None) -> int | None:
    if key is None:
        return None
    found = session.scalar(select(Area.id).where(Area.key == key))
    if found is None:
        raise StaffError(f"there is no area {key!r}")
    return found


def _store_id(session: Session, key: str | None) -> int | None:
    if key is None:
        return None
    found = session.scalar(select(Store.id).where(Store.key == key))
    if found is None:
        raise StaffError(f"there is no store {key!r}; koebako store list shows all")
    return found
