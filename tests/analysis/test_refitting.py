"""The weekly fits over the database: themes keep their ids, and what becomes of them is stored and never silent."""

import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from effort import examples
from factories import TOKYO
from sqlalchemy import update
from stored_rows import stored_event, stored_theme
from weekly_answers import ORGANISATION, SETTINGS, STORES, failing_commit, record_answers, stored_results

from analysis import records
from analysis.corrections import correcting
from analysis.tables import LineageRow
from analysis.weeks.runs import analyse
from analysis.weeks.weekly import is_discovery_week
from surveys.database import Database
from surveys.submissions import Submission
from surveys.weeks import first_day, shift

FITS = [week for later in range(40) if is_discovery_week(week := shift("2025-W01", later))][1:5]
"""The weeks of four fits that follow each other."""

BALLOONS = ("風船を配る日を知りたい", "風船を空に飛ばした", "風船を持ち帰った")
FISH = ("金魚に名前がついた", "金魚は土曜に来た", "金魚を見た")
TEXTS = BALLOONS + FISH
EARLIER = shift(FITS[0], -4)
"""The week of a fit before there were answers: themes that were found then stand already."""

APART = {"d-few": ("飛ばす", "空"), "d-many": ("配る", "持ち帰る")}
"""Two themes that are one topic: what is said of balloons."""
TOGETHER = {"d-both": ("風船", "金魚")}
"""One theme that is two topics."""


def answers_of(week):
    """Every text four times; the order of ids is not that of texts."""
    monday = datetime.combine(first_day(week), datetime.min.time(), TOKYO)
    return [
        Submission(
            external_id=f"{week}-{number * 7 % 97:02d}",
            store_id=number % len(STORES),
            channel="qr",
            answered_at=monday + timedelta(minutes=number),
            score=number % 11,
            comments={"reason": text},
        )
        for number, text in enumerate(TEXTS * 4)
    ]


def weeks_until(last):
    return [week for later in range(-3, 40) if (week := shift(FITS[0], later)) <= last]


def plant(database, themes):
    """Themes as an earlier fit found them, with the words that speak for them."""
    with database.session() as session:
        for theme_id, words in themes.items():
            weights = dict.fromkeys(words, 1.0)
            stored_theme(
                session, theme_id, words[0], "", origin="discovered", words=weights, first_week=EARLIER,
                known_from=EARLIER,
            )  # fmt: skip
            stored_event(session, EARLIER, theme_id, "new")


def after(week):
    monday = first_day(shift(week, 1))
    return datetime(monday.year, monday.month, monday.day, 3, tzinfo=UTC)


def run(database, week):
    return [(info.week, info.revision) for info in analyse(database, ORGANISATION, SETTINGS, now=after(week))]


def week_by_week(database, last):
    """Analyse every Monday; the answers of later weeks are not there yet."""
    return {week: next_week(database, week) for week in weeks_until(last)}


def next_week(database, week):
    record_answers(database, answers_of(week))
    return run(database, week)


def backlog(database, last):
    record_answers(database, [answer for week in weeks_until(last) for answer in answers_of(week)][::-1], STORES[::-1])
    run(database, last)


def story(database):
    with database.reading() as session:
        return [(e.week, e.theme_id, e.kind, e.other_id) for e in records.lineage(session)]


def named(database, word):
    """Ids of the themes that a word speaks for and that are no part of another."""
    with database.reading() as session:
        themes = records.themes(session).values()
    return [theme.id for theme in themes if word in theme.words and theme.is_listed and theme.since]


def tagged(database, week, known_at=None):
    with database.reading() as session:
        counts = records.theme_weeks(session, [week], known_at=known_at)
    return {
        theme_id: sum(row.opinions for row in counts if row.theme_id == theme_id)
        for theme_id in {row.theme_id for row in counts}
    }


def test_a_theme_keeps_its_id_from_fit_to_fit(database):
    week_by_week(database, FITS[2])
    (balloons,), (fish,) = named(database, "風船"), named(database, "金魚")
    first, *later = (sorted([(week, balloons), (week, fish)]) for week in FITS[:3])
    assert story(database) == [(*each, "new", None) for each in first] + [
        (*each, "same", None) for fit in later for each in fit
    ]


def test_themes_of_one_topic_are_merged_at_the_second_sign_and_old_reports_are_revised(database):
    plant(database, APART)
    revisions = week_by_week(database, FITS[1])
    events = story(database)
    assert (FITS[0], "d-few", "same", "d-many") in events  # the first sign
    assert [event for event in events if event[2] in {"merged", "split"}] == [(FITS[1], "d-few", "merged", "d-many")]
    assert named(database, "飛ばす") == named(database, "配る") == ["d-many"]
    weeks = list(revisions)
    assert sorted(revisions[FITS[1]]) == [*((week, 2) for week in weeks[:-1]), (FITS[1], 1)]
    assert run(database, FITS[1]) == []
    for week in (weeks[0], FITS[1]):
        assert tagged(database, week, known_at=EARLIER) == {"d-many": 12}


def test_a_theme_of_two_topics_is_split_at_the_second_sign_and_its_part_keeps_the_history(database):
    plant(database, TOGETHER)
    week_by_week(database, FITS[1])
    events = story(database)
    assert (FITS[0], "d-both", "same", "d-both") in events  # the first sign
    (split,) = [event for event in events if event[2] in {"merged", "split"}]
    assert (split[0], split[2:]) == (FITS[1], ("split", "d-both"))
    left, gone = named(database, "風船"), named(database, "金魚")
    assert sorted([*left, *gone]) == sorted(["d-both", split[1]])
    for week in (weeks_until(FITS[1])[0], FITS[1]):
        assert tagged(database, week, known_at=EARLIER) == {"d-both": 12, split[1]: 12}
    with database.reading() as session:
        names = {word: records.themes(session)[named(database, word)[0]].name["ja"] for word in ("風船", "金魚")}
    assert all(name.startswith(word) for word, name in names.items())


def test_a_sign_that_does_not_come_again_changes_nothing(sqlite):
    plant(sqlite, APART)
    week_by_week(sqlite, FITS[0])
    with sqlite.session() as session:
        session.execute(update(LineageRow).where(LineageRow.week == FITS[0]).values(other_id=None))
    for later in range(1, 5):
        next_week(sqlite, shift(FITS[0], later))
    assert {kind for _, _, kind, _ in story(sqlite)} == {"new", "same"}


@pytest.mark.parametrize(("themes", "touched"), [(APART, "d-few"), (APART, "d-many"), (TOGETHER, "d-both")])
def test_what_staff_have_named_is_neither_merged_nor_split(sqlite, themes, touched):
    plant(sqlite, themes)
    week_by_week(sqlite, FITS[0])
    with sqlite.session() as session:
        correcting.rename(session, touched, {"ja": "店長の名前"}, "店長", after(FITS[0]))
    for later in range(1, 5):
        next_week(sqlite, shift(FITS[0], later))
    assert {kind for _, _, kind, _ in story(sqlite)} == {"new", "same"}
    with sqlite.reading() as session:
        assert records.themes(session)[touched].name["ja"] == "店長の名前"


@pytest.mark.parametrize("themes", [APART, pytest.param(TOGETHER, marks=pytest.mark.long)])
def test_a_backlog_ends_like_week_by_week_on_the_other_database(sqlite_url, postgresql_url, themes):
    found = []
    for url, work in ((sqlite_url, week_by_week), (postgresql_url, backlog)):
        database = Database(url)
        plant(database, themes)
        work(database, FITS[2])
        found.append(stored_results(database, with_revisions=False))
        database.close()
    assert found[0] == found[1]
    assert {kind for _, _, kind, *_ in found[0]["lineage"]} & {"merged", "split"}


@pytest.mark.parametrize("themes", [APART, pytest.param(TOGETHER, marks=pytest.mark.long)])
def test_a_fault_at_any_commit_of_a_fit_leaves_the_same_result(sqlite, tmp_path, themes):
    plant(sqlite, themes)
    week_by_week(sqlite, shift(FITS[1], -1))
    record_answers(sqlite, answers_of(FITS[1]))
    sqlite.close()  # all that it holds is in its file then
    source = sqlite.engine.url.database
    expected, faults = None, -1
    for faults in (-1, *range(1, 1000, max(1, 12 - examples(1)))):
        copy = tmp_path / f"fault-{faults}.db"
        shutil.copy(source, copy)
        damaged = Database(f"sqlite:///{copy}")
        with failing_commit(damaged, faults) as reached, suppress(OSError):
            run(damaged, FITS[1])
        run(damaged, FITS[1])
        found = stored_results(damaged)
        damaged.close()
        expected = expected or found
        assert found == expected
        if faults > 0 and not reached():
            break
    assert faults > 10
