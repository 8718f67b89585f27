"""Weeks of invented answers for tests of the weekly analysis, and all that an analysis stored, by external ids."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from factories import TOKYO
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from analysis.settings import AnalysisSettings
from analysis.tables import (
    ImpactRow,
    LineageRow,
    OpinionRow,
    Run,
    StoreWeek,
    TagRow,
    ThemeRow,
    ThemeWeek,
    ValenceRow,
    WeekRead,
)
from surveys.database import Database
from surveys.places import create_store
from surveys.responses import record_many
from surveys.settings import Organisation
from surveys.submissions import Submission
from surveys.tables import Comment, Store
from surveys.weeks import first_day, window

ORGANISATION = Organisation(name="みなと商店")
SETTINGS = AnalysisSettings(catalogue="retail", impact_responses=60, discovery_min_opinions=5, lease_seconds=5)
STORES = ("ginza", "umeda", "tenjin")
LAST_WEEK = "2025-W40"
NOW = datetime(2025, 10, 8, 3, 0, tzinfo=UTC)
"""A Wednesday noon in Tokyo, in the week after LAST_WEEK."""

GOOD = (
    "店員さんがとても親切でした",
    "品揃えが豊富で選びやすい",
    "お惣菜が美味しい",
    "店内がきれいで気持ちがいい",
    "値段が安くて助かります",
)
BAD = (
    "レジの待ち時間が長い",
    "駐車場が狭くて停めにくい",
    "欲しい商品が売り切れだった",
    "トイレが汚れていた",
    "通路が狭くてカートが通れない",
)
OTHER = (
    "もう少しベンチを増やしてほしい",
    "特になし",
    "特にありません",
    "また来ます",
    "子どもが風船をもらって喜んでいました",
    "",
)


def dice(seed: int) -> random.Random:
    return random.Random(seed)


def make_answers(weeks: int = 4, a_week: int = 30, seed: int = 7) -> list[Submission]:
    """Answers of the weeks that end with LAST_WEEK, in the order of their weeks; stores numbered from 1."""
    chance = dice(seed)
    return [make_answer(week, number, chance) for week in window(LAST_WEEK, weeks) for number in range(a_week)]


def make_answer(week: str, number: int, chance: random.Random) -> Submission:
    score = chance.choice((3, 5, 6, 7, 8, 9, 10, 10))
    praise, blame, other = chance.choice(GOOD), chance.choice(BAD), chance.choice(OTHER)
    text = chance.choice((praise, f"{praise}けど、{blame}", blame, f"{blame}。{other}", other))
    monday = datetime.combine(first_day(week), datetime.min.time(), TOKYO)
    return Submission(
        external_id=f"{week}-{number:04d}",
        store_id=chance.randrange(len(STORES)),
        channel="qr",
        answered_at=monday + timedelta(minutes=chance.randrange(7 * 24 * 60)),
        score=score if number % 11 else None,
        comments={"reason": text},
    )


def record_answers(database: Database, answers: list[Submission], stores: tuple[str, ...] = STORES) -> None:
    """Make the stores where they are missing, and record the answers in the given order."""
    with database.session() as session:
        known = {store.key: store.id for store in session.scalars(select(Store))}
        ids = {key: known[key] if key in known else create_store(session, key, f"{key}店").id for key in stores}
        placed = [_at(answer, ids[STORES[answer.store_id]]) for answer in answers]
        record_many(session, placed, NOW, TOKYO)


def _at(answer: Submission, store_id: int) -> Submission:
    values = {name: getattr(answer, name) for name in Submission.__dataclass_fields__}
    return Submission(**{**values, "store_id": store_id})


def stored_results(database: Database, *, with_revisions: bool = True) -> dict[str, Any]:
    """Everything that an analysis stored, without row numbers and moments."""
    with database.reading() as session:
        stores = {store.id: store.key for store in session.scalars(select(Store))}
        return {
            "runs": _runs(session, with_revisions=with_revisions),
            "themes": sorted(
                (row.id, row.name["ja"], row.origin, row.first_week, sorted(row.words.items()))
                for row in session.scalars(select(ThemeRow))
            ),
            "lineage": sorted(
                (row.week, row.theme_id, row.kind, row.other_id, row.share, row.name)
                for row in session.scalars(select(LineageRow))
            ),
            "opinions": _opinions(session, stores),
            "store_weeks": sorted(_values(row, stores) for row in session.scalars(select(StoreWeek))),
            "theme_weeks": sorted(_values(row, stores) for row in session.scalars(select(ThemeWeek))),
            "valences": sorted((row.week, row.key, row.value) for row in session.scalars(select(ValenceRow))),
            "read": sorted((row.week, row.model_version) for row in session.scalars(select(WeekRead))),
        }


def _runs(session: Session, *, with_revisions: bool) -> list[Any]:
    impacts: dict[int, list[Any]] = {}
    for row in session.scalars(select(ImpactRow).order_by(ImpactRow.theme_id)):
        impacts.setdefault(row.run_id, []).append(
            (row.theme_id, row.mentions_negative, row.mentions_positive, row.figures)
        )
    runs = {}
    for run in session.scalars(select(Run).order_by(Run.revision)):
        key = (run.week, run.revision if with_revisions else 0)
        runs[key] = [*key, run.state, run.stage, run.progress, run.error, run.lease_owner, run.impact_window]
        runs[key] += [run.provenance, sorted(impacts.get(run.id, []), key=lambda row: str(row[0]))]
    return [runs[key] for key in sorted(runs)]


def _opinions(session: Session, stores: dict[int, str]) -> list[Any]:
    tags: dict[int, list[Any]] = {}
    for tag in session.scalars(select(TagRow)):
        tags.setdefault(tag.opinion_id, []).append((tag.theme_id, tag.weight, tag.source))
    query = select(OpinionRow, Comment.external_id).join(Comment, Comment.id == OpinionRow.comment_id)
    return sorted(
        (
            external_id,
            row.position,
            row.week,
            stores[row.store_id],
            row.kind,
            row.text,
            row.polarity,
            row.is_request,
            sorted(tags.get(row.id, [])),
        )
        for row, external_id in session.execute(query)
    )


def _values(row: StoreWeek | ThemeWeek, stores: dict[int, str]) -> list[Any]:
    values = {column.name: getattr(row, column.name) for column in row.__table__.columns}
    return [values.pop("week"), stores[values.pop("store_id")], *values.values()]


class failing_commit:  # noqa: N801
    """The disk is full at one commit, counted from 0; at none for -1."""

    def __init__(self, database, at):
        self.database, self.left = database, at

    def __enter__(self):
        event.listen(self.database.engine, "commit", self._commit)
        return lambda: self.left < 0

    def __exit__(self, *_):
        event.remove(self.database.engine, "commit", self._commit)

    def _commit(self, _connection):
        self.left -= 1
        if self.left == -1:
            raise OSError(28, "No space left on device")
