"""`koebako poster`: from a spot to a file for the printer."""

import io
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner, Result
from factories import make_definition

from feedback.cli import main
from surveys.database import Database
from surveys.definitions import save_survey
from surveys.places import create_spot, create_store, entry_code

CONFIG = "organisation: {name: みなと商店}\nsite: {public_url: 'https://koe.example.jp'}\n"


@pytest.fixture
def code(sqlite: Database) -> str:
    with sqlite.session() as session:
        save_survey(session, make_definition())
        create_store(session, "ginza", "銀座店")
        create_spot(session, "ginza", "register", "レジ横")
        return entry_code(session, "store", "ginza", "register")


@pytest.fixture(autouse=True)
def _in_a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KOEBAKO_DATABASE_URL", sqlite_url)
    Path("config.yaml").write_text(CONFIG, encoding="utf-8")


def poster(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["poster", *arguments])


def test_a_poster_is_written_with_names_invitation_and_address(code: str) -> None:
    result = poster("ginza/register", "--out", "p.pdf", "--size", "A5", "--invitation", "ひとことどうぞ")
    assert (result.exit_code, result.output) == (0, f"p.pdf: A5, leads to https://koe.example.jp/s/{code}\n")
    page = pypdf.PdfReader(io.BytesIO(Path("p.pdf").read_bytes())).pages[0]
    assert round(page.mediabox.width) == 420
    assert [
        line
        for line in page.extract_text().splitlines()
        if line in {"みなと商店", "ひとことどうぞ", "銀座店", "レジ横"}
    ] == [
        "みなと商店",
        "ひとことどうぞ",
        "銀座店",
        "レジ横",
    ]


@pytest.mark.parametrize(
    ("place", "out", "fault"),
    [
        ("ginza/door", "p.pdf", "store 'ginza' has no spot 'door'"),
        ("osaka/register", "p.pdf", "no store has the key 'osaka'"),
        ("ginza", "p.pdf", "'ginza' names no spot; write STORE/SPOT, such as ginza/register"),
        ("ginza/register", "p.jpg", "a poster cannot be written as '.jpg'; use .pdf, .svg or .png"),
        ("ginza/register", "gone/p.pdf", "gone/p.pdf: cannot be written: No such file or directory"),
    ],
)
@pytest.mark.usefixtures("code")
def test_what_cannot_be_made_is_one_line_and_exit_code_2(place: str, out: str, fault: str) -> None:
    result = poster(place, "--out", out)
    assert (result.exit_code, result.output) == (2, f"Error: {fault}\n")


@pytest.mark.parametrize(
    ("public_url", "fault"), [("", "is no address that customers can reach"), ("http://localhost:8765", "reaches this")]
)
@pytest.mark.usefixtures("code")
def test_a_poster_needs_an_address_that_customers_can_reach(public_url: str, fault: str) -> None:
    Path("config.yaml").write_text(f"site: {{public_url: '{public_url}'}}\n", encoding="utf-8")
    result = poster("ginza/register", "--out", "p.svg")
    assert (result.exit_code, Path("p.svg").exists()) == (2, False)
    assert f"site.public_url {public_url!r} {fault}" in result.output


def test_all_posters_of_a_store_or_of_the_chain_are_one_file(sqlite: Database, code: str) -> None:
    with sqlite.session() as session:
        create_spot(session, "ginza", "toilet", "お手洗い")
        create_store(session, "ueno", "上野店")
        create_spot(session, "ueno", "register", "レジ横")
    for arguments, posters, pages in ((["--store", "ginza"], 2, 2), (["--all"], 3, 3), (["--all", "--sheets"], 3, 1)):
        result = poster(*arguments, "--out", "p.pdf")
        assert (result.exit_code, result.output) == (0, f"p.pdf: {posters} posters, A6\n")
        read = pypdf.PdfReader(io.BytesIO(Path("p.pdf").read_bytes())).pages
        assert len(read) == pages
        assert code in "".join(page.extract_text() for page in read)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ((), "name one spot as STORE/SPOT, or one store by --store, or take --all"),
        (("ginza/register", "--all"), "name one spot as STORE/SPOT, or one store by --store, or take --all"),
        (("--store", "osaka"), "no store has the key 'osaka'"),
        (("--all", "--size", "A4", "--sheets"), "only A6 posters go four to a sheet"),
    ],
)
@pytest.mark.usefixtures("code")
def test_an_order_that_cannot_be_filled_is_refused(arguments: tuple[str, ...], fault: str) -> None:
    result = poster(*arguments, "--out", "p.pdf")
    assert (result.exit_code, Path("p.pdf").exists()) == (2, False)
    assert fault in result.output


@pytest.mark.usefixtures("code")
def test_several_posters_go_into_a_pdf_only() -> None:
    result = poster("--all", "--out", "p.png")
    assert (result.exit_code, result.output) == (2, "Error: p.png: several posters go into one .pdf only\n")
