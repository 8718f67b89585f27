"""What staff said of single comments, in the place of the model's tags."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from analysis.corrections.amendments import amended_themes
from analysis.corrections.log import Correction
from analysis.corrections.verdicts import Verdicts, lessons_of, locate, starts, text_digest, verdicts_of
from analysis.reading.features import entry_key
from analysis.reading.text import read_opinions
from analysis.results import Lesson, Opinion, ReadOpinion, Tag, Theme
from analysis.themes.model import ThemeModel

TEXT = "レジが遅いけど、駐車場は広い。また来ます"
QUEUE, PARKING, AGAIN = "shop.queue", "shop.parking", "shop.again"


def theme(theme_id, *words):
    return Theme(theme_id, {"ja": theme_id}, "catalogue", {entry_key(word): 1.0 for word in words}, {}, {})


THEMES = (theme(QUEUE, "レジ"), theme(PARKING, "駐車場"), theme(AGAIN, "また 来る"), theme("shop.other", "傘"))


def event(number, kind, **content):
    now = datetime(2025, 10, 8, tzinfo=UTC)
    return Correction(number, kind, {"comment": "r:1", "text": text_digest(TEXT), **content}, "suzuki", now)


def set_to(*themes, number=1, text=TEXT):
    return event(number, "set", themes=list(themes), text=text_digest(text))


def moved(position, *themes, number=2):
    opinions = read_opinions(TEXT)
    return event(
        number,
        "move",
        position=position,
        clause=text_digest(opinions[position].text),
        start=starts(TEXT, [opinion.text for opinion in opinions])[position],
        themes=list(themes),
    )


def read(text):
    opinions = read_opinions(text)
    tags = ThemeModel(THEMES).tag(opinions)
    return tuple(ReadOpinion(opinion, "neutral", found) for opinion, found in zip(opinions, tags, strict=True))


def applied(*events, text=TEXT, comment="r:1"):
    amended = amended_themes(THEMES, ())
    verdicts = Verdicts(verdicts_of(events, amended), amended.themes)
    return [
        [(tag.theme_id, tag.source, tag.weight == 1.0) for tag in opinion.tags]
        for opinion in verdicts.apply(comment, text, read(text))
    ]


def staff(*themes):
    return [(theme_id, "staff", True) for theme_id in themes]


def model(*themes):
    return [(theme_id, "model", False) for theme_id in themes]


def test_a_comment_of_which_nobody_spoke_keeps_the_tags_of_the_model():
    assert applied(comment="r:2") == [model(QUEUE), model(PARKING), model(AGAIN)]
    assert applied(set_to(QUEUE), comment="r:2") == applied(comment="r:2")


@pytest.mark.parametrize(
    ("themes", "expected"),
    [
        ((QUEUE, PARKING, AGAIN), [[QUEUE], [PARKING], [AGAIN]]),
        ((PARKING,), [[], [PARKING], []]),
        ((QUEUE, "shop.other"), [[QUEUE], ["shop.other"], []]),
        (("shop.other",), [["shop.other"], [], []]),
        ((), [[], [], []]),
    ],
)
def test_the_opinions_of_a_set_comment_have_together_exactly_the_named_themes(themes, expected):
    assert applied(set_to(*themes)) == [staff(*each) for each in expected]


def test_a_theme_that_the_model_did_not_dare_to_name_goes_where_its_words_stand():
    themes = [replace(THEMES[0], words={entry_key("遅い"): 0.4}), *THEMES[1:]]
    verdicts = Verdicts(verdicts_of([set_to(QUEUE)], amended_themes(themes, ())), {each.id: each for each in themes})
    silent = [replace(opinion, tags=()) for opinion in read(TEXT)]
    found = verdicts.apply("r:1", TEXT, silent)
    assert [[tag.theme_id for tag in opinion.tags] for opinion in found] == [[QUEUE], [], []]


def test_a_moved_opinion_has_exactly_the_named_themes_and_the_others_stay():
    assert applied(moved(1, QUEUE, "shop.other")) == [model(QUEUE), staff("shop.other", QUEUE), model(AGAIN)]
    assert applied(moved(0)) == [[], model(PARKING), model(AGAIN)]


def test_the_last_word_counts():
    assert applied(moved(1, QUEUE, number=1), moved(1, AGAIN)) == [model(QUEUE), staff(AGAIN), model(AGAIN)]
    assert applied(set_to(QUEUE), moved(2, PARKING)) == [staff(QUEUE), [], staff(PARKING)]
    assert applied(moved(2, PARKING, number=1), set_to(QUEUE, number=2)) == [staff(QUEUE), [], []]


def test_another_text_of_the_same_comment_is_read_anew():
    assert applied(set_to("shop.other", text="別の文")) == [model(QUEUE), model(PARKING), model(AGAIN)]


def test_a_merged_theme_is_found_under_the_other_one_and_a_gone_one_leaves_the_model_its_word():
    merge = Correction(1, "merge", {"themes": [QUEUE], "into": PARKING}, "suzuki", datetime(2025, 10, 8, tzinfo=UTC))
    amended = amended_themes(THEMES, [merge])
    found = verdicts_of([merge, set_to(QUEUE, "shop.other", number=2)], amended)
    assert found["r:1"].themes == {PARKING, "shop.other"}
    assert verdicts_of([set_to("gone")], amended) == {}
    assert verdicts_of([set_to()], amended)["r:1"].themes == frozenset()


def test_a_moved_opinion_is_found_when_the_comment_is_cut_elsewhere():
    move = verdicts_of([moved(1, QUEUE)], amended_themes(THEMES, ()))["r:1"].moves[0]
    whole = read_opinions(TEXT)
    finer = [
        Opinion(text, place, "opinion", (), is_request=False)
        for place, text in enumerate(("レジが", "遅い", "駐車場は", "広い", "また来ます"))
    ]
    joined = [Opinion(TEXT, 0, "opinion", (), is_request=False)]
    shifted = [Opinion("はい", 0, "opinion", (), is_request=False), *whole]
    assert [locate(move, TEXT, opinions) for opinions in (whole, finer, joined, shifted)] == [1, 2, 0, 2]


def test_what_says_nothing_has_no_themes():
    assert applied(set_to(QUEUE, text="特になし"), text="特になし") == [[]]


def test_a_verdict_teaches_what_it_says():
    opinions = read_opinions(TEXT)
    amended = amended_themes(THEMES, ())
    verdict = verdicts_of([set_to(QUEUE, PARKING), moved(2)], amended)["r:1"]
    assert lessons_of(verdict, TEXT, opinions) == (
        Lesson((opinions[2],), frozenset()),
        Lesson(opinions[:2], frozenset({QUEUE, PARKING})),
    )
    assert lessons_of(verdict, "別の文です", read_opinions("別の文です")) == ()


def test_weights_of_staff_are_one():
    verdicts = Verdicts(verdicts_of([set_to(QUEUE)], amended_themes(THEMES, ())), {each.id: each for each in THEMES})
    assert verdicts.apply("r:1", TEXT, read(TEXT))[0].tags == (Tag(QUEUE, 1.0, "staff"),)
    assert list(verdicts.places("r:1", TEXT, read(TEXT))) == [0, 1, 2]
    assert list(verdicts.places("r:2", TEXT, read(TEXT))) == []
