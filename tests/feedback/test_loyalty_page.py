"""「リピートと購入」 and `koebako loyalty`: the same figures, within one's own stores, and an honest empty page."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from factories import MEMBERS, SECRET_KEY
from sqlalchemy import select
from staff_site import fill_chain, signed_in
from stored_rows import stored_response

from feedback.cli import main
from surveys.members import keep_member
from surveys.purchases import Bought, add_purchases
from surveys.tables import Store

ANSWERED = datetime(2025, 3, 1, 3, tzinfo=UTC)


@pytest.fixture
def chain(sqlite):
    """Ginza's twelve promoters all come back on the tenth day, its ten detractors never; one more answers in Ueno."""
    fill_chain(sqlite)
    with sqlite.session() as session:
        ginza, ueno = session.scalars(select(Store).order_by(Store.key))
        for number in range(23):
            store, score = (ueno if number == 22 else ginza), (9 if number < 12 else 3)
            stored_response(session, f"m-{number}", store, score=score, answered_at=ANSWERED, week="2025-W09")
            keep_member(session, f"m-{number}", f"{number}", MEMBERS, ANSWERED)
            if number < 12:
                day = ANSWERED.date() + timedelta(days=10)
                bought = Bought(f"{number}", MEMBERS.digest(f"{number}"), ginza.id, day, 100_000 + 1_000 * number)
                add_purchases(session, [bought])
        for days in (0, 400):
            day = ANSWERED.date() + timedelta(days=days)
            add_purchases(session, [Bought(f"day {days}", MEMBERS.digest("0"), ginza.id, day, 100)])
    return sqlite


def test_the_page_shows_each_class_with_intervals(config, chain):
    page = signed_in(config, chain, "本部", "admin").page("/staff/loyalty?days=90")
    for words in (
        "90日以内",
        "76%〜100%",
        "0%〜26%",
        "1,055",
        "推奨者のほうが高いと言えます",
        "90日たった会員が10人になると出ます",
        "購入の記録：2025年3月1日から2026年4月5日まで",
        'class="line of-promoter"',
        'class="line of-detractor"',
    ):
        assert words in page, words
    assert page.count("selected") == 1


def test_analysts_take_the_figures_as_a_file(config, chain):
    analyst = signed_in(config, chain, "分析", "analyst")
    assert "/staff/loyalty/file?days=90" in analyst.page("/staff/loyalty")
    answer = analyst.get("/staff/loyalty/file?days=90")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    head, repeat, value, *others, difference = answer.text.splitlines()
    assert head == "\ufeffclass,figure,days,members,value,low,high"
    assert repeat == "promoter,repeat_rate,90,12,1.0,0.757506,1.0"
    assert value.startswith("promoter,value,90,12,1055.0,")
    assert [line.split(",")[:3] for line in others if line.startswith("passive")] == [
        ["passive", figure, f"{days}"]
        for figure, days in (("repeat_rate", 90), ("value", 90), ("returned", 30), ("returned", 60), ("returned", 90))
    ]
    assert difference.startswith(",difference,90,,1.0,")
    assert signed_in(config, chain, "閲覧", "viewer").get("/staff/loyalty/file").status_code == 403


def test_a_member_of_staff_sees_the_own_stores_alone(config, chain):
    browser = signed_in(config, chain, "上野", "manager", store="ueno")
    page = browser.page("/staff/loyalty?days=7")
    assert "76%" not in page
    assert "90日以内" in page  # what a foreign number falls back to
    assert browser.get("/staff/loyalty?scope=store-ginza").status_code == 404


def test_without_purchases_the_page_says_what_is_needed(config, sqlite):
    fill_chain(sqlite)
    browser = signed_in(config, sqlite, "本部", "admin")
    assert "会員番号をたずねる設定になっていません" in browser.page("/staff/loyalty")
    allowed = config.model_copy(update={"privacy": config.privacy.model_copy(update={"member_codes": True})})
    assert "購入の記録がまだありません" in signed_in(allowed, sqlite, "店長", "admin").page("/staff/loyalty")


@pytest.mark.usefixtures("chain")
def test_the_command_prints_a_table_or_json(sqlite_url, monkeypatch):
    monkeypatch.setenv("KOEBAKO_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("KOEBAKO_SECRET_KEY", SECRET_KEY)

    def told(*more):
        return CliRunner().invoke(main, ["loyalty", *more], env={"COLUMNS": "200"}).stdout

    found = json.loads(told("--days", "60", "--format", "json"))
    nothing = {"value": None, "low": None, "high": None}
    assert found["days"] == 60
    assert (found["purchases_from"], found["purchases_to"], found["answered_earlier"]) == (
        "2025-03-01", "2026-04-05", 0
    )  # fmt: skip
    assert [(each["class"], each["members"], each["followed"]) for each in found["classes"]] == [
        ("promoter", 12, 12), ("passive", 0, 0), ("detractor", 11, 11),
    ]  # fmt: skip
    assert found["classes"][0]["repeat_rate"] == {"value": 1.0, "low": pytest.approx(0.7575, abs=1e-4), "high": 1.0}
    assert found["classes"][0]["value"]["value"] == 1055
    assert found["classes"][0]["returned"][1]["days"] == 60
    assert found["classes"][1]["value"] == nothing
    assert found["difference"]["value"] == 1
    assert "100% (76% to 100%)" in told("--days", "60")
    assert "too few members" in told("--store", "ueno")
    assert told("--format", "csv").splitlines()[1] == "promoter,repeat_rate,90,12,1.0,0.757506,1.0"
