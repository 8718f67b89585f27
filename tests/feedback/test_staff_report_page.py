"""The weekly report page and the comments behind its numbers."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from staff_site import WEEK, fill_chain, signed_in
from stored_rows import stored_comment, stored_opinion, stored_response, stored_run, stored_store, stored_store_week

from analysis.results import Quote
from analysis.tables import Run
from feedback.pages.comments import split
from feedback.report import build_report
from feedback.report.html_file import render
from surveys.tables import Store

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }} \u202eevil"


@pytest.fixture
def member(config, sqlite):
    fill_chain(sqlite)
    return signed_in(config, sqlite, "本部", "admin")


def words(page: str) -> str:
    """What a reader sees, without tags and line breaks."""
    body = re.sub(r"<(style|script)[^>]*>.*?</\1>", "", page.partition("<main")[2], flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def links(page: str, part: str) -> list[str]:
    return [link for found in re.findall(r'href="([^"]+)"', page) if part in (link := unescape(found))]


def test_the_report_says_what_to_do_then_how_we_stand_then_why(member):
    page = member.page("/staff/report")
    headings = [re.sub(r"\s*<span.*", "", found) for found in re.findall(r"<h2[^>]*>(.*?)</h2>", page)]
    assert headings == ["まず取り組むこと", "いまの状態", "お客さまの声", "店舗をならべて", "数字の読み方"]
    text = words(page)
    assert "2025年9月29日〜10月5日 の週報 今週の回答 78 件" in text
    assert "おすすめ度（NPS） +3 幅 −16〜+21" in text
    assert "批判者 0–6 28 36%" in text
    assert "比べる回答がまだありません" in text


def test_every_number_leads_to_as_many_comments(member):
    page = member.page("/staff/report")
    wanted = sorted(set(links(page, "/staff/comments?")))
    assert len(wanted) > 8
    for link in wanted:
        text = words(member.page(link))
        assert re.search(r"意見 [012]件", text), link
    assert [
        words(member.page(link)).count("駐車場が満車でした") for link in links(page, "theme=parking&polarity=neg")
    ] == [1] * 2


def test_numbers_look_like_links_and_not_like_the_navigation(member):
    page = member.page("/staff/report")
    styled = {name: len(re.findall(rf'class="(?:[^"]* )?{name}[ "]', page)) for name in ("groups", "rooms")}
    assert styled == {"groups": 1, "rooms": 1}


def test_the_report_of_one_store_is_one_tap_away(member):
    [link] = links(member.page("/staff/report"), "/staff/report?week=2025-W40&scope=store-ueno")
    text = words(member.page(link))
    assert "上野店 2025年9月29日〜10月5日 の週報 今週の回答 47 件" in text
    assert "店舗をならべて" not in text


def test_the_report_in_english_has_no_japanese_but_names_and_quotes(member):
    page = member.page("/staff/report?lang=en")
    own = re.sub(r'<(\w+)[^>]* lang="ja"[^>]*>.*?</\1>', "", page)
    for name in ("みなと商店", "本部", "銀座店", "上野店", "東エリア", "西エリア", "レジの待ち時間", "駐車場"):
        own = own.replace(name, "")
    assert re.findall(r"[ぁ-んァ-ヶ一-龠]+", own) == []


@pytest.mark.parametrize(
    ("path", "status", "words_on_page"),
    [
        ("/staff/report?week=2025-W01", 404, "この週は、まだ分析していません"),
        ("/staff/report?week=2099-W01", 404, "この週は、まだ分析していません"),
        ("/staff/report?week=nonsense", 400, "この内容では表示できません"),
        ("/staff/report?week=2025-W54", 400, "この内容では表示できません"),
        ("/staff/comments?week=x", 400, "この内容では表示できません"),
        ("/staff/comments?theme=nothing", 404, "ページが見つかりません"),
        ("/staff/comments?polarity=good", 404, "ページが見つかりません"),
        ("/staff/comments?score=11", 404, "ページが見つかりません"),
        ("/staff/comments?window=3", 404, "ページが見つかりません"),
        ("/staff/comments?page=0", 404, "ページが見つかりません"),
        ("/staff/comments?page=999999999999999999999", 404, "ページが見つかりません"),
        ("/staff/downloads/file?kind=staff&format=csv", 404, "ページが見つかりません"),
        ("/staff/downloads/file?kind=tags&format=pdf", 404, "ページが見つかりません"),
        ("/staff/downloads/file?kind=tags&format=csv&from=yesterday", 400, "この内容では表示できません"),
        ("/staff/nowhere", 404, "ページが見つかりません"),
    ],
)
def test_a_wrong_address_gets_a_page_that_says_so(member, path, status, words_on_page):
    answer = member.get(path)
    assert (answer.status_code, words_on_page in answer.text) == (status, True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["駐車場が満車でした", "レジが長蛇の列でした"]),
        ("theme=queue", ["レジが長蛇の列でした"]),
        ("scope=area-2", ["駐車場が満車でした"]),
        ("score=detractor", ["駐車場が満車でした", "レジが長蛇の列でした"]),
        ("score=2", ["レジが長蛇の列でした"]),
        ("score=promoter", []),
        ("polarity=positive", []),
        ("theme=none", []),
        ("theme=other", []),
        ("requests=1", []),
        ("page=2", []),
    ],
)
def test_comments_are_narrowed_by_what_the_address_says(member, query, found):
    page = member.page(f"/staff/comments?week={WEEK}&window=1&{query}")
    assert sorted(re.findall(r"<mark>(.*?)</mark>", page)) == sorted(found)


def test_long_lists_are_cut_into_pages(member, sqlite):
    with sqlite.session() as session:
        ginza = session.query(Store).filter_by(key="ginza").one()
        for number in range(60):
            comment = stored_comment(
                session, stored_response(session, f"x-{number:02d}", ginza), f"意見{number:02d}です"
            )
            stored_opinion(session, comment, f"意見{number:02d}です")
    first, second = member.page("/staff/comments?theme=other"), member.page("/staff/comments?theme=other&page=2")
    texts = [re.findall(r"<mark>(.*?)</mark>", page) for page in (first, second)]
    assert [len(part) for part in texts] == [50, 10]
    assert len({*texts[0], *texts[1]}) == 60
    assert links(first, "page=2") == ["/staff/comments?theme=other&page=2"]
    assert "1 / 2" in words(first)


def test_hostile_comments_and_names_stay_words(member, sqlite, config):
    with sqlite.session() as session:
        ginza = session.query(Store).filter_by(key="ginza").one()
        ginza.name = HOSTILE
        comment = stored_comment(session, stored_response(session, "evil", ginza, score=1), f"前。{HOSTILE}。後")
        stored_opinion(session, comment, HOSTILE, {"queue": 1.0}, polarity="negative")
    with sqlite.reading() as session:
        file = render(build_report(session, config, WEEK), "ja")
    pages = [member.page(path) for path in ("/staff/report", "/staff/comments", "/staff/downloads")]
    for page in [*pages, file]:
        assert HOSTILE in unescape(page)  # it is there, and could do harm
        tags = re.findall(r"<[^>]*>", page)
        assert [tag for tag in tags if "<img" in tag or "onerror" in tag or tag == "<script>"] == []
        assert "49 " not in words(page)


def test_an_opinion_is_marked_inside_its_comment():
    def cut(comment: str, text: str) -> tuple[str, str, str]:
        return split(Quote("c", text, comment, "neutral", is_request=False, store_id=1, week=WEEK))

    assert cut("はい。列が長い。以上", "列が長い") == ("はい。", "列が長い", "。以上")
    assert cut("ﾚｼﾞが遅い", "レジが遅い") == ("", "ﾚｼﾞが遅い", "")
    assert cut("はい。ﾚｼﾞが　遅い！！以上", "レジが 遅い") == ("はい。", "ﾚｼﾞが　遅い", "！！以上")
    assert cut("電話は［電話番号］です。店が広い", "電話は[電話番号]です。") == (
        "",
        "電話は［電話番号］です。",
        "店が広い",
    )
    assert cut("店が広い", "別の言葉") == ("", "", "店が広い")
    assert cut("、、", "") == ("", "", "、、")
    assert cut("あ" * 2000 + "ﾚｼﾞ", "レジ") == ("", "", "あ" * 2000 + "ﾚｼﾞ")


def test_before_the_first_analysis_the_page_says_what_it_waits_for(config, sqlite):
    member = signed_in(config, sqlite, "本部")
    for path in ("/staff/report", "/staff/comments"):
        assert "はじめての週報を待っています" in words(member.page(path))
    with sqlite.session() as session:
        stored_run(session, WEEK, state="running", stage="reading", progress=40)
    assert "いま分析しています（40％）" in words(member.page("/staff/report"))


def test_a_week_with_three_answers_is_an_honest_report(config, sqlite):
    with sqlite.session() as session:
        store = stored_store(session, "minato", "港町店")
        stored_run(session, WEEK)
        stored_store_week(session, store, WEEK, {9: 2, 3: 1})
    text = words(signed_in(config, sqlite, "本部").page("/staff/report"))
    assert re.search(r"まだ回答が足りません（あと約\d+件）", text)
    assert "順位をつけるには、まだ回答が足りません。" in text
    assert "この期間には、テーマのあるコメントがありません。" in text


def test_an_empty_week_is_an_honest_report(config, sqlite):
    with sqlite.session() as session:
        stored_run(session, WEEK)
    text = words(signed_in(config, sqlite, "本部").page("/staff/report"))
    assert "今週の回答 0件" in text
    assert "この期間には、点数のついた回答がありません。" in text


def test_the_progress_of_an_analysis_is_on_its_page(member, sqlite):
    assert "いま動いている分析はありません。" in words(member.page("/staff/runs"))
    assert member.get("/staff/runs.json").json == {"run": None}
    with sqlite.session() as session:
        run = stored_run(session, "2025-W41", state="running", stage="reading", progress=40)
        stored_run(session, "2025-W39", state="failed", error="a database's secret words")
        number = run.id
    page = member.page("/staff/runs")
    assert '<progress id="run-progress" max="100" value="40"' in page
    assert "コメントを読んでいます" in words(page)
    assert "a database's secret words" not in unescape(page)
    assert member.get("/staff/runs.json").json == {
        "run": {"id": number, "stage": "コメントを読んでいます", "progress": 40}
    }


def test_a_download_is_named_typed_and_left_in_the_trail(member, sqlite):
    answer = member.get("/staff/downloads/file?kind=responses&format=xlsx&from=2025-09-29&to=2025-10-05")
    assert answer.headers["Content-Disposition"] == "attachment; filename=koebako-responses.xlsx"
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.data[:2] == b"PK"
    with sqlite.reading() as session:
        from feedback.tables import AuditEntry

        last = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert (last.who, last.action, last.subject) == ("本部", "exported", "responses xlsx")


@pytest.mark.usefixtures("member")
def test_the_file_on_its_own_needs_nothing_else(sqlite, config):
    with sqlite.reading() as session:
        report = build_report(session, config, WEEK)
    page = render(report, "ja", "みなと商店")
    assert [bad for bad in ("<script", "<link", "href=", "src=", "url(") if bad in page] == []
    assert "<title>週報 2025年 第40週 · みなと商店</title>" in page
    for heading in ("まず取り組むこと", "いまの状態", "お客さまの声", "店舗をならべて"):
        assert heading in words(page)
    assert page == render(report, "ja", "みなと商店")


def test_an_older_week_is_reached_step_by_step(member, sqlite):
    with sqlite.session() as session:
        for week in ("2025-W38", "2025-W39"):
            session.add(
                Run(week=week, revision=1, state="done", requested_at=datetime(2025, 12, 1, tzinfo=UTC), provenance={})
            )
    newest = member.page("/staff/report")
    assert links(newest, "week=2025-W39") == ["/staff/report?week=2025-W39"]
    middle = member.page("/staff/report?week=2025-W39")
    assert re.findall(r'rel="(prev|next)"', middle) == ["prev", "next"]
