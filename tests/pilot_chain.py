"""Stores with weeks of stored counts, for pilots that are planned, run and judged."""

import random
from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from stored_rows import stored_run, stored_store, stored_store_week, stored_theme, stored_theme_week

from analysis.tables import Run
from feedback.improvement_changes import add_improvement
from feedback.improvements import Details
from feedback.pilots.conduct import start_pilot
from feedback.pilots.plans import NewPilot, plan_pilot
from feedback.pilots.records import PilotInfo
from surveys.database import Database
from surveys.settings import Organisation
from surveys.tables import Store
from surveys.weeks import shift, window

ZONE = Organisation(name="みなと商店").zone
NOW = datetime(2025, 10, 8, 3, 0, tzinfo=UTC)
"""A Wednesday of 2025-W41."""
LAST, START = "2025-W40", "2025-W42"


def fill_stores(database: Database, stores: int = 10, weeks: int = 26) -> None:
    """Stores s0, s1, ... with so many weeks of answers, a theme, and an improvement of it."""
    with database.session() as session:
        for number in range(stores):
            stored_store(session, f"s{number}", f"{number}号店")
        stored_theme(session, "queue", "レジの待ち時間", "Checkout queue")
        fill_weeks(session, window(LAST, weeks))
        add_improvement(session, Details("レジを増やす", "佐藤"), "本部", NOW, theme="queue")


def fill_weeks(session: Session, weeks: Collection[str], better: Collection[str] = (), gain: int = 0) -> None:
    """Twenty answers a store and week; in `better` stores so many of them praise instead of complaining."""
    stores = session.scalars(select(Store)).all()
    for week in weeks:
        for store in stores:
            chance = random.Random(f"{week} {store.key}")
            more = gain if store.key in better else 0
            low = max(0, 8 + chance.randint(-1, 1) - more)
            scores = {10: 6 + more, 8: 14 - low - more, 3: low}
            stored_store_week(session, store, week, scores, with_text=20, opinions=low)
            stored_theme_week(session, store, week, "queue", opinions=low, negative=low)
    if not session.scalars(select(Run).where(Run.week == max(weeks))).first():
        stored_run(session, max(weeks))


def started(database: Database, **asked: object) -> PilotInfo:
    """A pilot of the first improvement, from 2025-W42 on."""
    new = NewPilot(**{"improvement": 1, "start_week": START, "weeks": 4, **asked})  # type: ignore[arg-type]
    with database.reading() as session:
        plan = plan_pilot(session, new, NOW, ZONE)
    with database.session() as session:
        return start_pilot(session, plan, "本部", NOW)


def run_on(database: Database, pilot: PilotInfo, weeks: int, gain: int = 0) -> None:
    """Let answers of so many weeks come in, from the week after the last one on; the trying stores get better."""
    better = {store.key for store in pilot.trying}
    with database.session() as session:
        seen = max(session.scalars(select(Run.week)))
        coming = [shift(seen, ahead) for ahead in range(1, weeks + 1)]
        before = [week for week in coming if week < pilot.start_week]
        if before:
            fill_weeks(session, before)
        fill_weeks(session, [week for week in coming if week >= pilot.start_week], better, gain)
