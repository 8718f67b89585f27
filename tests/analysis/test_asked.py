import pytest
from factories import NOW, TOKYO, make_place, make_submission

from analysis.polarity.asked import in_light_of
from analysis.polarity.rules import read_polarity
from analysis.polarity.valences import Valences
from analysis.reading.text import read_opinions
from analysis.results import Opinion, ReadOpinion, Token
from analysis.weeks.pipeline import Discoveries, Reader, WeekAnswers, read_week
from surveys.queries import comments_of_week
from surveys.questions import Asks
from surveys.responses import record


def read(polarity, kind="opinion", *, is_request=False):
    return ReadOpinion(Opinion("駐車場", 0, kind, (Token("駐車場", "駐車場", "noun"),), is_request), polarity, ())


@pytest.mark.parametrize(
    ("asks", "polarity", "becomes", "is_request"),
    [
        (None, "neutral", "neutral", False),
        (Asks.FAULTS, "neutral", "negative", False),
        (Asks.FAULTS, "positive", "positive", False),
        (Asks.PRAISE, "neutral", "positive", False),
        (Asks.PRAISE, "negative", "negative", False),
        (Asks.WISHES, "neutral", "neutral", True),
        (Asks.WISHES, "negative", "negative", False),
        (Asks.WISHES, "positive", "positive", False),
    ],
)
def test_a_question_settles_what_the_words_leave_open(asks, polarity, becomes, is_request):
    assert in_light_of(asks, [read(polarity)]) == (read(becomes, is_request=is_request),)


@pytest.mark.parametrize(
    ("text", "is_request"),
    [
        ("大きな駐車場", True),
        ("夕方の割引、ポイントなど。", True),
        ("レジを増やしてほしい", True),
        ("駐車場が目的でしたが", False),
        ("昨年は電車で来ました。", False),
        ("と思いました。", False),
        ("蕎麦、寿司、団子、饅頭、地酒", False),
    ],
)
def test_a_sentence_under_a_question_for_wishes_is_a_wish_by_its_own_words(text, is_request):
    (found,) = in_light_of(Asks.WISHES, [ReadOpinion(read_opinions(text)[0], "neutral", ())])
    assert found.opinion.is_request is is_request


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("家族で来ました", "neutral"),
        ("友人と一泊しました。", "neutral"),
        ("ありがとうございました", "positive"),
        ("いつもお世話になっております", "neutral"),
        ("駅から歩きました", "negative"),
        ("バスの本数", "negative"),
        ("入口の段差", "negative"),
    ],
)
def test_what_a_customer_merely_did_is_no_complaint(text, polarity):
    found = [ReadOpinion(opinion, read_polarity(opinion), ()) for opinion in read_opinions(text)]
    assert [read.polarity for read in in_light_of(Asks.FAULTS, found)] == [polarity]


@pytest.mark.parametrize("asks", Asks)
def test_an_answer_of_nothing_in_particular_stays_nothing(asks):
    assert in_light_of(asks, [read("neutral", "none")]) == (read("neutral", "none"),)


def test_what_was_asked_is_stored_with_the_comment_and_shapes_its_reading(database):
    place = make_place(database)
    comments = {"trouble": "駐車場", "reason": "駐車場"}
    with database.session() as session:
        record(session, make_submission(place, comments=comments, asks={"trouble": Asks.FAULTS}), NOW, TOKYO)
    with database.reading() as session:
        stored = comments_of_week(session, "2025-W40")
    result = read_week(WeekAnswers("2025-W40", "", stored, ()), Reader(()), Discoveries({}), Valences({}))
    assert {(found.comment.asks, found.opinions[0].polarity) for found in result.comments} == {
        (Asks.FAULTS, "negative"),
        (None, "neutral"),
    }
