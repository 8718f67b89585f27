"""Small builders that tests share: a store with a spot, a survey, submissions."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from surveys.database import Database
from surveys.places import create_spot, create_store
from surveys.responses import Submission

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2025, 10, 3, 3, 0, tzinfo=UTC)
"""A Friday noon in Tokyo, in week 2025-W40."""


@dataclass(frozen=True)
class Place:
    """Where test answers are given."""

    store_id: int
    spot_id: int


def make_place(database: Database, store_key: str = "ginza", spot_key: str = "register") -> Place:
    with database.session() as session:
        store = create_store(session, store_key, "銀座店")
        spot = create_spot(session, store_key, spot_key, "レジ横")
    return Place(store.id, spot.id)


def make_submission(place: Place, external_id: str = "r-1", **changes: Any) -> Submission:
    values: dict[str, Any] = {
        "channel": "qr",
        "answered_at": NOW,
        "score": 9,
        "comments": {"reason": "店員さんが親切でした。"},
    }
    return Submission(external_id=external_id, store_id=place.store_id, **(values | changes))
