"""Tags of invented opinions, and scikit-learn's contract."""

import csv
import random
from functools import cache
from pathlib import Path

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from analysis.reading.text import read_opinions
from analysis.results import Opinion, Tag, Theme
from analysis.themes.catalogues import load_catalogue
from analysis.themes.model import ThemeModel, version


@cache
def _model(catalogue: str) -> ThemeModel:
    return ThemeModel(load_catalogue(catalogue).themes)


def _opinions(*comments: str) -> list[Opinion]:
    return [opinion for comment in comments for opinion in read_opinions(comment)]


def _themes(catalogue: str, comment: str) -> list[set[str]]:
    return [{tag.theme_id for tag in tags} for tags in _model(catalogue).tag(_opinions(comment))]


RETAIL = [
    ("レジの列が長い", [{"checkout.wait"}]),
    ("セルフレジが使いにくい", [{"checkout.self_checkout"}]),
    ("レジ袋が有料なのは困る", [{"checkout.register"}]),
    ("PayPayが使えない", [{"price.payment"}]),
    ("店員さんが親切でした", [{"service.manner"}]),
    ("無料駐車場が狭い", [{"access.parking"}]),
    ("駐車場は広いけど、トイレが汚い", [{"access.parking"}, {"place.toilet", "place.clean"}]),
    ("野菜が新鮮", [{"goods.freshness"}]),
    ("お惣菜が美味しい", [{"goods.deli"}]),
    ("品揃えが豊富", [{"goods.range"}]),
    ("欲しい商品がいつも売り切れている", [{"goods.stock", "goods.range"}]),
    ("値段が高い", [{"price.level"}]),
    ("ちょっと高い", [{"price.level"}]),
    ("隣町より高い", [{"price.level"}]),
    ("バナナ高すぎ！", [{"price.level"}]),
    ("ポイントが貯まらない", [{"price.campaign"}]),
    ("通路が狭くてカートが通りにくい", [{"place.aisles"}, {"place.aisles"}]),
    ("どこに何があるか探しにくい", [{"place.layout"}]),
    ("夜遅くまで営業していて助かる", [{"access.hours"}]),
    ("冷房が効きすぎて寒い", [{"place.comfort"}]),
    ("宅配が便利", [{"online.delivery"}]),
    ("また来たいです", [{"overall.overall"}]),
    ("満足しています", [{"overall.overall"}]),
    # nothing speaks clearly: no guess
    ("きょうは三時に着いた", [set()]),
    ("特になし", [set()]),
    ("Nice shop, thank you", [set()]),
]
OTHER_TRADES = [
    ("restaurant", "注文した料理が来るのが遅い", [{"service.order"}]),
    ("restaurant", "ウェイターが丁寧だった", [{"service.manner"}]),
    ("restaurant", "店内が落ち着いた雰囲気でした", [{"place.atmosphere"}]),
    ("restaurant", "ワインの種類が多い", [{"food.drinks", "food.menu"}]),
    ("hotel", "枕が高くて眠れなかった", [{"room.bed"}]),
    ("hotel", "朝食バイキングが良かった", [{"food.breakfast"}]),
    ("hotel", "チェックインに時間がかかった", [{"service.reception"}]),
    ("hotel", "露天風呂が最高でした", [{"bath.bath"}]),
    ("sightseeing", "海の眺めが素晴らしい", [{"attraction.scenery"}]),
    ("sightseeing", "バスの本数が少ない", [{"transport.transit"}]),
    ("sightseeing", "看板が分かりにくい", [{"service.signs"}]),
    ("sightseeing", "お土産の種類が少ない", [{"food.souvenirs"}]),
    ("sightseeing", "マイナスイオンを浴びた", [{"attraction.scenery"}]),
    ("sightseeing", "限定のグッズを探していた", [{"food.souvenirs"}]),
    ("sightseeing", "人が集まる催しがあると良い", [{"attraction.events"}]),
    ("sightseeing", "座る所が少ない", [{"place.rest"}]),
    ("sightseeing", "細やかなサービスが行き届く", [{"service.manner"}]),
    ("sightseeing", "遅くなると連絡できず困った", [set()]),
    ("sightseeing", "温泉駅のホームが寒い", [{"transport.station", "place.rest"}]),
]


@pytest.mark.parametrize(("comment", "themes"), RETAIL)
def test_tags_of_shop_comments(comment: str, themes: list[set[str]]) -> None:
    assert _themes("retail", comment) == themes


@pytest.mark.parametrize(("catalogue", "comment", "themes"), OTHER_TRADES)
def test_tags_in_other_trades(catalogue: str, comment: str, themes: list[set[str]]) -> None:
    assert _themes(catalogue, comment) == themes


def _theme(name: str, words: dict[str, float], *, general: bool = False) -> Theme:
    wording = {"ja": name, "en": name}
    return Theme(name, wording, "catalogue", words, wording, wording, general)


QUEUE = _theme("queue", {"レジ": 1.0, "遅い": 0.4, "レジ 遅い": 1.2})
BAG = _theme("bag", {"レジ袋": 1.0})
SLOW = _theme("slow", {"遅い": 0.4, "電車": 1.0})
PLACE = _theme("place", {"場所": 0.65})
JOY = _theme("joy", {"良い": 1.0}, general=True)


@pytest.mark.parametrize(
    ("comment", "tags"),
    [
        ("レジ", (Tag("queue", 0.6667),)),
        ("レジが遅い", (Tag("queue", 0.7059),)),  # the phrase takes the place of its words: 1.2 / (1.2 + 0.5)
        ("レジ袋", (Tag("bag", 0.6667),)),  # the longest known word wins
        ("遅い", ()),  # a hint that speaks for two themes speaks for none
        ("良い", (Tag("joy", 0.6667),)),
        ("レジが良い", (Tag("queue", 0.6667),)),  # a general theme gives way
        ("レジと電車", (Tag("queue", 0.6667), Tag("slow", 0.6667))),
        ("場所", (Tag("place", 0.5652),)),  # a broad word is enough alone ...
        ("レジの場所", (Tag("queue", 0.6667),)),  # ... and gives way to a clear one ...
        ("場所、レジ", (Tag("place", 0.6667), Tag("queue", 0.6667))),  # ... but in a list it is a subject of its own
    ],
)
def test_words_compete_within_an_opinion(comment: str, tags: tuple[Tag, ...]) -> None:
    assert ThemeModel([QUEUE, BAG, SLOW, PLACE, JOY]).tag(_opinions(comment)) == [tags]


def test_a_discovered_theme_speaks_only_where_no_other_does() -> None:
    found = Theme("d-1", {"ja": "傘", "en": "傘"}, "discovered", {"傘立て": 1.0}, {}, {})
    model = ThemeModel([QUEUE], [found])
    (found_tag,), queue_tags = model.tag(_opinions("傘立てがない", "傘立てがレジの前"))
    assert found_tag.theme_id == "d-1"
    assert queue_tags == (Tag("queue", 0.6667),)


def test_the_constructor_stores_and_clone_gives_an_unfitted_twin() -> None:
    model = ThemeModel([QUEUE], sort_seed=7, min_opinions=3)
    assert model.get_params() == {
        "catalogue_themes": [QUEUE],
        "discovered": (),
        "lessons": (),
        "sort_seed": 7,
        "min_opinions": 3,
        "max_new": 10,
    }
    assert model.fit(_opinions("傘がない"), ["1"]) is model
    twin = clone(model)
    assert twin.get_params() == model.get_params()
    assert not hasattr(twin, "discovered_")
    assert twin.set_params(sort_seed=8).sort_seed == 8


def test_tagging_learns_nothing() -> None:
    model = ThemeModel([QUEUE], min_opinions=1)
    before = model.tag(_opinions("傘立てがない"))
    assert model.tag(_opinions("傘立てがない")) == before == [()]
    assert not hasattr(model, "discovered_")


def test_a_model_that_got_other_themes_tags_with_them() -> None:
    model = ThemeModel([QUEUE])
    model.tag(_opinions("電車"))
    assert model.set_params(catalogue_themes=[SLOW]).tag(_opinions("電車")) == [(Tag("slow", 0.6667),)]


def test_the_version_follows_words_and_not_their_order() -> None:
    assert version([QUEUE, BAG]) == version([BAG, QUEUE]) == ThemeModel([QUEUE, BAG]).version_
    assert version([QUEUE]) != version([_theme("queue", {"レジ": 1.0})])


@settings(max_examples=examples(100), deadline=None)
@given(st.text(max_size=80), st.sampled_from(["retail", "restaurant", "hotel", "sightseeing"]))
def test_any_text_is_tagged_within_bounds(text: str, catalogue: str) -> None:
    for tags in _model(catalogue).tag(_opinions(text)):
        assert len({tag.theme_id for tag in tags}) == len(tags) <= 3
        assert all(0 < tag.weight < 1 for tag in tags)
        assert [tag.weight for tag in tags] == sorted((tag.weight for tag in tags), reverse=True)


def test_little_of_a_real_survey_stays_unexplained(shared_data: Path) -> None:
    with (shared_data / "fukui_2025.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    comments = [text for row in rows for text in list(row.values())[9:] if text.strip()]
    opinions = [found for found in _opinions(*random.Random(4).sample(comments, 2000)) if found.kind == "opinion"]
    unexplained = sum(not tags for tags in _model("sightseeing").tag(opinions))
    assert unexplained / len(opinions) < 0.15
