"""The report finds every truth that is planted in the invented chain (feedback.demo.chain.TRUTHS)."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean

import pytest
from sqlalchemy import select

from analysis import records
from analysis.tables import OpinionRow, TagRow
from analysis.themes.catalogues import load_catalogue
from analysis.weeks import runs
from feedback.config import Config
from feedback.demo.chain import TRIED_WEEKS, TRUTHS, TRYING, WEEKS
from feedback.demo.fill import build
from feedback.demo.improvements import take_up_all
from feedback.demo.show import demo_config, filled_weeks
from feedback.improvements import history, improvements
from feedback.pilots.records import find_pilot
from feedback.pilots.results import pilot_result
from feedback.report import build_report
from feedback.results import Report, Scope
from surveys.database import Database
from surveys.queries import stores
from surveys.tables import Comment, Response

NOW = datetime(2026, 4, 6, 3, 0, tzinfo=UTC)


@dataclass
class Demo:
    """The invented chain, analysed."""

    config: Config
    database: Database
    weeks: tuple[str, ...]
    store_ids: dict[str, int]

    def report(self, store: str | None = None, week: int = WEEKS) -> Report:
        scope = Scope(store_id=self.store_ids[store], name=store) if store else Scope()
        with self.database.reading() as session:
            return build_report(session, self.config, self.weeks[week - 1], scope)

    def counts(self, theme_id: str, store: str, weeks: slice = slice(None)):
        with self.database.reading() as session:
            found = records.theme_weeks(session, self.weeks[weeks], [self.store_ids[store]])
        return [count for count in found if count.theme_id == theme_id]

    def written(self, store: str, weeks: slice = slice(None)) -> int:
        with self.database.reading() as session:
            return sum(
                each.with_text for each in records.store_weeks(session, self.weeks[weeks], [self.store_ids[store]])
            )


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    config = demo_config(Config(), file)
    build(file, config.organisation.zone, NOW)
    database = Database(config.database_url)
    runs.analyse(database, config.organisation, config.analysis, now=NOW)
    with database.session() as session:
        take_up_all(session, filled_weeks(session), config.organisation.zone)
    with database.reading() as session:
        found = Demo(config, database, filled_weeks(session), {store.key: store.id for store in stores(session)})
    yield found
    database.close()


def theme(report: Report, theme_id: str):
    return next(each for each in report.themes if each.id == theme_id)


def test_every_planted_truth_has_its_test():
    tested = {name.removeprefix("test_truth_") for name in globals() if name.startswith("test_truth_")}
    assert tested == {truth.key for truth in TRUTHS}


def test_truth_register(demo):
    before, after = demo.report("ohashi", 19), demo.report("ohashi", 23)
    assert after.nps.estimate.high < before.nps.estimate.low
    assert theme(after, "checkout.wait").trend.low > 0
    assert after.improvements[0].theme_id == "checkout.wait"
    shares = theme(demo.report("ohashi"), "checkout.wait").weekly_share
    assert fmean(share or 0 for share in shares[-7:]) > 2 * fmean(share or 0 for share in shares[:-7])


def test_truth_parking(demo):
    first = {store: demo.report(store).improvements[0].theme_id for store in ("midori", "sakura", "ekimae")}
    assert first["midori"] == "access.parking"
    shares = {
        store: sum(count.responses_negative for count in demo.counts("access.parking", store)) / demo.written(store)
        for store in demo.store_ids
    }
    others = [share for store, share in shares.items() if store != "midori"]
    assert shares["midori"] > 2 * max(others)


def test_truth_best(demo):
    figures = {store: demo.report(store) for store in demo.store_ids}
    best = figures.pop("sakura")
    assert best.nps.estimate.low > max(report.nps.estimate.value for report in figures.values())
    praise = {
        store: sum(count.responses_positive for count in demo.counts("service.manner", store)) / demo.written(store)
        for store in demo.store_ids
    }
    assert max(praise, key=praise.get) == "sakura"


def test_truth_deli(demo):
    def praise(weeks: slice) -> float:
        counts = demo.counts("goods.deli", "ekimae", weeks)
        return sum(count.responses_positive for count in counts) / demo.written("ekimae", weeks)

    assert praise(slice(13, 26)) > 1.5 * praise(slice(13))


def test_truth_toilet(demo):
    assert demo.report("higashi").improvements[0].theme_id == "place.toilet"
    query = (
        select(Response.answered_at)
        .join(Comment.response)
        .join(OpinionRow, OpinionRow.comment_id == Comment.id)
        .join(TagRow, TagRow.opinion_id == OpinionRow.id)
        .where(
            OpinionRow.store_id == demo.store_ids["higashi"],
            OpinionRow.polarity == "negative",
            TagRow.theme_id == "place.toilet",
        )
    )
    with demo.database.reading() as session:
        hours = [moment.astimezone(demo.config.organisation.zone).hour for moment in session.scalars(query)]
    assert len(hours) > 20
    assert sum(hour >= 16 for hour in hours) / len(hours) > 0.7


def test_truth_recycle(demo):
    with demo.database.reading() as session:
        known = records.themes(session)
    found = [each for each in known.values() if each.origin == "discovered" and "リサイクル" in each.name["ja"]]
    assert len(found) == 1
    opinions = {store: sum(count.opinions for count in demo.counts(found[0].id, store)) for store in demo.store_ids}
    assert opinions["minato"] > sum(opinions.values()) / 2
    last_weeks = demo.report("minato")
    assert theme(last_weeks, found[0].id).opinions > 0


def test_truth_pilot(demo):
    with demo.database.reading() as session:
        tried, going_on = (pilot_result(session, find_pilot(session, number)) for number in (1, 2))
    assert [store.key for store in tried.pilot.trying] == list(TRYING)
    assert going_on.pilot.trying != tried.pilot.trying
    assert (tried.verdict, tried.effect.draws, tried.cautions) == ("worked", 20, ())
    assert tried.pilot.weeks_needed <= tried.pilot.weeks == TRIED_WEEKS
    # four fifths of what customers complained of there are gone, and the bound knows it
    before = fmean(week.trying.value for week in tried.weeks[:-TRIED_WEEKS])
    assert 0 < tried.effect.least < 0.8 * before < tried.effect.most
    assert tried.effect.estimate.value == pytest.approx(0.8 * before, abs=1.5)
    # afterwards every store has it
    everywhere = theme(demo.report(week=WEEKS), "checkout.self_checkout").weekly_share
    assert fmean(everywhere[-9:]) < 0.5 * fmean(theme(demo.report(week=16), "checkout.self_checkout").weekly_share[-9:])
    assert (going_on.verdict, going_on.weeks_left) == (None, 5)


def test_improvements_stand_in_every_state_and_are_taken_up_once(demo):
    with demo.database.session() as session:
        take_up_all(session, demo.weeks, demo.config.organisation.zone)
    with demo.database.reading() as session:
        found = improvements(session)
        told = {
            each.details.title: [(line.field, line.after) for line in history(session, each.number)] for each in found
        }
    states = Counter(each.state for each in found)
    assert states == {"candidate": 2, "pilot": 1, "rollout": 1, "measuring": 1, "done": 1, "dropped": 1}
    assert told["セルフレジに係を1人つける"] == [
        ("state", "measuring"),
        ("state", "rollout"),
        ("note", "試した店舗で不満が減ったので、夕方を中心に全店でつける。"),
        ("pilot", "1 started"),
        ("state", "pilot"),
        ("made", "セルフレジに係を1人つける"),
    ]
    assert {each.theme for each in found} <= {theme.id for theme in load_catalogue("retail").themes}
    assert [each.details.title for each in found if each.is_late(NOW.date())] == ["夕方のレジを1台増やす"]


def test_truth_price(demo):
    with demo.database.reading() as session:
        run = records.finished_run(session, demo.weeks[-1])
        impacts = {impact.theme_id: impact for impact in records.impacts(session, run.id)}
    price, wait = impacts["price.level"], impacts["checkout.wait"]
    mentions = {
        theme_id: sum(count.responses for store in demo.store_ids for count in demo.counts(theme_id, store))
        for theme_id in impacts
        if theme_id != "overall.overall"
    }
    assert max(mentions, key=mentions.get) == "price.level"
    assert abs(price.negative.value) < abs(wait.negative.value) / 2
