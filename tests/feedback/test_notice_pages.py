"""Notices on the staff pages: who may tell whose customers what, preview, withdrawal, and the trail."""

import re
from html import unescape

import pytest
from factories import make_survey
from sqlalchemy import select
from staff_site import fill_chain, signed_in

from feedback.tables import AuditEntry
from surveys.notices import notices

NEW = "/staff/notices/new"
TEXTS = {"heard_ja": "レジが遅い", "done_ja": "レジを増やしました。", "heard_en": "The till is slow"}


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


def publish(visitor, **fields):
    return visitor.post(NEW, form_from=NEW, step="publish", **({"store": "ginza"} | TEXTS | fields))


def published(database):
    with database.reading() as session:
        return [(each.store_key, each.heard, each.done, each.theme, each.mentions) for each in notices(session)]


def trail(database):
    with database.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action.like("notice%")).order_by(AuditEntry.id))
        return [(row.who, row.action, row.subject) for row in rows]


def scopes_offered(visitor):
    options = re.search(r'<select id="store".*?</select>', visitor.page(NEW), re.DOTALL)
    return re.findall(r'value="([^"]*)"', options[0])


def test_a_notice_is_seen_before_it_is_published_and_published_as_it_was_seen(office, chain):
    typed = {"store": "ginza", "theme": "queue", "mentions": "13"} | TEXTS
    preview = office.post(NEW, form_from=NEW, step="preview", **typed)
    assert preview.status_code == 200
    assert published(chain) == []
    (seen, _) = preview.text.split('class="panel stack"')
    assert ("お客さまには、このように見えます" in seen, "同じご意見 13件" in seen) == (True, True)
    carried = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', seen)
    answer = office.client.post(NEW, data={**{name: unescape(text) for name, text in carried}, "step": "publish"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/notices?published=1")
    heard, done = {"ja": "レジが遅い", "en": "The till is slow"}, {"ja": "レジを増やしました。"}
    assert published(chain) == [("ginza", heard, done, "queue", 13)]
    listed = office.page("/staff/notices?published=1")
    assert [
        word for word in ("公開しました", "銀座店", "レジの待ち時間", "レジが遅い", "本部") if word not in listed
    ] == []
    assert trail(chain) == [("本部", "notice published", "1 ginza")]


def test_a_manager_speaks_to_the_own_store_and_the_head_office_to_the_chain(config, office, ginza, chain):
    area = signed_in(config, chain, "西エリア長", "manager", area="west")
    assert [scopes_offered(each) for each in (office, ginza, area)] == [["", "ginza", "ueno"], ["ginza"], ["ueno"]]
    refused = [
        publish(ginza, store="ueno"),
        publish(ginza, store=""),
        publish(area, store=""),
        publish(ginza, store="x"),
    ]
    assert [answer.status_code for answer in refused] == [400] * 4
    assert all("お知らせする店舗を選び直してください" in answer.text for answer in refused)
    assert published(chain) == []
    assert [publish(each, store=store).status_code for each, store in ((ginza, "ginza"), (office, ""))] == [303, 303]
    assert [each[0] for each in published(chain)] == [None, "ginza"]


def test_a_notice_is_withdrawn_once_by_those_who_may(office, ginza, chain):
    publish(office, store="ueno")
    publish(office, store="", heard_ja="全店の話")

    def withdraw(visitor, number):
        return visitor.post("/staff/notices/withdraw", form_from="/staff/notices", number=str(number)).status_code

    assert [withdraw(ginza, 1), withdraw(ginza, 2), withdraw(ginza, 99)] == [404, 403, 404]
    assert "上野店" not in ginza.page("/staff/notices")
    assert "全店の話" in ginza.page("/staff/notices")
    assert [withdraw(office, 1), withdraw(office, 1)] == [303, 303]
    assert "本部さんが取り下げました" in office.page("/staff/notices")
    assert trail(chain)[2:] == [("本部", "notice withdrawn", "1 ueno")]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"heard_ja": " ", "heard_en": ""}, "「いただいた声」を、少なくとも1つの言語で、300文字まで"),
        ({"done_ja": "あ" * 301}, "「変えたこと」を、少なくとも1つの言語で、300文字まで"),
        ({"mentions": "たくさん"}, "件数は1以上の数字で書くか"),
        ({"mentions": "0"}, "件数は1以上の数字で書くか"),
        ({"mentions": "9" * 5000}, "件数は1以上の数字で書くか"),
        ({"theme": "x" * 200}, "テーマを選び直してください"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_still_stands(config, sqlite, fields, words):
    fill_chain(sqlite)
    answer = publish(signed_in(config, sqlite, "本部", "manager"), **{"heard_en": "The till is slow"} | fields)
    assert (answer.status_code, words in answer.text) == (400, True)
    assert "まだ公開していません。" in answer.text
    assert fields.get("done_ja", TEXTS["done_ja"]) in answer.text
    assert published(sqlite) == []


def test_a_form_that_is_sent_twice_publishes_once(office, chain):
    assert [publish(office).status_code, publish(office).status_code] == [303, 400]
    assert len(published(chain)) == 1


def test_a_theme_brings_its_name_and_how_many_spoke_of_it(office, ginza):
    assert f'href="{NEW}?theme=queue"' in ginza.page("/staff/theme?theme=queue")
    chosen = ginza.page(f"{NEW}?theme=queue")
    assert '<option value="queue" selected>レジの待ち時間</option>' in chosen
    assert 'name="mentions" inputmode="numeric" maxlength="9" value="13"' in chosen
    assert 'maxlength="9" value="19"' in office.page(f"{NEW}?theme=parking")
    assert 'maxlength="9" value=""' in ginza.page(f"{NEW}?theme=parking")
    assert 'maxlength="9" value=""' in ginza.page(f"{NEW}?theme=nothing")


def test_where_a_survey_asks_about_health_the_form_says_that_words_are_not_shown(config, sqlite):
    fill_chain(sqlite)
    visitor = signed_in(config, sqlite, "本部", "manager")
    told = "「いただいた声」は出さず、件数だけを出します"
    assert told not in visitor.page(NEW)
    make_survey(sqlite, health=True, purpose="健康に関するご回答も、診療をよくするためだけに使います。")
    assert told in visitor.page(NEW)


def test_who_only_reads_publishes_nothing(config, sqlite):
    fill_chain(sqlite)
    viewer = signed_in(config, sqlite, "見る人", "viewer")
    sent = viewer.post(NEW, form_from="/staff/password", step="publish", **TEXTS)
    withdrawn = viewer.post("/staff/notices/withdraw", form_from="/staff/password", number="1")
    pages = [viewer.get(path).status_code for path in ("/staff/notices", NEW)]
    assert [*pages, sent.status_code, withdrawn.status_code] == [403] * 4


def test_before_the_first_notice_the_list_says_what_it_is_for(config, sqlite):
    fill_chain(sqlite)
    assert "小さなことでも知らせてみてください" in signed_in(config, sqlite, "本部", "manager").page("/staff/notices")
