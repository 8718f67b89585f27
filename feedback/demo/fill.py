"""Fills a database with the invented chain, through the same doors that real answers take."""

import os
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.demo.chain import AREAS, SPOTS, STORES, WEEKS, DemoStore
from feedback.demo.customers import Answer, answers
from feedback.demo.thanks import COUPON, publish_all
from feedback.schema import upgrade_schema
from surveys import places
from surveys.database import Database
from surveys.definition_files import load_definition
from surveys.definitions import save_survey
from surveys.queries import stores
from surveys.responses import record_many
from surveys.submissions import Submission
from surveys.tables import Survey
from surveys.weeks import first_day, last_complete_week, window

SEED = 26
SURVEY_KEY = "store"
SURVEY = Path(__file__).resolve().parent.parent.parent / "docs" / "surveys" / "store.yaml"
"""The survey that the manual starts with; `customers.py` answers its questions by their keys."""

Progress = Callable[[int, int], None]
"""Called with the weeks that are done and the weeks in all."""


def build(path: Path, zone: ZoneInfo, now: datetime, progress: Progress = lambda _done, _all: None) -> bool:
    """Make the demo's SQLite file unless it stands already; whether it was made now.

    It is filled under another name and renamed when it is complete: one that was broken off is never taken for whole.
    """
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    database = Database(f"sqlite:///{unfinished}")
    try:
        upgrade_schema(database)
        fill(database, zone, now, progress)
        database.close()
        unfinished.replace(path)
    finally:
        database.close()
        for leftover in path.parent.glob(f"{unfinished.name}*"):
            leftover.unlink()
    return True


def fill(database: Database, zone: ZoneInfo, now: datetime, progress: Progress = lambda _done, _all: None) -> None:
    """Fill an empty database: the chain, its survey and notices, and 26 weeks of answers up to the last complete week.

    The same `now` gives the same answers. Filling twice adds nothing (answers are known by their ids).
    """
    weeks = window(last_complete_week(now, zone), WEEKS)
    with database.session() as session:
        if not stores(session):
            _found_the_chain(session)
            publish_all(session, weeks, zone)
        save_survey(session, load_definition(SURVEY, zone).model_copy(update={"coupon": COUPON}))
    for number, week in enumerate(weeks, start=1):
        with database.session() as session:
            submissions = list(_submissions(session, number, first_day(week), zone))
            record_many(session, submissions, now, zone)
        progress(number, WEEKS)


def _found_the_chain(session: Session) -> None:
    for key, name in AREAS.items():
        places.create_area(session, key, name)
    for store in STORES:
        places.create_store(session, store.key, store.name, store.area)
        for spot in store.spots:
            places.create_spot(session, store.key, spot, SPOTS[spot])


def _submissions(session: Session, week: int, monday: date, zone: ZoneInfo) -> Iterator[Submission]:
    spots = {(spot.store.key, spot.key): spot for spot in places.spots(session)}
    survey_id = session.scalars(select(Survey.id).where(Survey.key == SURVEY_KEY)).one()
    for store in STORES:
        for answer in answers(SEED, store, week, monday, zone):
            yield _submission(store, answer, survey_id, spots[store.key, answer.spot])


def _submission(store: DemoStore, answer: Answer, survey_id: int, spot: places.SpotInfo) -> Submission:
    return Submission(
        external_id=f"demo-{store.key}-{answer.answered_at:%Y%m%d}-{answer.number}",
        store_id=spot.store.id,
        spot_id=spot.id,
        survey_id=survey_id,
        channel="qr",
        answered_at=answer.answered_at,
        score=answer.score,
        satisfaction=answer.satisfaction,
        comments={"reason": answer.reason, "wish": answer.wish},
        answers={"errand": list(answer.errands), "visits": answer.visits},
        attributes={"visits": answer.visits},
    )
