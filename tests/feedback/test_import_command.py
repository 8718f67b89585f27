"""`koebako import`: what an owner sees, and the exit codes."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedback.cli import main

MAP = "source: shop\ncolumns: {date: 日付, store: 店, score: 点, external_id: 番号}\ncomments: {reason: 理由}\n"
GOOD = "番号,日付,店,点,理由\n1,2025-10-01,銀座店,9,明るい\n2,2025-10-02,渋谷店,3,\n"


@pytest.fixture(autouse=True)
def _in_a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KOEBAKO_DATABASE_URL", sqlite_url)
    Path("map.yaml").write_text(MAP, encoding="utf-8")


def bring_in(text: str, *options: str) -> Result:
    Path("answers.csv").write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["import", "answers.csv", "--columns", "map.yaml", *options])


def test_counts_and_new_stores_are_told() -> None:
    result = bring_in(GOOD)
    assert result.exit_code == 0
    assert result.stdout == (
        "2 rows: 2 added, 0 known already, 0 replaced, 0 known with other content (left as they were), 0 refused\n"
        "2 new stores: 銀座店, 渋谷店\n"
    )
    assert not Path("answers.refused.csv").exists()


def test_refused_and_changed_rows_are_listed_in_a_file_and_the_good_ones_go_in() -> None:
    bring_in(GOOD)
    result = bring_in(GOOD.replace("明るい", "暗い").replace(",3,", ",30,") + "3,2025-10-03,銀座店,8,\n")
    assert result.exit_code == 0
    assert result.stdout == (
        "3 rows: 1 added, 0 known already, 0 replaced, 1 known with other content (left as they were), 1 refused\n"
        "Line by line in answers.refused.csv\n"
    )
    assert Path("answers.refused.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "line,outcome,id,reason",
        "2,changed,shop:1,known with other content; --replace takes this one",
        "3,refused,shop:2,the score 30 is not a whole number from 0 to 10",
    ]


def test_replace_takes_the_new_content() -> None:
    bring_in(GOOD)
    assert ", 1 replaced, 0 known with other content" in bring_in(GOOD.replace("明るい", "暗い"), "--replace").stdout


def test_a_file_without_any_good_row_is_bad_input() -> None:
    result = bring_in("番号,日付,店,点,理由\n1,01.10.2025,銀座店,9,明るい\n")
    assert (result.exit_code, result.stderr) == (
        2,
        "Error: answers.csv: no row could be taken; the first: line 2: column '日付': '01.10.2025' is not a date\n",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '番号,日付,店,点,理由\n"1',
            "answers.csv: damaged CSV in the row that begins in line 2: unexpected end of data",
        ),
        ("番号,日付,店,点\n", "answers.csv: the map's comments.reason names a missing column '理由'"),
        ("", "answers.csv: empty; the first row must name the columns"),
    ],
)
def test_a_damaged_file_is_one_line_and_exit_code_2(text: str, message: str) -> None:
    result = bring_in(text)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert result.stderr.startswith(f"Error: {message}")


def test_a_list_of_refused_rows_that_cannot_be_written_is_one_line() -> None:
    result = bring_in(GOOD + "3,,,,\n", "--refused", "gone/refused.csv")
    assert (result.exit_code, result.stderr) == (
        2,
        "Error: gone/refused.csv: cannot be written: No such file or directory\n",
    )


def test_a_database_without_tables_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOEBAKO_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    assert bring_in(GOOD).stderr == "Error: the database is empty; run: koebako init\n"
