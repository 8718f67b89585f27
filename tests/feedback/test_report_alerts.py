"""Alerts in the report: what moved beyond chance, in a plain sentence, in every form of the report alike."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from analysed_chain import WEEK, store_analysed_chain
from sqlalchemy import select
from staff_site import signed_in
from stored_rows import stored_store, stored_store_week, stored_theme, stored_theme_week

from feedback.config import Config
from feedback.report import build_report
from feedback.report.html_file import render
from feedback.report.json_file import to_dict, to_json
from feedback.report.text_file import to_text
from feedback.scopes import area_scope, store_scope
from surveys.database import Database
from surveys.tables import Store
from surveys.weeks import window

RISE = {
    "ja": "鎌倉店で「トイレの清潔さ」への不満が増えています。この2週間はコメントのある回答200件のうち60件（30%）で、"
    "比べた12週間は10%でした（差 +20%、{low}〜{high}の幅）。",
    "en": "鎌倉店: complaints about “Clean toilets” are up. In these 2 weeks 60 of 200 answers with a comment (30%), "
    "in the 12 weeks compared with 10% (difference +20%, {low} to {high}).",
}


def fill(database):
    """The small chain, and a store whose toilets are complained of three times as often since two weeks."""
    with database.session() as session:
        store_analysed_chain(session)
        kamakura = stored_store(session, "kamakura", "鎌倉店")
        stored_theme(session, "toilet", "トイレの清潔さ", "Clean toilets")
        for place, week in enumerate(window(WEEK, 15)):
            stored_store_week(session, kamakura, week, {8: 100}, with_text=100)
            unhappy = 30 if place >= 13 else 10
            stored_theme_week(session, kamakura, week, "toilet", opinions=unhappy, negative=unhappy)
            stored_theme_week(session, kamakura, week, "staff", opinions=20, positive=20)


@pytest.fixture
def risen(database):
    fill(database)
    return database


def built(database, scope=None):
    with database.reading() as session:
        return build_report(session, Config(), WEEK, *([scope(session)] if scope else []))


def test_a_rise_is_told_with_its_interval_in_every_form(risen):
    report = built(risen)
    of_store = [alert for alert in report.alerts if alert.store_key == "kamakura"]
    assert [(alert.theme_id, alert.kind, alert.rises) for alert in of_store] == [("toilet", "complaints", True)]
    found = next(each for each in to_dict(report)["alerts"] if each["store"] == "kamakura")
    sentence, difference = found.pop("sentence"), found.pop("difference")
    assert found == {
        "store": "kamakura", "theme_id": "toilet", "name": "トイレの清潔さ", "kind": "complaints",
        "responses": 60, "of": 200, "before": 0.1, "weeks_before": 12,
    }  # fmt: skip
    assert difference["value"] == 0.2
    assert 0.05 < difference["low"] < 0.2 < difference["high"] < 0.4
    bounds = {side: f"+{100 * difference[side]:.0f}%" for side in ("low", "high")}
    assert sentence == RISE["ja"].format(**bounds)
    for language, expected in RISE.items():
        assert expected.format(**bounds) in to_text(report, language)
        assert expected.format(**bounds) in render(report, language)


def test_an_alert_leads_to_the_comments_of_its_own_weeks(config, sqlite):
    fill(sqlite)
    visitor = signed_in(config, sqlite, "本部", "admin")
    links = re.findall(
        r'<a class="on-screen" href="([^"]+)">コメントを見る<span class="hidden"> ', visitor.page("/staff/report")
    )
    of_store = next(unescape(link) for link in links if "toilet" in link and "kamakura" in link)
    asked = parse_qs(urlsplit(of_store).query)
    assert asked == {
        "week": [WEEK], "window": ["2"], "theme": ["toilet"], "polarity": ["negative"], "scope": ["store-kamakura"]
    }  # fmt: skip
    assert '<option value="2" selected>直近2週間</option>' in visitor.page(of_store)


def test_a_report_tells_the_alerts_of_its_own_stores_alone(risen):
    assert [alert.store_key for alert in built(risen, lambda session: store_scope(session, "kamakura")).alerts] == [
        "kamakura"
    ]
    assert built(risen, lambda session: store_scope(session, "ginza")).alerts == ()
    assert built(risen, lambda session: area_scope(session, "east")).alerts == ()


def test_both_databases_give_the_same_bytes(sqlite_url, postgresql_url):
    written = []
    for url in (sqlite_url, postgresql_url):
        database = Database(url)
        fill(database)
        report = built(database)
        written.append((to_json(report), render(report, "ja"), to_text(report)))
        database.close()
    assert "鎌倉店で「トイレの清潔さ」" in written[0][2]
    assert written[0] == written[1]


def test_a_theme_that_is_newer_than_the_weeks_compared_is_no_alert(risen):
    with risen.session() as session:
        kamakura = session.scalars(select(Store).where(Store.key == "kamakura")).one()
        for week in window(WEEK, 2):
            stored_theme_week(session, kamakura, week, "d-park", opinions=60, negative=60)
    assert "d-park" not in {alert.theme_id for alert in built(risen).alerts}


def test_nothing_is_shown_where_nothing_can_be_told(database):
    with database.session() as session:
        store_analysed_chain(session)
    report = built(database)
    assert report.alerts == ()
    assert "お知らせ" not in to_text(report)
    assert "お知らせ" not in render(report, "ja")
