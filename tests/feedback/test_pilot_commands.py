"""`koebako improvement` and `koebako pilot`."""

import json
import re

import pytest
from click.testing import CliRunner
from pilot_chain import START, fill_stores, run_on, started
from sqlalchemy import select

from analysis.tables import StoreWeek
from feedback.cli import main
from feedback.pilots.records import find_pilot
from feedback.pilots.results import pilot_result


@pytest.fixture(autouse=True)
def _one_lot(monkeypatch):
    """The same stores are drawn each time: one draw in twenty is lucky, in tests too."""
    monkeypatch.setattr("secrets.randbelow", lambda _: 20251008)


@pytest.fixture
def koebako(sqlite, sqlite_url):
    fill_stores(sqlite, weeks=12)

    def run(*arguments):
        result = CliRunner().invoke(main, list(arguments), env={"KOEBAKO_DATABASE_URL": sqlite_url, "COLUMNS": "160"})
        return result.exit_code, result.output

    return run


def rows(output):
    return [re.split(r"\s*│\s*", line)[1:-1] for line in output.splitlines() if line.startswith("│")]


def test_an_improvement_is_added_changed_moved_and_shown(koebako):
    added = (
        "improvement",
        "add",
        "ベンチを置く",
        "--store",
        "s3",
        "--due",
        "2025-11-30",
        "--effort",
        "2",
        "--by",
        "佐藤",
    )
    assert koebako(*added) == (0, "Improvement 2: ベンチを置く\n")
    koebako("improvement", "change", "2", "--owner", "鈴木", "--note", "見積もり中", "--by", "佐藤")
    assert koebako("improvement", "move", "2", "rollout", "--by", "店長") == (0, "Improvement 2 is now rollout\n")
    assert rows(koebako("improvement", "list")[1]) == [
        ["1", "candidate", "レジを増やす", "queue", "every store", "佐藤", "", ""],
        ["2", "rollout", "ベンチを置く", "", "s3", "鈴木", "2025-11-30 (late)", "2"],
    ]
    shown = koebako("improvement", "show", "2")[1]
    assert shown.startswith("Improvement 2: ベンチを置く (rollout)\n")
    assert [row[1:] for row in rows(shown)] == [
        ["店長", "state", "candidate", "rollout"],
        ["佐藤", "note", "", "見積もり中"],
        ["佐藤", "owner", "", "鈴木"],
        ["佐藤", "made", "", "ベンチを置く"],
    ]


def test_what_was_written_can_be_left_open_again(koebako):
    koebako("improvement", "change", "1", "--due", "2025-11-30", "--effort", "2")
    told = koebako("improvement", "change", "1", "--clear", "owner", "--clear", "due", "--title", "レジを2台に")
    assert told == (0, "Improvement 1: レジを2台に\n")
    assert rows(koebako("improvement", "list")[1]) == [
        ["1", "candidate", "レジを2台に", "queue", "every store", "", "", "2"]
    ]


def test_stores_left_out_and_other_pilots_are_told(koebako, sqlite):
    koebako("improvement", "add", "あいさつ")
    pilot = started(sqlite)
    picks = [f"--pick=s{number}" for number in range(5)]
    told = koebako("pilot", "plan", "2", "--start", "2025-W42", "--weeks", "4", *picks)[1]
    assert "Other pilots in some of these stores at the same time: 1; hard to tell apart.\n" in told
    run_on(sqlite, pilot, 5, gain=3)
    silent = pilot.others[0]
    with sqlite.session() as session:
        for row in session.scalars(select(StoreWeek).where(StoreWeek.store_id == silent.id, StoreWeek.week >= START)):
            session.delete(row)
    told = koebako("pilot", "show", "1")[1]
    assert f"left out, no answers before or after the start: {silent.key}\n" in told


def test_a_plan_is_told_and_nothing_started(koebako):
    # the stored weeks are long past, so the stores can't be drawn any more: they are picked
    asked = ("pilot", "plan", "1", "--start", "2025-W41", "--expected", "20")
    code, told = koebako(*asked, *(f"--pick=s{number}" for number in range(5)))
    assert (code, told.splitlines()[0]) == (0, "5 of 10 stores try; 252 possible draws.")
    assert re.search(r"^It takes \d weeks to see 20 points\.$", told, re.MULTILINE)
    few = koebako(*asked, "--pick=s0", "--pick=s1", *(f"--store=s{number}" for number in range(4)))[1]
    assert "Too few stores: with fewer than 20 possible draws, 効いた is never said. 2 + 5 stores could." in few
    assert rows(koebako("pilot", "list")[1]) == []


def test_a_pilot_is_started_shown_and_stopped(koebako):
    picks = [f"--pick=s{number}" for number in range(5)]
    code, told = koebako("pilot", "start", "1", "--start", "2025-W41", "--weeks", "4", *picks, "--by", "佐藤")
    assert (code, told) == (
        0,
        "Pilot 1: 2025-W41 to 2025-W44\ntrying (picked): s0, s1, s2, s3, s4\ncompared with: s5, s6, s7, s8, s9\n",
    )
    assert rows(koebako("pilot", "list")[1]) == [["1", "レジを増やす", "2025-W41", "2025-W44", "5 + 5", "picked", "no"]]
    assert "The verdict comes in 4 weeks.\n" in koebako("pilot", "show", "1")[1]
    assert koebako("pilot", "stop", "1", "--by", "佐藤") == (0, "Pilot 1 stopped\n")
    assert "Stopped by 佐藤: no verdict.\n" in koebako("pilot", "show", "1")[1]
    assert rows(koebako("pilot", "list")[1])[0][-1] == "yes"


def test_complaints_are_told_as_a_share_and_not_as_a_change(koebako, sqlite):
    started(sqlite, metric="theme")
    with sqlite.reading() as session:
        last = pilot_result(session, find_pilot(session, 1)).weeks[-1]
    shares = [last.week, f"{last.trying.value:.1f}", f"{last.others.value:.1f}"]
    assert rows(koebako("pilot", "show", "1")[1])[-1] == shares


def test_the_verdict_is_told_with_its_interval(koebako, sqlite):
    run_on(sqlite, started(sqlite), 5, gain=3)
    told = koebako("pilot", "show", "1")[1]
    assert "効いた: it worked\n" in told
    assert re.search(r"^\+\d\d\.\d points, 95 %: \+\d\d\.\d to \+\d\d\.\d, at least \+\d\d\.\d$", told, re.MULTILINE)
    code, refused = koebako("pilot", "extend", "1", "--weeks", "2")
    assert (code, refused) == (2, "Error: pilot 1 is not unclear at its planned end; only then does it go on\n")


def test_a_pilot_is_written_as_json_for_programs(koebako, sqlite):
    pilot = started(sqlite)
    before = json.loads(koebako("pilot", "show", "1", "--format", "json")[1])
    assert (before["verdict"], before["effect"], before["weeks_left"]) == (None, None, 5)
    run_on(sqlite, pilot, 5, gain=3)
    found = json.loads(koebako("pilot", "show", "1", "--format", "json")[1])
    assert (found["verdict"], found["weeks_left"], found["seed"], found["cautions"]) == ("worked", 0, pilot.seed, [])
    assert found["left_out"] == []
    assert sorted(found["effect"]) == ["chance", "draws", "high", "least", "low", "most", "value"]
    assert found["effect"]["low"] < found["effect"]["least"] < found["effect"]["value"] < found["effect"]["most"]
    assert [each["store"] for each in found["stores"] if each["tries"]] == [store.key for store in pilot.trying]
    assert [each["week"] for each in found["weeks"]][-1] == "2025-W45"
    assert sorted(found["weeks"][-1]["trying"]) == ["high", "low", "value"]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("improvement", "add", "x", "--theme", "y"), "there is no theme 'y'"),
        (("improvement", "add", "x", "--effort", "6"), "6 is not in the range"),
        (("improvement", "move", "1", "done"), "improvement 1 is candidate; it may become pilot, rollout, dropped"),
        (("improvement", "show", "7"), "there is no improvement 7"),
        (("pilot", "plan", "1", "--start", "2025-W40"), "stores are drawn before they start"),
        (("pilot", "plan", "1", "--start", "soon"), "'soon' is not an ISO week"),
        (("pilot", "plan", "1", "--store", "s0"), "0 of 1 stores can't try"),
        (("pilot", "show", "1"), "there is no pilot 1"),
    ],
)
def test_what_cannot_be_done_is_bad_input(koebako, arguments, fault):
    code, told = koebako(*arguments)
    assert (code, fault in told) == (2, True), told
