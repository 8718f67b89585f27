"""Critical comments: found once, shown to those who may see the store, until somebody has seen them."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, update
from staff_site import NOW, fill_chain, signed_in, visitor
from stored_rows import stored_comment, stored_response

from analysis.critical import critical_words
from feedback.cli import main
from feedback.critical import count_waiting, critical_comments, mark_seen, scan
from feedback.tables import AuditEntry, CriticalFinding, CriticalReading
from surveys.errors import InputError
from surveys.tables import Comment, Response, Store

WORDS = critical_words()
MOULD, INJURY = ("c-1/reason", ("mould",), "銀座店"), ("c-2/reason", ("injury",), "上野店")


def add(database, external_id, text, store="ginza", **fields):
    with database.session() as session:
        found = session.scalars(select(Store).where(Store.key == store)).one()
        stored_comment(session, stored_response(session, external_id, found, **({"answered_at": NOW} | fields)), text)


@pytest.fixture
def chain(database):
    """Mould in Ginza, an injury in Ueno, and a comment that denies it."""
    fill_chain(database)
    add(database, "c-1", "棚にカビが生えていました", score=1)
    add(database, "c-2", "入口で転んで怪我をしました。血が出ました", "ueno", doubt="too_fast", counted=False)
    add(database, "c-3", "カビはなかったです")
    return database


def waiting(database, **narrowed):
    with database.reading() as session:
        return [(each.comment_id, each.kinds, each.store_name) for each in critical_comments(session, **narrowed)]


def test_new_comments_are_searched_once_doubtful_ones_among_them(chain):
    assert [scan(chain, WORDS, NOW) for _ in range(3)] == [2, 0, 0]
    assert waiting(chain) == [INJURY, MOULD]
    add(chain, "c-4", "虫が入っていた")
    assert scan(chain, WORDS, NOW) == 1


def test_an_answer_that_was_replaced_is_searched_again_and_an_erased_one_is_gone(chain):
    scan(chain, WORDS, NOW)
    with chain.session() as session:
        # the newest comment goes, and SQLite gives its number away again
        session.execute(delete(Comment).where(Comment.external_id == "c-3/reason"))
        response = session.scalars(select(Response).where(Response.external_id == "c-3")).one()
        stored_comment(session, response, "やっぱりカビだらけでした", field="more")
        session.execute(delete(Response).where(Response.external_id == "c-2"))
    assert scan(chain, WORDS, NOW) == 1
    assert waiting(chain) == [("c-3/more", ("mould",), "銀座店"), MOULD]


def test_old_answers_are_no_emergency(chain):
    add(chain, "c-5", "カビだらけ", answered_at=NOW - timedelta(days=31))
    assert scan(chain, WORDS, NOW) == 2


def test_another_list_searches_again_and_keeps_what_was_seen(chain, tmp_path):
    scan(chain, WORDS, NOW)
    with chain.session() as session:
        mark_seen(session, "c-1/reason", "sato", NOW)
    file = tmp_path / "own.yaml"
    file.write_text("extends: true\nkinds: [{id: queue, name: {ja: 行列, en: queue}, words: [長蛇の列]}]")
    assert scan(chain, critical_words(str(file)), NOW) == 1
    assert {comment for comment, _, _ in waiting(chain)} == {"c-2/reason", "r-ginza/reason"}


def test_many_comments_are_searched_in_portions_and_a_place_beyond_the_last_one_loses_none(chain, monkeypatch):
    monkeypatch.setattr("feedback.critical._AT_A_TIME", 2)
    for number in range(5):
        add(chain, f"m-{number}", "カビが出た")
    with chain.session() as session:
        session.add(CriticalReading(id=1, last_comment_id=10**6, words=WORDS.digest))
    assert scan(chain, WORDS, NOW) == 7


def test_who_saw_it_first_is_noted_once(chain):
    scan(chain, WORDS, NOW)
    for who, later in (("sato", 0), ("ito", 1)):
        with chain.session() as session:
            mark_seen(session, "c-1/reason", who, NOW + timedelta(hours=later))
    with chain.reading() as session:
        found = critical_comments(session, seen=True)
        trail = list(session.scalars(select(AuditEntry.who).where(AuditEntry.action == "critical comment seen")))
        assert [(each.comment_id, each.seen_by, each.seen_at) for each in found] == [("c-1/reason", "sato", NOW)]
        assert (trail, count_waiting(session)) == (["sato"], 1)


def test_a_member_sees_and_marks_those_of_the_own_store_alone(chain, config):
    scan(chain, WORDS, NOW)
    visitor = signed_in(config, chain, "sato", store="ginza")
    banner = "急ぎの確認が1件あります。"
    assert banner in visitor.page("/staff/report")
    page = visitor.page("/staff/critical")
    assert ("カビが生えて" in page, "転んで" in page, "銀座店" in page, banner in page) == (True, False, True, False)
    path = "/staff/critical"
    assert visitor.post(path, form_from=path, comment="c-2/reason").status_code == 400
    assert visitor.post(path, form_from=path, comment="c-1/reason").location == "/staff/critical?done=1"
    assert "急いで確認するコメントはありません" in visitor.page(path)
    assert "satoさんが" in visitor.page("/staff/critical?seen=1")
    assert "急ぎの確認が必要" not in visitor.page("/staff/report")
    assert "急ぎの確認が1件" in signed_in(config, chain, "本部").page("/staff/report")


def test_more_than_a_page_holds_are_counted(chain, config, monkeypatch):
    monkeypatch.setattr("feedback.pages.critical._SHOWN", 1)
    scan(chain, WORDS, NOW)
    page = signed_in(config, chain, "本部").page("/staff/critical")
    assert (page.count('class="comment negative"'), "ほかに1件あります" in page) == (1, True)


def test_who_is_not_signed_in_is_told_nothing(chain, config):
    scan(chain, WORDS, NOW)
    stranger = visitor(config, chain)
    assert "急ぎ" not in stranger.page("/staff/sign-in")
    assert stranger.get("/staff/critical").status_code == 303


def test_a_comment_that_is_none_of_them_cannot_be_marked(chain):
    scan(chain, WORDS, NOW)
    for wrong in ("c-3/reason", "", "nothing"):
        with pytest.raises(InputError, match="koebako critical list"), chain.session() as session:
            mark_seen(session, wrong, "sato", NOW)


def test_the_commands_scan_list_and_mark(chain, database_url, monkeypatch):
    monkeypatch.setenv("KOEBAKO_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")
    with chain.session() as session:
        session.execute(update(Response).values(answered_at=NOW.replace(year=2100)))

    def command(*arguments):
        return CliRunner().invoke(main, ["critical", *arguments])

    assert command("scan").output == "2 new finding(s)\n"
    assert "棚にカビ" in command("list", "--store", "ginza").output
    assert command("seen", "c-1/reason", "--by", "sato").output == "1 comment(s) seen\n"
    assert "sato 2" in command("list", "--seen").output
    assert command("seen", "c-9", "--by", "sato").exit_code == 2
    with chain.reading() as session:
        assert session.query(CriticalFinding).count() == 2
