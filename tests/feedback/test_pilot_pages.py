"""Pilots on the staff pages: the plan, the start, the picture and the verdict."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from factories import TOKYO
from pilot_chain import fill_stores, fill_weeks, run_on, started
from staff_site import signed_in
from stored_rows import stored_run

from feedback.improvement_changes import add_improvement, move_improvement
from feedback.improvements import Details
from feedback.pilots.records import find_pilot, pilots
from surveys.tables import Area, Store
from surveys.weeks import shift, week_of, window

NEW = "/staff/pilots/new"
FORM = f"{NEW}?improvement=1"


@pytest.fixture(autouse=True)
def _one_lot(monkeypatch):
    """The same stores are drawn each time: one draw in twenty is lucky, in tests too."""
    monkeypatch.setattr("secrets.randbelow", lambda _: 20251008)


@pytest.fixture
def chain(sqlite):
    fill_stores(sqlite, weeks=12)
    return sqlite


@pytest.fixture
def office(config, chain):
    return signed_in(config, chain, "本部", "manager")


@pytest.fixture
def coming(chain):
    """The week that begins next, with the weeks before it analysed."""
    this_week = week_of(datetime.now(UTC), TOKYO)
    with chain.session() as session:
        fill_weeks(session, window(shift(this_week, -1), 10))
    return shift(this_week, 1)


def ask(visitor, step="plan", **fields):
    typed = {"improvement": "1", "metric": "nps", "expected": "20", "way": "drawn", "weeks": ""}
    return visitor.post(NEW, form_from=FORM, step=step, **(typed | fields))


def said(page):
    return re.search(r'<h2 id="said">([^<]+)</h2>', page)[1]


def cautions(page):
    return re.findall(r'<p class="caution">([^<]+)</p>', page)


def test_a_plan_says_how_many_weeks_and_the_lot_is_drawn_only_then(office, chain, coming):
    plan = ask(office, start_week=coming)
    assert plan.status_code == 200
    needed = re.search(r"20ポイントの変化を見分けるには、(\d+)週ほどかかります。", plan.text)
    assert int(needed[1]) in range(2, 12)
    assert ("10店舗のうち5店舗で試します。" in plan.text, "くじを引いて始める" in plan.text) == (True, True)
    with chain.reading() as session:
        assert pilots(session) == ()
    panel = plan.text.split('class="panel stack"')[0]
    carried = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', panel)
    begun = office.client.post(NEW, data={**{name: unescape(text) for name, text in carried}, "step": "start"})
    assert (begun.status_code, begun.headers["Location"]) == (303, "/staff/pilot?number=1")
    with chain.reading() as session:
        made = find_pilot(session, 1)
    assert (made.start_week, made.weeks, len(made.trying), made.made_by) == (coming, int(needed[1]), 5, "本部")
    page = office.page("/staff/pilot?number=1")
    assert said(page) == f"あと{int(needed[1]) + 1}週"
    assert "試行が続いています" in office.page("/staff/improvements")
    assert "試行 1 を始めました" in office.page("/staff/improvement?number=1")


def test_a_plan_that_can_show_nothing_says_what_could(office, coming):
    few = ask(office, start_week=coming, store=["s0", "s1", "s2", "s3"])
    assert "試す店舗が2なら、くらべる店舗が5以上あれば言えます。" in few.text
    assert ("それでも始めるときは" in few.text, "くじを引いて始める" in few.text) == (True, False)
    small = ask(office, start_week=coming, expected="0.5")
    assert "0.5ポイントの変化は、1年続けても見分けられません。" in small.text
    short = ask(office, start_week=coming, weeks="1")
    assert "計画は1週なので、「まだ分からない」で終わるかもしれません。" in short.text
    everywhere = ask(office, start_week=coming, way="all", weeks="4")
    assert "効いたかどうかは言えません" in everywhere.text
    picked = ask(office, start_week=coming, way="picked", pick=["s0", "s1", "s2"])
    assert "くじをおすすめします" in picked.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"expected": "たくさん"}, "期待する変化は、0より大きく100以下"),
        ({"expected": "-8"}, "期待する変化は、0より大きく100以下"),
        ({"weeks": "とても長く"}, "続ける週の数を、1〜52で"),
        ({"weeks": "999"}, "続ける週の数を、1〜52で"),
        ({"start_week": "2025-W30"}, "始める週を選び直してください"),
        ({"start_week": "いつか"}, "始める週を選び直してください"),
        ({"way": "picked"}, "試す店舗を選んでください"),
        ({"metric": "theme", "expected": "90"}, "いまの割合より小さい数を書いてください"),
        ({"trying": "9"}, "それぞれ2店舗以上必要です"),
        ({"store": ["s0"]}, "それぞれ2店舗以上必要です"),
        ({"store": ["s0", "s1", "s2", "nowhere"]}, "店舗を選び直してください"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_started(office, chain, coming, fields, words):
    answer = ask(office, step="start", **({"start_week": coming, "weeks": "4"} | fields))
    assert (answer.status_code, words in answer.text) == (400, True)
    assert "まだ始めていません。" in answer.text
    with chain.reading() as session:
        assert pilots(session) == ()


def test_what_worked_is_said_in_a_sentence_beside_its_picture(office, chain):
    run_on(chain, started(chain), 5, gain=3)
    page = office.page("/staff/pilot?number=1")
    assert (said(page), cautions(page)) == ("効いた", [])
    assert re.search(r"くらべた店舗より、はっきりよくなりました（少なくとも\+\d\d\.\dポイント）。", page)
    figure = re.search(r'<svg class="figure two-groups".*?</svg>', page, re.DOTALL)[0]
    assert [figure.count(f'class="{kind}"') for kind in ("band trying", "band others", "line trying", "start")] == [
        1
    ] * 4
    assert "開始</text>" in figure
    assert "この試行を変える" not in page
    assert re.search(r"参考: 不満の割合の差</dt><dd>\d+\.\dポイント減 <span", page)
    assert 'href="/staff/improvement?number=1#next">改善のページへ' in page
    assert '<b class="tag">効いた</b>' in office.page("/staff/improvement?number=1")
    assert "試行の結果が出ました" in office.page("/staff/improvements")
    english = office.page("/staff/pilot?number=1&lang=en")
    assert said(english) == "It worked"
    office.page("/staff/pilot?number=1&lang=ja")


def test_an_unclear_one_says_how_long_and_goes_on(office, chain):
    pilot = started(chain, stores=("s0", "s1", "s2", "s3"), metric="theme", expected=10.0)
    run_on(chain, pilot, 5, gain=3)
    page = office.page("/staff/pilot?number=1")
    assert said(page) == "まだ分からない"
    assert cautions(page) == [
        "店舗が少なすぎて、「効いた」とは言えません。3店舗と3店舗、または2店舗と5店舗からなら言えます。"
    ]
    assert re.search(r"\d+\.\dポイント減", page)
    # more weeks would not help: no way to go on is offered, and one that is asked for all the same is counted
    assert "あと何週延ばしますか" not in page

    def extend(weeks):
        return office.post("/staff/pilot", form_from=FORM, number="1", step="extend", weeks=weeks)

    refused = extend("いくらでも")
    assert (refused.status_code, "延ばす週の数を" in refused.text) == (400, True)
    assert extend("3").status_code == 303
    assert said(office.page("/staff/pilot?number=1")) == "あと3週"


def test_picked_everywhere_and_stopped_are_told_honestly(office, chain):
    run_on(chain, started(chain, picked=("s1", "s3", "s5", "s7")), 5, gain=3)
    assert cautions(office.page("/staff/pilot?number=1"))[0].startswith("試す店舗をくじでなく人が選んだため")
    started(chain, everywhere=True, start_week="2025-W43", weeks=2)
    page = office.page("/staff/pilot?number=2")
    assert (said(page), cautions(page)[0].startswith("くらべる店舗がないため")) == ("前後の変化", True)
    with chain.session() as session:
        add_improvement(session, Details("あいさつ"), "本部", datetime.now(UTC))
    started(chain, improvement=2, picked=("s1", "s3"), weeks=40)
    assert said(office.page("/staff/pilot?number=3")) == "あと36週"
    stopped = office.post("/staff/pilot", form_from=FORM, number="3", step="stop")
    assert (stopped.status_code, said(office.page("/staff/pilot?number=3"))) == (303, "途中でやめました")
    assert office.post("/staff/pilot", form_from=FORM, number="3", step="stop").status_code == 303
    over = office.post("/staff/pilot", form_from=FORM, number="1", step="stop")
    assert (over.status_code, "この試行は、もう終わっています。" in over.text) == (409, True)


def test_one_store_alone_is_looked_at_before_and_after(config, chain, coming):
    with chain.session() as session:
        add_improvement(session, Details("ベンチを置く"), "本部", datetime.now(UTC), store="s4")
    store = signed_in(config, chain, "店長", "manager", store="s4")
    assert "前と後をくらべる" in store.page("/staff/improvement?number=2")
    own = f"{NEW}?improvement=2"
    form = store.page(own)
    assert ("4号店だけの改善なので" in form, 'value="drawn"' in form) == (True, False)
    # it may have begun already
    earliest = f'<option value="{shift(coming, -13)}">'
    assert (earliest in form, f'<option value="{coming}" selected>' in form) == (True, True)
    assert earliest not in signed_in(config, chain, "本部", "manager").page(FORM)
    refused = store.post(NEW, form_from=own, improvement="2", expected="8", start_week=coming, weeks="4", way="drawn")
    assert (refused.status_code, "1店舗だけの改善では" in refused.text) == (400, True)
    begun = store.post(
        NEW, form_from=own, improvement="2", expected="8", start_week=coming, weeks="4", way="all", step="start"
    )
    assert begun.status_code == 303
    assert said(store.page(begun.headers["Location"])) == "あと5週"


def test_what_is_rolled_out_already_is_looked_at_before_and_after(office, chain, coming):
    with chain.session() as session:
        move_improvement(session, 1, "rollout", "本部", datetime.now(UTC))
    assert "試行を計画する" not in office.page("/staff/improvement?number=1")
    form = office.page(FORM)
    assert ("もう全店に広げているので" in form, 'value="drawn"' in form) == (True, False)
    begun = ask(office, step="start", start_week=coming, weeks="4", way="all")
    assert (begun.status_code, said(office.page(begun.headers["Location"]))) == (303, "あと5週")


def test_only_who_sees_every_store_sees_and_starts_a_pilot(config, chain, coming):
    with chain.session() as session:
        east = Area(key="east", name="東")
        session.add(east)
        session.flush()
        for number in range(6):
            session.query(Store).filter_by(key=f"s{number}").one().area_id = east.id
    started_by_all = started(chain, stores=("s4", "s5", "s6", "s7"), picked=("s4", "s5"))
    area = signed_in(config, chain, "東エリア長", "manager", area="east")
    store = signed_in(config, chain, "店長", "manager", store="s4")
    viewer = signed_in(config, chain, "見る人", "viewer")
    path = f"/staff/pilot?number={started_by_all.number}"
    assert [each.get(path).status_code for each in (area, store, viewer)] == [404, 404, 200]
    assert [each.get(FORM).status_code for each in (viewer, store, area)] == [403, 403, 403]
    # an improvement of the whole chain is not theirs to try
    with chain.session() as session:
        add_improvement(session, Details("東の店"), "本部", datetime.now(UTC), store="s0")
    own = f"{NEW}?improvement=2"
    assert area.post(NEW, form_from=own, improvement="1", start_week=coming).status_code == 403
    assert [area.get(f"{NEW}?improvement=9").status_code, area.get("/staff/pilot?number=9").status_code] == [404, 404]


def test_before_anything_is_analysed_the_form_says_what_is_missing(config, sqlite):
    with sqlite.session() as session:
        add_improvement(session, Details("あいさつ"), "本部", datetime.now(UTC))
        session.add_all(Store(key=f"s{number}", name=f"{number}号店") for number in range(6))
    office = signed_in(config, sqlite, "本部", "manager")
    answer = ask(office, start_week=shift(week_of(datetime.now(UTC), TOKYO), 1))
    assert (answer.status_code, "8週以上の回答の記録が必要です" in answer.text) == (400, True)
    assert 'value="theme"' not in office.page(FORM)
    with sqlite.session() as session:
        stored_run(session, "2025-W40")
    assert office.get(FORM).status_code == 200
