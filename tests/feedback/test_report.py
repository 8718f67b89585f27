"""A report put together from stored counts whose figures can be worked out by hand."""

import json
from dataclasses import replace

import pytest
from analysed_chain import BEFORE, WEEK, store_analysed_chain
from sqlalchemy import delete, select
from stored_rows import (
    stored_comment,
    stored_event,
    stored_impact,
    stored_opinion,
    stored_response,
    stored_run,
    stored_store,
    stored_store_week,
    stored_theme,
    stored_theme_week,
)

from analysis.errors import WeekNotAnalysedError
from analysis.results import Estimate, ThemeImpact
from analysis.tables import LineageRow, Run
from analysis.totals import ThemeTotals
from feedback.config import Config
from feedback.errors import NothingAnalysedError
from feedback.report import build_report, newest_week
from feedback.report.build import report_of
from feedback.report.counts import AnswerTotals
from feedback.report.html_file import render
from feedback.report.json_file import to_dict, to_json
from feedback.report.material import read_material
from feedback.report.text_file import to_text
from feedback.report.themes import scaled_impact
from feedback.scopes import CHAIN, area_scope, store_scope
from surveys.errors import InputError
from surveys.tables import Store

UNKNOWN = Estimate(None)


@pytest.fixture
def analysed(database):
    with database.session() as session:
        store_analysed_chain(session)
    return database


def built(database, week=WEEK, store=None, **settings):
    config = Config.model_validate(settings)
    with database.reading() as session:
        return build_report(session, config, week, *([store_scope(session, store)] if store else []))


def test_the_json_is_the_contract_to_the_letter(analysed):
    quotes = [
        {"comment_id": "r0/reason", "text": "レジが混んでいて待たされました"},
        {"comment_id": "r1/reason", "text": "レジをもう一台増やしてほしいです"},
    ]
    nothing = {"value": None, "low": None, "high": None}
    found = to_dict(built(analysed))
    assert list(found) == [
        "week", "window", "revision", "responses", "nps", "change",
        "themes", "improvements", "other_share", "none_answers", "provenance", "smallest_change", "stores",
        "visits", "alerts", "at_level", "still_needed",
    ]  # fmt: skip
    up, down = 25.75 / 108, 40.75 / 108
    assert found.pop("smallest_change") == pytest.approx(195.9964 * (2 * (up + down - (up - down) ** 2) / 108) ** 0.5)
    stores = found.pop("stores")
    assert stores[1:] == [
        {
            "key": "ueno", "name": "上野店", "responses": 5,
            "nps": {"value": 100.0, "low": None, "high": None, "n": 5}, "likely": nothing,
        },
        {"key": "zama", "name": "座間店", "responses": 0, "nps": nothing | {"n": 0}, "likely": nothing},
    ]  # fmt: skip
    trends = {theme["id"]: theme.pop("trend") for theme in found["themes"]}
    lineage = {theme["id"]: theme.pop("lineage") for theme in found["themes"]}
    assert lineage == {"queue": None, "again": None, "d-park": {"kind": "new", "themes": []}, "staff": None}
    sides = {theme["id"]: (theme.pop("complaints"), theme.pop("praise")) for theme in found["themes"]}
    assert sides == {
        "queue": (
            {
                "reach": 20 / 160, "left_out": {"value": -7.5, "low": -11.0, "high": -4.0},
                "each": {"value": -60.0, "low": -90.0, "high": -30.0},
            },
            {"reach": 20 / 160, "left_out": nothing, "each": nothing},
        ),
        "again": (None, None),  # an earlier version stored no number of responses
        "d-park": (None, None),
        "staff": (None, None),
    }  # fmt: skip
    assert {theme["id"]: theme.pop("inseparable_from") for theme in found["themes"]} == {key: [] for key in sides}
    nps, change, improvements = found.pop("nps"), found.pop("change"), found.pop("improvements")
    assert found == {
        "week": WEEK,
        "window": 1,
        "revision": 2,
        "responses": 115,
        "themes": [
            {
                "id": "queue", "name": "レジの待ち時間", "origin": "catalogue", "opinions": 11, "share": 11 / 55,
                "positive": 0, "negative": 10, "requests": 2,
                "impact": {"value": -6.0, "low": -9.0, "high": -3.0}, "quotes": quotes,
            },
            {
                "id": "again", "name": "満足・また来たい", "origin": "catalogue", "opinions": 4, "share": 4 / 55,
                "positive": 3, "negative": 1, "requests": 0,
                "impact": {"value": 4.0, "low": 1.0, "high": 7.0}, "quotes": [],
            },
            {
                "id": "d-park", "name": "駐車場が狭い", "origin": "discovered", "opinions": 5, "share": 3 / 55,
                "positive": 0, "negative": 4, "requests": 0, "impact": nothing, "quotes": [],
            },
            {
                "id": "staff", "name": "接客", "origin": "catalogue", "opinions": 3, "share": 3 / 55,
                "positive": 3, "negative": 0, "requests": 0, "impact": nothing, "quotes": [],
            },
        ],
        "other_share": (12 + 3 - 5) / 50,
        "none_answers": 3,
        "provenance": {
            "counts": {"answers": 5, "comments": 3}, "settings": "abc", "windows": {"impacts": 4, "improvements": 26},
        },
        "visits": None,
        "alerts": [],
        "at_level": [],
        "still_needed": {"precision": 10, "responses": 122},
    }  # fmt: skip
    assert list(nps) == ["value", "low", "high", "n", "promoters", "passives", "detractors"]
    assert nps | {"low": None, "high": None} == {
        "value": pytest.approx(-1500 / 105), "low": None, "high": None,
        "n": 105, "promoters": 25, "passives": 40, "detractors": 40,
    }  # fmt: skip
    assert -100 < nps["low"] < nps["value"] < nps["high"] < 100
    assert change["value"] == pytest.approx(-1500 / 105 - 20)
    assert change["low"] < change["value"] < change["high"] < 0
    assert trends["queue"]["value"] == pytest.approx(11 / 55 - 6 / 50)
    assert trends["queue"]["low"] < trends["queue"]["value"] < trends["queue"]["high"]
    assert [list(item) for item in improvements] == [
        [
            "rank", "rank_low", "rank_high", "theme_id", "name", "reason", "gain", "request_quotes",
            "reach", "level", "requests", "trend", "tied", "effort",
        ]
    ]  # fmt: skip
    queue = [improvements[0][key] for key in ("rank", "rank_low", "rank_high", "theme_id", "name")]
    assert queue == [1, 1, 1, "queue", "レジの待ち時間"]
    gain = improvements[0]["gain"]
    assert list(gain) == ["value", "low", "high"]
    assert gain["value"] == pytest.approx(60 * 15 / 225)
    assert 0 < gain["low"] < gain["value"] < gain["high"]
    assert improvements[0]["request_quotes"] == quotes[1:]
    facts = [improvements[0][key] for key in ("level", "requests", "tied", "effort")]
    assert facts == [0.0, 4, False, None]
    assert improvements[0]["reach"]["value"] == pytest.approx(15 / 225)
    assert improvements[0]["trend"] == {"value": None, "low": None, "high": None}
    assert "レジの待ち時間" in improvements[0]["reason"]


@pytest.mark.parametrize(
    ("kind", "theme_id", "other_id", "japanese", "english"),
    [
        ("merged", "d-bike", "d-park", "（「駐輪場」とまとめました）", " (joined with “Bicycles”)"),
        ("split", "d-park", "d-bike", "（「駐輪場」から分かれました）", " (split off from “Bicycles”)"),
    ],
)
def test_a_theme_says_what_became_of_it_since_the_report_before(analysed, kind, theme_id, other_id, japanese, english):
    assert "駐車場が狭い（新しい話題）  5.5%" in to_text(built(analysed))
    with analysed.session() as session:
        session.execute(delete(LineageRow))
        stored_theme(session, "d-bike", "駐輪場", "Bicycles", origin="discovered", first_week=BEFORE)
        stored_event(session, WEEK, theme_id, kind, other_id)
    report = built(analysed)
    (told,) = [theme["lineage"] for theme in to_dict(report, "en")["themes"] if theme["lineage"]]
    assert told == {"kind": kind, "themes": [{"id": "d-bike", "name": "Bicycles"}]}
    assert f"駐車場が狭い{japanese}" in to_text(report)
    assert f"Narrow car park{english}" in to_text(report, "en")
    assert f'<span class="tag news">{japanese[1:-1]}</span>' in render(report, "ja")
    assert f'<span class="tag news">{english[2:-1]}</span>' in render(report, "en")


def test_improvements_pool_more_weeks_where_complaints_are_few(analysed):
    found = [
        (report.window, report.improvements_window, report.improvements[0].gain.value)
        for report in (built(analysed, analysis={"window_responses": needed}) for needed in (13, 18, 100))
    ]
    one_week, both = pytest.approx(60 * 10 / 115), pytest.approx(60 * 15 / 225)
    assert found == [(1, 1, one_week), (1, 4, both), (1, 26, both)]


def complaints_in_stores(database, complaints):
    """One week of stores with 40 answers each, so many of which complain of the wait at the till."""
    with database.session() as session:
        stored_theme(session, "queue", "レジの待ち時間", "Waiting at the till")
        stored_impact(session, stored_run(session, WEEK), "queue", negative=[-60.0, -90.0, -30.0])
        for number, part in enumerate(complaints):
            store = stored_store(session, f"s{number}", f"{number}号店")
            stored_store_week(session, store, WEEK, {9: 40}, with_text=20)
            stored_theme_week(session, store, WEEK, "queue", opinions=part, negative=part)


@pytest.mark.parametrize(
    ("improve_to", "level", "gain", "told"),
    [
        ("best_quarter", 0.0186059, 4.883645, "不満の少ない店舗の水準（1.9%）"),
        ("zero", 0.0, 6.0, "不満がまったくない場合"),
    ],
)
def test_a_setting_says_what_complaints_could_fall_to(sqlite, improve_to, level, gain, told):
    # 40 answers a store; 0, 4, 4 and 8 of them complain: a tenth of all; the best store is drawn toward that
    complaints_in_stores(sqlite, (0, 4, 4, 8))
    (item,) = built(sqlite, analysis={"improve_to": improve_to}).improvements
    assert (item.reach.value, item.level, item.gain.value) == pytest.approx((0.1, level, gain))
    assert told in item.reason["ja"]


def test_the_report_says_how_many_answers_a_stated_precision_still_needs(analysed):
    needed = [built(analysed, feedback={"precision": points}).still_needed.responses for points in (5, 10, 15)]
    # (25.75 + 40.75) / 108 - (15 / 108)^2 = 0.59645; times (196 / points)^2, minus 3 and the 105 that there are
    assert needed == [809, 122, 0]
    page = render(built(analysed), "ja")
    assert "±10ポイントまで確かにするには、あと約122件の回答が必要です" in page
    assert "まで確かにするには" not in render(built(analysed, feedback={"precision": 15}), "ja")


def test_complaints_alike_in_every_store_are_named_though_they_have_no_rank(sqlite):
    complaints_in_stores(sqlite, (4, 4, 4, 4))
    report = built(sqlite)
    assert to_dict(report, "en")["at_level"] == [{"id": "queue", "name": "Waiting at the till"}]
    said = "関連している不満：\n    レジの待ち時間</p>"
    assert (report.improvements, said in render(report, "ja")) == ((), True)
    assert "（不満の少ない店舗の水準と変わらない不満）: レジの待ち時間" in to_text(report)
    assert built(sqlite, analysis={"improve_to": "zero"}).at_level == ()


def test_what_staff_think_that_it_takes_is_shown_and_weighs_nothing(analysed):
    with analysed.reading() as session:
        told = report_of(read_material(session, Config(), WEEK, CHAIN), Config(), {"queue": 2})
    silent = built(analysed)
    assert [replace(item, effort=None) for item in told.improvements] == list(silent.improvements)
    assert to_dict(told)["improvements"][0]["effort"] == 2
    assert ("5段階の2" in render(told, "ja"), "2 of 5" in render(told, "en")) == (True, True)
    assert "5段階" not in render(silent, "ja")


def test_both_sides_of_a_theme_stand_beside_its_impact(analysed):
    page = render(built(analysed), "ja")
    assert "悪い声：全店舗の回答の12%" in page
    assert "その回答を除いたNPSとの差 −7.5（−11.0〜−4.0）" in page
    assert "ほかのテーマや店舗・時期をそろえた1件あたりの差 −60（−90〜−30）" in page


def test_a_theme_says_which_ones_it_cannot_be_told_apart_from(analysed):
    with analysed.session() as session:
        run = session.scalars(select(Run).where(Run.week == WEEK)).one()
        stored_impact(session, run, "staff", inseparable=["queue", "gone"])
    report = built(analysed)
    assert [theme["inseparable_from"] for theme in to_dict(report)["themes"] if theme["id"] == "staff"] == [["queue"]]
    assert "「レジの待ち時間」と重なって話題になるため、分けて示せません" in render(report, "ja")


def test_a_wish_about_two_themes_stands_under_the_first_only(analysed):
    with analysed.session() as session:
        ginza = session.scalars(select(Store).where(Store.key == "ginza")).one()
        stored_theme(session, "hours", "営業時間", "Opening hours")
        run = session.scalars(select(Run).where(Run.week == WEEK)).one()
        stored_impact(session, run, "hours", negative=[-30.0, -50.0, -10.0])
        stored_theme_week(session, ginza, WEEK, "hours", opinions=8, negative=8, requests=2)
        for number, (text, tags) in enumerate(
            [("夜も開けてレジを増やしてほしい", {"queue": 0.5, "hours": 0.9}), ("夜も開けてほしいです", {"hours": 0.8})]
        ):
            comment = stored_comment(session, stored_response(session, f"w{number}", ginza), text)
            stored_opinion(session, comment, text, tags, is_request=True)
    found = {item.theme_id: [quote.text for quote in item.request_quotes] for item in built(analysed).improvements}
    assert found == {
        "queue": ["レジをもう一台増やしてほしいです", "夜も開けてレジを増やしてほしい"],
        "hours": ["夜も開けてほしいです"],
    }


def test_names_and_reasons_are_english_where_asked(analysed):
    found = to_dict(built(analysed), "en")
    assert [theme["name"] for theme in found["themes"]][:2] == ["Waiting at the till", "Satisfaction"]
    assert "Waiting at the till" in found["improvements"][0]["reason"]


def test_the_same_report_gives_the_same_bytes_without_nan(analysed):
    first, second = to_json(built(analysed)), to_json(built(analysed))
    assert first == second
    assert json.loads(first, parse_constant=pytest.fail)["week"] == WEEK


def test_a_store_scales_what_goes_with_a_mention_by_its_own_mentions(analysed):
    report = built(analysed, store="ginza")
    queue = report.themes[0]
    assert (queue.id, queue.share.value, queue.impact) == ("queue", 11 / 50, Estimate(
        pytest.approx(-60 * 10 / 110), pytest.approx(-90 * 10 / 110), pytest.approx(-30 * 10 / 110)
    ))  # fmt: skip
    assert (report.responses, report.nps.n, report.scope.name) == (110, 100, "銀座店")
    assert [figure.key for figure in report.stores] == ["ginza"]


def test_an_area_holds_its_stores_only(analysed):
    with analysed.reading() as session:
        report = build_report(session, Config(), WEEK, area_scope(session, "east"))
    assert (report.scope.name, report.responses) == ("東", 115)
    assert [figure.key for figure in report.stores] == ["ginza", "ueno"]
    assert [theme.id for theme in report.themes] == ["queue", "again", "d-park", "staff"]


def test_both_sides_of_an_impact_are_scaled_and_an_unknown_one_is_left_out():
    of_chain = Estimate(-4.0, -9.0, 1.0)
    known = ThemeImpact("t", of_chain, Estimate(-60.0, -90.0, -30.0), Estimate(40.0, 0.0, 80.0), 20, 20)
    half = ThemeImpact("t", of_chain, UNKNOWN, Estimate(40.0, 0.0, 80.0), 2, 20)
    tied = ThemeImpact("t", UNKNOWN, UNKNOWN, Estimate(40.0, 0.0, 80.0), 20, 20)
    totals, answers = ThemeTotals(responses_negative=10, responses_positive=20), AnswerTotals(responses=100)
    assert scaled_impact(known, totals, answers) == Estimate(
        2.0, pytest.approx(2 - 73**0.5), pytest.approx(2 + 73**0.5)
    )
    assert scaled_impact(half, totals, answers) == Estimate(8.0, 0.0, 16.0)
    assert scaled_impact(tied, totals, answers) == UNKNOWN
    assert scaled_impact(ThemeImpact("t", UNKNOWN, UNKNOWN, UNKNOWN, 0, 0), totals, answers) == UNKNOWN


def test_26_weeks_are_compared_with_the_26_weeks_before_them(analysed):
    with analysed.session() as session:
        ginza = session.scalars(select(Store).where(Store.key == "ginza")).one()
        stored_store_week(session, ginza, "2025-W10", {0: 20}, with_text=10)
        stored_theme_week(session, ginza, "2025-W10", "queue", opinions=5, negative=5)
    report = built(analysed, analysis={"window_responses": 1000})
    assert (report.window, report.more_needed, len(report.weeks)) == (26, 1000 - 205, 2)
    assert report.change.value == pytest.approx(100 * (65 - 60) / 205 + 100)
    assert report.themes[0].trend.value == pytest.approx(17 / 105 - 5 / 10)


def test_a_store_with_few_answers_pools_26_weeks_and_says_how_many_are_missing(analysed):
    report = built(analysed, store="ueno")
    assert (report.window, report.nps.n, report.more_needed, report.responses) == (26, 5, 95, 5)
    assert report.nps.estimate == Estimate(100.0)
    assert report.change == Estimate(None)
    assert [theme.id for theme in report.themes] == ["staff"]
    assert report.improvements == ()


def test_a_store_without_an_answer_gets_an_honest_report(analysed):
    report = built(analysed, store="zama")
    assert to_dict(report) | {"provenance": {}} == {
        "week": WEEK,
        "window": 26,
        "revision": 2,
        "responses": 0,
        "nps": {"value": None, "low": None, "high": None, "n": 0, "promoters": 0, "passives": 0, "detractors": 0},
        "change": {"value": None, "low": None, "high": None},
        "themes": [],
        "improvements": [],
        "other_share": None,
        "none_answers": 0,
        "provenance": {},
        "smallest_change": None,
        "stores": [
            {
                "key": "zama", "name": "座間店", "responses": 0,
                "nps": {"value": None, "low": None, "high": None, "n": 0},
                "likely": {"value": None, "low": None, "high": None},
            },
        ],
        "visits": None,
        "alerts": [],
        "at_level": [],
        "still_needed": None,
    }  # fmt: skip
    assert (report.more_needed, report.weeks[-1].week, len(report.weeks)) == (100, WEEK, 1)
    assert "まだ回答が足りません（あと約100件）" in to_text(report)


def test_the_trend_runs_from_the_first_week_with_answers(analysed):
    report = built(analysed)
    assert [(point.week, point.responses) for point in report.weeks] == [(BEFORE, 110), (WEEK, 115)]
    assert [theme.weekly_share for theme in report.themes] == [
        (6 / 50, 11 / 55),
        (4 / 50, 4 / 55),
        (0.0, 3 / 55),
        (0.0, 3 / 55),
    ]


def test_stores_stand_side_by_side_over_one_window_with_what_they_lack(analysed):
    report = built(analysed)
    assert report.stores_window == 26
    rows = [(row.key, row.responses, row.nps.n, row.more_needed, row.worst_theme) for row in report.stores]
    queue = {"ja": "レジの待ち時間", "en": "Waiting at the till"}
    assert rows == [("ginza", 220, 200, 0, queue), ("ueno", 5, 5, 5, None), ("zama", 0, 0, 10, None)]


def test_each_store_that_answered_is_drawn_toward_the_chain_also_in_a_report_of_its_own(analysed):
    with analysed.session() as session:
        zama = session.query(Store).filter_by(key="zama").one()
        stored_store_week(session, zama, WEEK, {0: 40, 8: 40, 10: 20})
        stored_store(session, "empty", "新しい店")
    likely = {store.key: store.likely for store in built(analysed).stores}
    assert likely["empty"] is None
    # ueno's five promoters weigh little beside the others' three hundred answers
    assert -30 < likely["ueno"].low < likely["ueno"].value < 60
    assert likely["zama"].value == pytest.approx(-20, abs=4)
    alone = built(analysed, store="ueno").stores[0]  # over as many weeks as this store needs
    assert alone.likely.value == pytest.approx(likely["ueno"].value, abs=5)
    assert alone.likely.value < alone.nps.estimate.value == 100


def test_an_older_week_does_not_show_what_was_discovered_later(analysed):
    report = built(analysed, week=BEFORE)
    assert [theme.id for theme in report.themes] == ["queue", "again"]
    assert report.other_share == 12 / 40


def test_a_week_without_an_answer_pools_the_weeks_before_it(analysed):
    with analysed.session() as session:
        stored_run(session, "2025-W41")
    report = built(analysed, week="2025-W41", analysis={"window_responses": 50})
    assert (report.responses, report.window, report.nps.n, report.weeks[-1].nps) == (0, 4, 205, Estimate(None))


@pytest.mark.parametrize(
    ("week", "fault"),
    [("2025-W38", WeekNotAnalysedError), ("2025-W60", InputError), ("last", InputError)],
)
def test_a_week_that_is_not_analysed_or_none_is_refused(analysed, week, fault):
    with pytest.raises(fault, match=week):
        built(analysed, week=week)


def test_the_newest_week_is_the_one_shown_first(analysed):
    with analysed.reading() as session:
        assert newest_week(session) == WEEK


def test_before_any_analysis_there_is_no_newest_week(sqlite):
    with sqlite.reading() as session, pytest.raises(NothingAnalysedError, match="koebako analyse"):
        newest_week(session)


def test_the_json_tells_first_time_from_repeat_customers(analysed):
    with analysed.session() as session:
        ginza = session.scalars(select(Store).where(Store.key == "ginza")).one()
        for number in range(10):
            visits = {"visits": "first" if number < 4 else "2to5"}
            response = stored_response(session, f"v{number}", ginza, score=10, attributes=visits)
            comment = stored_comment(session, response, "レジが混む")
            stored_opinion(session, comment, "レジが混む", {"queue": 1.0}, polarity="negative")
    report = built(analysed)
    found = to_dict(report)["visits"]
    share = {"value": 0.6, "low": pytest.approx(0.313, abs=1e-3), "high": pytest.approx(0.832, abs=1e-3)}
    everybody = {"value": 1.0, "low": None, "high": None}
    side = {"first": everybody, "repeat": everybody, "difference": {"value": 0.0, "low": None, "high": None}}
    assert (found["window"], found["responses"], found["repeat_rate"]) == (26, 10, share)
    assert found["groups"][1] == {
        "key": "2to5", "name": "2〜5回目", "responses": 6, "share": share,
        "nps": {"value": 100.0, "low": None, "high": None, "n": 6},
    }  # fmt: skip
    assert found["change"] == {"value": 0.0, "low": None, "high": None}
    assert found["themes"] == [{"id": "queue", "name": "レジの待ち時間", "mentions": side, "complaints": side}]
    assert "初めての方とリピーター" in render(report, "ja")
    assert to_dict(built(analysed, store="ueno"))["visits"] is None
