"""Small builders that tests share: a store with a spot, a survey, submissions."""

import re
import tempfile
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from surveys.contact_box import Box, new_key
from surveys.contacts import Keeping
from surveys.database import Database
from surveys.definitions import SurveyDefinition, save_survey
from surveys.erased_file import ErasedFile
from surveys.group_commit import GroupCommit
from surveys.limits import Limiter
from surveys.members import MemberKeeping
from surveys.places import create_spot, create_store, entry_code
from surveys.reception import Reception, Rights
from surveys.settings import Organisation, Site, SurveysSettings
from surveys.submissions import Submission

SECRET_KEY = "a secret key for tests only, long enough"
MEMBERS = MemberKeeping(SECRET_KEY, timedelta(days=730))
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


SURVEY: dict[str, Any] = {
    "key": "store",
    "title": {"ja": "お客様アンケート", "en": "Customer survey"},
    "introduction": {"ja": "一分で終わります。", "en": "It takes one minute."},
    "purpose": {"ja": "お店をよくするために使います。", "en": "To make the store better."},
    "thanks": {"ja": "ありがとうございました。", "en": "Thank you."},
    "questions": [
        {
            "key": "recommend",
            "kind": "nps",
            "required": True,
            "text": {"ja": "この店をすすめたいですか。", "en": "Would you recommend this store?"},
        },
        {"key": "reason", "kind": "text", "text": {"ja": "その理由を教えてください。", "en": "Why?"}},
        {"key": "satisfaction", "kind": "rating", "text": {"ja": "満足しましたか。", "en": "Were you satisfied?"}},
        {
            "key": "visits",
            "kind": "single",
            "attribute": True,
            "text": {"ja": "ご来店は何回目ですか。", "en": "How often?"},
            "options": [{"key": "first", "text": "はじめて"}, {"key": "again", "text": "二回目以上"}],
        },
        {
            "key": "bought",
            "kind": "multiple",
            "text": {"ja": "何をお求めでしたか。", "en": "What for?"},
            "options": [{"key": "food", "text": "食料品"}, {"key": "daily", "text": "日用品"}],
        },
    ],
}
"""One question of each kind."""


def make_definition(**changes: Any) -> SurveyDefinition:
    return SurveyDefinition.model_validate(deepcopy(SURVEY) | changes)


def make_survey(database: Database, **changes: Any) -> None:
    with database.session() as session:
        save_survey(session, make_definition(**changes))


def make_entry(database: Database, **changes: Any) -> str:
    """A store with a spot and a survey there; its code."""
    make_place(database)
    make_survey(database, **changes)
    with database.session() as session:
        return entry_code(session, "store", "ginza", "register")


def _beside(database: Database | None) -> Path:
    """A file of erased codes: beside a SQLite file, whose folder the test owns, else under a name of its own."""
    if database and database.engine.url.get_backend_name() == "sqlite":
        return Path(str(database.engine.url.database)).with_suffix(".erased")
    return Path(tempfile.gettempdir()) / f"koebako-{uuid4().hex}.erased"


def make_reception(database: Database, **settings: Any) -> Reception:
    """Where test answers are received, faster and more often than any person sends them."""
    return Reception(
        database,
        Organisation(name="みなと商店"),
        Site(),
        SurveysSettings(**{"fastest_seconds": 0, "answers_per_minute": 0, **settings}),
        SECRET_KEY,
        Rights(
            ErasedFile(_beside(database)),
            contacts=Keeping(Box([new_key()]), timedelta(days=90)),
            members=MEMBERS,
        ),
        Limiter(SECRET_KEY),
        GroupCommit(database),
    )


def sealed(page: str) -> str:
    """The seal that stands in a page's form."""
    found = re.search(r'name="seal" value="([^"]+)"', page)
    assert found, page
    return found[1]
