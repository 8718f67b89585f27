"""`koebako import-purchases` and `privacy forget-member`: what an owner sees, and the exit codes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from factories import SECRET_KEY, TOKYO, make_place, make_submission

from feedback.cli import main
from surveys.members import MemberKeeping, keep_member
from surveys.responses import record

NOW = datetime.now(UTC)
YESTERDAY = (NOW - timedelta(days=1)).astimezone(TOKYO).date()


@pytest.fixture
def koebako(tmp_path, monkeypatch, sqlite, sqlite_url):
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATABASE_URL", sqlite_url), ("SECRET_KEY", SECRET_KEY), ("CONFIG", "config.yaml")):
        monkeypatch.setenv(f"KOEBAKO_{name}", value)
    Path("config.yaml").write_text("privacy: {member_codes: true}", encoding="utf-8")
    place = make_place(sqlite)
    with sqlite.session() as session:
        record(session, make_submission(place, answered_at=NOW), NOW, TOKYO)
        keep_member(session, "r-1", "1001", MemberKeeping(SECRET_KEY, timedelta(days=730)), NOW)

    def run(*arguments):
        result = CliRunner().invoke(main, list(arguments))
        return result.exit_code, result.output

    return run


def test_purchases_come_in_once_and_bad_lines_are_listed(koebako):
    text = f"会員番号,購入日,金額,店舗\n1001,{YESTERDAY},100,ginza\n1001,{YESTERDAY},-1,ginza\n7,{YESTERDAY},1,ginza\n"
    Path("p.csv").write_text(text, encoding="utf-8")
    code, told = koebako("import-purchases", "p.csv")
    assert (code, told.splitlines()) == (
        0,
        [
            (
                "3 rows: 1 added, 0 known already, 1 of people who gave no member code with an answer (not kept), "
                "0 older than privacy.member_days (not kept), 1 refused"
            ),
            "Line by line in p.refused.csv",
        ],
    )
    assert "3 rows: 0 added, 1 known already" in koebako("import-purchases", "p.csv")[1]
    assert koebako("privacy", "forget-member", "1001", "--by", "suzuki") == (0, "2 rows erased.\n")
    assert koebako("privacy", "forget-member", "1001", "--by", "suzuki")[0] == 2
    assert "member forgotten" in koebako("privacy", "log")[1]


def test_a_file_with_tabs_is_read_when_told(koebako):
    Path("p.txt").write_text(f"会員番号\t購入日\t金額\t店舗\n1001\t{YESTERDAY}\t1,000\tginza\n", encoding="cp932")
    code, told = koebako("import-purchases", "p.txt")
    assert (code, "--delimiter" in told) == (2, True)
    assert koebako("import-purchases", "p.txt", "--delimiter", "tab")[1].startswith("1 rows: 1 added")


def test_nothing_is_taken_where_the_settings_do_not_allow_it_or_no_row_is_good(koebako):
    Path("p.csv").write_text("会員番号,購入日,金額,店舗\n,2025-09-01,1,ginza\n", encoding="utf-8")
    code, told = koebako("import-purchases", "p.csv")
    assert (code, told.splitlines()[-1]) == (
        2, "Error: p.csv: no row could be taken; the first: line 2: the member is empty"
    )  # fmt: skip
    Path("config.yaml").write_text("organisation: {name: みなと商店}", encoding="utf-8")
    code, told = koebako("import-purchases", "p.csv")
    assert (code, "set privacy.member_codes: true" in told) == (2, True)


def test_a_survey_that_asks_for_member_codes_is_refused_where_the_settings_do_not_allow_it(koebako):
    Path("s.yaml").write_text(
        "key: s\ntitle: 題\npurpose: 目的\nmember: true\nquestions: [{key: n, kind: nps, text: 点}]", encoding="utf-8"
    )
    assert koebako("survey", "load", "s.yaml", "--by", "suzuki")[0] == 0
    Path("config.yaml").write_text("organisation: {name: みなと商店}", encoding="utf-8")
    assert koebako("survey", "load", "s.yaml", "--by", "suzuki")[0] == 2
