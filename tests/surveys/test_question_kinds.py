"""Faces, other options, visits and follow-ups: from the definition over the form to what is stored."""

from html.parser import HTMLParser

import pytest
from factories import make_definition, make_entry, make_reception, sealed
from sqlalchemy import select

from surveys.definitions import read_survey
from surveys.forms import Answers, Fault, FaultKind, read_form, typed
from surveys.questions import VISITS_OPTIONS
from surveys.tables import Comment, Response, Survey
from surveys.web import create_survey_app

OPTIONS = [{"key": "food", "text": "食料品"}, {"key": "else", "text": {"ja": "その他", "en": "Other"}, "other": True}]
QUESTIONS = [
    {"key": "recommend", "kind": "nps", "text": "すすめたいですか。"},
    {"key": "liked", "kind": "text", "scores": "9-10", "asks": "praise", "text": "よかった点を教えてください。"},
    {"key": "middling", "kind": "rating", "scores": 7, "text": "あと一歩はどこですか。", "required": True},
    {"key": "improve", "kind": "text", "scores": "0-6", "required": True, "text": "改善してほしい点を教えてください。"},
    {"key": "satisfaction", "kind": "csat", "text": "満足しましたか。"},
    {"key": "staff", "kind": "csat", "text": "接客はいかがでしたか。"},
    {"key": "bought", "kind": "multiple", "text": "何をお求めでしたか。", "options": OPTIONS, "required": True},
    {"key": "heard", "kind": "single", "text": "何で知りましたか。", "options": OPTIONS},
    {"key": "visits", "kind": "visits"},
]
ASKED = make_definition(questions=QUESTIONS).asked
BOUGHT = {"choice-bought": ["food"]}


class Controls(HTMLParser):
    """The controls of a page: (name, value or None) -> attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[tuple[str, str | None], dict[str, str | None]] = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if "name" in values and tag != "meta":
            self.found[values["name"], values.get("value")] = values


@pytest.fixture
def client_and_code(database):
    code = make_entry(database, questions=QUESTIONS)
    return create_survey_app(make_reception(database)).test_client(), code


def answers(**posted):
    reading = read_form(ASKED, BOUGHT | posted, 2000)
    assert reading.faults == ()
    return reading.answers


def faults(posted):
    return [(fault.question_key, fault.kind.value) for fault in read_form(ASKED, BOUGHT | posted, 2000).faults]


def test_faces_are_a_grade_and_the_one_named_satisfaction_is_the_satisfaction():
    given = answers(**{"choice-satisfaction": ["5"], "choice-staff": ["1"]})
    assert given == Answers(satisfaction=5, answers={"staff": 1, "bought": ["food"]})
    assert faults({"choice-staff": ["6"]}) == [("staff", "not_offered")]


def test_visits_need_no_wording_and_describe_the_customer():
    visits = ASKED[-1]
    assert (visits.text["ja"], visits.attribute, visits.options) == ("ご来店は何回目ですか。", True, ())
    assert [option.text["ja"] for option in visits.offered] == ["初めて", "2〜5回目", "6〜10回目", "11回目以上"]
    given = answers(**{"choice-visits": [VISITS_OPTIONS[1].key]})
    assert (given.answers["visits"], given.attributes) == ("2to5", {"visits": "2to5"})
    assert faults({"choice-visits": ["always"]}) == [("visits", "not_offered")]


@pytest.mark.parametrize(
    ("posted", "stored"),
    [
        ({"choice-bought": ["food", "else"], "text-bought.other": ["傘\r\n"]}, {"bought": ["food", "else"]}),
        ({"choice-bought": ["else"], "text-bought.other": [" 傘 "]}, {"bought": ["else"]}),
        # without script the field stands open: who writes into it chose it
        ({"choice-bought": [], "text-bought.other": ["傘"]}, {"bought": ["else"]}),
        ({"choice-bought": ["food"], "text-bought.other": ["傘"]}, {"bought": ["food", "else"]}),
    ],
)
def test_the_words_of_an_other_option_are_a_comment_of_their_own_field(posted, stored):
    assert answers(**posted) == Answers(comments={"bought.other": "傘"}, answers=stored)


@pytest.mark.parametrize(("chosen", "stored"), [([], "else"), (["else"], "else"), (["food"], "food")])
def test_words_beside_a_single_choice_are_kept_and_change_no_choice(chosen, stored):
    given = answers(**{"choice-heard": chosen, "text-heard.other": ["友人の紹介"]})
    assert given.answers == {"bought": ["food"], "heard": stored}
    assert given.comments == {"heard.other": "友人の紹介"}


@pytest.mark.parametrize(("words", "fault"), [("あ" * 2001, "too_long"), ("a\x00", "unreadable")])
def test_words_of_an_other_option_have_the_limits_of_every_text(words, fault):
    assert faults({"text-bought.other": [words]}) == [("bought", fault)]


@pytest.mark.parametrize(
    ("score", "missing"),
    [([], []), (["6"], ["improve"]), (["7"], ["middling"]), (["8"], []), (["9"], []), (["11"], ["recommend"])],
)
def test_a_required_follow_up_is_required_only_where_its_score_fits(score, missing):
    assert [key for key, _ in faults({"choice-recommend": score})] == missing


def test_a_follow_up_of_another_score_is_taken_since_without_script_all_are_shown():
    given = answers(**{"choice-recommend": ["9"], "text-liked": ["味"], "text-improve": ["駐車場"]})
    assert given.comments == {"liked": "味", "improve": "駐車場"}


def test_nothing_but_an_other_option_is_an_answer():
    optional = [question for question in ASKED if question.key == "heard"]
    assert read_form(optional, {"text-heard.other": ["  "]}, 9).faults == (Fault("heard", FaultKind.NOTHING),)
    assert read_form(optional, {"text-heard.other": ["友人"]}, 9).answers.answers == {"heard": "else"}


def test_everything_is_stored_masked_by_its_field_and_read_back_as_defined(client_and_code, database):
    client, code = client_and_code
    page = client.get(f"/s/{code}").text
    posted = {"seal": sealed(page), "choice-recommend": "9", "text-liked": "接客", "choice-satisfaction": "4"}
    posted |= {"choice-bought": ["food"], "text-bought.other": "山田さんの傘", "choice-visits": "first"}
    assert client.post(f"/s/{code}", data=posted).status_code == 303
    with database.reading() as session:
        row = session.scalars(select(Response)).one()
        comments = session.execute(select(Comment.field, Comment.text, Comment.asks).order_by(Comment.position)).all()
        definition = read_survey(session, session.scalars(select(Survey.id)).one())
    assert (row.score, row.satisfaction) == (9, 4)
    assert row.answers == {"bought": ["food", "else"], "visits": "first"}
    assert row.attributes == {"visits": "first"}
    assert [tuple(row) for row in comments] == [
        ("liked", "接客", "praise"),
        ("bought.other", "［お名前］さんの傘", None),
    ]
    assert definition == make_definition(questions=QUESTIONS)


def test_the_page_shows_every_follow_up_and_says_whom_it_asks(client_and_code):
    client, code = client_and_code
    page = client.get(f"/s/{code}").text
    assert [note in page for note in ("9〜10点の方におたずねします。", "7点の方に", "0〜6点の方に")] == [True] * 3
    controls = Controls(page).found
    # only the script knows the score: browsers must not ask for each of them
    assert "required" not in controls["text-improve", None]
    assert "data-required" in controls["text-improve", None]
    assert "data-required" not in controls["text-liked", None]
    assert {name for name, _ in controls} >= {"text-bought.other", "text-heard.other", "choice-visits"}
    english = client.get(f"/s/{code}?lang=en").text
    assert "“Other”: what is it? (optional)" in english
    assert [word in english for word in ("Very bad", "Bad", "OK", "Good", "Very good")] == [True] * 5


def test_a_form_that_is_refused_keeps_faces_choices_and_words(client_and_code):
    client, code = client_and_code
    posted = {
        "choice-satisfaction": "2",
        "choice-heard": "else",
        "text-heard.other": "<b>友人</b>",
        "choice-bought": [],
    }
    answer = client.post(f"/s/{code}", data={"seal": sealed(client.get(f"/s/{code}").text)} | posted)
    controls = Controls(answer.text).found
    assert answer.status_code == 400
    assert "checked" in controls["choice-satisfaction", "2"]
    assert "checked" in controls["choice-heard", "else"]
    assert "&lt;b&gt;友人&lt;/b&gt;</textarea>" in answer.text
    assert typed(ASKED, {"text-heard.other": ["友人"]}) == {"heard.other": ("友人",)}
