"""Areas, stores, spots, and the short random code that a QR code carries."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.database import insert_or_skip
from surveys.errors import InputError
from surveys.queries import StoreInfo
from surveys.tables import Area, EntryCode, Spot, Store, Survey
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


class EntryState(StrEnum):
    """Whether a survey takes answers at a moment."""

    OPEN = "open"
    CLOSED = "closed"
    NOT_YET_OPEN = "not_yet_open"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code stands for: the survey that is asked at one spot of one store."""

    code: str
    survey_id: int
    survey_key: str
    opens_at: datetime | None
    closes_at: datetime | None
    store: StoreInfo
    spot_id: int
    spot_key: str
    spot_name: str

    def state(self, now: datetime) -> EntryState:
        """Tell whether answers are taken at this moment; the moment of closing itself is closed."""
        if self.closes_at is not None and now >= self.closes_at:
            return EntryState.CLOSED
        if self.opens_at is not None and now < self.opens_at:
            return EntryState.NOT_YET_OPEN
        return EntryState.OPEN


def create_area(session: Session, key: str, name: str) -> AreaInfo:
    """Create an area. Error: `InputError` when the key is taken or key or name cannot be used."""
    if session.scalar(select(Area.id).where(Area.key == key)) is not None:
        raise InputError(f"area {key!r} exists already")
    area = Area(key=_checked("area key", key, MAX_KEY), name=_checked("area name", name, MAX_NAME))
    session.add(area)
    session.flush()
    return AreaInfo(area.id, area.key, area.name)


def create_store(session: Session, key: str, name: str, area_key: str | None = None) -> StoreInfo:
    """Create a store, in an existing area when one is named.

    Error: `InputError` when the key is taken, the area unknown, or key or name cannot be used.
    """
    if session.scalar(select(Store.id).where(Store.key == key)) is not None:
        raise InputError(f"store {key!r} exists already")
    area = None
    if area_key is not None:
        area = session.scalar(select(Area).where(Area.key == area_key))
        if area is None:
            raise InputError(f"no area has the key {area_key!r}")
    store = Store(key=_checked("store key", key, MAX_KEY), name=_checked("store name", name, MAX_NAME), area=area)
    session.add(store)
    session.flush()
    return _store_info(store)


def create_spot(session: Session, store_key: str, key: str, name: str) -> SpotInfo:
    """Create a spot in a store. A spot's key holds no '/', so that STORE/SPOT can be read back.

    Error: `InputError` when the store is unknown, the key is taken, or key or name cannot be used.
    """
    store = _store(session, store_key)
    if "/" in key:
        raise InputError(f"spot key {key!r} must not hold '/'")
    if session.scalar(select(Spot.id).where(Spot.store_id == store.id, Spot.key == key)) is not None:
        raise InputError(f"spot {store_key}/{key} exists already")
    spot = Spot(key=_checked("spot key", key, MAX_KEY), name=_checked("spot name", name, MAX_NAME), store=store)
    session.add(spot)
    session.flush()
    return SpotInfo(spot.id, spot.key, spot.name, _store_info(store))


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
    """Every spot, ordered by store key and spot key."""
    found = (SpotInfo(s.id, s.key, s.name, _store_info(s.store)) for s in session.scalars(select(Spot)))
    return tuple(sorted(found, key=lambda spot: (spot.store.key, spot.key)))


def entry_code(session: Session, survey_key: str, store_key: str, spot_key: str) -> str:
    """Return the code of a survey at a spot; made at the first call, the same ever after.

    Error: `InputError` when survey, store or spot is unknown.
    """
    survey_id = session.scalar(select(Survey.id).where(Survey.key == survey_key))
    if survey_id is None:
        raise InputError(f"no survey has the key {survey_key!r}")
    spot = session.scalar(select(Spot).where(Spot.store_id == _store(session, store_key).id, Spot.key == spot_key))
    if spot is None:
        raise InputError(f"store {store_key!r} has no spot {spot_key!r}")
    known = select(EntryCode.code).where(EntryCode.survey_id == survey_id, EntryCode.spot_id == spot.id)
    code = session.scalar(known)
    while code is None:  # a clash of codes or another maker of the same one: ask again
        values = {"code": _new_code(), "survey_id": survey_id, "spot_id": spot.id}
        session.execute(insert_or_skip(session, EntryCode).values(values))
        code = session.scalar(known)
    return code


def find_entry(session: Session, code: str) -> Entry | None:
    """Look up a code, typed in any case; None when nobody made it."""
    query = select(EntryCode).where(EntryCode.code == code.strip().lower())
    found = session.scalar(query) if is_storable(code) else None
    if found is None:
        return None
    survey, spot = found.survey, found.spot
    return Entry(
        code=found.code,
        survey_id=survey.id,
        survey_key=survey.key,
        opens_at=survey.opens_at,
        closes_at=survey.closes_at,
        store=_store_info(spot.store),
        spot_id=spot.id,
        spot_key=spot.key,
        spot_name=spot.name,
    )


def _new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _store(session: Session, key: str) -> Store:
    store = session.scalar(select(Store).where(Store.key == key))
    if store is None:
        raise InputError(f"no store has the key {key!r}")
    return store


def _store_info(store: Store) -> StoreInfo:
    return StoreInfo(store.id, store.key, store.name, store.area_id, store.area.name if store.area else None)


def _checked(what: str, value: str, longest: int) -> str:
    if not value.strip() or value != value.strip() or len(value) > longest or not is_storable(value) or "\n" in value:
        raise InputError(f"{what} {value[:longest]!r} must be 1 to {longest} characters on one line, no space around")
    return value
