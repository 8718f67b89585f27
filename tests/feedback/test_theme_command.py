"""`koebako theme`: themes listed, shown and corrected from the command line."""

import json
import re

import pytest
from analysed_chain import store_analysed_chain
from click.testing import CliRunner
from sqlalchemy import update

from analysis.tables import ThemeRow
from feedback.cli import main


@pytest.fixture
def koebako(sqlite, sqlite_url, monkeypatch):
    monkeypatch.setenv("LOGNAME", "suzuki")
    with sqlite.session() as session:
        store_analysed_chain(session)
        words = {"レジ": 1.0, "行列": 0.4}
        session.execute(update(ThemeRow).where(ThemeRow.id == "queue").values(words=words, group={"ja": "会計"}))
        session.execute(update(ThemeRow).where(ThemeRow.id == "staff").values(words={"店員": 1.0, "接客": 1.0}))

    def run(*arguments):
        return CliRunner().invoke(main, ["theme", *arguments], env={"KOEBAKO_DATABASE_URL": sqlite_url})

    return run


def done(result):
    assert result.exit_code == 0, result.output
    return result.output


def test_a_catalogue_is_listed_without_a_database(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plain = CliRunner().invoke(main, ["theme", "list", "--catalogue", "hotel"])
    found = json.loads(CliRunner().invoke(main, ["theme", "list", "--catalogue", "hotel", "--format", "json"]).output)
    assert plain.exit_code == 0
    assert "\nbath  風呂 / Baths\n" in plain.output
    assert {"id", "group", "name", "group_name", "origin", "general", "words"} == set(found[0])
    for theme in found:
        assert theme["id"].startswith(f"{theme['group']}.")
        assert set(theme["name"]) == set(theme["group_name"]) == {"ja", "en"}
        assert re.search(rf"^  {re.escape(theme['id'])} .* {len(theme['words'])} words$", plain.output, re.MULTILINE)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_catalogue_is_refused(koebako):
    result = koebako("list", "--catalogue", "zoo")
    assert (result.exit_code, "catalogue 'zoo' is unknown; there are:" in result.output) == (2, True)


def test_the_themes_of_the_database_are_listed_with_their_counts(koebako):
    koebako("merge", "staff", "queue")
    koebako("hide", "again")
    found = {theme["id"]: theme for theme in json.loads(done(koebako("list", "--format", "json")))}
    assert list(found) == ["queue", "d-park", "d-late", "again", "staff"]
    queue = {key: found["queue"][key] for key in ("weeks", "opinions", "negative", "hidden", "merged_into", "since")}
    assert queue == {
        "weeks": ["2025-W40", "2025-W40"], "opinions": 11, "negative": 10,
        "hidden": False, "merged_into": None, "since": None,
    }  # fmt: skip
    assert found["queue"]["words"] == {"レジ": 1.0, "店員": 1.0, "接客": 1.0, "行列": 0.4}
    lines = done(koebako("list")).splitlines()
    assert lines[0] == "Opinions of 2025-W40"
    assert [" ".join(line.split()) for line in lines[1:]] == [
        "11 queue レジの待ち時間 / Waiting at the till catalogue",
        "5 d-park 駐車場が狭い / Narrow car park discovered, since 2025-W40",
        "0 d-late あとから / Later discovered, since 2025-W41",
        "4 again 満足・また来たい / Satisfaction catalogue, hidden",
        "3 staff 接客 / Service catalogue, merged into queue",
    ]


def test_a_theme_is_shown_with_all_that_belongs_to_it(koebako):
    done(koebako("rename", "queue", "列"))
    done(koebako("merge", "staff", "queue"))
    lines = done(koebako("show", "queue")).splitlines()
    assert [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "DAY", line) for line in lines] == [
        "queue  列 / Waiting at the till",
        "Group: 会計. Origin: catalogue",
        "Other names: レジの待ち時間 / Waiting at the till, 接客 / Service",
        "Holds: staff  接客 / Service",
        "2025-W40: 11 opinions (0 positive, 10 negative, 2 requests) in 11 answers",
        "Words: レジ 1, 店員 1, 接客 1, 行列 0.4",
        "Correction 2  DAY  suzuki  staff merged into queue",
        "Correction 1  DAY  suzuki  queue is called 列",
        "「レジが混んでいて待たされました」 r0/reason/0",
        "「レジをもう一台増やしてほしいです」 r1/reason/0",
    ]


FOLLOW = "Figures follow with the next koebako analyse; koebako theme undo 1 takes it back.\n"
AT_ONCE = "Shown at once; koebako theme undo 1 takes it back.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rename", "queue", "列", "--en", "Line"), f"queue is called 列 / Line. {AT_ONCE}"),
        (("merge", "staff", "again", "queue"), f"staff, again merged into queue. {FOLLOW}"),
        (("split", "staff", "--name", "応対", "--word", "店員"), f"s-ID 応対 split from staff with 店員. {FOLLOW}"),
        (("move", "r0/reason/0", "staff", "queue"), f"r0/reason/0 is about queue, staff. {FOLLOW}"),
        (("set", "r0/reason", "--none"), f"r0/reason is about no theme. {FOLLOW}"),
        (("pin", "staff", "笑顔", "--weight", "2"), f"笑顔 pinned to staff with weight 2. {FOLLOW}"),
        (("ban", "staff", "店員"), f"店員 banned from staff. {FOLLOW}"),
        (("hide", "staff"), f"staff hidden. {AT_ONCE}"),
    ],
)
def test_each_correction_says_what_it_did_and_can_be_undone(koebako, arguments, said):
    before = done(koebako("list", "--format", "json"))
    output = re.sub(r"s-\w{10}", "s-ID", done(koebako(*arguments)))
    assert output == f"Correction 1: {said}"
    undone = re.sub(r"s-\w{10}", "s-ID", done(koebako("undo", "1", "--by", "田中")))
    assert undone.startswith(f"Correction 1 is undone: {said.partition('. ')[0]}. ")
    assert done(koebako("list", "--format", "json")) == before


def test_a_pinned_word_names_the_other_themes_that_it_speaks_for(koebako):
    output = done(koebako("pin", "staff", "レジ"))
    assert output.endswith("takes it back. It speaks for queue as well; koebako theme ban takes it away there.\n")


def test_the_log_tells_who_did_what_newest_first(koebako):
    assert done(koebako("log")) == "Nothing was corrected yet.\n"
    done(koebako("hide", "staff"))
    done(koebako("ban", "queue", "行列", "--by", "佐藤"))
    done(koebako("undo", "1", "--by", "田中"))
    lines = [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "DAY", line) for line in done(koebako("log")).splitlines()]
    assert lines == [
        "2  DAY  佐藤  行列 banned from queue",
        "1  DAY  suzuki  staff hidden (undone by 田中)",
    ]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("show", "x"), "there is no theme 'x'; koebako theme list shows all"),
        (("rename", "x", "列"), "there is no theme 'x'"),
        (("merge", "queue", "queue"), "cannot be merged into itself"),
        (("merge", "queue"), "Missing argument 'THEME...'"),
        (("split", "queue", "--name", "列", "--word", "駐車場"), "theme 'queue' has no word '駐車場'"),
        (("move", "r0/reason", "queue"), "'r0/reason' names no opinion"),
        (("move", "r0/reason/4", "queue"), "comment 'r0/reason' has no opinion 4; its opinions are 0"),
        (("move", "r0/reason/0"), "name the themes, or give --none"),
        (("set", "r0/reason", "queue", "--none"), "name the themes, or give --none"),
        (("set", "r9/reason", "queue"), "there is no comment 'r9/reason'"),
        (("pin", "queue", "。"), "is no word that a theme can stand on"),
        (("hide", "queue", "--by", " "), "who corrects?"),
        (("undo", "7"), "there is no correction 7"),
    ],
)
def test_what_cannot_be_done_is_refused(koebako, arguments, fault):
    result = koebako(*arguments)
    assert (result.exit_code, fault in result.output) == (2, True), result.output
    assert done(koebako("log")) == "Nothing was corrected yet.\n"
