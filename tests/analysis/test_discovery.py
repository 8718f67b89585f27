"""Things that many name and no catalogue knows: found, named, and the same whatever the order of rows."""

import random
from collections.abc import Sequence

import pytest

from analysis.discovery.naming import name_theme
from analysis.discovery.new_themes import discover
from analysis.reading.text import read_opinions
from analysis.results import Opinion, Theme
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
BOXES = [
    "宅配ボックスが小さい",
    "宅配ボックスが満杯です",
    "募金ボックスは古い",
    "宅配ボックスに困る",
    "ボックスが汚れた",
]
SMALL_TALK = ["いつも来てる", "初めて来た", "友達に聞いて来た", "よく行きます", "引っ越してきた"] * 8


def _opinions(comments: Sequence[str]) -> list[Opinion]:
    return [opinion for comment in comments for opinion in read_opinions(comment)]


def _found(texts: Sequence[str], known: dict[str, float] | None = None, min_opinions: int = 4) -> tuple[Theme, ...]:
    return discover([read_opinions(text) for text in texts], known or {}, min_opinions=min_opinions, most=10)


def _names(themes: Sequence[Theme]) -> list[str]:
    return [theme.name["ja"] for theme in themes]


def test_things_that_many_name_become_themes_with_readable_names() -> None:
    themes = _found(UMBRELLA + DOOR + SMALL_TALK)
    assert _names(themes) == ["自動ドアが重い", "傘立てがない"]
    assert {theme.origin for theme in themes} == {"discovered"}


def test_single_voices_and_small_talk_make_no_theme() -> None:
    voices = ["椅子が硬い", "硬い声", "太陽が硬い", "時計は赤い", "赤い靴下", "眼鏡が赤い", "古い切手", "財布も古い"]
    assert _found([*voices, *SMALL_TALK]) == ()


def test_only_the_thing_itself_speaks_for_its_theme() -> None:
    (theme,) = _found(DOOR)
    tags = ThemeModel((), [theme]).tag(_opinions(["自動ドアの前", "重くて開かない", "とても重い", "門が重い"]))
    assert [[tag.theme_id for tag in found] for found in tags] == [[theme.id], [], [], []]


def test_what_is_mostly_said_of_a_thing_brings_quotes_into_order() -> None:
    (theme,) = _found(DOOR)
    assert next(iter(theme.words)) == "自動ドア"
    assert theme.words["自動ドア"] == 1.0
    assert 0 < theme.words["重い"] <= 0.25
    (plain,), (clear,) = ThemeModel((), [theme]).tag(_opinions(["自動ドアを見た", "自動ドアが重い"]))
    assert plain.weight < clear.weight


def test_compounds_of_a_thing_are_one_theme_called_by_the_one_that_most_say() -> None:
    (theme,) = _found(BOXES)
    assert theme.name["ja"] == "宅配ボックス"
    tags = ThemeModel((), [theme]).tag(_opinions(["回収ボックスがある", "宅配ボックスの鍵"]))
    assert [[tag.theme_id for tag in found] for found in tags] == [[theme.id], [theme.id]]


def test_where_when_and_what_is_done_is_no_thing() -> None:
    scenes = ["屋台で休む", "屋台で待つ", "屋台まで歩く", "屋台から戻る", "屋台に座る"]
    deeds = ["見学した", "見学できた", "また見学したい", "見学させてもらう", "見学します"]
    owners = ["模型の色が古い", "模型の色が良い", "模型の色は赤い", "模型の色もきれい", "模型の色が違う"]
    assert _found(scenes) == _found(deeds) == _found(owners) == ()


def test_an_opinion_counts_for_one_thing() -> None:
    both = ["傘立てと自動ドアが遠い", "自動ドアと傘立てが古い"]
    assert _names(_found([*DOOR, *both, *UMBRELLA[:2]])) == ["自動ドアが重い"]


def test_things_are_counted_by_comments() -> None:
    chatty = "自動ドアが重い。自動ドアが遠い。自動ドアが古い。自動ドアが赤い。"
    assert _found([chatty, *DOOR[:2]]) == ()
    assert _names(_found([chatty, *DOOR[:3]])) != []


def test_ids_hang_on_the_word_alone() -> None:
    assert _found(DOOR)[0].id == _found(UMBRELLA + DOOR * 3)[0].id
    assert _found(DOOR)[0].id.startswith("d-")


def test_too_few_opinions_make_no_theme() -> None:
    assert _found(DOOR, min_opinions=6) == ()
    assert _found([], min_opinions=3) == ()
    assert _found(["ええと", "うーん", "😀"], min_opinions=3) == ()


def test_words_of_standing_themes_head_no_new_one() -> None:
    assert _found(DOOR, {"自動ドア": 0.65}) == ()
    assert _names(_found(UMBRELLA + DOOR, {"自動ドア": 1.0})) == ["傘立てがない"]


def test_a_hint_heads_a_theme_only_where_people_agree_on_it() -> None:
    vague = ["看板が赤い", "看板が大きい", "看板は古い", "看板を見た", "看板もある", "看板が遠い"]
    assert _names(_found(vague)) == ["看板"]
    assert _found(vague, {"看板": 0.4}) == ()
    assert _names(_found([*DOOR, "自動ドアは重い"], {"自動ドア": 0.4})) == ["自動ドアが重い"]


def test_empty_words_head_no_theme() -> None:
    assert _found(["今回は時間がない", "今回は場所が悪い"] * 10) == ()


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    comments = UMBRELLA + DOOR + BOXES
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
        ("噴水", ["噴水がうれしい", "噴水は嬉しい", "噴水が嬉しかった"], "噴水が嬉しい"),  # written in several ways
        ("噴水", ["噴水が満杯です", "噴水が満杯で困る", "噴水は満杯。"], "噴水が満杯"),
        ("噴水", ["噴水があります", "噴水があるけど", "噴水もあった"], "噴水がある"),
        ("噴水", ["噴水が高い", "噴水は高い", "噴水が高いです", "噴水が低い", "噴水は低い", "噴水が低くて"], "噴水"),
        ("ドア", ["自動ドアを見た", "自動ドアの音", "非常ドアの色"], "自動ドア"),
    ],
)
def test_a_name_says_what_is_said_most(head: str, comments: list[str], name: str) -> None:
    assert name_theme(head, _opinions(comments)) == {"ja": name, "en": name}
