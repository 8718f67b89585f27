"""Lessons of staff: what follows them, what stays as it was. The comments are invented."""

import random
from functools import cache

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.reading.text import read_opinions
from analysis.results import Lesson, Opinion
from analysis.themes.catalogues import load_catalogue
from analysis.themes.evidence import Reading
from analysis.themes.learning import Learned, Told
from analysis.themes.model import ThemeModel

FAR = [
    "レジの列が長い",
    "店員さんが親切でした",
    "駐車場が狭い",
    "野菜が新鮮で安い",
    "品揃えが豊富で、値段も手頃です",
    "トイレが汚い",
    "また来たいです",
    "きょうは三時に着いた",
]
MUSIC = [
    "店内放送がうるさい",
    "かかっている曲が古い",
    "有線の音が大きすぎる",
    "同じ歌が繰り返し流れている",
    "音量を下げてほしい",
    "店内の曲が良かった",
    "流れている歌が懐かしい",
    "放送の声が聞き取りにくい",
]
NEW_MUSIC = ["曲が新しい", "歌が聞こえない"]


def _lesson(comment: str, *themes: str) -> Lesson:
    return Lesson(read_opinions(comment), frozenset(themes))


@cache
def _model(*lessons: Lesson) -> ThemeModel:
    return ThemeModel(load_catalogue("retail").themes, lessons=lessons)


def _themes(model: ThemeModel, comment: str) -> list[set[str]]:
    return [{tag.theme_id for tag in tags} for tags in model.tag(read_opinions(comment))]


UMBRELLA = _lesson("傘立てが小さい", "place.layout")


@pytest.mark.parametrize(
    "comment", ["傘立てが小さい", "傘立てが小さいです。", "傘立てがとても小さい！", "傘立ては小さかった"]
)
def test_opinions_that_say_the_same_follow_one_lesson(comment: str) -> None:
    assert _themes(_model(), comment) != [{"place.layout"}]
    assert _themes(_model(UMBRELLA), comment) == [{"place.layout"}]


@pytest.mark.parametrize("comment", FAR)
def test_one_lesson_changes_nothing_far_from_it(comment: str) -> None:
    assert _themes(_model(UMBRELLA), comment) == _themes(_model(), comment)


@pytest.mark.parametrize("comment", FAR)
def test_ten_lessons_that_agree_with_the_words_change_nothing(comment: str) -> None:
    told = [_lesson(text, *set().union(*_themes(_model(), text))) for text in (*FAR, "レジが混む", "魚が新鮮")]
    assert _themes(_model(*told), comment) == _themes(_model(), comment)


def test_what_is_about_nothing_silences_those_that_say_the_same() -> None:
    assert _themes(_model(), "レジの前で会った") == [{"checkout.register"}]
    assert _themes(_model(_lesson("レジの前で会った")), "レジの前で会いました") == [set()]


def test_lessons_add_up_to_opinions_that_nobody_told() -> None:
    told = [_lesson(comment, "price.campaign") for comment in MUSIC]
    for comment in NEW_MUSIC:
        assert _themes(_model(), comment) != [{"price.campaign"}]
        assert _themes(_model(*told), comment) == [{"price.campaign"}]
    for comment in FAR[:4]:
        assert _themes(_model(*told), comment) == _themes(_model(), comment)


def test_each_theme_of_a_comment_goes_to_the_opinion_that_speaks_for_it() -> None:
    lesson = _lesson("駐車場は広いけど、トイレが汚い", "access.parking", "place.toilet")
    told = _model(lesson, *(_lesson(comment, "place.toilet") for comment in ("トイレが汚い", "トイレが臭い")))
    assert [sorted(themes) for themes in _themes(told, "駐車場は広いけど、トイレが汚い")] == [
        ["access.parking"],
        ["place.toilet"],
    ]


LESSONS = [_lesson(comment, "place.comfort") for comment in MUSIC] + [UMBRELLA, _lesson("レジの前で会った")]


@settings(max_examples=examples(10), deadline=None)
@given(st.permutations(LESSONS), st.randoms(use_true_random=False))
def test_neither_the_order_of_lessons_nor_of_rows_matters(lessons: list[Lesson], shuffle: random.Random) -> None:
    opinions = [opinion for comment in (*FAR, *MUSIC, *NEW_MUSIC) for opinion in read_opinions(comment)]
    shuffled = shuffle.sample(opinions, len(opinions))
    expected = dict(zip(opinions, _model(*LESSONS).tag(opinions), strict=True))
    model = ThemeModel(load_catalogue("retail").themes, lessons=lessons)
    assert model.tag(shuffled) == [expected[opinion] for opinion in shuffled]
    assert model.version_ == _model(*LESSONS).version_ != _model().version_


def test_a_whole_comment_alone_teaches_without_touching_what_is_far_from_it() -> None:
    model = _model(_lesson("傘立てが小さいし、放送がうるさい", "place.layout", "place.comfort"))
    assert [_themes(model, comment) for comment in FAR] == [_themes(_model(), comment) for comment in FAR]


def test_lessons_without_words_teach_nothing() -> None:
    told = _model(_lesson("特になし", "place.toilet"), _lesson("Nice", "place.toilet"))
    assert [_themes(told, comment) for comment in FAR] == [_themes(_model(), comment) for comment in FAR]
    assert _themes(told, "特になし") == [set()]


def test_lessons_teach_without_word_vectors_as_well() -> None:
    def silent(comment: str) -> list[Reading]:
        return [Reading(opinion, {}, frozenset()) for opinion in read_opinions(comment)]

    themes = load_catalogue("retail").themes
    told = Told(silent("傘立てが小さい"), frozenset(["place.layout"]))
    tags = Learned(themes, [told], None).tags([*silent("傘立てが小さい"), *silent("駐車場が遠い")])
    assert [[tag.theme_id for tag in found] for found in tags] == [["place.layout"], []]


def test_a_lesson_that_is_told_twice_differently_is_decided_by_the_majority() -> None:
    told = [UMBRELLA, _lesson("傘立てが小さいです", "place.layout"), _lesson("傘立てが小さい", "place.aisles")]
    assert _themes(_model(*told), "傘立てが小さい") == [{"place.layout"}]


def test_opinions_of_other_languages_stay_without_themes() -> None:
    opinions: list[Opinion] = [*read_opinions("Nice shop, thank you"), *read_opinions("特になし")]
    assert _model(UMBRELLA).tag(opinions) == [(), ()]
