from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from factories import NOW, SURVEY, TOKYO, make_definition, make_place, make_submission, make_survey
from sqlalchemy import select

from surveys.definition_files import load_definition
from surveys.definitions import read_survey, save_survey, survey_key_or_only, surveys
from surveys.errors import InputError
from surveys.responses import record
from surveys.tables import Question, Survey

OFFERS = {
    "coupon": {"text": {"ja": "コーヒー一杯", "en": "One coffee"}, "days": 30, "limit": 500},
    "review": {
        "text": "口コミもお待ちしています。",
        "url": "https://reviews.example.jp/chain",
        "stores": {"ginza": "https://reviews.example.jp/write?place=ginza"},
    },
}
EXAMPLES = Path(__file__).resolve().parent.parent.parent / "docs" / "surveys"
EXAMPLE = EXAMPLES / "store.yaml"


def written(tmp_path, **changes):
    path = tmp_path / "survey.yaml"
    path.write_text(yaml.safe_dump(deepcopy(SURVEY) | changes, allow_unicode=True), encoding="utf-8")
    return path


def questions(**changes):
    """The questions of the test survey, some of them changed; None leaves one out."""
    listed = [question | (changes.get(question["key"], {}) or {}) for question in deepcopy(SURVEY["questions"])]
    return [question for question in listed if changes.get(question["key"], {}) is not None]


def save(database, **changes):
    with database.session() as session:
        return save_survey(session, make_definition(**changes))


def answer(database):
    """One answer to every question of the test survey."""
    place = make_place(database)
    with database.session() as session:
        submission = make_submission(
            place,
            survey_id=session.scalars(select(Survey.id)).one(),
            satisfaction=3,
            answers={"visits": "first", "bought": ["food"]},
        )
        record(session, submission, NOW, TOKYO)


@pytest.mark.parametrize(
    ("file", "asked"),
    [
        ("store.yaml", "recommend:nps reason:text satisfaction:csat errand:multiple visits:single wish:text"),
        (
            "restaurant.yaml",
            "recommend:nps liked:text reason:text improve:text satisfaction:csat occasion:single visits:visits",
        ),
    ],
)
def test_the_examples_that_we_ship_are_whole_surveys_in_four_languages(file, asked):
    definition = load_definition(EXAMPLES / file)
    assert " ".join(f"{question.key}:{question.kind}" for question in definition.asked) == asked
    texts = [definition.title, definition.introduction, definition.purpose, definition.thanks]
    for question in definition.questions:
        texts += [text for text in (question.text, question.hint, question.low, question.high) if text]
        texts += [option.text for option in question.offered]
    assert {tuple(text) for text in texts} == {("ja", "en", "zh_Hans", "ko")}


def test_a_plain_text_is_japanese_and_a_day_closes_at_its_end(tmp_path):
    path = written(tmp_path, title="お声を聞かせてください")
    path.write_text(path.read_text("utf-8") + "opens: 2025-04-01\ncloses: 2025-04-30\n", encoding="utf-8")
    definition = load_definition(path, ZoneInfo("Asia/Tokyo"))
    assert definition.title == {"ja": "お声を聞かせてください"}
    assert definition.opens == datetime(2025, 3, 31, 15, tzinfo=UTC)
    assert definition.closes == datetime(2025, 4, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"titel": "x"}, r"survey.yaml: titel: unknown key"),
        ({"title": {"日本語": "x"}}, "title: '日本語' is no language"),
        ({"title": " "}, "title: the text in 'ja' is empty"),
        ({"title": 3}, "title: must be a text"),
        ({"key": "Store 1"}, "key: String should match"),
        ({"opens": "いつか"}, "opens: Input should be a valid datetime"),
        ({"opens": NOW, "closes": NOW}, "survey: closes comes before opens"),
        ({"questions": []}, "questions: "),
        ({"questions": questions(reason={"kind": "essay"})}, r"questions\[reason\].kind: Input should be"),
        ({"questions": questions(reason={"high": "x"})}, r"questions\[reason\]: low and high do not fit a text"),
        ({"questions": questions(reason={"attribute": True})}, "attribute fits a single question only"),
        ({"questions": questions(reason={"options": [{"key": "a", "text": "b"}]})}, "options do not fit a text"),
        ({"questions": questions(visits={"options": []})}, r"questions\[visits\]: a single question needs options"),
        (
            {"questions": questions(visits={"options": [{"key": "a", "text": "b"}, {"key": "a", "text": "c"}]})},
            "option 'a' stands twice",
        ),
        (
            {"questions": questions(visits={"options": [{"key": "a", "text": "b", "name": "c"}]})},
            r"questions\[visits\].options\[a\].name: unknown key",
        ),
        ({"questions": questions() + questions()[:1]}, "question 'recommend' stands twice"),
        ({"questions": [*questions(), questions()[0] | {"key": "again"}]}, "at most one nps question"),
        ({"questions": [questions()[0] | {"retired": True}]}, "every question is retired"),
        (
            {"questions": questions(reason={"scores": "6-0"})},
            r"\[reason\].scores: '6-0' is no range of scores",
        ),
        ({"questions": questions(reason={"scores": "0-11"})}, "'0-11' is no range of scores; write one such as 0-6"),
        ({"questions": questions(reason={"scores": [0, 6]})}, "is no range of scores"),
        ({"questions": questions(recommend={"scores": "0-6"})}, "scores does not fit an nps question"),
        (
            {"questions": [questions()[1] | {"scores": "0-6"}, questions()[0]]},
            "survey: question 'reason' is asked by score, so an nps question must come before it",
        ),
        (
            {"questions": [questions()[0] | {"retired": True}, questions()[1] | {"scores": "0-6"}]},
            "question 'reason' is asked by score",
        ),
        (
            {
                "questions": questions(
                    visits={"options": [{"key": key, "text": key, "other": True} for key in ("a", "b")]}
                )
            },
            r"questions\[visits\]: at most one option can be the other one",
        ),
        (
            {"questions": questions(visits={"kind": "visits"})},
            r"questions\[visits\]: options do not fit a visits question",
        ),
        (
            {"questions": questions(satisfaction={"kind": "csat", "low": "x"})},
            "low and high do not fit a csat",
        ),
        ({"coupon": {"text": "x"}}, "coupon.days: Field required"),
        ({"coupon": {"text": "x", "days": -1}}, "coupon.days: Input should be greater than or equal to 0"),
        ({"coupon": {"text": "x", "days": 1, "limit": 0}}, "coupon.limit: Input should be greater than or equal to 1"),
        ({"coupon": {"text": "x", "days": 1, "score": 9}}, "coupon.score: unknown key"),
        ({"review": {"text": "x", "url": "http://a.jp"}}, "review.url: 'http://a.jp' is no https address"),
        ({"review": {"text": "x", "url": "https://me@a.jp"}}, "is no https address"),
        ({"review": {"text": "x", "url": "https://[a"}}, "is no https address"),
        ({"review": {"text": "x", "url": "javascript:alert(1)"}}, "is no https address"),
        ({"review": OFFERS["review"] | {"stores": {"ginza": "ginza"}}}, r"review.stores.ginza: 'ginza' is no https"),
        ({"review": OFFERS["review"], "health": True}, "health: true cannot invite to a public review"),
    ],
)
def test_a_wrong_definition_names_the_file_and_the_key(tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        load_definition(written(tmp_path, **changes))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"key: [", "not valid YAML"),
        (b"- key", "must hold keys and values"),
        (b"\xff\xfe", "cannot be read"),
        (b"opens: 2025-13-45", "not valid YAML"),
        (b"", "must hold keys and values"),
    ],
)
def test_a_file_that_is_no_definition_is_named(tmp_path, content, message):
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"broken.yaml: {message}"):
        load_definition(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.yaml: cannot be read"):
        load_definition(tmp_path / "none.yaml")


def test_a_survey_is_read_back_as_it_was_defined(database):
    definition = make_definition(opens=NOW, closes=NOW.replace(year=2026), **OFFERS)
    with database.session() as session:
        change = save_survey(session, definition)
        assert read_survey(session, session.scalars(select(Survey.id)).one()) == definition
        assert [(survey.key, survey.revision) for survey in surveys(session)] == [("store", 1)]
    assert (change.revision, change.added) == (1, ("recommend", "reason", "satisfaction", "visits", "bought"))


def test_the_same_definition_again_changes_nothing(database):
    save(database)
    change = save(database)
    assert (change.revision, change.is_empty) == (1, True)


def test_a_survey_of_before_the_offers_is_read_with_none_of_them(sqlite):
    save(sqlite)
    with sqlite.reading() as session:
        (info,) = surveys(session)
        assert session.scalars(select(Survey.settings)).one() == {}
    assert (info.definition.health, info.definition.coupon, info.definition.review) == (False, None, None)


def test_an_offer_that_changes_or_goes_is_a_new_revision(sqlite):
    assert save(sqlite, **OFFERS).revision == 1
    assert save(sqlite, **OFFERS).revision == 1
    assert save(sqlite, coupon=OFFERS["coupon"]).revision == 2
    with sqlite.reading() as session:
        (info,) = surveys(session)
    assert info.definition == make_definition(coupon=OFFERS["coupon"])


def test_a_store_may_have_a_review_page_of_its_own():
    review = make_definition(**OFFERS).review
    addresses = [review.address(key) for key in ("ginza", "shibuya")]
    assert addresses == ["https://reviews.example.jp/write?place=ginza", "https://reviews.example.jp/chain"]


def test_a_revised_wording_keeps_the_identity_of_its_question(database):
    save(database)
    answer(database)
    with database.reading() as session:
        before = {question.key: question.id for question in session.scalars(select(Question))}
    reworded = questions(reason={"text": "どうしてですか。"})
    change = save(database, questions=[*reworded, {"key": "wish", "kind": "text", "text": "ご要望は。"}])
    with database.reading() as session:
        after = {question.key: (question.id, question.text["ja"]) for question in session.scalars(select(Question))}
    assert (change.revision, change.added, change.revised) == (2, ("wish",), ("reason",))
    assert {key: after[key][0] for key in before} == before
    assert after["reason"][1] == "どうしてですか。"


@pytest.mark.parametrize("key", ["recommend", "reason", "satisfaction", "visits", "bought"])
def test_a_question_with_answers_is_never_lost_but_may_retire(database, key):
    save(database)
    answer(database)
    with pytest.raises(InputError, match=f"question '{key}' has answers and cannot be left out; mark it"):
        save(database, questions=questions(**{key: None}))
    change = save(database, questions=questions(**{key: {"retired": True}}))
    assert (change.revision, change.retired, change.removed) == (2, (key,), ())


def test_a_question_with_answers_keeps_its_kind_and_its_options(database):
    save(database)
    answer(database)
    with pytest.raises(InputError, match="'visits' has answers and stays single; give the text question another key"):
        save(database, questions=questions(visits={"kind": "text", "options": [], "attribute": False}))
    one = [{"key": "again", "text": "二回目以上"}]
    with pytest.raises(InputError, match="option 'first' cannot be left out"):
        save(database, questions=questions(visits={"options": one}))
    retired = [*one, {"key": "first", "text": "はじめて", "retired": True}]
    assert save(database, questions=questions(visits={"options": retired})).revised == ("visits",)


def test_a_row_of_numbers_may_become_one_of_faces_and_back(database):
    save(database)
    answer(database)
    assert save(database, questions=questions(satisfaction={"kind": "csat"})).revised == ("satisfaction",)
    assert save(database, questions=questions(satisfaction={"kind": "rating"})).revised == ("satisfaction",)


def test_a_question_without_answers_may_go_or_change(database):
    save(database)
    change = save(
        database, questions=questions(bought=None, visits={"kind": "text", "options": [], "attribute": False})
    )
    assert (change.revision, change.removed, change.revised) == (2, ("bought",), ("visits",))
    with database.reading() as session:
        assert sorted(session.scalars(select(Question.key))) == ["reason", "recommend", "satisfaction", "visits"]


def test_answers_to_another_survey_hold_no_question_back(sqlite):
    save(sqlite)
    answer(sqlite)
    save(sqlite, key="second")
    assert save(sqlite, key="second", questions=questions(reason=None)).removed == ("reason",)


def test_the_only_survey_need_not_be_named(sqlite):
    with sqlite.session() as session, pytest.raises(InputError, match="there is no survey yet"):
        survey_key_or_only(session, None)
    make_survey(sqlite)
    with sqlite.reading() as session:
        assert survey_key_or_only(session, None) == "store"
        with pytest.raises(InputError, match=r"no survey has the key 'x' \(known: store\)"):
            survey_key_or_only(session, "x")
    make_survey(sqlite, key="second")
    with sqlite.reading() as session, pytest.raises(InputError, match=r"several surveys.*\(known: second, store\)"):
        survey_key_or_only(session, None)
