"""Erasing and retention over the whole house: with a real analysis, on both databases."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from weekly_answers import (
    LAST_WEEK,
    NOW,
    ORGANISATION,
    SETTINGS,
    dice,
    make_answer,
    make_answers,
    record_answers,
    stored_results,
)

from analysis.tables import OpinionRow
from analysis.weeks.runs import analyse
from feedback.cli import main
from feedback.config import Config
from feedback.privacy import Tidied, erased_file, make_ready, tidy
from feedback.report import build_report
from feedback.report.json_file import to_dict
from feedback.schedule import start_in_background
from surveys import rights
from surveys.database import Database
from surveys.submission_keys import code_of, digest, new_submission_key, written_code
from surveys.tables import Comment, Response

WEEKS = ("2025-W37", "2025-W38", "2025-W39", "2025-W40")


def analysed(database, now=NOW):
    return [(run.week, run.revision) for run in analyse(database, ORGANISATION, SETTINGS, now=now)]


def config_for(database_url, tmp_path, **privacy):
    return Config.model_validate(
        {
            "organisation": {"name": "みなと商店"},
            "database_url": database_url,
            "privacy": {"erased_file": str(tmp_path / "koebako.erased"), **privacy},
        }
    )


def erase(database, config, code):
    with database.session() as session:
        return rights.erase(session, digest(code), erased_file(config), NOW)


def test_after_erasing_the_figures_are_those_of_a_chain_that_never_had_the_answer(
    database, database_url, sqlite_template, tmp_path
):
    config, key = config_for(database_url, tmp_path), new_submission_key()
    mine = replace(make_answer("2025-W39", 900, dice(3)), submission_key=key)
    record_answers(database, [*make_answers(), mine])
    assert analysed(database) == [(week, 1) for week in WEEKS]
    assert erase(database, config, code_of(key))
    assert analysed(database) == [("2025-W39", 2), ("2025-W40", 2)]

    (tmp_path / "other.db").write_bytes(sqlite_template.read_bytes())
    without = Database(f"sqlite:///{tmp_path}/other.db")
    record_answers(without, make_answers())
    analysed(without)
    assert stored_results(database, with_revisions=False) == stored_results(without, with_revisions=False)
    without.close()
    assert analysed(database) == []


def test_a_week_whose_only_answer_was_erased_is_counted_anew_as_empty(sqlite, sqlite_url, tmp_path):
    key = new_submission_key()
    record_answers(sqlite, [replace(make_answer(LAST_WEEK, 1, dice(3)), submission_key=key)])
    assert analysed(sqlite) == [(LAST_WEEK, 1)]
    erase(sqlite, config_for(sqlite_url, tmp_path), code_of(key))
    assert analysed(sqlite) == [(LAST_WEEK, 2)]
    assert (stored_results(sqlite)["store_weeks"], analysed(sqlite)) == ([], [])


LATER = NOW + timedelta(days=169)
"""183 days after a day of the third week: the first two of the four ended before that."""


def report(database, week):
    with database.reading() as session:
        return to_dict(build_report(session, Config.model_validate({"analysis": {"catalogue": "retail"}}), week))


def without_quotes(found):
    found = json.loads(json.dumps(found))
    for each in [*found["themes"], *found["improvements"]]:
        for name in [name for name, value in each.items() if value and isinstance(value, list) and "text" in value[0]]:
            del each[name]
        each.pop("quotes", None)
        each.pop("requests_quotes", None)
    return found


def left(database):
    """Rows that are left by week: comments, answers, opinions."""
    counts = {}
    with database.reading() as session:
        for name, query in (
            ("comments", select(Response.week, func.count()).join(Comment).group_by(Response.week)),
            ("answers", select(Response.week, func.count()).group_by(Response.week)),
            ("opinions", select(OpinionRow.week, func.count()).group_by(OpinionRow.week)),
        ):
            counts[name] = sorted(dict(map(tuple, session.execute(query))))
    return counts


@pytest.mark.parametrize(
    ("what", "gone"), [("comments", ("comments", "opinions")), ("responses", ("comments", "answers", "opinions"))]
)
def test_retention_clears_words_and_leaves_every_figure(database, database_url, tmp_path, what, gone):
    config = config_for(database_url, tmp_path, retain=what, retain_days=183)
    record_answers(database, make_answers())
    analysed(database)
    before = {week: report(database, week) for week in WEEKS}
    assert before["2025-W38"]["themes"]
    done = tidy(config, database, LATER, "schedule")
    assert (done.weeks, done.waiting) == (WEEKS[:2], ())
    assert left(database) == {
        name: list(WEEKS[2:]) if name in gone else list(WEEKS) for name in ("comments", "answers", "opinions")
    }
    after = {week: report(database, week) for week in WEEKS}
    assert {week: without_quotes(found) for week, found in after.items()} == {
        week: without_quotes(found) for week, found in before.items()
    }
    assert analysed(database, LATER) == []
    assert tidy(config, database, LATER, "schedule").rows == 0


def test_what_makes_every_week_due_leaves_cleared_ones_as_they_are(database, database_url, tmp_path):
    config = config_for(database_url, tmp_path, retain_days=183)
    record_answers(database, make_answers())
    analysed(database)
    before = stored_results(database)
    tidy(config, database, LATER, "schedule")
    other = SETTINGS.model_copy(update={"seed": SETTINGS.seed + 1})
    again = analyse(database, ORGANISATION, other, now=NOW)
    assert [(run.week, run.revision) for run in again] == [(week, 2) for week in WEEKS[2:]]
    assert analyse(database, ORGANISATION, other, now=NOW, week=WEEKS[0]) == ()
    after = stored_results(database)
    for table in ("store_weeks", "theme_weeks"):
        assert [row for row in after[table] if row[0] in WEEKS[:2]] == [
            row for row in before[table] if row[0] in WEEKS[:2]
        ]


def test_a_week_that_is_not_counted_yet_is_not_cleared(sqlite, sqlite_url, tmp_path):
    config = config_for(sqlite_url, tmp_path, retain_days=183)
    record_answers(sqlite, make_answers())
    assert tidy(config, sqlite, LATER, "schedule") == Tidied(0, 0, 0, (), WEEKS[:2])
    analysed(sqlite)
    record_answers(sqlite, [make_answer("2025-W37", 900, dice(3))])
    assert tidy(config, sqlite, LATER, "schedule").waiting == ("2025-W37",)
    analysed(sqlite)
    assert tidy(config, sqlite, LATER, "schedule").weeks == ("2025-W37",)


def test_an_answer_that_comes_into_a_cleared_week_changes_no_figure_and_is_cleared_the_next_night(
    sqlite, sqlite_url, tmp_path
):
    config = config_for(sqlite_url, tmp_path, retain_days=183)
    record_answers(sqlite, make_answers())
    analysed(sqlite)
    tidy(config, sqlite, LATER, "schedule")
    before = stored_results(sqlite)
    record_answers(sqlite, [make_answer("2025-W37", 900, dice(3))])
    assert analysed(sqlite, LATER) == []
    assert tidy(config, sqlite, LATER, "schedule") == Tidied(0, 0, 1, ("2025-W37",), ())
    assert stored_results(sqlite) == before


def test_nothing_is_cleared_by_default(sqlite, sqlite_url, tmp_path):
    record_answers(sqlite, make_answers(weeks=1))
    analysed(sqlite)
    done = tidy(config_for(sqlite_url, tmp_path), sqlite, NOW + timedelta(days=5000), "schedule")
    assert done == Tidied(0, 0, 0, (), ())


def koebako(config_file, url, *arguments):
    result = CliRunner().invoke(main, ["--config", str(config_file), *arguments], env={"KOEBAKO_DATABASE_URL": url})
    return result.exit_code, result.output


@pytest.fixture
def settings_file(tmp_path):
    file = tmp_path / "shop.yaml"
    file.write_text("privacy: {retain_days: 183}", encoding="utf-8")
    return file


def test_the_commands_show_erase_and_replay_by_code(sqlite, sqlite_url, settings_file, tmp_path):
    key = new_submission_key()
    record_answers(sqlite, [replace(make_answer(LAST_WEEK, 1, dice(5)), submission_key=key)])
    analysed(sqlite)
    code = written_code(code_of(key))
    exit_code, shown = koebako(settings_file, sqlite_url, "privacy", "show", code, "--format", "json")
    held = json.loads(shown)
    with sqlite.reading() as session:
        comment = session.scalars(select(Comment)).one()
        assert held["answers"][-1] == {"key": "reason", "question": {}, "given": [{"": comment.text}]}
    assert (exit_code, held["format"], held["external_id"]) == (0, 1, f"{LAST_WEEK}-0001")
    assert held["opinions"][0]["text"] in comment.text
    assert held["opinions"][0]["themes"][0]["ja"]
    assert comment.text in koebako(settings_file, sqlite_url, "privacy", "show", code.lower())[1]

    assert koebako(settings_file, sqlite_url, "privacy", "erase", code) == (
        0,
        "Erased. The next analysis counts its week anew.\n",
    )
    unknown = (2, "Error: no answer with this code is held (any more)\n")
    assert koebako(settings_file, sqlite_url, "privacy", "erase", code) == unknown
    assert koebako(settings_file, sqlite_url, "privacy", "show", "K7QM-2XPD-9RTA") == unknown
    assert koebako(settings_file, sqlite_url, "privacy", "show", "K7QM")[0] == 2
    assert (tmp_path / "koebako.erased").read_text(encoding="ascii") == f"{digest(code_of(key))}\n"
    log = koebako(settings_file, sqlite_url, "privacy", "log")[1]
    assert [line.split("│")[2].strip() for line in log.splitlines() if "│" in line] == ["erased", "shown", "shown"]
    assert koebako(settings_file, sqlite_url, "privacy", "replay") == (
        0,
        "1 erased codes known, 0 answers erased again\n",
    )


def test_retain_says_what_it_erased_and_what_waits(sqlite, sqlite_url, settings_file):
    record_answers(sqlite, make_answers(weeks=1, a_week=5))
    assert koebako(settings_file, sqlite_url, "privacy", "retain") == (
        0,
        (
            "0 contacts, 0 rows of members, 0 rows of 0 weeks erased\n"
            f"Not analysed yet, so left as they are: {LAST_WEEK}\n"
        ),
    )
    analysed(sqlite)
    assert koebako(settings_file, sqlite_url, "privacy", "retain")[1].startswith("0 contacts, ")
    assert left(sqlite)["comments"] == []


def test_too_short_a_retention_is_refused_by_name(sqlite_url, settings_file):
    settings_file.write_text("privacy: {retain_days: 90}", encoding="utf-8")
    exit_code, said = koebako(settings_file, sqlite_url, "privacy", "retain")
    assert (exit_code, said.startswith(f"Error: {settings_file}: privacy.retain_days: 90 days are fewer")) == (2, True)


@pytest.mark.parametrize("start", ["init", "serve", "schedule"])
def test_every_start_erases_again_what_an_older_copy_brought_back(sqlite, sqlite_url, tmp_path, start):
    config, key = config_for(sqlite_url, tmp_path), new_submission_key()
    record_answers(sqlite, [replace(make_answer(LAST_WEEK, 1, dice(5)), submission_key=key)])
    erased_file(config).add(digest(code_of(key)))
    if start == "init":
        file = tmp_path / "shop.yaml"
        file.write_text(f"privacy: {{erased_file: '{tmp_path}/koebako.erased'}}", encoding="utf-8")
        assert koebako(file, sqlite_url, "init")[0] == 0
    elif start == "serve":
        make_ready(config, sqlite)
    else:
        start_in_background(config)()
    assert left(sqlite)["answers"] == []
