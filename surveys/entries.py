"""What the code of a QR code stands for: which survey is asked where, and whether it takes answers now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from surveys.queries import StoreInfo
from surveys.tables import Area, EntryCode, RetiredCode, Spot, Store, Survey
from surveys.texts import is_storable


class EntryState(StrEnum):
    """Whether a survey takes answers at a moment."""

    OPEN = "open"
    CLOSED = "closed"
    NOT_YET_OPEN = "not_yet_open"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code stands for: the survey that is asked at one spot of one store.

    `retired_at`: from then on the spot takes no answers, or another code has taken the place of this one; `leads_on`:
    whether people with the old code may be led to a survey that is open; where not, the code spread, and not even
    what is said to have been answered before is taken.
    """

    code: str
    survey_id: int
    survey_key: str
    survey_revision: int
    opens_at: datetime | None
    closes_at: datetime | None
    store: StoreInfo
    spot_id: int
    spot_key: str
    spot_name: str
    retired_at: datetime | None = None
    leads_on: bool = True

    def state(self, now: datetime) -> EntryState:
        """Tell whether answers are taken at this moment; the moment of closing itself is closed."""
        if self.retired_at is not None and (now >= self.retired_at or not self.leads_on):
            return EntryState.RETIRED
        return state_at(self.opens_at, self.closes_at, now)


def state_at(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> EntryState:
    """Tell whether a survey that opens and closes at these moments takes answers now; None: no such moment."""
    if closes_at is not None and now >= closes_at:
        return EntryState.CLOSED
    if opens_at is not None and now < opens_at:
        return EntryState.NOT_YET_OPEN
    return EntryState.OPEN


def find_entry(session: Session, code: str) -> Entry | None:
    """Look up a code, typed in any case, a replaced one too; None when nobody made it."""
    if not is_storable(code):
        return None
    wanted = {"code": code.strip().lower()}
    row = session.execute(_CODE, wanted).first() or session.execute(_RETIRED_CODE, wanted).first()
    return _entry(row) if row else None


def way_on(session: Session, entry: Entry, now: datetime) -> str | None:
    """Find the code of an open survey in the same store, for people whose own code takes no answers now.

    The same spot comes first, then the same survey. None where there is none, or the entry leads nobody on.
    """
    if not entry.leads_on:
        return None
    found = map(_entry, session.execute(_CODES.where(Store.id == entry.store.id)))
    others = [other for other in found if other.state(now) is EntryState.OPEN]
    others.sort(key=lambda other: (other.spot_key, other.survey_key))
    others.sort(key=lambda other: (other.spot_id != entry.spot_id, other.survey_id != entry.survey_id))
    return others[0].code if others else None


def codes_of_store(session: Session, store_key: str) -> tuple[Entry, ...]:
    """Every code that hangs in a store, by spot and survey; replaced ones are left out."""
    found = map(_entry, session.execute(_CODES.where(Store.key == store_key)))
    return tuple(sorted(found, key=lambda entry: (entry.spot_key, entry.survey_key)))


_Column = InstrumentedAttribute[Any] | ColumnElement[Any]


def _entries(
    table: type[EntryCode | RetiredCode], retired_at: _Column, leads_on: _Column
) -> "Select[*tuple[Any, ...]]":
    """Ask for all that an `Entry` holds in one go: a customer waits for it."""
    return (
        select(
            table.code,
            Survey.id.label("survey_id"),
            Survey.key.label("survey_key"),
            Survey.revision,
            Survey.opens_at,
            Survey.closes_at,
            Store.id.label("store_id"),
            Store.key.label("store_key"),
            Store.name.label("store_name"),
            Store.area_id,
            Area.name.label("area_name"),
            Spot.id.label("spot_id"),
            Spot.key.label("spot_key"),
            Spot.name.label("spot_name"),
            retired_at.label("retired_at"),
            leads_on.label("leads_on"),
        )
        .join(Survey, table.survey_id == Survey.id)
        .join(Spot, table.spot_id == Spot.id)
        .join(Store, Spot.store_id == Store.id)
        .outerjoin(Area, Store.area_id == Area.id)
    )


_CODES = _entries(EntryCode, Spot.retired_at, true())
_CODE = _CODES.where(EntryCode.code == bindparam("code"))
_RETIRED_CODE = _entries(RetiredCode, RetiredCode.retired_at, RetiredCode.leads_on).where(
    RetiredCode.code == bindparam("code")
)


def _entry(row: "Row[*tuple[Any, ...]]") -> Entry:
    return Entry(
        code=row.code,
        survey_id=row.survey_id,
        survey_key=row.survey_key,
        survey_revision=row.revision,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        store=StoreInfo(row.store_id, row.store_key, row.store_name, row.area_id, row.area_name),
        spot_id=row.spot_id,
        spot_key=row.spot_key,
        spot_name=row.spot_name,
        retired_at=row.retired_at,
        leads_on=row.leads_on,
    )
