import pytest
from factories import NOW, TOKYO, make_definition, make_place, make_submission, make_survey
from sqlalchemy import select

from surveys import drafts
from surveys.definitions import answered_questions, find_survey, save_survey
from surveys.drafts import DraftError
from surveys.errors import SurveyChangedError
from surveys.responses import record
from surveys.tables import Survey


def keys(draft):
    return [question["key"] for question in draft["questions"]]


def test_a_survey_becomes_a_draft_and_the_same_survey_again():
    definition = make_definition(coupon={"text": "100円引き", "days": 30})
    assert drafts.checked(drafts.draft_of(definition)) == definition


def test_a_new_draft_lacks_only_its_wordings():
    draft = drafts.new_draft("store")
    with pytest.raises(DraftError) as caught:
        drafts.checked(draft)
    assert [(fault.where, fault.kind) for fault in caught.value.faults] == [
        (("title",), "missing"),
        (("purpose",), "missing"),
        (("questions", 0, "text"), "missing"),
        (("questions", 1, "text"), "missing"),
    ]


def test_each_added_question_has_a_key_of_its_own_and_reports_know_the_first_of_a_scale():
    draft = drafts.new_draft("store")
    for kind in ("rating", "csat", "text", "visits", "single"):
        drafts.add_question(draft, kind)
    assert keys(draft) == ["recommend", "text", "satisfaction", "csat1", "text1", "visits", "single"]
    drafts.add_option(draft["questions"][-1])
    assert draft["questions"][-1]["options"] == [{"key": "option1"}, {"key": "option2"}]
    with pytest.raises(ValueError, match="not a valid Kind"):
        drafts.add_question(draft, "song")


def test_items_move_and_stay_at_the_ends():
    items = ["a", "b", "c"]
    drafts.move(items, 2, -1)
    assert items == ["a", "c", "b"]
    drafts.move(items, 0, -1)
    drafts.move(items, 2, 1)
    assert items == ["a", "c", "b"]


def test_differences_are_named_by_part_and_by_question():
    one, other = drafts.draft_of(make_definition()), drafts.draft_of(make_definition())
    other["title"] = {"ja": "別の題名"}
    other["questions"][1]["text"] = {"ja": "なぜですか。"}
    del other["questions"][4]
    drafts.add_question(other, "text")
    assert drafts.differences(one, other) == (("title",), ("reason", "bought", "text"))


def test_questions_with_answers_are_known(database):
    make_survey(database)
    place = make_place(database)
    with database.session() as session:
        survey_id = session.execute(select(Survey.id)).scalar_one()
        record(session, make_submission(place, survey_id=survey_id, answers={"visits": "first"}), NOW, TOKYO)
    with database.reading() as session:
        assert answered_questions(session, "store") == {"recommend", "reason", "visits"}
        assert answered_questions(session, "nowhere") == frozenset()


def test_a_survey_that_somebody_else_saved_meanwhile_is_not_overwritten(database):
    make_survey(database)
    with database.session() as session:
        save_survey(session, make_definition(title="二人目"), 1)
    with database.session() as session, pytest.raises(SurveyChangedError):
        save_survey(session, make_definition(title="三人目"), 1)
    with database.session() as session, pytest.raises(SurveyChangedError):
        save_survey(session, make_definition(title="はじめて"), 0)
    with database.reading() as session:
        assert find_survey(session, "store").definition.title == {"ja": "二人目"}
