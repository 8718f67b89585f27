import pytest
import yaml
from click.testing import CliRunner, Result
from factories import SURVEY

from feedback.cli import main
from surveys.database import Database
from surveys.places import find_entry


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
    assert cells(koebako("spot", "list").output) == [["ginza/register", "レジ横", "銀座店"]]


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
