"""Corrections over the database: every later analysis honours them, on both databases, until they are undone."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select
from weekly_answers import (
    LAST_WEEK,
    NOW,
    ORGANISATION,
    SETTINGS,
    STORES,
    dice,
    make_answers,
    record_answers,
    stored_results,
)

from analysis import records
from analysis.corrections import correcting
from analysis.corrections.log import active, undo
from analysis.opinions import OpinionFilter, opinions_page
from analysis.tables import OpinionRow, TagRow
from analysis.weeks.runs import analyse
from analysis.weeks.weekly import is_discovery_week
from surveys.database import Database
from surveys.tables import Comment, Response
from surveys.weeks import shift

WEEKS = 8
BALLOONS = ("風船を空に飛ばした", "風船を持ち帰った", "風船を結んだ", "風船が黄色かった")
UMBRELLAS = ("傘立てがいつも満杯", "傘立てを置いてください", "傘立ての鍵が壊れている", "傘立てが遠い")
QUEUE, STAFF, PARKING, AISLES = "checkout.wait", "service.manner", "access.parking", "place.aisles"


def first_fit():
    return next(week for back in range(WEEKS - 1, -1, -1) if is_discovery_week(week := shift(LAST_WEEK, -back)))


def second_fit():
    return shift(first_fit(), 4)


def make_all():
    """Every third answer speaks of balloons and, from the first fit on, every fifth of umbrella stands."""
    made = []
    for number, answer in enumerate(make_answers(weeks=WEEKS, a_week=60)):
        if number % 3 == 0:
            made.append(replace(answer, comments={"reason": BALLOONS[number // 3 % 4]}))
        elif number % 5 == 0 and answer.external_id[:8] > first_fit():
            made.append(replace(answer, comments={"reason": UMBRELLAS[number // 5 % 4]}))
        else:
            made.append(answer)
    return made


def record(database, last, stores=STORES, answers=None):
    record_answers(database, [each for each in answers or make_all() if each.external_id[:8] <= last], stores)


def run(database, **options):
    return [(info.week, info.revision) for info in analyse(database, ORGANISATION, SETTINGS, now=NOW, **options)]


def by_comment(results):
    """Comment id -> for each of its opinions its text and tags."""
    found = {}
    for comment, _, _, _, _, text, *_, tags in results["opinions"]:
        found.setdefault(comment, []).append((text, tags))
    return found


def comments_with(results, text):
    return [comment for comment, said in sorted(by_comment(results).items()) if any(text in each for each, _ in said)]


def theme_ids(said):
    return [[theme_id for theme_id, *_ in tags] for _, tags in said]


def balloon_theme(session):
    return next(key for key, theme in records.themes(session).items() if "風船" in theme.words)


def opinion_tags(database, comment):
    return theme_ids(by_comment(stored_results(database))[comment])


def mentions(database, theme_id):
    """Week -> the opinions about a theme, over all stores."""
    weeks = [shift(LAST_WEEK, -back) for back in range(WEEKS)]
    with database.reading() as session:
        found = [row for row in records.theme_weeks(session, weeks) if row.theme_id == theme_id]
    return {week: sum(row.opinions for row in found if row.week == week) for week in weeks}


def opinions_about(results, *wanted):
    """Every opinion (comment and text) about one of these themes."""
    return {
        (comment, text)
        for comment, said in by_comment(results).items()
        for text, tags in said
        if {theme_id for theme_id, *_ in tags} & set(wanted)
    }


def correct(database, call, *arguments):
    with database.session() as session:
        return call(session, *arguments, "suzuki", NOW)


def undo_all(database):
    with database.session() as session:
        for event in active(session)[::-1]:
            undo(session, event.number, "tanaka", NOW)


def without_moments(results):
    """Results without the numbers of revisions, which an undone correction leaves higher."""
    return {key: value for key, value in results.items() if key != "runs"}


@pytest.fixture
def control(sqlite_template, tmp_path):
    """The same answers, analysed twice in the same steps, and never corrected."""
    path = tmp_path / "control.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    for last in (first_fit(), second_fit()):
        record(database, last)
        run(database)
    yield stored_results(database)
    database.close()


def test_corrections_survive_a_restart_and_later_fits_until_they_are_undone(database_url, control):
    database = Database(database_url)
    record(database, first_fit(), STORES[::-1])
    run(database)
    found = stored_results(database)
    wrong, moved = comments_with(found, "品揃えが豊富")[0], comments_with(found, "駐車場が狭くて")[0]
    with database.reading() as session:
        balloons = balloon_theme(session)
    correct(database, correcting.set_themes, wrong, [QUEUE, balloons])
    place = next(at for at, (text, _) in enumerate(by_comment(found)[moved]) if "駐車場" in text)
    correct(database, correcting.move, (moved, place), [])
    correct(database, correcting.rename, balloons, {"ja": "風船配り"})
    correct(database, correcting.merge, [AISLES], PARKING)
    split = correct(database, correcting.split, QUEUE, {"ja": "行列"}, ["待ち時間"]).content["id"]
    database.close()

    database = Database(database_url)
    assert run(database)
    for last in (first_fit(), second_fit()):
        record(database, last)
        run(database)
        results = stored_results(database)
        said = by_comment(results)
        assert {theme_id for each in theme_ids(said[wrong]) for theme_id in each} == {QUEUE, balloons}
        assert {tag[1:] for _, tags in said[wrong] for tag in tags} == {(1.0, "staff")}
        assert said[moved][place][1] == []
        assert opinions_about(results, AISLES) == set()
        assert {text for _, text in opinions_about(results, split)} >= {"レジの待ち時間が長い"}
        with database.reading() as session:
            assert records.themes(session)[balloons].name == {"ja": "風船配り", "en": "風船配り"}
    assert any("傘立て" in words for *_, words in results["themes"] for words, _ in words)

    undo_all(database)
    run(database)
    undone = without_moments(stored_results(database))
    undone["themes"] = [theme for theme in undone["themes"] if theme[2] != "staff"]
    assert undone == without_moments(control)
    database.close()


@pytest.fixture
def analysed(sqlite):
    record(sqlite, first_fit())
    run(sqlite)
    return sqlite


def test_a_merged_theme_has_the_history_of_both(analysed):
    before = stored_results(analysed)
    correct(analysed, correcting.merge, [AISLES], PARKING)
    assert run(analysed)
    assert opinions_about(stored_results(analysed), PARKING) == opinions_about(before, PARKING, AISLES)
    assert sum(mentions(analysed, PARKING).values()) == len(opinions_about(before, PARKING, AISLES))
    assert sum(mentions(analysed, AISLES).values()) == 0
    with analysed.reading() as session:
        assert records.themes(session)[AISLES].merged_into == PARKING


@pytest.mark.parametrize("direction", ["into the catalogue's", "into the discovered one"])
def test_a_merge_changes_no_tag_but_those_of_the_merged_theme(analysed, direction):
    before = by_comment(stored_results(analysed))
    with analysed.reading() as session:
        balloons = balloon_theme(session)
    source, into = (balloons, PARKING) if direction == "into the catalogue's" else (PARKING, balloons)
    correct(analysed, correcting.merge, [source], into)
    run(analysed)
    expected = {
        comment: [(text, {into if theme_id == source else theme_id for theme_id, *_ in tags}) for text, tags in said]
        for comment, said in before.items()
    }
    after = by_comment(stored_results(analysed))
    assert expected == {
        comment: [(text, {theme_id for theme_id, *_ in tags}) for text, tags in said] for comment, said in after.items()
    }
    assert any(into in themes for said in expected.values() for _, themes in said)


def test_a_split_theme_takes_its_history_along(analysed):
    before = stored_results(analysed)
    new = correct(analysed, correcting.split, "service.manner", {"ja": "親切さ"}, ["親切"]).content["id"]
    run(analysed)
    kind = {opinion for opinion in opinions_about(before, STAFF) if "親切" in opinion[1]}
    assert kind
    assert opinions_about(stored_results(analysed), new) == kind
    with analysed.reading() as session:
        assert records.themes(session, known_at="2000-W01")[new].name["ja"] == "親切さ"


def test_names_and_hiding_need_no_new_analysis(analysed):
    before = stored_results(analysed)
    correct(analysed, correcting.rename, QUEUE, {"ja": "列", "en": "Line"})
    correct(analysed, correcting.hide, STAFF)
    assert run(analysed) == []
    assert stored_results(analysed) == before
    with analysed.reading() as session:
        themes = records.themes(session)
    assert (themes[QUEUE].name, themes[STAFF].hidden) == ({"ja": "列", "en": "Line"}, True)


def test_a_pinned_word_speaks_and_a_banned_one_is_silent_in_every_week(analysed):
    before = stored_results(analysed)
    leaving = [comment for comment in comments_with(before, "また来ます") if comment]
    correct(analysed, correcting.pin, QUEUE, "来る", None)
    correct(analysed, correcting.ban, "goods.stock", "売り切れ")
    run(analysed)
    after = by_comment(stored_results(analysed))
    for comment in leaving:
        assert [
            QUEUE in [theme_id for theme_id, *_ in tags] for text, tags in after[comment] if text == "また来ます"
        ] == [True]
    assert opinions_about(before, "goods.stock")
    assert not opinions_about(stored_results(analysed), "goods.stock")


def test_a_catalogue_theme_merged_into_a_discovered_one_keeps_the_weeks_before_the_discovery(analysed):
    early = shift(first_fit(), -1)
    before = mentions(analysed, PARKING)[early]
    with analysed.reading() as session:
        balloons = balloon_theme(session)
        assert balloons not in records.themes(session, known_at=early)
    correct(analysed, correcting.merge, [PARKING], balloons)
    run(analysed)
    with analysed.reading() as session:
        assert balloons in records.themes(session, known_at=early)
        known = [row for row in records.theme_weeks(session, [early], known_at=early) if row.theme_id == balloons]
    assert sum(row.opinions for row in known) == mentions(analysed, balloons)[early] > before > 0
    undo_all(analysed)
    run(analysed)
    with analysed.reading() as session:
        assert balloons not in records.themes(session, known_at=early)


@pytest.mark.parametrize("call", ["merge", "rename", "hide"])
def test_the_week_of_the_discovery_analysed_again_keeps_a_corrected_theme(analysed, call):
    with analysed.reading() as session:
        balloons = balloon_theme(session)
    arguments = {"merge": ([balloons], STAFF), "rename": (balloons, {"ja": "配り物"}), "hide": (balloons,)}[call]
    correct(analysed, getattr(correcting, call), *arguments)
    run(analysed)
    late = [replace(make_all()[0], external_id="late", comments={"reason": "風船を飛ばした"})]
    record(analysed, LAST_WEEK, answers=[replace(late[0], answered_at=make_all()[-1].answered_at)])
    record(analysed, first_fit(), answers=[replace(late[0], external_id=f"{first_fit()}-late")])
    run(analysed)
    with analysed.reading() as session:
        themes = records.themes(session)
        assert [key for key, theme in themes.items() if "風船" in theme.words] == (
            [balloons, STAFF] if call == "merge" else [balloons]
        )
    assert run(analysed) == []


def test_what_a_fit_finds_is_tagged_as_when_its_weeks_are_read_again(analysed):
    about = comments_with(stored_results(analysed), "また来ます")[0]
    correct(analysed, correcting.set_themes, about, [])
    record(analysed, second_fit())
    run(analysed)
    found = stored_results(analysed)
    late = make_answers(weeks=WEEKS, a_week=61)
    record(analysed, second_fit(), answers=[each for each in late if each.external_id.endswith("-0060")])
    run(analysed)
    again = by_comment(stored_results(analysed))
    assert any("傘立て" in words for *_, words in found["themes"] for words, _ in words)
    assert by_comment(found).items() <= again.items()


def test_an_opinion_that_staff_say_is_about_nothing_makes_no_theme(sqlite):
    answers = [each for each in make_all() if each.external_id[:8] <= shift(first_fit(), -1)]
    record(sqlite, LAST_WEEK, answers=answers)
    run(sqlite)
    with sqlite.session() as session:
        ids = session.scalars(select(Comment.external_id).where(Comment.text.contains("風船"))).all()
        for comment_id in ids:
            correcting.set_themes(session, comment_id, [], "suzuki", NOW)
    quiet = [each for each in make_answers(weeks=WEEKS, a_week=60) if each.external_id[:8] == first_fit()]
    record(sqlite, LAST_WEEK, answers=quiet)
    run(sqlite)
    with sqlite.reading() as session:
        assert ids
        assert [key for key, theme in records.themes(session).items() if theme.origin == "discovered"] == []


def test_a_deleted_comment_takes_its_correction_and_its_lesson_along(analysed):
    before = stored_results(analysed)
    comment = comments_with(before, "お惣菜が美味しい")[0]
    answer = comment.partition(":")[0]
    correct(analysed, correcting.set_themes, comment, [QUEUE])
    run(analysed)
    with analysed.session() as session:
        session.execute(delete(Response).where(Response.external_id == answer))
    run(analysed)
    after = stored_results(analysed)
    assert comment not in by_comment(after)
    assert by_comment(after) == {key: said for key, said in by_comment(before).items() if not key.startswith(answer)}
    assert run(analysed) == []


def test_a_correction_made_between_two_weeks_of_a_backlog_is_honoured_by_the_next_call(analysed):
    record(analysed, LAST_WEEK)
    made = []

    def once(progress):
        if progress.stage == "measuring" and not made:
            made.append(correct(analysed, correcting.merge, [AISLES], PARKING))

    run(analysed, progress=once)
    assert run(analysed)
    assert opinions_about(stored_results(analysed), AISLES) == set()
    assert run(analysed) == []


def test_the_comments_behind_a_theme_follow_a_correction(analysed):
    with analysed.reading() as session:
        quotes = opinions_page(session, OpinionFilter([first_fit()])).quotes
    quote = next(each for each in quotes if each.text == "また来ます")
    correct(analysed, correcting.move, (quote.comment_id, quote.position), [QUEUE])
    run(analysed)
    with analysed.reading() as session:
        found = opinions_page(session, OpinionFilter([first_fit()], theme=QUEUE), limit=200).quotes
        tags = session.execute(
            select(TagRow.weight, TagRow.source)
            .join(OpinionRow, OpinionRow.id == TagRow.opinion_id)
            .join(Comment, Comment.id == OpinionRow.comment_id)
            .where(Comment.external_id == quote.comment_id, OpinionRow.position == quote.position)
        ).all()
    assert (quote.comment_id, quote.position) in {(each.comment_id, each.position) for each in found}
    assert [tuple(tag) for tag in tags] == [(1.0, "staff")]


def test_chance_has_no_part_in_it(sqlite_url, postgresql_url):
    found = []
    for url, stores, seed in ((sqlite_url, STORES, 1), (postgresql_url, STORES[::-1], 2)):
        database = Database(url)
        answers = [each for each in make_all() if each.external_id[:8] <= first_fit()]
        record(database, LAST_WEEK, stores, dice(seed).sample(answers, len(answers)))
        run(database)
        correct(database, correcting.merge, [AISLES], PARKING)
        for comment in comments_with(stored_results(database), "お惣菜が美味しい")[:3]:
            correct(database, correcting.set_themes, comment, [QUEUE])
        run(database)
        found.append(stored_results(database))
        database.close()
    assert found[0] == found[1]
