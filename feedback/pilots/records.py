"""The pilots that were started: their stores, weeks, and how the stores were chosen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from analysis.figures.experiments import Design
from feedback.tables import ImprovementRow, PilotRow, PilotStore
from surveys.errors import InputError
from surveys.queries import StoreInfo, rivals, stores
from surveys.texts import is_storable_number
from surveys.weeks import first_day

Metric = Literal["nps", "theme"]
"""NPS, or the share of answers that complain about the improvement's theme."""
Choice = Literal["drawn", "picked", "all"]
"""How the stores that try were chosen; "all": everywhere, without a store to compare with."""


class PilotError(InputError):
    """A pilot cannot be planned, started or changed; `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class TakingPart:
    """A store of a pilot. `group`: stores that are alike share its number; `tries`: else it is compared with.

    `ours`: whether we still run it.
    """

    store: StoreInfo
    group: int
    tries: bool
    ours: bool = True


@dataclass(frozen=True, slots=True)
class PilotInfo:
    """A pilot as pages and commands see it.

    `expected`: NPS points more, or percentage points fewer complaints. `end_week`: the last one, with which the verdict
    comes. `seed`: repeats the draw; None where stores were not drawn. `weeks_needed`: as told at the start, None where
    no time was enough. `looks`: how many planned ends it has had.
    """

    number: int
    improvement: int
    title: str
    theme: str | None
    metric: Metric
    expected: float
    start_week: str
    end_week: str
    chosen: Choice
    seed: int | None
    weeks_needed: int | None
    looks: int
    stores: tuple[TakingPart, ...]
    made_at: datetime
    made_by: str
    stopped_at: datetime | None
    stopped_by: str | None

    @property
    def weeks(self) -> int:
        """How many weeks it runs."""
        return weeks_between(self.start_week, self.end_week) + 1

    @property
    def trying(self) -> tuple[StoreInfo, ...]:
        """The stores that try."""
        return tuple(each.store for each in self.stores if each.tries)

    @property
    def others(self) -> tuple[StoreInfo, ...]:
        """The stores to compare with."""
        return tuple(each.store for each in self.stores if not each.tries)

    def meets(self, start_week: str, end_week: str, store_ids: Collection[int]) -> bool:
        """Tell whether it goes on in some of these weeks in some of these stores."""
        together = self.start_week <= end_week and start_week <= self.end_week
        return self.stopped_at is None and together and any(each.store.id in store_ids for each in self.stores)

    @property
    def design(self) -> Design:
        """Which stores are alike and which try, in the order of `stores`."""
        groups, tries = zip(*((each.group, each.tries) for each in self.stores), strict=True)
        return Design(np.array(groups), np.array(tries))


def find_pilot(session: Session, number: int) -> PilotInfo:
    """Return one pilot. Error: `PilotError` when there is none of this number."""
    found = _pilots(session, PilotRow.id == number) if is_storable_number(number) else ()
    if not found:
        raise PilotError("number", f"there is no pilot {number}; see: koebako pilot list")
    return found[0]


def pilots(session: Session, improvement: int | None = None) -> tuple[PilotInfo, ...]:
    """Every pilot, or those of one improvement, newest first."""
    return _pilots(session, *([] if improvement is None else [PilotRow.improvement_id == improvement]))


def visible_pilots(found: Sequence[PilotInfo], mine: Sequence[StoreInfo]) -> tuple[PilotInfo, ...]:
    """Return those pilots whose every store is one of `mine`: their figures tell of all of them."""
    ids = {store.id for store in mine}
    return tuple(pilot for pilot in found if all(each.store.id in ids for each in pilot.stores if each.ours))


def weeks_between(start: str, end: str) -> int:
    """Count the weeks from one to another; below zero where the other is earlier."""
    return (first_day(end) - first_day(start)).days // 7


def _pilots(session: Session, *conditions: ColumnElement[bool]) -> tuple[PilotInfo, ...]:
    query = select(PilotRow, ImprovementRow.title, ImprovementRow.theme).join(
        ImprovementRow, PilotRow.improvement_id == ImprovementRow.id
    )
    rows = session.execute(query.where(*conditions).order_by(PilotRow.id.desc())).all()
    ours = {store.id: store for store in stores(session)}
    gone = {store.id: StoreInfo(store.id, store.key, store.name, None, None) for store in rivals(session)}
    known = ours | gone
    parts: dict[int, list[TakingPart]] = {row.id: [] for row, _, _ in rows}
    for part in session.scalars(select(PilotStore).where(PilotStore.pilot_id.in_(parts))):
        parts[part.pilot_id].append(
            TakingPart(known[part.store_id], part.group, part.tries, ours=part.store_id in ours)
        )
    return tuple(_info(row, title, theme, parts[row.id]) for row, title, theme in rows)


def _info(row: PilotRow, title: str, theme: str | None, parts: list[TakingPart]) -> PilotInfo:
    return PilotInfo(
        number=row.id,
        improvement=row.improvement_id,
        title=title,
        theme=theme,
        metric=row.metric,  # type: ignore[arg-type] # only these are written
        expected=row.expected,
        start_week=row.start_week,
        end_week=row.end_week,
        chosen=row.chosen,  # type: ignore[arg-type] # as above
        seed=row.seed,
        weeks_needed=row.weeks_needed,
        looks=row.looks,
        stores=tuple(sorted(parts, key=lambda part: part.store.key)),
        made_at=row.made_at,
        made_by=row.made_by,
        stopped_at=row.stopped_at,
        stopped_by=row.stopped_by,
    )
