import os
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import func, select

from analysis.themes.catalogues import load_catalogue
from feedback import accounts
from feedback.cli import main
from feedback.config import Config
from feedback.demo.chain import AREAS, EFFECTS, EXPERIENCES, SPOT_INTEREST, SPOTS, STORES, TRUTHS, WEEKS
from feedback.demo.customers import answers
from feedback.demo.fill import SURVEY, build, fill
from feedback.demo.sentences import Clause, frames, read_clause, topics
from feedback.demo.show import ACCOUNT, demo_config, one_time_password, prepare, welcome_lines, write_poster
from feedback.demo.thanks import COUPON
from feedback.demo.writer import Mention, Occasion, Writer
from surveys.database import Database
from surveys.definition_files import load_definition
from surveys.definitions import surveys
from surveys.entries import find_entry
from surveys.notices import latest_notices, notices
from surveys.posters import compose_svg, to_png
from surveys.queries import week_fingerprints
from surveys.tables import Comment, Response, Spot, Store
from surveys.weeks import window

ZONE = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 4, 6, 3, 0, tzinfo=UTC)
MONDAY = date(2026, 3, 30)


@pytest.fixture(scope="module")
def demo_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    assert build(file, ZONE, NOW) is True
    return file


@pytest.fixture
def demo(demo_file):
    database = Database(f"sqlite:///{demo_file}")
    yield database
    database.close()


@pytest.mark.parametrize(
    ("written", "plain", "polite", "linking"),
    [
        ("店員さんが親切/な", "店員さんが親切だ", "店員さんが親切です", "店員さんが親切な"),
        ("レジが遅い", "レジが遅い", "レジが遅いです", "レジが遅い"),
        ("レジで待{った|ちました}", "レジで待った", "レジで待ちました", "レジで待った"),
        ("卵が品切れだった", "卵が品切れだった", "卵が品切れでした", "卵が品切れだった"),
        ("便利になった", "便利になった", "便利になりました", "便利になった"),
        ("美味しかった", "美味しかった", "美味しかったです", "美味しかった"),
    ],
)
def test_a_phrase_bends_to_how_one_speaks(written, plain, polite, linking):
    clause = read_clause(written)
    assert (clause.plain, clause.polite, clause.linking) == (plain, polite, linking)


def test_every_phrase_uses_known_slots_and_closed_notation():
    slots = {*frames().slots, "いつ", "曜"}
    texts = [text for topic in topics().values() for text in phrases(topic)]
    odd = [text for text in texts if set(text) & set("{}|/")]
    unknown = [text for text in texts for slot in text.split("<")[1:] if slot.partition(">")[0] not in slots]
    assert (odd, unknown) == ([], [])


def phrases(topic):
    for clause in (*topic.good, *topic.bad, *topic.hopes):
        assert isinstance(clause, Clause)
        yield from (clause.plain, clause.polite)
    yield from (*topic.wishes, *topic.kansai)
    for bank in (topic.short, topic.stories):
        yield from (text for side in bank.values() for text in side)


def test_the_chain_speaks_of_what_the_banks_know():
    assert set(EXPERIENCES) == set(topics())
    assert {effect.topic for effect in EFFECTS} <= set(EXPERIENCES)
    assert {topic for interest in SPOT_INTEREST.values() for topic in interest} <= set(EXPERIENCES)
    assert {spot for store in STORES for spot in store.spots} == set(SPOTS)
    assert {store.area for store in STORES} == set(AREAS)
    assert len(STORES) >= 5


def test_the_answers_fit_the_survey_that_is_asked():
    questions = {question.key: question for question in load_definition(SURVEY, ZONE).asked}
    sample = list(answers(1, STORES[0], 1, MONDAY, ZONE))
    offered = {key: {option.key for option in questions[key].offered} for key in ("errand", "visits")}
    assert {errand for answer in sample for errand in answer.errands} <= offered["errand"]
    assert {answer.visits for answer in sample} <= offered["visits"]
    assert {questions[key].kind for key in ("reason", "wish")} == {"text"}


def test_the_same_seed_gives_the_same_answers_and_another_one_others():
    first, again, other = (list(answers(seed, STORES[2], 7, MONDAY, ZONE)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_answers_lie_in_their_week_within_opening_hours_in_order():
    found = [answer.answered_at.astimezone(ZONE) for answer in answers(1, STORES[0], 1, MONDAY, ZONE)]
    assert found == sorted(found)
    assert {moment.isocalendar()[:2] for moment in found} == {MONDAY.isocalendar()[:2]}
    assert {moment.hour for moment in found} <= set(range(9, 22))


def test_a_comment_speaks_of_the_time_of_day():
    texts = [Writer(Random(seed), Occasion("evening", weekend=False)).comment([BAD_WAIT]) for seed in range(300)]
    assert not [text for text in texts if "午前中" in text or "開店直後" in text]
    assert [text for text in texts if "夕方" in text]


BAD_WAIT = Mention("register_wait", "bad")


def test_comments_are_short_and_long_polite_and_casual_and_mixed():
    mixed = [Mention("staff", "good"), BAD_WAIT, Mention("register_wait", "wish")]
    texts = [Writer(Random(seed), Occasion("noon", weekend=True)).comment(mixed) for seed in range(400)]
    assert len(set(texts)) > 390
    assert min(map(len, texts)) < 20
    assert max(map(len, texts)) > 80
    assert [text for text in texts if "けど" in text]
    assert [text for text in texts if "ください" in text or "下さい" in text]


def test_who_has_nothing_to_say_says_so():
    texts = {Writer(Random(seed), Occasion("noon", weekend=True)).comment([]) for seed in range(200)}
    assert texts == set(frames().none_answers)


def test_the_demo_is_as_large_and_varied_as_promised(demo):
    with demo.reading() as session:
        responses = session.scalar(select(func.count()).select_from(Response))
        texts = session.scalars(select(Comment.text)).all()
        weeks = tuple(week_fingerprints(session))
        spots = Counter(session.scalars(select(Store.key).join(Spot)).all())
    assert responses >= 5000
    assert weeks == window("2026-W14", WEEKS)
    assert len(set(texts)) > 2500
    assert 0.4 < len(texts) / responses < 0.8
    assert len([text for text in texts if text.isascii()]) > 5
    assert min(spots.values()) >= 3


def test_the_demo_thanks_with_a_coupon_and_tells_what_became_of_words(demo):
    with demo.reading() as session:
        (survey,) = surveys(session)
        shown = {store.key: latest_notices(session, store.id) for store in session.scalars(select(Store))}
        every = notices(session)
    assert survey.definition.coupon == COUPON
    assert {len(found) for found in shown.values()} == {2, 3}
    assert [notice.store_key for notice in shown["ohashi"]] == [None, None, "ohashi"]
    assert {tuple(text) for notice in every for text in (notice.heard, notice.done)} == {("ja", "en")}
    assert {notice.theme for notice in every} - {None} <= {theme.id for theme in load_catalogue("retail").themes}


def test_nothing_invented_looks_like_personal_data(demo):
    with demo.reading() as session:
        masked = [text for text in session.scalars(select(Comment.text)) if "［" in text]
    assert masked == []


def test_a_demo_that_stands_is_kept(demo_file):
    before = demo_file.stat()
    assert build(demo_file, ZONE, datetime(2026, 6, 1, tzinfo=UTC)) is False
    assert demo_file.stat() == before


def test_a_demo_that_was_broken_off_leaves_nothing(tmp_path):
    def stop(*_progress: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "demo.db", ZONE, NOW, stop)
    assert list(tmp_path.iterdir()) == []


def test_filling_twice_adds_nothing(demo, tmp_path):
    with demo.reading() as session:
        before = week_fingerprints(session)
    shutil.copy(demo.engine.url.database, tmp_path / "demo.db")
    again = Database(f"sqlite:///{tmp_path}/demo.db")
    fill(again, ZONE, NOW)
    with again.reading() as session:
        assert week_fingerprints(session) == before
    again.close()


def test_the_demo_has_its_own_database_and_settings():
    own = Config.model_validate(
        {
            "organisation": {"name": "みなと商店", "timezone": "Europe/Paris"},
            "site": {"public_url": "https://koe.example.jp"},
            "analysis": {"catalogue": "hotel"},
            "database_url": "postgresql+psycopg://db/own",
        }
    )
    shown = demo_config(own, Path("var/demo.db"))
    assert shown.database_url == "sqlite:///var/demo.db"
    assert (shown.organisation.name, shown.organisation.timezone) == ("こはるマート", "Asia/Tokyo")
    assert (shown.analysis.catalogue, shown.site.public_url, shown.demo) == ("retail", "", True)
    assert shown.secret_key
    assert len(shown.secret_key.get_secret_value()) >= 32


def test_each_start_gives_the_account_a_new_one_time_password(sqlite):
    with sqlite.session() as session:
        passwords = [one_time_password(session, NOW) for _ in range(2)]
        found = accounts.members(session)
    assert passwords[0] != passwords[1]
    assert [(member.name, member.role, member.must_change) for member in found] == [(ACCOUNT, "admin", True)]


def test_the_welcome_names_both_addresses_the_password_and_every_truth_with_its_week(demo, tmp_path):
    with demo.session() as session:
        shown = prepare(session, "http://127.0.0.1:8765", NOW)
        entry = find_entry(session, shown.poster.url.removeprefix("http://127.0.0.1:8765/s/"))
    text = "\n".join(welcome_lines(shown, tmp_path / "poster.pdf"))
    assert (entry.store.name, entry.spot_name) == ("大橋店", "レジ横")
    told = (shown.poster.url, "http://127.0.0.1:8765/staff/", shown.password, str(tmp_path / "poster.pdf"))
    assert [each for each in told if each not in text] == []
    weeks = window("2026-W14", WEEKS)
    assert [truth.key for truth in TRUTHS if truth.en.format(week=weeks[truth.from_week - 1]) not in text] == []
    assert f"20週目（{weeks[19]}）" in text


def test_the_demo_comes_with_a_poster_that_leads_to_it(demo, tmp_path):
    with demo.session() as session:
        shown = prepare(session, "http://127.0.0.1:8765", NOW)
    write_poster(shown.poster, tmp_path / "poster.pdf")
    assert (tmp_path / "poster.pdf").read_bytes().startswith(b"%PDF")
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(to_png(compose_svg(shown.poster)))))
    assert code.text == shown.poster.url


def test_the_command_fills_and_analyses_once_and_serves(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first, second = (CliRunner().invoke(main, ["demo", "--no-serve"], catch_exceptions=False) for _ in range(2))
    assert first.stdout.splitlines() == [
        "var/demo.db: filled with 26 weeks of invented answers",
        "Weeks analysed now: 26",
    ]
    kept = "var/demo.db: stands already, kept as it is (--fresh begins anew)"
    assert second.stdout.splitlines() == [kept, "Weeks analysed now: 0"]
    with served_demo(tmp_path) as addresses:
        survey, staff = (urlopen(address).read().decode() for address in addresses)  # noqa: S310 - our own server
    assert "ご来店アンケート" in survey
    assert "大橋店" in survey
    assert "こはるマート" in staff
    assert (tmp_path / "var" / "demo-poster.pdf").exists()


@contextmanager
def served_demo(folder):
    """Run `koebako demo` as its own process; the survey's and the staff pages' addresses. Stops it by SIGTERM."""
    command = [sys.executable, "-c", "from feedback.cli import main; main()", "demo"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KOEBAKO_")}
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parent.parent.parent)
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        lines = []
        while "Stop with Ctrl+C." not in lines:
            line = process.stdout.readline()
            assert line, lines
            lines.append(line.strip())
        yield [line for line in lines if line.startswith("http://127.0.0.1:")]
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
