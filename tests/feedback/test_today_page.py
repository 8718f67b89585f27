"""Today's answers on the page and by the command, within what each may see."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from factories import TOKYO, Place, make_submission, make_survey
from staff_site import fill_chain, signed_in

from feedback.cli import main
from surveys.places import create_spot
from surveys.responses import record


@pytest.fixture
def chain(sqlite):
    fill_chain(sqlite)
    make_survey(sqlite)
    now = datetime.now(UTC)
    with sqlite.session() as session:
        for store, said in (("ginza", "今日は<b>列</b>が長い。"), ("ueno", "駐車場がいっぱい。")):
            spot = create_spot(session, store, "register", f"{store}のレジ")
            place = Place(spot.store.id, spot.id)
            answer = make_submission(place, store, spot_id=spot.id, answered_at=now, score=3, comments={"reason": said})
            record(session, answer, now, TOKYO)
    return sqlite


def test_the_page_shows_what_came_in_today_in_the_stores_that_a_member_may_see(config, chain):
    everywhere = signed_in(config, chain, "本部")
    page = everywhere.page("/staff/today")
    assert "今日は&lt;b&gt;列&lt;/b&gt;が長い。" in page
    assert "駐車場がいっぱい。" in page
    assert "駐車場がいっぱい。" not in everywhere.page("/staff/today?scope=store-ginza")
    ginza = signed_in(config, chain, "銀座", "manager", store="ginza")
    for path in ("/staff/today", "/staff/today/now"):
        shown = ginza.page(path)
        assert "が長い。" in shown
        assert "駐車場がいっぱい。" not in shown
        assert ginza.get(f"{path}?scope=store-ueno").status_code == 404


def test_the_part_that_is_fetched_is_the_part_that_stands_on_the_page(config, chain):
    member = signed_in(config, chain, "本部")
    part, page = member.page("/staff/today/now"), member.page("/staff/today")
    assert "<html" not in part
    assert part.partition("現在</p>")[2] in page


def test_a_day_without_answers_says_so(config, sqlite):
    fill_chain(sqlite)
    assert "まだありません。届くと、ここに出ます。" in signed_in(config, sqlite, "本部").page("/staff/today")


def test_the_command_shows_the_same(chain, sqlite_url):
    del chain
    run = CliRunner().invoke(main, ["today", "--store", "ginza"], env={"KOEBAKO_DATABASE_URL": sqlite_url})
    assert run.exit_code == 0
    assert ": 1 answers, 0 doubtful\n" in run.output
    assert "銀座店: 今日は<b>列</b>が長い。" in run.output
    assert "駐車場" not in run.output
