import pytest
from factories import make_definition

from surveys.forms import Answers, Fault, FaultKind, field_name, read_form, typed
from surveys.questions import QuestionDefinition

QUESTIONS = make_definition().asked
FULL = {
    "choice-recommend": ["10"],
    "text-reason": [" 近くて\r\n便利です。 "],
    "choice-satisfaction": ["4"],
    "choice-visits": ["again"],
    "choice-bought": ["daily", "food"],
    "seal": ["…"],
}


def test_answers_are_sorted_into_their_places():
    reading = read_form(QUESTIONS, FULL, 2000)
    assert reading.faults == ()
    assert reading.answers == Answers(
        score=10,
        satisfaction=4,
        comments={"reason": "近くて\n便利です。"},
        answers={"visits": "again", "bought": ["food", "daily"]},
        attributes={"visits": "again"},
    )


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"choice-recommend": []}, Fault("recommend", FaultKind.MISSING)),
        ({"choice-recommend": [" "]}, Fault("recommend", FaultKind.MISSING)),
        *(
            ({"choice-recommend": [value]}, Fault("recommend", FaultKind.NOT_OFFERED))
            for value in ("11", "-1", "1.0", "５", "05", " 5", "x", "1e1", "\x00")
        ),
        ({"choice-recommend": ["1", "2"]}, Fault("recommend", FaultKind.NOT_OFFERED)),
        ({"choice-satisfaction": ["0"]}, Fault("satisfaction", FaultKind.NOT_OFFERED)),
        ({"choice-visits": ["never"]}, Fault("visits", FaultKind.NOT_OFFERED)),
        ({"choice-bought": ["food", "boat"]}, Fault("bought", FaultKind.NOT_OFFERED)),
        ({"text-reason": ["あ" * 2003]}, Fault("reason", FaultKind.TOO_LONG, 3)),
        ({"text-reason": ["a\x00b"]}, Fault("reason", FaultKind.UNREADABLE)),
        ({"text-reason": ["\ud83d"]}, Fault("reason", FaultKind.UNREADABLE)),
        ({"text-reason": ["a\ufffdb"]}, Fault("reason", FaultKind.UNREADABLE)),
        ({"text-reason": ["a", "b"]}, Fault("reason", FaultKind.NOT_OFFERED)),
    ],
)
def test_an_answer_that_does_not_fit_is_named(changes, fault):
    assert read_form(QUESTIONS, FULL | changes, 2000).faults == (fault,)


def test_every_fault_is_named_at_once():
    reading = read_form(QUESTIONS, {"choice-visits": ["x"]}, 2000)
    assert [fault.question_key for fault in reading.faults] == ["recommend", "visits"]


def test_a_text_may_be_as_long_as_the_limit_whatever_its_line_ends():
    assert read_form(QUESTIONS, FULL | {"text-reason": ["\r\n".join(["😀"] * 1000) + "x\n"]}, 2000).faults == ()


def test_a_form_without_a_single_answer_is_no_answer():
    optional = QUESTIONS[1:]
    assert read_form(optional, {}, 2000).faults == (Fault("reason", FaultKind.NOTHING),)


def test_a_retired_option_is_offered_no_more():
    options = [{"key": "a", "text": "甲"}, {"key": "b", "text": "乙", "retired": True}]
    question = QuestionDefinition.model_validate({"key": "q", "kind": "single", "text": "問", "options": options})
    assert [option.key for option in question.offered] == ["a"]
    assert read_form([question], {"choice-q": ["b"]}, 2000).faults == (Fault("q", FaultKind.NOT_OFFERED),)


def test_what_was_typed_can_stand_in_the_form_again():
    posted = {"text-reason": ["よ\x00い\ufffd店"], "choice-visits": ["never"], "stranger": ["x"]}
    assert typed(QUESTIONS, posted) == {"reason": ("よい店",), "visits": ("never",)}


def test_texts_are_told_from_choices_by_their_field_name():
    assert [field_name(question) for question in QUESTIONS] == [name for name in FULL if name != "seal"]
