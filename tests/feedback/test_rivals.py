"""Competitors: their reviews are read and compared, and no figure of ours knows of them."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from factories import TOKYO
from sqlalchemy import func, select
from staff_site import signed_in
from weekly_answers import LAST_WEEK, NOW, ORGANISATION, SETTINGS, make_answers, record_answers, stored_results

from analysis.critical import critical_words
from analysis.loyalty import members_loyalty
from analysis.rivals import compare_rivals
from analysis.tables import RivalStoreWeek, RivalThemeWeek, RivalWeek
from analysis.weeks.rivals import read_rivals
from analysis.weeks.runs import analyse
from feedback.cli import main
from feedback.config import Config
from feedback.critical import count_waiting, critical_comments, scan
from feedback.exports import Selection, export_responses, export_tags
from feedback.privacy import tidy
from feedback.report import build_report
from feedback.report.json_file import to_json
from feedback.report.text_file import to_text
from feedback.segments import export_segments
from feedback.spot_table import export_spots
from surveys import places
from surveys.errors import InputError
from surveys.importing import ColumnMap, Limits, import_file
from surveys.queries import rivals, stores, week_fingerprints
from surveys.tables import Response, Store
from surveys.today import answers_of_day
from surveys.weeks import first_day, window

LIMITS = Limits(TOKYO, NOW, 2000)
REVIEWS = {
    "source": "reviews",
    "columns": {"date": "日付", "store": "店", "operator": "会社"},
    "comments": {"review": "口コミ"},
    "attributes": {"visits": "回数"},
}
CONFIG = Config.model_validate({"analysis": SETTINGS.model_dump(), "organisation": {"name": "みなと商店"}})


def bring_in(database, path, rows, column_map=None):
    lines = ["日付,店,会社,口コミ,回数", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return import_file(database, path, ColumnMap.model_validate(column_map or REVIEWS), LIMITS)


def reviews(operator="競合マート", count=30):
    """As many reviews in each of the four weeks; every second one complains of the queue."""
    texts = ("レジの待ち時間が長い", "お惣菜が美味しい")
    return [
        (
            str(first_day(week) + timedelta(days=number % 7)),
            "銀座店",
            operator,
            f"{texts[number % 2]}{number}",
            "初めて",
        )
        for week in window(LAST_WEEK, 4)
        for number in range(count)
    ]


@pytest.fixture
def chain(database):
    record_answers(database, make_answers())
    analyse(database, ORGANISATION, SETTINGS, now=NOW)
    return database


def ours(database):
    """Every figure of ours, as it leaves the house."""
    found = {"stored": stored_results(database)}
    with database.reading() as session:
        report = build_report(session, CONFIG, LAST_WEEK)
        found |= {"json": to_json(report), "text": to_text(report), "weeks": week_fingerprints(session)}
        found["loyalty"] = members_loyalty(session, 30, TOKYO)
        found["today"] = [
            answers_of_day(session, first_day(LAST_WEEK) + timedelta(days=day), TOKYO) for day in range(7)
        ]
        found["stores"] = stores(session)
        found["critical"] = critical_comments(session), critical_comments(session, seen=True), count_waiting(session)
        for write in (export_tags, export_responses, export_segments, export_spots):
            stream = io.BytesIO()
            found[write.__name__] = write(session, Selection(TOKYO), "csv", stream), stream.getvalue()
    return found


def test_a_competitors_reviews_change_no_figure_of_ours(chain, tmp_path):
    before = ours(chain)
    report = bring_in(
        chain, tmp_path / "r.csv", [*reviews(), ("2025-10-01", "港店", "競合マート", "カビが生えていた", "")]
    )
    assert (report.added, report.new_stores, report.refused) == (121, ["銀座店", "港店"], [])
    assert scan(chain, critical_words(), NOW) == 0
    assert analyse(chain, ORGANISATION, SETTINGS, now=NOW) == ()
    assert read_rivals(chain, SETTINGS) == 4
    assert ours(chain) == before
    # and not when everything is analysed anew beside them either
    analyse(chain, ORGANISATION, SETTINGS.model_copy(update={"seed": 1}), now=NOW)
    analyse(chain, ORGANISATION, SETTINGS, now=NOW)
    after = ours(chain)
    for name in before.keys() - {"stored", "json", "text"}:
        assert after[name] == before[name], name
    for name in ("themes", "lineage", "opinions", "store_weeks", "theme_weeks", "valences"):
        assert after["stored"][name] == before["stored"][name], name
    figures = [{**json.loads(found["json"]), "revision": 0, "provenance": {}} for found in (before, after)]
    assert figures[0] == figures[1]


def test_they_are_compared_theme_by_theme_and_read_again_only_when_something_changed(chain, tmp_path):
    bring_in(chain, tmp_path / "r.csv", reviews())
    assert (read_rivals(chain, SETTINGS), read_rivals(chain, SETTINGS)) == (4, 0)
    with chain.reading() as session:
        themes = set(session.scalars(select(RivalThemeWeek.theme_id)))
        found = compare_rivals(session, LAST_WEEK, None, themes)
    assert (found.weeks, [(rival.operator, rival.stores, rival.with_text) for rival in found.rivals]) == (
        4, [("競合マート", 1, 120)],
    )  # fmt: skip
    queue = next(each for each in found.rivals[0].themes if each.complaints.second.value == 0.5)
    assert queue.complaints.first.value < 0.5
    assert queue.complaints.difference.value == pytest.approx(0.5 - queue.complaints.first.value)
    assert queue.complaints.difference.low > 0
    with chain.session() as session:
        first = session.scalar(select(func.min(Response.id)).join(Store).where(Store.operator.is_not(None)))
        session.delete(session.get_one(Response, first))
    assert read_rivals(chain, SETTINGS) == 1
    with chain.session() as session:
        places.set_operator(session, "競合マート 銀座店", None)
    assert read_rivals(chain, SETTINGS) == 0
    with chain.reading() as session:
        assert compare_rivals(session, LAST_WEEK, None, themes) is None
        assert [session.scalar(select(func.count()).select_from(each)) for each in (RivalWeek, RivalStoreWeek)] == [
            0,
            0,
        ]
        assert len(stores(session)) == 4


def test_a_store_that_turns_out_to_be_a_competitors_leaves_every_figure(chain):
    with chain.session() as session:
        places.set_operator(session, "ginza", "競合マート")
    with chain.reading() as session:
        at_once = build_report(session, CONFIG, LAST_WEEK)
    analyse(chain, ORGANISATION, SETTINGS, now=NOW)
    with chain.reading() as session:
        later = build_report(session, CONFIG, LAST_WEEK)
        assert [store.key for store in stores(session)] == ["tenjin", "umeda"]
    for name in ("responses", "nps", "change", "weeks", "stores", "none_answers"):
        assert getattr(at_once, name) == getattr(later, name), name
    assert [replace(each, quotes=()).name for each in at_once.themes] == [each.name for each in later.themes]


def test_stores_of_different_operators_never_meet_in_an_import(database, tmp_path):
    with database.session() as session:
        places.create_store(session, "ginza", "銀座店")
        places.create_store(session, "B社 上野店", "自社の上野店")
    rows = [
        ("2025-10-01", "銀座店", "A社", "混んでいた", ""),
        ("2025-10-01", "銀座店", "", "空いていた", ""),
        ("2025-10-01", "上野店", "B社", "広い", ""),
        ("2025-10-01", "A社 銀座店", "", "近い", ""),
    ]
    report = bring_in(database, tmp_path / "r.csv", rows)
    with database.reading() as session:
        placed = session.execute(select(Store.key, Store.operator).join(Response, Response.store_id == Store.id)).all()
        assert {(row.key, row.operator) for row in placed} == {("A社 銀座店", "A社"), ("ginza", None)}
        assert [(each.operator, each.name) for each in rivals(session)] == [("A社", "銀座店")]
    assert [(note.line, note.reason) for note in report.refused] == [
        (4, "the key 'B社 上野店' belongs to a store of another operator; give this store another"),
        (5, "the key 'A社 銀座店' belongs to a store of another operator; give this store another"),
    ]


def test_no_code_hangs_at_a_competitors_store_and_a_store_with_spots_is_ours(database):
    with database.session() as session:
        places.create_store(session, "rival", "競合店", operator="競合マート")
        places.create_store(session, "ginza", "銀座店")
        places.create_spot(session, "ginza", "register", "レジ横")
        with pytest.raises(InputError, match="run by '競合マート'"):
            places.create_spot(session, "rival", "register", "レジ横")
        with pytest.raises(InputError, match="has spots where customers answer"):
            places.set_operator(session, "ginza", "競合マート")
        with pytest.raises(InputError, match="operator key"):
            places.set_operator(session, "rival", " ")


def test_weeks_of_competitors_alone_are_cleared_by_age_and_close_nothing(sqlite, tmp_path):
    bring_in(sqlite, tmp_path / "r.csv", reviews(count=2))
    aged = CONFIG.model_copy(update={"privacy": CONFIG.privacy.model_copy(update={"retain_days": 183})})
    done = tidy(aged, sqlite, NOW + timedelta(days=400), "night")
    assert (done.rows, done.waiting) == (8, ())
    with sqlite.reading() as session:
        assert week_fingerprints(session) == {}


def test_page_and_commands_show_the_comparison(config, sqlite, sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setenv("KOEBAKO_DATABASE_URL", sqlite_url)
    record_answers(sqlite, make_answers())
    analyse(sqlite, ORGANISATION, SETTINGS, now=NOW)
    admin = signed_in(config, sqlite, "本部", "admin")
    assert "競合の店舗がまだありません" in admin.page("/staff/rivals")

    def koebako(*arguments):
        result = CliRunner().invoke(main, list(arguments), env={"COLUMNS": "200"})
        return result.exit_code, result.output

    assert "There is no competitor" in koebako("compare")[1]
    bring_in(sqlite, tmp_path / "r.csv", reviews())
    read_rivals(sqlite, SETTINGS)
    page = admin.page("/staff/rivals")
    for words in ("競合マート", "1店舗・コメントのある口コミ 120件", "競合に多い", "レジの待ち時間"):
        assert words in page, words
    assert "競合マート" in koebako("compare")[1]
    found = json.loads(koebako("compare", "--format", "json")[1])
    assert (found["weeks"], found["competitors"][0]["with_text"]) == (4, 120)
    assert set(found["competitors"][0]["themes"][0]["complaints"]) == {"ours", "theirs", "difference"}
    assert koebako("store", "operator", "競合マート 銀座店", "--by", "suzuki")[0] == 0
    assert koebako("store", "add", "x", "よその店", "--operator", "他社", "--by", "suzuki")[0] == 0
    assert "他社" in koebako("store", "list")[1]
    store = signed_in(config, sqlite, "店長", "manager", store="umeda")
    assert store.get("/staff/rivals?scope=store-ginza").status_code == 404
