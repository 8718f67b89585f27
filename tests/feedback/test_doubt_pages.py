"""Doubtful answers: staff decide, on the page or by command, and figures follow."""

import io
import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update
from staff_site import WEEK, fill_chain, signed_in
from stored_rows import stored_comment, stored_opinion, stored_response
from weekly_answers import LAST_WEEK, NOW, ORGANISATION, SETTINGS, make_answers, record_answers

from analysis import records
from analysis.opinions import OpinionFilter, opinions_page, responses_asked
from analysis.weeks.runs import analyse
from feedback.cli import main
from feedback.exports import Selection, export_responses, export_tags
from feedback.tables import AuditEntry
from surveys.doubts import decide
from surveys.tables import Response, Store


@pytest.fixture
def chain(database):
    """One doubtful answer in Ginza and one in Ueno, beside the chain's own."""
    fill_chain(database)
    with database.session() as session:
        for key in ("ginza", "ueno"):
            store = session.scalars(select(Store).where(Store.key == key)).one()
            spam = stored_response(session, f"spam-{key}", store, score=0, doubt="hidden_field", counted=False)
            text = f"{key}の安い薬"
            stored_opinion(session, stored_comment(session, spam, text), text, {"queue": 1.0})
    return database


def state(database, external_id):
    with database.reading() as session:
        return session.scalars(select(Response.counted).where(Response.external_id == external_id)).one()


def trail(database):
    with database.reading() as session:
        query = select(AuditEntry.who, AuditEntry.action, AuditEntry.subject).where(AuditEntry.action.like("answer%"))
        return [tuple(row) for row in session.execute(query.order_by(AuditEntry.id))]


def test_a_manager_decides_on_the_answers_of_the_own_store(chain, config):
    visitor = signed_in(config, chain, "sato", "manager", store="ginza")
    page = visitor.page("/staff/doubts")
    assert ("ginzaの安い薬" in page, "uenoの安い薬" in page) == (True, False)
    assert "人には見えない欄に記入がありました" in page
    sent = visitor.post("/staff/doubts", form_from="/staff/doubts", answer="spam-ginza", counted="1")
    assert (sent.status_code, sent.location) == (303, "/staff/doubts?done=1")
    assert state(chain, "spam-ginza") is True
    assert "ginzaの安い薬" not in visitor.page("/staff/doubts?done=1")
    assert "数えています" in visitor.page("/staff/doubts?decided=1")
    visitor.post("/staff/doubts", form_from="/staff/doubts", answer="spam-ginza", counted="0", decided="1")
    assert state(chain, "spam-ginza") is False
    assert trail(chain) == [("sato", "answer counted", "spam-ginza"), ("sato", "answer left out", "spam-ginza")]


def test_another_stores_answer_or_an_ordinary_one_cannot_be_decided(chain, config):
    visitor = signed_in(config, chain, "sato", "manager", store="ginza")
    for answer in ("spam-ueno", "r-ginza", "", "\x00"):
        assert visitor.post("/staff/doubts", form_from="/staff/doubts", answer=answer, counted="1").status_code == 400
    assert (state(chain, "spam-ueno"), trail(chain)) == (False, [])


def test_a_viewer_neither_sees_nor_decides(chain, config):
    visitor = signed_in(config, chain, "ito")
    assert visitor.get("/staff/doubts").status_code == 403
    assert "/staff/doubts" not in visitor.page("/staff/")


def test_a_doubtful_answer_stands_in_no_quote_count_or_export(chain):
    wanted = OpinionFilter(weeks=(WEEK,), theme="queue")
    with chain.reading() as session:
        assert [quote.text for quote in opinions_page(session, wanted).quotes] == ["レジが長蛇の列でした"]
        assert responses_asked(session, OpinionFilter(weeks=(WEEK,))) == 2
        for write in (export_tags, export_responses):
            stream = io.BytesIO()
            write(session, Selection(zone=ORGANISATION.zone), "jsonl", stream)
            assert {json.loads(line)["response_id"] for line in stream.getvalue().splitlines()} == {"r-ginza", "r-ueno"}


def test_an_analyst_may_ask_for_doubtful_answers_and_can_tell_them_apart(chain):
    url = chain.engine.url.render_as_string(hide_password=False)
    asked = ["export", "responses", "--format", "jsonl", "--doubtful"]
    result = CliRunner().invoke(main, asked, env={"KOEBAKO_DATABASE_URL": url})
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["response_id"]: (row["counted"], row["doubt"]) for row in rows} == {
        "r-ginza": (True, None),
        "r-ueno": (True, None),
        "spam-ginza": (False, "hidden_field"),
        "spam-ueno": (False, "hidden_field"),
    }


def test_the_commands_list_and_decide(chain):
    def koebako(*arguments):
        url = chain.engine.url.render_as_string(hide_password=False)
        return CliRunner().invoke(main, ["doubt", *arguments], env={"KOEBAKO_DATABASE_URL": url, "COLUMNS": "200"})

    listed = koebako("list").output
    assert all(said in listed for said in ("spam-ginza", "spam-ueno", "hidden_field", "uenoの安い薬"))
    counted = koebako("count", "spam-ginza", "--by", "sato")
    assert (counted.exit_code, state(chain, "spam-ginza")) == (0, True)
    assert koebako("leave", "spam-ueno", "--by", "sato").exit_code == 0
    assert "spam" not in koebako("list").output
    assert "spam-ueno" in koebako("list", "--decided").output
    unknown = koebako("count", "spam-ginza", "nothing", "--by", "sato")
    assert (unknown.exit_code, "no doubtful response has the id 'nothing'" in unknown.output) == (2, True)
    assert trail(chain) == [("sato", "answer counted", "spam-ginza"), ("sato", "answer left out", "spam-ueno")]


def test_the_week_of_an_answer_that_is_counted_is_analysed_again_with_it(database):
    record_answers(database, make_answers(weeks=2))
    with database.session() as session:
        one = session.scalars(
            select(Response).where(Response.week == LAST_WEEK).order_by(Response.external_id).offset(1)
        ).first()
        spam, store, score = one.external_id, one.store_id, one.score
        session.execute(update(Response).where(Response.id == one.id).values(doubt="duplicate", counted=False))

    def runs():
        return [(info.week, info.revision) for info in analyse(database, ORGANISATION, SETTINGS, now=NOW)]

    def counts():
        with database.reading() as session:
            return next(row for row in records.store_weeks(session, [LAST_WEEK]) if row.store_id == store)

    assert runs() == [("2025-W39", 1), (LAST_WEEK, 1)]
    before = counts()
    with database.session() as session:
        decide(session, spam, NOW, counted=True)
    assert runs() == [(LAST_WEEK, 2)]
    after = counts()
    assert after.responses == before.responses + 1
    assert score is not None
    assert after.histogram[score] == before.histogram[score] + 1
    with database.session() as session:
        decide(session, spam, NOW, counted=False)
    assert runs() == [(LAST_WEEK, 3)]
    assert counts() == before
