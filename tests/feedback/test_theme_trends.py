"""A theme by week and by store: counted by hand, within what a member may see, on both databases."""

import csv
import io
from datetime import date

import pytest
from click.testing import CliRunner
from factories import TOKYO
from sqlalchemy import select
from staff_site import NOW, WEEK, fill_chain, signed_in
from stored_rows import stored_run, stored_store_week, stored_theme, stored_theme_week

from analysis.corrections.correcting import hide, merge
from analysis.results import Estimate
from feedback.cli import main
from feedback.exports import Selection
from feedback.theme_trends import ThemeCounts, counts_by_store, counts_by_week, export_trends
from surveys.places import set_operator
from surveys.tables import Store

BEFORE = "2025-W39"


@pytest.fixture
def chain(database):
    """Ginza, Ueno (see `fill_chain`), and a week before in which Ginza had nine answers with text, two of the queue."""
    fill_chain(database)
    with database.session() as session:
        ginza = session.scalars(select(Store).where(Store.key == "ginza")).one()
        stored_run(session, BEFORE)
        stored_store_week(session, ginza, BEFORE, {9: 12}, with_text=9)
        stored_theme_week(session, ginza, BEFORE, "queue", opinions=2, positive=1, negative=1)
        stored_theme(session, "silent", "だれも話さない", "Silent")
        stored_theme(session, "new", "新しい話題", "New", origin="discovered", first_week=WEEK)
        stored_theme_week(session, ginza, WEEK, "new", opinions=1)
    return database


def exported(database, **narrowed):
    stream = io.BytesIO()
    with database.reading() as session:
        count = export_trends(session, Selection(TOKYO, **narrowed), "csv", stream)
    header, *rows = csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig")))
    assert count == len(rows)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_weeks_begin_with_the_first_comment_and_hold_every_store(chain):
    with chain.reading() as session:
        found = counts_by_week(session, "queue", ["2025-W37", "2025-W38", BEFORE, WEEK])
        ueno = session.scalars(select(Store.id).where(Store.key == "ueno")).all()
        there = counts_by_week(session, "queue", [BEFORE, WEEK], ueno)
    assert found == ((BEFORE, ThemeCounts(9, 2, 1, 1)), (WEEK, ThemeCounts(43, 13, 13, 0)))
    assert there == ((WEEK, ThemeCounts(23, 0, 0, 0)),)


def test_stores_stand_by_their_share_of_complaints(chain):
    with chain.reading() as session:
        found = counts_by_store(session, "queue", [BEFORE, WEEK])
        nobody = counts_by_store(session, "queue", ["2025-W37"])
    assert [(store.key, spoken) for store, spoken in found] == [
        ("ginza", ThemeCounts(29, 15, 14, 1)),
        ("ueno", ThemeCounts(23, 0, 0, 0)),
    ]
    assert nobody == ()


def test_shares_have_wilsons_interval_from_ten_answers_on():
    # 13 of 20: (0.65 + 0.09604 -+ 1.95996 sqrt(0.65 x 0.35 / 20 + 0.002401)) / 1.19207
    found = ThemeCounts(20, 13, 0, 0)
    assert found.mentioned == Estimate(0.65, pytest.approx(0.43286, abs=1e-4), pytest.approx(0.81885, abs=1e-4))
    assert found.blamed.value == 0.0
    assert ThemeCounts(9, 2, 1, 1).mentioned == Estimate(2 / 9)
    assert ThemeCounts().mentioned == Estimate(None)


def test_the_table_has_a_row_for_every_week_theme_and_store_and_one_for_all(chain):
    rows = exported(chain)
    places = [(row["week"], row["theme_id"], row["store"], row["with_text"], row["mentions"]) for row in rows]
    assert places == [
        (BEFORE, "parking", "", "9", "0"),
        (BEFORE, "parking", "ginza", "9", "0"),
        (BEFORE, "queue", "", "9", "2"),
        (BEFORE, "queue", "ginza", "9", "2"),
        (WEEK, "new", "", "43", "1"),
        (WEEK, "new", "ginza", "20", "1"),
        (WEEK, "new", "ueno", "23", "0"),
        (WEEK, "parking", "", "43", "19"),
        (WEEK, "parking", "ginza", "20", "0"),
        (WEEK, "parking", "ueno", "23", "19"),
        (WEEK, "queue", "", "43", "13"),
        (WEEK, "queue", "ginza", "20", "13"),
        (WEEK, "queue", "ueno", "23", "0"),
    ]
    assert rows[11] == {
        "week": WEEK, "store": "ginza", "theme_id": "queue", "theme": "レジの待ち時間", "with_text": "20",
        "mentions": "13", "mentions_share": "0.65", "mentions_low": "0.432854", "mentions_high": "0.818808",
        "complaints": "13", "complaints_share": "0.65", "complaints_low": "0.432854", "complaints_high": "0.818808",
        "praise": "0", "praise_share": "0.0", "praise_low": "0.0", "praise_high": "0.161125",
    }  # fmt: skip
    assert [rows[3][key] for key in ("mentions_share", "mentions_low", "mentions_high")] == ["0.222222", "", ""]


def test_days_choose_the_weeks_that_they_fall_in_and_stores_narrow_every_row(chain):
    with chain.reading() as session:
        ueno = tuple(session.scalars(select(Store.id).where(Store.key == "ueno")))
    first, last = date(2025, 10, 5), date(2025, 10, 6)
    assert {row["week"] for row in exported(chain, first_day=first)} == {WEEK}
    assert {row["week"] for row in exported(chain, last_day=date(2025, 9, 28))} == {BEFORE}
    assert exported(chain, first_day=last) == []
    there = exported(chain, store_ids=ueno)
    assert [(row["theme_id"], row["store"], row["mentions"]) for row in there] == [
        ("parking", "", "19"), ("parking", "ueno", "19"),
    ]  # fmt: skip


def test_a_merged_theme_keeps_its_rows_until_the_next_analysis_and_a_hidden_one_has_none(chain):
    before = exported(chain)
    with chain.session() as session:
        merge(session, ["parking"], "queue", "本部", NOW)
    assert exported(chain) == before
    with chain.session() as session:
        hide(session, "new", "本部", NOW)
    assert exported(chain) == [row for row in before if row["theme_id"] != "new"]


def test_a_store_that_became_a_competitors_is_in_no_row(chain):
    with chain.session() as session:
        set_operator(session, "ueno", "よその会社")
    rows = exported(chain)
    assert {row["store"] for row in rows} == {"", "ginza"}
    assert {(row["week"], row["with_text"]) for row in rows} == {(BEFORE, "9"), (WEEK, "20")}


def test_the_page_of_a_theme_draws_it_by_week_and_lists_the_stores_that_a_member_may_see(config, chain):
    whole = signed_in(config, chain, "本部").page("/staff/theme?theme=queue")
    assert "2週間の、このテーマにふれた人と不満を書いた人の割合" in whole
    assert ("店舗ごとの声" in whole, '<th scope="row">上野店</th>' in whole) == (True, True)
    ginza = signed_in(config, chain, "銀座", store="ginza").page("/staff/theme?theme=queue")
    assert ("週ごとの声" in ginza, "店舗ごとの声" in ginza, "上野店" in ginza) == (True, False, False)


def test_an_analyst_takes_the_table_by_page_and_by_command(config, chain, database_url, monkeypatch, tmp_path):
    analyst = signed_in(config, chain, "分析", "analyst", store="ginza")
    with analyst.get("/staff/downloads/file?kind=trends&format=csv") as sent:
        assert (sent.status_code, sent.text.count("\r\n")) == (200, 1 + 2 + 4)
    monkeypatch.setenv("KOEBAKO_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(main, ["export", "trends", "--store", "ginza", "--out", "trends.csv"])
    assert (ran.exit_code, ran.output) == (0, "trends.csv: 6 rows\n")
