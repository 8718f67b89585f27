"""Opinions without any catalogue, sorted into themes by what they speak of."""

from collections.abc import Sequence

from analysis.discovery.naming import name_theme
from analysis.discovery.new_themes import sort_all
from analysis.reading.text import read_opinions
from analysis.results import Opinion, Tag, Theme
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


def _opinions(comments: Sequence[str]) -> list[Opinion]:
    return [opinion for comment in comments for opinion in read_opinions(comment)]


def _sorted(texts: Sequence[str], min_opinions: int = 4, most: int = 10) -> tuple[Theme, ...]:
    return sort_all([read_opinions(text) for text in texts], min_opinions=min_opinions, most=most)


def _tagged(themes: Sequence[Theme], *texts: str) -> list[tuple[Tag, ...]]:
    return ThemeModel((), themes, sort_seed=0).tag(_opinions(texts))


def test_what_many_say_becomes_a_theme_with_a_readable_name() -> None:
    themes = _sorted(UMBRELLA + DOOR + RAFFLE)
    assert {theme.name["ja"]: theme.origin for theme in themes} == {
        "自動ドアが重い": "discovered",
        "傘立てがない": "discovered",
        "抽選会": "discovered",
    }


def test_a_theme_is_its_words_and_tags_what_is_said_later() -> None:
    themes = _sorted(UMBRELLA + DOOR + RAFFLE)
    ids = {theme.name["ja"]: theme.id for theme in themes}
    later = _tagged(themes, "自動ドアの前", "景品に飽きた", "傘立てを増やして", "曇りだった")
    assert [[tag.theme_id for tag in tags] for tags in later] == [
        [ids["自動ドアが重い"]],
        [ids["抽選会"]],
        [ids["傘立てがない"]],
        [],
    ]


def test_the_clearest_words_of_a_theme_weigh_most() -> None:
    themes = _sorted(UMBRELLA + DOOR + RAFFLE)
    for theme in themes:
        head, *rest = theme.words.values()
        assert head == 1.0
        assert rest == sorted(rest, reverse=True)
        assert all(0 < weight < 1 for weight in rest)


def test_closest_quotes_come_first() -> None:
    themes = _sorted(UMBRELLA + DOOR + RAFFLE)
    (plain,), (clear,) = _tagged(themes, "自動ドアを見た", "自動ドアが重い")
    assert isinstance(plain, Tag)
    assert plain.theme_id == clear.theme_id
    assert plain.weight < clear.weight


def test_ids_hang_on_the_word_alone() -> None:
    few = _sorted(DOOR)
    more = _sorted(UMBRELLA + DOOR * 3 + RAFFLE, 4, 1)
    assert few[0].id == more[0].id
    assert few[0].id.startswith("d-")


def test_too_few_opinions_make_no_theme() -> None:
    assert _sorted(DOOR, 6) == ()
    assert _sorted([], 3) == ()
    assert _sorted(["ええと", "うーん", "😀"], 3) == ()


def test_empty_words_head_no_theme() -> None:
    assert _sorted(["今回は時間がない", "今回は場所が悪い"] * 10) == ()


def test_the_same_words_again_and_again_are_one_theme() -> None:
    (theme,) = _sorted(["風船を配る日を知りたい"] * 12, 12)
    assert theme.name["ja"] == "風船を配る"


def test_opinions_that_share_no_word_are_no_theme() -> None:
    nothing = "椅子 鉛筆 太陽 風船 時計 靴下 眼鏡 電球 切手 財布 手袋 毛布 石鹸 楽器 地図".split()  # noqa: SIM905
    assert _sorted(nothing) == ()


def test_a_noun_that_few_say_does_not_stand_alone() -> None:
    comments = ["鉢植えが枯れている", "花壇がさびしい", "花壇に草が多い", "芝生がきれい", "落ち葉が多い"]
    name = name_theme("花壇", _opinions(comments), ["花壇", "鉢植え", "芝生"])
    assert name == {"ja": "花壇", "en": "花壇"}
    name = name_theme("鉢植え", _opinions(comments), ["鉢植え", "鉢", "芝生"])
    assert name == {"ja": "鉢植え・芝生", "en": "鉢植え・芝生"}
