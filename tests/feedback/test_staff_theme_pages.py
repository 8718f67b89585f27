"""The theme pages: what staff see of a theme, who may correct what, and what a correction does at once."""

import re
from dataclasses import replace

import pytest
from staff_site import fill_chain, signed_in
from stored_rows import stored_theme

from analysis import records
from analysis.corrections import log
from analysis.tables import TagRow
from feedback.themes import theme_details, words_as_written

QUEUE = "/staff/theme?theme=queue"


@pytest.fixture
def chain(sqlite):
    """On SQLite alone: what a correction stores and shows is tested on both databases without its pages."""
    fill_chain(sqlite)
    return sqlite


@pytest.fixture
def analyst(config, chain):
    return signed_in(config, chain, "分析", "analyst")


@pytest.fixture
def comment_id(chain):
    with chain.reading() as session:
        from surveys.tables import Comment

        return session.query(Comment.external_id).filter(Comment.text.contains("レジ")).scalar()


def events(database):
    with database.reading() as session:
        return [(event.kind, dict(event.content), event.made_by, event.is_undone) for event in log.events(session)]


def names(database):
    with database.reading() as session:
        return {theme.id: theme.name["ja"] for theme in records.themes(session).values() if theme.is_listed}


def correct(member, action, **fields):
    return member.post("/staff/theme", form_from=QUEUE, theme="queue", action=action, **fields)


def test_the_list_counts_each_theme_in_the_stores_that_a_member_may_see(config, chain):
    everywhere, ginza = signed_in(config, chain, "本部"), signed_in(config, chain, "銀座", store="ginza")
    assert '<td class="n">19</td>' in everywhere.page("/staff/themes")
    assert '<td class="n">13</td>' in ginza.page("/staff/themes")
    assert '<td class="n">19</td>' not in ginza.page("/staff/themes")


def test_a_theme_shows_its_words_and_only_quotes_of_stores_that_a_member_may_see(config, chain):
    everywhere, ginza = signed_in(config, chain, "本部"), signed_in(config, chain, "銀座", store="ginza")
    assert "駐車場が満車でした" in everywhere.page("/staff/theme?theme=parking")
    shown = ginza.page("/staff/theme?theme=parking")
    assert "満車" in shown
    assert "駐車場が満車でした" not in shown


def test_the_words_of_a_theme_are_shown_as_people_write_them_and_corrected_by_their_keys(chain, analyst):
    with chain.session() as session:
        stored_theme(
            session, "nursery", "育児室", "Nursery", words={"御襁褓替え": 1.0, "待つ時間 長い": 1.2, "未知語": 1.0}
        )
    shown = analyst.page("/staff/theme?theme=nursery")
    assert re.findall('<li class="strong">([^<]+?)\\s*<form', shown) == ["待ち時間 ＋ 長い", "おむつ替え", "未知語"]
    assert 'name="word" value="御襁褓替え"' in shown


def test_a_word_of_no_catalogue_is_shown_as_its_quotes_have_it(chain):
    with chain.reading() as session:
        queue = theme_details(session, "queue", ("2025-W40",))
    quotes = tuple(replace(each, text="ちりとりが壊れた") for each in queue.quotes)
    assert quotes
    assert words_as_written(replace(queue, words=(("塵取り", 1.0), ("箒", 0.2)), quotes=quotes)) == {
        "塵取り": "ちりとり",
        "箒": "箒",
    }


def test_a_theme_that_does_not_exist_is_404(analyst):
    assert analyst.get("/staff/theme?theme=nowhere").status_code == 404
    assert analyst.get("/staff/theme").status_code == 404


def test_a_viewer_sees_no_form_and_may_send_none(config, chain):
    viewer = signed_in(config, chain, "見る人", "manager")
    assert 'name="action"' not in viewer.page(QUEUE)
    answer = viewer.post("/staff/theme", form_from="/staff/password", theme="queue", action="hide")
    assert answer.status_code == 403
    assert viewer.get("/staff/corrections").status_code == 403
    assert events(chain) == []


def test_a_new_name_is_shown_at_once_and_taken_back_by_its_undo(analyst, chain):
    answer = correct(analyst, "rename", name_ja="レジの行列", name_en="")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/theme?theme=queue&done=1")
    page = analyst.page(answer.headers["Location"])
    assert "<h1>レジの行列</h1>" in page
    assert "修正 1 を記録しました" in page
    assert names(chain)["queue"] == "レジの行列"
    assert "「レジの待ち時間」の名前を「レジの行列」にしました" in analyst.page("/staff/corrections")
    undone = analyst.post("/staff/corrections", form_from="/staff/corrections", number="1")
    assert undone.headers["Location"] == "/staff/corrections?undone=1"
    assert "修正 1 を取り消しました" in analyst.page("/staff/corrections?undone=1")
    assert "電話を" not in analyst.page("/staff/corrections?undone=電話をください")
    assert names(chain)["queue"] == "レジの待ち時間"
    assert events(chain) == [("rename", {"theme": "queue", "name": {"ja": "レジの行列"}}, "分析", True)]
    again = analyst.post("/staff/corrections", form_from="/staff/themes", number="1")
    assert again.status_code == 400


@pytest.mark.parametrize(
    ("action", "fields", "kind", "content"),
    [
        ("merge", {"into": "parking"}, "merge", {"themes": ["queue"], "into": "parking"}),
        ("pin", {"word": "行列"}, "pin", {"theme": "queue", "word": "行列", "weight": 1.0}),
        ("ban", {"word": "長蛇"}, "ban", {"theme": "queue", "word": "長蛇"}),
        ("hide", {}, "hide", {"theme": "queue"}),
    ],
)
def test_each_form_makes_its_correction(analyst, chain, action, fields, kind, content):
    answer = correct(analyst, action, **fields)
    assert answer.status_code == 303
    assert events(chain) == [(kind, content, "分析", False)]
    assert analyst.get(answer.headers["Location"]).status_code == 200


def test_a_part_is_split_off_by_the_words_that_were_ticked(analyst, chain):
    answer = correct(analyst, "split", name_ja="長い列", words=["長蛇"])
    assert answer.status_code == 303
    assert "長い列" in names(chain).values()
    assert "「長い列」" in analyst.page("/staff/corrections")


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("rename", {"name_ja": "あ" * 61}),
        ("rename", {"name_ja": " "}),
        ("merge", {"into": "queue"}),
        ("merge", {"into": "nowhere"}),
        ("pin", {"word": "の"}),
        ("ban", {"word": "駐車場"}),
        ("split", {"name_ja": "新しい", "words": []}),
    ],
)
def test_what_cannot_be_stored_is_said_and_changes_nothing(analyst, chain, action, fields):
    answer = correct(analyst, action, **fields)
    assert answer.status_code == 400
    assert "直せませんでした" in answer.text
    assert events(chain) == []


@pytest.mark.parametrize("number", ["0", "1", "x", str(10**20)])
def test_what_was_never_corrected_cannot_be_undone(analyst, number):
    answer = analyst.post("/staff/corrections", form_from="/staff/corrections", number=number)
    assert answer.status_code == 400
    assert "取り消せませんでした" in answer.text


def test_an_unknown_form_is_400(analyst, chain):
    assert correct(analyst, "burn").status_code == 400
    assert events(chain) == []


def test_a_manager_puts_an_opinion_of_the_own_store_right(config, chain, comment_id):
    manager = signed_in(config, chain, "店長", "manager", store="ginza")
    assert "テーマを直す" in manager.page("/staff/comments?theme=queue")
    page = f"/staff/opinion?comment={comment_id}&position=0"
    assert 'value="queue" checked' in manager.page(page)
    answer = manager.post(
        "/staff/opinion", form_from=page, comment=comment_id, position="0", reach="opinion", themes=["parking"]
    )
    assert answer.status_code == 303
    assert "修正 1 を記録しました" in manager.page(answer.headers["Location"])
    [(kind, content, who, undone)] = events(chain)
    assert (kind, content["themes"], who, undone) == ("move", ["parking"], "店長", False)
    assert content["comment"] == comment_id
    with chain.reading() as session:
        assert session.query(TagRow.theme_id).order_by(TagRow.theme_id).all() == [("parking",), ("queue",)]


def test_a_whole_comment_may_be_about_no_theme(config, chain, comment_id):
    manager = signed_in(config, chain, "店長", "manager", store="ginza")
    page = f"/staff/opinion?comment={comment_id}&position=0"
    answer = manager.post("/staff/opinion", form_from=page, comment=comment_id, position="0", reach="comment")
    assert answer.status_code == 303
    [(kind, content, _, _)] = events(chain)
    assert (kind, content["themes"]) == ("set", [])


def test_an_opinion_of_another_store_is_answered_like_none(config, chain, comment_id):
    page = f"/staff/opinion?comment={comment_id}&position=0"
    other = signed_in(config, chain, "上野", "manager", store="ueno")
    assert other.get(page).status_code == 404
    sent = other.post("/staff/opinion", form_from="/staff/password", comment=comment_id, position="0")
    assert sent.status_code == 404
    assert signed_in(config, chain, "見る人").get(page).status_code == 403
    for wrong in ("position=9", "position=x", "", "position=-1", f"position={10**20}"):
        assert other.get(f"/staff/opinion?comment={comment_id}&{wrong}").status_code == 404
    assert events(chain) == []


def test_before_the_first_analysis_the_list_says_so(config, sqlite):
    assert "最初の分析が終わると" in signed_in(config, sqlite, "本部").page("/staff/themes")


def chosen(page):
    return re.findall(r'name="(?:reach|themes)" value="([^"]+)" checked', page)


def test_an_opinion_shows_what_staff_said_last_before_the_next_analysis_and_offers_its_undo(
    config, chain, analyst, comment_id
):
    page = f"/staff/opinion?comment={comment_id}&position=0"
    manager = signed_in(config, chain, "店長", "manager", store="ginza")
    opinion = {"form_from": page, "comment": comment_id, "position": "0"}
    assert 'class="done"' not in manager.page(page)
    manager.post("/staff/opinion", **opinion, reach="opinion", themes=["parking"])
    assert chosen(manager.page(page)) == ["opinion", "parking"]
    assert "店長さんが直したとおり" in analyst.page(page)
    analyst.post("/staff/opinion", **opinion, reach="comment", themes=["queue", "parking"])
    assert chosen(manager.page(f"/staff/opinion?comment={comment_id}")) == ["comment", "parking", "queue"]
    assert manager.post("/staff/opinion/undo", **opinion, number="2").status_code == 403
    assert 'action="/staff/opinion/undo"' not in manager.page(page)
    assert analyst.post("/staff/opinion/undo", **opinion, number="2").status_code == 303
    undone = manager.post("/staff/opinion/undo", **opinion, number="1")
    assert (undone.status_code, undone.headers["Location"]) == (303, f"{page}&undone=1")
    assert chosen(manager.page(undone.headers["Location"])) == ["opinion", "queue"]
    assert manager.post("/staff/opinion/undo", **opinion, number="1").status_code == 303
    assert [(kind, who, taken_back) for kind, _, who, taken_back in events(chain)] == [
        ("set", "分析", True),
        ("move", "店長", True),
    ]


def test_nobody_takes_back_what_was_said_of_an_opinion_of_another_store(config, chain, analyst, comment_id):
    page = f"/staff/opinion?comment={comment_id}&position=0"
    analyst.post("/staff/opinion", form_from=page, comment=comment_id, position="0", themes=["parking"])
    other = signed_in(config, chain, "上野", "manager", store="ueno")
    sent = other.post("/staff/opinion/undo", form_from="/staff/password", comment=comment_id, position="0", number="1")
    assert sent.status_code == 404
    assert [undone for *_, undone in events(chain)] == [False]


def test_a_merged_theme_leads_to_the_one_it_is_a_part_of(analyst):
    correct(analyst, "merge", into="parking")
    answer = analyst.get(QUEUE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/theme?theme=parking")


def test_a_hidden_theme_is_shown_again_from_its_page(analyst):
    correct(analyst, "hide")
    assert "隠したテーマ" in analyst.page("/staff/themes")
    assert "もう一度表示する" in analyst.page(QUEUE)
    shown = analyst.post("/staff/corrections", form_from=QUEUE, number="1", theme="queue")
    assert (shown.status_code, shown.headers["Location"]) == (303, f"{QUEUE}&undone=1")
    assert "もう一度表示する" not in analyst.page(QUEUE)
    assert "隠したテーマ" not in analyst.page("/staff/themes")


def test_a_refused_form_keeps_what_was_typed_and_says_why(analyst):
    page = correct(analyst, "rename", name_ja="あ" * 61, name_en="Queue").text
    assert "名前は1〜60文字で書いてください。" in page
    assert f'value="{"あ" * 61}"' in page
    assert "<details open><summary>名前を変える" in page
    assert "「一覧から隠す」をお使いください" not in page


def test_a_split_that_was_undone_leaves_no_theme_in_the_list(analyst):
    correct(analyst, "split", name_ja="長い列", words=["長蛇"])
    assert "長い列" in analyst.page("/staff/themes")
    analyst.post("/staff/corrections", form_from=QUEUE, number="1")
    assert "長い列" not in analyst.page("/staff/themes")


def test_the_log_leads_to_the_opinion_that_was_corrected(analyst, comment_id):
    page = f"/staff/opinion?comment={comment_id}&position=0"
    analyst.post("/staff/opinion", form_from=page, comment=comment_id, position="0", reach="comment", themes=["queue"])
    assert f'href="/staff/opinion?comment={comment_id}"' in analyst.page("/staff/corrections")
