from datetime import UTC, datetime

import pytest
import yaml
from click.testing import CliRunner, Result
from factories import SURVEY
from sqlalchemy import select

from feedback.cli import main
from feedback.tables import AuditEntry
from surveys import places
from surveys.database import Database
from surveys.definitions import find_survey
from surveys.entries import find_entry
from surveys.tables import FormDay, Survey


@pytest.fixture
def koebako(sqlite_url):
    """Run `koebako` on an empty database."""

    def run(*arguments: str, **environ: str) -> Result:
        return CliRunner().invoke(main, arguments, env={"KOEBAKO_DATABASE_URL": sqlite_url, "COLUMNS": "120"} | environ)

    return run


@pytest.fixture
def survey_file(tmp_path):
    path = tmp_path / "survey.yaml"
    path.write_text(yaml.safe_dump(SURVEY, allow_unicode=True), encoding="utf-8")
    return str(path)


def cells(output):
    """The rows of a printed table."""
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in output.splitlines() if line.startswith("│")]


def test_stores_areas_and_spots_are_added_and_listed(koebako):
    said = [
        koebako("store", "area", "west", "西エリア").output,
        koebako("store", "add", "ginza", "銀座店", "--area", "west").output,
        koebako("spot", "add", "ginza/register", "レジ横").output,
    ]
    assert said == ["Area west added: 西エリア\n", "Store ginza added: 銀座店\n", "Spot ginza/register added: レジ横\n"]
    assert cells(koebako("store", "list").output) == [["ginza", "銀座店", "西エリア"]]
    assert cells(koebako("spot", "list").output) == [["ginza/register", "レジ横", "銀座店", ""]]


def test_a_survey_is_loaded_revised_and_listed(koebako, survey_file, tmp_path):
    first = koebako("survey", "load", survey_file).output
    assert first == "Survey store, revision 1: added recommend, reason, satisfaction, visits, bought\n"
    assert koebako("survey", "load", survey_file).output == "Survey store, revision 1: the questions stood so already\n"
    revised = tmp_path / "revised.yaml"
    revised.write_text(yaml.safe_dump(SURVEY | {"questions": SURVEY["questions"][:2]}), encoding="utf-8")
    again = koebako("survey", "load", str(revised)).output
    assert again == "Survey store, revision 2: removed satisfaction, visits, bought\n"
    assert cells(koebako("survey", "list").output) == [["store", "お客様アンケート", "2", "2"]]


def test_the_address_of_a_spot_stays_the_same_and_leads_to_its_survey(koebako, survey_file, sqlite_url, tmp_path):
    koebako("store", "add", "ginza", "銀座店")
    koebako("spot", "add", "ginza/register", "レジ横")
    koebako("survey", "load", survey_file)
    settings = tmp_path / "config.yaml"
    settings.write_text("site: {public_url: 'https://koe.example.jp/'}", encoding="utf-8")
    address = koebako("survey", "address", "ginza/register", KOEBAKO_CONFIG=str(settings)).output.strip()
    local = koebako("survey", "address", "ginza/register", "--survey", "store")
    assert address.startswith("https://koe.example.jp/s/")
    code = address.rpartition("/")[2]
    assert local.stdout == f"http://127.0.0.1:8765/s/{code}\n"
    assert local.stderr == "site.public_url is not set; this address works on this machine only\n"
    with Database(sqlite_url).reading() as session:
        assert find_entry(session, code).store.key == "ginza"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("store", "add", "ginza", "銀座店", "--area", "x"), "no area has the key 'x'"),
        (("spot", "add", "register", "レジ横"), "'register' names no spot; write STORE/SPOT, such as ginza/register"),
        (("spot", "add", "x/register", "レジ横"), "no store has the key 'x'"),
        (("survey", "load", "none.yaml"), "none.yaml: cannot be read"),
        (("survey", "address", "x/y"), "there is no survey yet; load one: koebako survey load FILE"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(koebako, arguments, message):
    result = koebako(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {message}")
    assert result.stderr.count("\n") == 1


def trail(url):
    database = Database(url)
    with database.reading() as session:
        found = [(row.who, row.action, row.subject) for row in session.query(AuditEntry).order_by(AuditEntry.id)]
    database.close()
    return found


def test_places_are_renamed_moved_retired_and_reopened_and_the_trail_says_who(koebako, sqlite_url):
    koebako("store", "area", "west", "西エリア")
    koebako("store", "add", "ginza", "銀座店")
    koebako("spot", "add", "ginza/register", "レジ横")
    before = len(trail(sqlite_url))
    said = [
        koebako("store", "rename", "ginza", "銀座本店", "--by", "佐藤"),
        koebako("store", "move", "ginza", "west", "--by", "佐藤"),
        koebako("store", "rename-area", "west", "西日本", "--by", "佐藤"),
        koebako("spot", "rename", "ginza/register", "南口レジ", "--by", "佐藤"),
        koebako("spot", "retire", "ginza/register", "--by", "佐藤"),
    ]
    assert [answer.exit_code for answer in said] == [0] * 5
    assert cells(koebako("store", "list").output) == [["ginza", "銀座本店", "西日本"]]
    assert cells(koebako("spot", "list").output) == [["ginza/register", "南口レジ", "銀座本店", "retired"]]
    assert trail(sqlite_url)[before:] == [
        ("佐藤", "store renamed", "ginza: 銀座本店"),
        ("佐藤", "store moved", "ginza: west"),
        ("佐藤", "area renamed", "west: 西日本"),
        ("佐藤", "spot renamed", "ginza/register: 南口レジ"),
        ("佐藤", "spot retired", "ginza/register"),
    ]
    koebako("spot", "reopen", "ginza/register")
    koebako("store", "move", "ginza")
    assert cells(koebako("spot", "list").output) == [["ginza/register", "南口レジ", "銀座本店", ""]]
    assert cells(koebako("store", "list").output) == [["ginza", "銀座本店", ""]]


def test_what_is_refused_leaves_no_line_in_the_trail(koebako, sqlite_url):
    answer = koebako("store", "rename", "nowhere", "店")
    assert (answer.exit_code, answer.output) == (2, "Error: no store has the key 'nowhere'\n")
    assert trail(sqlite_url) == []


def test_a_spot_gets_a_new_code(koebako, survey_file, sqlite_url):
    koebako("store", "add", "ginza", "銀座店")
    koebako("spot", "add", "ginza/register", "レジ横")
    koebako("survey", "load", survey_file)
    old = koebako("survey", "address", "ginza/register").stdout.strip().rpartition("/")[2]
    said = koebako("spot", "renew", "ginza/register", "--dead-end").output
    new = koebako("survey", "address", "ginza/register").stdout.strip().rpartition("/")[2]
    assert said == f"Spot ginza/register has the new code {new}; print its poster anew\n"
    database = Database(sqlite_url)
    with database.reading() as session:
        entry = find_entry(session, old)
        assert (entry.leads_on, find_entry(session, new).retired_at) == (False, None)
        assert entry.retired_at <= datetime.now(UTC)
    database.close()


def test_a_survey_is_opened_and_closed_now_or_at_a_moment(koebako, survey_file, sqlite_url):
    koebako("survey", "load", survey_file)

    def times():
        database = Database(sqlite_url)
        with database.reading() as session:
            found = find_survey(session, "store").definition
        database.close()
        return found.opens, found.closes

    koebako("survey", "close", "store")
    assert times()[1] <= datetime.now(UTC)
    koebako("survey", "open", "store", "--at", "2099-04-01")
    koebako("survey", "close", "store", "--at", "2099-05-01T12:00")
    assert times() == (
        datetime(2099, 3, 31, 15, tzinfo=UTC),
        datetime(2099, 5, 1, 3, tzinfo=UTC),
    )
    koebako("survey", "open", "store")
    assert times() == (None, datetime(2099, 5, 1, 3, tzinfo=UTC))
    assert koebako("survey", "open", "nowhere").exit_code == 2


def test_a_saved_survey_loads_as_it_was(koebako, survey_file, tmp_path):
    koebako("survey", "load", survey_file)
    saved = tmp_path / "saved.yaml"
    assert koebako("survey", "save", "store", "--out", str(saved)).exit_code == 0
    assert koebako("survey", "load", str(saved)).output == "Survey store, revision 1: the questions stood so already\n"


def test_the_funnel_of_a_form_is_told_by_spot_and_by_day(koebako, survey_file, sqlite_url):
    koebako("store", "add", "ginza", "銀座店")
    koebako("spot", "add", "ginza/register", "レジ横")
    koebako("survey", "load", survey_file)
    database = Database(sqlite_url)
    with database.session() as session:
        (spot,) = places.spots(session)
        survey_id = session.scalars(select(Survey.id)).one()
        for day, seen, started in (("2025-10-03", 1200, 300), ("2025-10-04", 0, 0)):
            session.add(FormDay(survey_id=survey_id, spot_id=spot.id, day=day, seen=seen, started=started))
    database.close()
    told = koebako("survey", "funnel", "--from", "2025-10-01", "--to", "2025-10-04")
    assert told.output.startswith("store, 2025-10-01 to 2025-10-04\n")
    assert cells(told.output) == [
        ["ginza/register", "1,200", "300 (25%)", "0 (0%)"],
        ["all", "1,200", "300 (25%)", "0 (0%)"],
    ]
    daily = koebako("survey", "funnel", "--from", "2025-10-01", "--to", "2025-10-04", "--daily")
    assert cells(daily.output)[:2] == [["2025-10-03", "1,200", "300 (25%)", "0 (0%)"], ["2025-10-04", "0", "0", "0"]]
    assert cells(koebako("survey", "funnel").output) == [["all", "0", "0", "0"]]
    wrong = koebako("survey", "funnel", "--from", "2025-10-02", "--to", "2025-10-01")
    assert (wrong.exit_code, "--from lies after --to" in wrong.output) == (2, True)
