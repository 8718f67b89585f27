"""Areas, stores, spots, and the short random code that a QR code carries."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.database import insert_or_skip
from surveys.errors import InputError, PlaceError
from surveys.queries import StoreInfo
from surveys.tables import Area, EntryCode, RetiredCode, Spot, Store, Survey
from surveys.texts import is_storable

CODE_ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
"""Read from paper without doubt (no 0/o, 1/l/i), and without vowels no word comes out by chance."""
CODE_LENGTH = 8
MAX_KEY = 100
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class AreaInfo:
    """An area as other packages see it."""

    id: int
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SpotInfo:
    """A spot as other packages see it."""

    id: int
    key: str
    name: str
    store: StoreInfo
    retired_at: datetime | None = None


def create_area(session: Session, key: str, name: str) -> AreaInfo:
    """Create an area. Error: `InputError` when the key is taken or key or name cannot be used."""
    if session.scalar(select(Area.id).where(Area.key == key)) is not None:
        raise PlaceError(f"area {key!r} exists already", "taken")
    area = Area(key=_checked("area", "key", key), name=_checked("area", "name", name))
    session.add(area)
    session.flush()
    return AreaInfo(area.id, area.key, area.name)


def create_store(
    session: Session, key: str, name: str, area_key: str | None = None, operator: str | None = None
) -> StoreInfo:
    """Create a store, in an existing area when one is named; of a competitor, when an operator is.

    Error: `InputError` when the key is taken, the area unknown, or key, name or operator cannot be used.
    """
    if session.scalar(select(Store.id).where(Store.key == key)) is not None:
        raise PlaceError(f"store {key!r} exists already", "taken")
    area = _area(session, area_key) if area_key is not None else None
    runs = _checked("operator", "key", operator) if operator is not None else None
    store = Store(key=_checked("store", "key", key), name=_checked("store", "name", name), area=area, operator=runs)
    session.add(store)
    session.flush()
    return _store_info(store)


def rename_area(session: Session, key: str, name: str) -> None:
    """Give an area another name; its key stays. Error: `InputError` when it is unknown or the name cannot be used."""
    _area(session, key).name = _checked("area", "name", name)


def rename_store(session: Session, key: str, name: str) -> None:
    """Give a store another name; its key stays. Error: `InputError` when it is unknown or the name cannot be used."""
    _store(session, key).name = _checked("store", "name", name)


def move_store(session: Session, key: str, area_key: str | None) -> None:
    """Put a store into another area, or with None into none. Error: `InputError` when store or area is unknown."""
    _store(session, key).area = _area(session, area_key) if area_key is not None else None


def set_operator(session: Session, key: str, operator: str | None) -> None:
    """Say who runs a store: a competitor, or with None we ourselves. The next analysis counts its weeks anew.

    Error: `InputError` when it is unknown, the operator cannot be used, or customers answer at its spots.
    """
    store = _store(session, key)
    if operator is not None:
        _checked("operator", "key", operator)
        if session.scalar(select(Spot.id).where(Spot.store_id == store.id)) is not None:
            raise PlaceError(f"store {key!r} has spots where customers answer, so it is our own", "unknown")
    store.operator = operator


def create_spot(session: Session, store_key: str, key: str, name: str) -> SpotInfo:
    """Create a spot in a store. A spot's key holds no '/', so that STORE/SPOT can be read back.

    Error: `InputError` when the store is unknown, the key is taken, or key or name cannot be used.
    """
    store = _store(session, store_key)
    if store.operator is not None:
        raise PlaceError(f"store {store_key!r} is run by {store.operator!r}: we hang no codes there", "unknown")
    if "/" in key:
        raise PlaceError(f"spot key {key!r} must not hold '/'", "key")
    if session.scalar(select(Spot.id).where(Spot.store_id == store.id, Spot.key == key)) is not None:
        raise PlaceError(f"spot {store_key}/{key} exists already", "taken")
    spot = Spot(key=_checked("spot", "key", key), name=_checked("spot", "name", name), store=store)
    session.add(spot)
    session.flush()
    return _spot_info(spot)


def rename_spot(session: Session, store_key: str, key: str, name: str) -> None:
    """Give a spot another name; its key stays. Error: `InputError` when it is unknown or the name cannot be used."""
    _spot(session, store_key, key).name = _checked("spot", "name", name)


def retire_spot(session: Session, store_key: str, key: str, now: datetime) -> None:
    """Take no more answers at a spot; the answers that it has stay. Twice is as good as once. Error: `InputError`."""
    spot = _spot(session, store_key, key)
    spot.retired_at = spot.retired_at or now


def reopen_spot(session: Session, store_key: str, key: str) -> None:
    """Take answers again at a retired spot, by its old codes. Error: `InputError` when it is unknown."""
    _spot(session, store_key, key).retired_at = None


def split_place(place: str) -> tuple[str, str]:
    """Read STORE/SPOT; a store's own key may hold '/'. Error: `InputError`."""
    store_key, _, spot_key = place.rpartition("/")
    if not store_key or not spot_key:
        raise InputError(f"{place!r} names no spot; write STORE/SPOT, such as ginza/register")
    return store_key, spot_key


def areas(session: Session) -> tuple[AreaInfo, ...]:
    """Every area, ordered by key."""
    found = session.scalars(select(Area)).all()
    return tuple(sorted((AreaInfo(area.id, area.key, area.name) for area in found), key=lambda area: area.key))


def spots(session: Session) -> tuple[SpotInfo, ...]:
    """Every spot, retired ones too, ordered by store key and spot key."""
    found = map(_spot_info, session.scalars(select(Spot)))
    return tuple(sorted(found, key=lambda spot: (spot.store.key, spot.key)))


def entry_code(session: Session, survey_key: str, store_key: str, spot_key: str) -> str:
    """Return the code of a survey at a spot; made at the first call, the same until it is renewed.

    Error: `InputError` when survey, store or spot is unknown.
    """
    survey_id = session.scalar(select(Survey.id).where(Survey.key == survey_key))
    if survey_id is None:
        raise InputError(f"no survey has the key {survey_key!r}")
    spot = _spot(session, store_key, spot_key)
    known = select(EntryCode.code).where(EntryCode.survey_id == survey_id, EntryCode.spot_id == spot.id)
    code = session.scalar(known)
    while code is None:  # a clash of codes or another maker of the same one: ask again
        values = {"code": _new_code(), "survey_id": survey_id, "spot_id": spot.id}
        session.execute(insert_or_skip(session, EntryCode).values(values))
        code = session.scalar(known)
    return code


def renew_code(
    session: Session, survey_key: str, place: tuple[str, str], now: datetime, *, leads_on: bool = True
) -> str:
    """Replace the code of a survey at a spot (store key, spot key) by a new one, and return the new one.

    `leads_on` False keeps people with the old code from being led to the new one: for a code that spread where it
    should not. Error: `InputError` when survey, store or spot is unknown.
    """
    old = session.get(EntryCode, entry_code(session, survey_key, *place), with_for_update=True)
    if old:  # else somebody renewed it at this very moment
        values = {"code": old.code, "survey_id": old.survey_id, "spot_id": old.spot_id}
        session.add(RetiredCode(**values, retired_at=now, leads_on=leads_on))
        session.delete(old)
        session.flush()
    return entry_code(session, survey_key, *place)


def free_key(stem: str, taken: Collection[str]) -> str:
    """Make up a key that nobody has, for people who need none of their own: s1, s2 ..."""
    return next(key for number in count(1) if (key := f"{stem}{number}") not in taken)


def _new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _area(session: Session, key: str) -> Area:
    area = session.scalar(select(Area).where(Area.key == key))
    if area is None:
        raise PlaceError(f"no area has the key {key!r}", "unknown")
    return area


def _spot(session: Session, store_key: str, key: str) -> Spot:
    spot = session.scalar(select(Spot).where(Spot.store_id == _store(session, store_key).id, Spot.key == key))
    if spot is None:
        raise PlaceError(f"store {store_key!r} has no spot {key!r}", "unknown")
    return spot


def _spot_info(spot: Spot) -> SpotInfo:
    return SpotInfo(spot.id, spot.key, spot.name, _store_info(spot.store), spot.retired_at)


def _store(session: Session, key: str) -> Store:
    store = session.scalar(select(Store).where(Store.key == key))
    if store is None:
        raise PlaceError(f"no store has the key {key!r}", "unknown")
    return store


def _store_info(store: Store) -> StoreInfo:
    return StoreInfo(store.id, store.key, store.name, store.area_id, store.area.name if store.area else None)


def _checked(what: str, part: Literal["key", "name"], value: str) -> str:
    longest = MAX_KEY if part == "key" else MAX_NAME
    if not value.strip() or value != value.strip() or len(value) > longest or not is_storable(value) or "\n" in value:
        said = f"{what} {part} {value[:longest]!r} must be 1 to {longest} characters on one line, no space around"
        raise PlaceError(said, part)
    return value
