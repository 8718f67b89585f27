"""Themes that no catalogue knows: found, named, and the same whatever the order of rows."""

import random

import pytest

from analysis.catalogues import load_catalogue
from analysis.discovery import discover
from analysis.naming import name_theme
from analysis.results import Opinion
from analysis.text import read_opinions
from analysis.themes import ThemeModel

UMBRELLA = ["傘立てがない", "傘立てが小さい", "傘立てがなくて困る", "傘立てがないです", "入口に傘立てがない"]
DOOR = [
    "自動ドアが重い",
    "自動ドアが重すぎる",
    "自動ドアがとても重い",
    "自動ドアが重いです",
    "自動ドアが重くて開かない",
]
REST = ["きょうは三時に着いた", "母と来た", "曇りだった"]


def _opinions(comments: list[str]) -> list[Opinion]:
    return [opinion for comment in comments for opinion in read_opinions(comment)]


def test_what_many_say_becomes_a_theme_with_a_readable_name() -> None:
    themes = discover(_opinions(UMBRELLA + DOOR + REST), (), min_opinions=4, most=10)
    assert {theme.name["ja"]: (theme.origin, dict(theme.words)) for theme in themes} == {
        "自動ドアが重い": ("discovered", {"自動ドア": 1.0}),
        "傘立てがない": ("discovered", {"傘立て": 1.0}),
    }


def test_ids_hang_on_the_word_alone() -> None:
    few = discover(_opinions(DOOR), (), min_opinions=4, most=10)
    more = discover(_opinions(UMBRELLA + DOOR * 3 + REST), (), min_opinions=4, most=1)
    assert few[0].id == more[0].id
    assert few[0].id.startswith("d-")


def test_too_few_opinions_make_no_theme() -> None:
    assert discover(_opinions(DOOR), (), min_opinions=6, most=10) == ()


def test_words_of_standing_themes_are_taken() -> None:
    assert discover(_opinions(DOOR), ["自動ドア"], min_opinions=4, most=10) == ()


def test_empty_words_head_no_theme() -> None:
    assert discover(_opinions(["今回は時間がない", "今回は場所が悪い"] * 10), (), min_opinions=4, most=10) == ()


def test_words_that_come_together_are_one_theme() -> None:
    comments = ["抽選会の景品がない", "抽選会の景品が小さい", "抽選会の景品が良い", "抽選会が楽しい"]
    (theme,) = discover(_opinions(comments), (), min_opinions=3, most=10)
    assert dict(theme.words) == {"抽選会": 1.0, "景品": 1.0}


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    comments = UMBRELLA + DOOR + REST
    rows = [(f"r{number:03}", opinion) for number, opinion in enumerate(_opinions(comments))]
    shuffled = random.Random(seed).sample(rows, len(rows))
    models = [
        ThemeModel(load_catalogue("retail").themes, min_opinions=3).fit(
            [row[1] for row in found], [row[0] for row in found]
        )
        for found in (rows, shuffled)
    ]
    assert models[0].discovered_ == models[1].discovered_ != ()
    assert models[0].version_ == models[1].version_


def test_a_second_fit_finds_only_what_is_new() -> None:
    themes = load_catalogue("retail").themes
    opinions = _opinions(UMBRELLA + DOOR)
    ids = [str(number) for number in range(len(opinions))]
    first = ThemeModel(themes, min_opinions=4).fit(opinions, ids)
    second = ThemeModel(themes, first.discovered_, min_opinions=4).fit(opinions, ids)
    assert first.discovered_ != ()
    assert second.discovered_ == ()
    assert second.tag(opinions) == first.tag(opinions)


@pytest.mark.parametrize(
    ("head", "comments", "name"),
    [
        ("自動ドア", DOOR, "自動ドアが重い"),
        ("傘立て", UMBRELLA, "傘立てがない"),
        ("抽選会", ["抽選会を待つ", "抽選会は待つ", "抽選会を待ちます", "抽選会を待った"], "抽選会を待つ"),
        ("友だち", ["友だちに教える", "友だちに教えます", "友だちに教えた"], "友だち"),
        ("照明", ["照明が明るくない"] * 4, "照明が明るくない"),
        ("照明", ["照明が暗い", "照明が赤い", "照明が古い"], "照明"),  # nothing is said often
    ],
)
def test_a_name_says_what_is_said_most(head: str, comments: list[str], name: str) -> None:
    assert name_theme(head, _opinions(comments)) == {"ja": name, "en": name}
