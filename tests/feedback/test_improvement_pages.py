"""The improvements board, one improvement, and the way from the report to it."""

import re
from html import unescape

import pytest
from staff_site import fill_chain, signed_in

from feedback.improvement_changes import add_improvement
from feedback.improvements import Details, find_improvement, history, improvements
from feedback.pages.gate import FORM_FIELD
from surveys.queries import stores

BOARD, ONE = "/staff/improvements", "/staff/improvement"


@pytest.fixture
def chain(sqlite):
    fill_chain(sqlite)
    return sqlite


@pytest.fixture
def office(config, chain):
    return signed_in(config, chain, "本部", "manager")


@pytest.fixture
def ginza(config, chain):
    return signed_in(config, chain, "銀座店長", "manager", store="ginza")


def add(visitor, **fields):
    return visitor.post(BOARD, form_from=BOARD, **({"title": "レジを増やす"} | fields))


def change(visitor, number=1, **fields):
    return visitor.post(ONE, form_from=BOARD, number=str(number), **fields)


def board(visitor):
    """What stands in which column."""
    page = visitor.page(BOARD)
    columns = re.findall(r'<section aria-labelledby="(\w+)".*?</section>', page, re.DOTALL)
    parts = re.findall(r'<section aria-labelledby="\w+".*?</section>', page, re.DOTALL)
    titles = (re.findall(r"<h3><a [^>]+>([^<]+)</a>", part) for part in parts)
    return {name: found for name, found in zip(columns, map(list, titles), strict=True) if found}


def test_an_improvement_is_written_and_stands_on_the_board(office, chain):
    fields = {"owner": "佐藤", "due": "2099-03-31", "effort": "2", "theme": "queue", "store": "ginza"}
    answer = add(office, **fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ONE}?number=1")
    assert board(office) == {"candidate": ["レジを増やす"]}
    listed = office.page(BOARD)
    told = ("レジの待ち時間", "銀座店", "担当 佐藤", "期限 2099年3月31日", "手間 2/5")
    assert [word for word in told if word not in listed] == []
    with chain.reading() as session:
        found = find_improvement(session, 1)
    assert (found.theme, found.store_key, found.made_by) == ("queue", "ginza", "本部")


def test_the_ranked_list_of_the_report_leads_to_the_form_filled_in(office, config, chain):
    taken_up = unescape(re.search(r'href="([^"]+)">これに取り組む', office.page("/staff/report"))[1])
    assert taken_up.startswith(f"{BOARD}?theme=") and taken_up.endswith("#new")  # noqa: PT018 - one address
    form = office.page(taken_up)
    assert '<details class="panel new" id="new" open>' in form
    assert re.search(r'<option value="\w+" selected>', form)
    assert re.search(r'name="title" required maxlength="200" value="[^"]+"', form)
    viewer = signed_in(config, chain, "見る人", "viewer")
    assert "これに取り組む" not in viewer.page("/staff/report")


def test_a_report_of_one_store_leads_to_what_is_for_that_store(office):
    add(office, theme="queue", store="ueno")
    of_ginza = office.page("/staff/report?scope=store-ginza")
    taken_up = unescape(re.search(r'href="([^"]+)">これに取り組む', of_ginza)[1])
    assert '<option value="ginza" selected>' in office.page(taken_up)
    assert "取り組み中の改善を見る" not in of_ginza
    assert "取り組み中の改善を見る" in office.page("/staff/report")


def test_it_is_taken_on_and_who_changed_what_is_told(office):
    add(office)
    assert change(office, state="rollout").status_code == 303
    assert change(office, note="業者に頼んだ").status_code == 303
    assert change(office, title="レジを2台に", owner="鈴木", due="", effort="").status_code == 303
    page = office.page(f"{ONE}?number=1")
    told = re.findall(r'<li><p class="words">([^<]+)</p><p class="small">[^<]+ ・ (\S+)</p>', page)
    assert told == [
        ("担当: なし → 鈴木", "本部"),
        ("内容: レジを増やす → レジを2台に", "本部"),
        ("業者に頼んだ", "本部"),
        ("候補 → 展開", "本部"),
        ("「レジを増やす」を書きました", "本部"),
    ]
    assert board(office) == {"rollout": ["レジを2台に"]}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": " "}, "内容を1〜200文字で"),
        ({"title": "あ" * 201}, "内容を1〜200文字で"),
        ({"due": "soon"}, "期限の日付を確かめてください"),
        ({"effort": "9"}, "手間は1〜5から選んでください"),
        ({"theme": "none"}, "テーマを選び直してください"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_still_stands(office, chain, fields, words):
    answer = add(office, owner="佐藤", **fields)
    assert (answer.status_code, words in answer.text, 'value="佐藤"' in answer.text) == (400, True, True)
    with chain.reading() as session:
        assert improvements(session) == ()


def test_a_step_that_leads_nowhere_is_refused(office, chain):
    add(office)
    answer = change(office, state="done")
    assert (answer.status_code, "いまの状態を確かめてください" in answer.text) == (400, True)
    assert change(office, note=" ").status_code == 400
    with chain.reading() as session:
        assert [each.field for each in history(session, 1)] == ["made"]


def test_two_who_edit_at_once_lose_nothing(office, config, chain):
    add(office, owner="佐藤")
    other = signed_in(config, chain, "副本部", "manager")
    seen = {"seen_title": "レジを増やす", "seen_owner": "佐藤", "seen_due": "", "seen_effort": ""}
    written = {"title": "レジを増やす", "owner": "佐藤", "due": "", "effort": ""}
    assert change(office, **seen, **(written | {"owner": "鈴木"})).status_code == 303
    assert change(other, **seen, **(written | {"due": "2099-03-31"})).status_code == 303
    page = office.page(f"{ONE}?number=1")
    assert ("担当 鈴木" in page, "期限 2099年3月31日" in page) == (True, True)
    refused = change(other, **seen, **(written | {"owner": "高橋"}))
    assert (refused.status_code, "ほかの人が先に変えました" in refused.text) == (409, True)
    # what was typed still stands, beside what is written now
    assert ('name="owner" maxlength="100" value="高橋"' in refused.text, "担当 鈴木" in refused.text) == (True, True)
    assert 'name="seen_owner" value="鈴木"' in refused.text


def test_what_was_typed_wrongly_into_one_improvement_still_stands(office):
    add(office)
    refused = change(office, title="レジを2台に", owner="鈴木", due="soon", effort="")
    assert (refused.status_code, 'value="レジを2台に"' in refused.text) == (400, True)
    assert "続きは" + "あ" * 1998 in change(office, note="続きは" + "あ" * 1998).text


def test_a_button_pressed_twice_does_once(office, chain):
    assert [add(office).headers["Location"] for _ in range(2)] == [f"{ONE}?number=1"] * 2
    assert [change(office, state="rollout", seen="candidate").status_code for _ in range(2)] == [303, 303]
    assert change(office, state="dropped", seen="candidate").status_code == 409
    with chain.reading() as session:
        assert [each.field for each in history(session, 1)] == ["state", "made"]


def test_what_is_done_leads_to_a_notice_for_customers(office, config, chain):
    add(office, theme="queue", store="ginza")
    assert "お客さまに知らせる" not in office.page(f"{ONE}?number=1")
    change(office, state="rollout")
    page = office.page(f"{ONE}?number=1")
    form = office.page(unescape(re.search(r'href="([^"]+)">お客さまに知らせる', page)[1]))
    assert re.findall(r'<option value="(\w+)" selected>', form) == ["ginza", "queue"]
    viewer = signed_in(config, chain, "見る人", "viewer")
    assert "お客さまに知らせる" not in viewer.page(f"{ONE}?number=1")


def test_the_ranked_list_leads_to_what_is_already_taken_up(office):
    add(office, theme="queue")
    report = office.page("/staff/report")
    led = re.findall(r'href="(/staff/improvements?)\?[^"]+">(\w+)<span class="hidden"> ([^<]+)<', report)
    assert led == [(BOARD, "これに取り組む", "駐車場"), (ONE, "取り組み中の改善を見る", "レジの待ち時間")]
    change(office, state="dropped")
    assert "取り組み中の改善を見る" not in office.page("/staff/report")


def test_a_manager_changes_the_own_stores_and_sees_those_of_the_chain(office, ginza, config, chain):
    for store in ("ginza", "ueno", ""):
        add(office, title=store or "全店の話", store=store)
    assert board(ginza) == {"candidate": ["ginza", "全店の話"]}
    assert [change(ginza, number, note="x").status_code for number in (1, 2, 3, 99)] == [303, 404, 403, 404]
    assert [ginza.get(f"{ONE}?number={number}").status_code for number in (1, 2, 3)] == [200, 404, 200]
    assert "次にすすめる" not in ginza.page(f"{ONE}?number=3")
    assert [add(ginza, store=store).status_code for store in ("ginza", "ueno", "")] == [303, 403, 403]
    viewer = signed_in(config, chain, "見る人", "viewer")
    assert "改善を書く" not in viewer.page(BOARD)
    token = {FORM_FIELD: re.search(r'value="([^"]+)"', viewer.page("/staff/password"))[1]}
    assert [viewer.client.post(path, data=token).status_code for path in (BOARD, ONE)] == [403, 403]


def test_what_is_late_is_marked(office):
    add(office, due="2020-01-01")
    assert "期限を過ぎています: 2020年1月1日" in office.page(BOARD)
    change(office, state="dropped")
    assert "期限を過ぎています" not in office.page(BOARD)


def test_before_the_first_improvement_the_board_says_where_they_come_from(office):
    assert "週報の「まず取り組むこと」から選ぶか" in office.page(BOARD)


def test_the_effort_stands_beside_the_theme_in_the_report(office, chain):
    assert "5段階の4" not in office.page("/staff/report")
    with chain.session() as session:
        from staff_site import NOW

        assert len(stores(session)) == 2
        add_improvement(session, Details("レジを増やす", effort=4), "本部", NOW, theme="queue")
        add_improvement(session, Details("駐車場", effort=4), "本部", NOW, theme="parking")
    assert "5段階の4" in office.page("/staff/report")
