"""Themes that no catalogue knows: found, named, and the same whatever the order of rows."""

import random
from collections.abc import Sequence

import pytest

from analysis.discovery.naming import name_theme
from analysis.discovery.new_themes import discover
from analysis.reading.text import read_opinions
from analysis.results import Opinion, Tag
from analysis.themes.catalogues import load_catalogue
from analysis.themes.model import ThemeModel

UMBRELLA = ["傘立てがない", "傘立てが小さい", "傘立てがなくて困る", "傘立てがないです", "入口に傘立てがない"]
DOOR = [
    "自動ドアが重い",
    "自動ドアが重すぎる",
    "自動ドアがとても重い",
    "自動ドアが重いです",
    "自動ドアが重くて開かない",
]
RAFFLE = ["抽選会の景品がない", "抽選会の景品が小さい", "抽選会の景品が良い", "抽選会が楽しい", "景品をもらえた"]
SPOKEN = {"umbrella": UMBRELLA, "door": DOOR, "raffle": RAFFLE}


def _opinions(comments: Sequence[str]) -> list[Opinion]:
    return [opinion for comment in comments for opinion in read_opinions(comment)]


def _comments(texts: Sequence[str]) -> list[tuple[Opinion, ...]]:
    return [read_opinions(text) for text in texts]


def test_what_many_say_becomes_a_theme_with_a_readable_name() -> None:
    themes = discover(_comments(UMBRELLA + DOOR + RAFFLE), (), min_opinions=4, most=10)
    assert {theme.name["ja"]: theme.origin for theme in themes} == {
        "自動ドアが重い": "discovered",
        "傘立てがない": "discovered",
        "抽選会": "discovered",
    }


def test_a_theme_is_its_words_and_tags_what_is_said_later() -> None:
    themes = discover(_comments(UMBRELLA + DOOR + RAFFLE), (), min_opinions=4, most=10)
    ids = {theme.name["ja"]: theme.id for theme in themes}
    later = ThemeModel((), themes).tag(_opinions(["自動ドアの前", "景品に飽きた", "傘立てを増やして", "曇りだった"]))
    assert [[tag.theme_id for tag in tags] for tags in later] == [
        [ids["自動ドアが重い"]],
        [ids["抽選会"]],
        [ids["傘立てがない"]],
        [],
    ]


def test_the_clearest_words_of_a_theme_weigh_most() -> None:
    themes = discover(_comments(UMBRELLA + DOOR + RAFFLE), (), min_opinions=4, most=10)
    for theme in themes:
        head, *rest = theme.words.values()
        assert head == 1.0
        assert rest == sorted(rest, reverse=True)
        assert all(0 < weight < 1 for weight in rest)


def test_closest_quotes_come_first() -> None:
    themes = discover(_comments(UMBRELLA + DOOR + RAFFLE), (), min_opinions=4, most=10)
    (plain,), (clear,) = ThemeModel((), themes).tag(_opinions(["自動ドアを見た", "自動ドアが重い"]))
    assert isinstance(plain, Tag)
    assert plain.theme_id == clear.theme_id
    assert plain.weight < clear.weight


def test_ids_hang_on_the_word_alone() -> None:
    few = discover(_comments(DOOR), (), min_opinions=4, most=10)
    more = discover(_comments(UMBRELLA + DOOR * 3 + RAFFLE), (), min_opinions=4, most=1)
    assert few[0].id == more[0].id
    assert few[0].id.startswith("d-")


def test_too_few_opinions_make_no_theme() -> None:
    assert discover(_comments(DOOR), (), min_opinions=6, most=10) == ()
    assert discover([], (), min_opinions=3, most=10) == ()
    assert discover(_comments(["ええと", "うーん", "😀"]), (), min_opinions=3, most=10) == ()


def test_words_of_standing_themes_head_no_new_one() -> None:
    taken = ["自動ドア"]
    assert discover(_comments(DOOR), taken, min_opinions=4, most=10) == ()
    with_others = discover(_comments(UMBRELLA + DOOR), taken, min_opinions=4, most=10)
    assert [theme.name["ja"] for theme in with_others] == ["傘立てがない"]


def test_empty_words_head_no_theme() -> None:
    assert discover(_comments(["今回は時間がない", "今回は場所が悪い"] * 10), (), min_opinions=4, most=10) == ()


def test_the_same_words_again_and_again_are_one_theme() -> None:
    (theme,) = discover(_comments(["風船を配る日を知りたい"] * 12), (), min_opinions=12, most=10)
    assert theme.name["ja"] == "風船を配る"


def test_beside_other_themes_single_voices_make_no_theme() -> None:
    voices = ["椅子が硬い", "硬い声", "太陽が硬い", "時計は赤い", "赤い靴下", "眼鏡が赤い", "古い切手", "財布も古い"]
    assert discover(_comments(voices), ["レジ"], min_opinions=3, most=10) == ()


def test_opinions_that_share_no_word_are_no_theme() -> None:
    nothing = "椅子 鉛筆 太陽 風船 時計 靴下 眼鏡 電球 切手 財布 手袋 毛布 石鹸 楽器 地図".split()  # noqa: SIM905
    assert discover(_comments(nothing), (), min_opinions=4, most=10) == ()


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    comments = UMBRELLA + DOOR + RAFFLE
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
        ("時計", ["時計が見えない", "時計が全然見えない", "時計は見えないです"], "時計が見えない"),
        ("風船", ["風船を配る日を知りたい"] * 3, "風船を配る"),
        ("時計", ["古い時計だ", "古い時計をなおす", "古い時計を売る"], "時計"),  # described is not said
    ],
)
def test_a_name_says_what_is_said_most(head: str, comments: list[str], name: str) -> None:
    assert name_theme(head, _opinions(comments)) == {"ja": name, "en": name}


def test_a_noun_that_few_say_does_not_stand_alone() -> None:
    comments = ["鉢植えが枯れている", "花壇がさびしい", "花壇に草が多い", "芝生がきれい", "落ち葉が多い"]
    name = name_theme("花壇", _opinions(comments), ["花壇", "鉢植え", "芝生"])
    assert name == {"ja": "花壇", "en": "花壇"}
    name = name_theme("鉢植え", _opinions(comments), ["鉢植え", "鉢", "芝生"])
    assert name == {"ja": "鉢植え・芝生", "en": "鉢植え・芝生"}
