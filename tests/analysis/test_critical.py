"""Words that must not wait: found in every spelling, not where they are denied or mean something else."""

import pytest

from analysis.critical import critical_words
from analysis.errors import WordFileError


@pytest.mark.parametrize(
    ("comment", "kinds"),
    [
        ("お風呂のｶﾋﾞがひどい", ("mould",)),
        ("かびが生えていました", ("mould",)),
        ("カビをなくしてほしい", ("mould",)),
        ("カビが無くならない", ("mould",)),
        ("サラダに虫が入っていた", ("foreign_matter",)),
        ("お弁当に髪の毛がまた入ってました", ("foreign_matter",)),
        ("異物が入っていたのに謝罪がない", ("foreign_matter",)),
        ("食べたあと、お腹が痛くなり下痢をしました", ("food_poisoning",)),
        ("床で転んで、子どもがケガをしました。カビもありました", ("mould", "injury")),
        ("かびくさい部屋でした", ("mould",)),
        ("カビはずっとそのままです", ("mould",)),
        ("カビがないか確かめてほしい", ("mould",)),
        ("カビが全然取れていない", ("mould",)),
        ("髪の毛がスープに浮いていた", ("foreign_matter",)),
        ("ごきぶりがいた", ("foreign_matter",)),
        ("ガラスが入っていた", ("foreign_matter",)),
        ("家でお腹壊しました", ("food_poisoning",)),
        ("鶏肉が生でした", ("food_poisoning",)),
        ("消費期限が切れていた", ("food_poisoning",)),
        ("食中毒になったのに連絡がない", ("food_poisoning",)),
        ("転びそうになりました", ("injury",)),
        ("I found a hair in my soup and threw up", ("foreign_matter", "food_poisoning")),
        ("I slipped and fell", ("injury",)),
        ("菜里有头发，回家拉肚子", ("foreign_matter", "food_poisoning")),
        ("머리카락이 나왔어요", ("foreign_matter",)),
        ("곰팡이 없애 주세요", ("mould",)),
        ("There was mold, and my son was injured.", ("mould", "injury")),
        ("发霉了", ("mould",)),
        ("곰팡이가 있어요", ("mould",)),
    ],
)
def test_what_must_not_wait_is_found(comment, kinds):
    assert critical_words().kinds_in(comment) == kinds


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "美味しかったです",
        "カビはなかったです",
        "カビもなく清潔でした",
        "カビが生えていない",
        "カビなし",
        "異物混入もなく安心です",
        "虫が入っていなかった",
        "怪我はありませんでした",
        "怪我なく楽しめました",
        "食中毒の心配もありません",
        "no mold at all",
        "without any injury",
        "没有异物",
        "カビ一つない清潔なお風呂",
        "カビひとつない",
        "カビは見当たりませんでした",
        "カビも生えておらず清潔",
        "カビの臭いもなく快適",
        "食中毒にならないよう気をつけている",
        "食中毒になることはなかった",
        "食中毒対策が万全",
        "怪我をしないように柵がある",
        "ケガ人も出ず安心",
        "髪の毛が入らないよう帽子をかぶっていた",
        "虫が入ってこないので快適",
        "腐ったりしていない",
        "異臭がしない",
        "I didn't see any cockroach",
        "not a single hair in the food",
        "바퀴벌레 없어요",
        "下痢止めが安い",
        "青カビのチーズ",
        "すりガラスの小石が入ったガラス",
        "ネズミ捕りを買った",
        "ため息を吐いた",
        "救急車の音がうるさい",
        "hair in the salon was cut",
        "カビゴンのぬいぐるみ",
        "出血大サービス",
        "The molding looks nice",
    ],
)
def test_what_is_denied_or_means_something_else_is_not(comment):
    assert critical_words().kinds_in(comment) == ()


@pytest.mark.parametrize(("extends", "kinds"), [("", ("leak",)), ("extends: true\n", ("leak", "mould"))])
def test_a_house_replaces_the_list_or_extends_it(tmp_path, extends, kinds):
    file = tmp_path / "own.yaml"
    file.write_text(
        f"{extends}kinds:\n  - {{id: leak, name: {{ja: 水漏れ, en: leak}}, words: [水漏れ, 水が…漏れ], except: []}}\n"
    )
    own = critical_words(str(file))
    assert own.kinds_in("天井から水がぽたぽた漏れて、カビも出た") == kinds
    assert own.name("leak") == {"ja": "水漏れ", "en": "leak"}
    assert own.name("gone") == {"ja": "gone", "en": "gone"}
    assert own.digest != critical_words().digest


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("kinds: []", "kinds"),
        ("kinds: [{id: leak, name: {ja: 水漏れ, en: leak}, words: []}]", "kinds.0.words"),
        ("kinds: [{id: Leak, name: {ja: 水漏れ, en: leak}, words: [水漏れ]}]", "kinds.0.id"),
        (
            "kinds: [{id: a, name: {ja: 水, en: w}, words: [水漏れ]}, {id: a, name: {ja: 水, en: w}, words: [漏れ]}]",
            "twice",
        ),
        ("kinds: [", "not valid YAML"),
        (None, "cannot be read"),
    ],
)
def test_a_wrong_file_is_named_with_its_place(tmp_path, content, told):
    file = tmp_path / "own.yaml"
    if content is not None:
        file.write_text(content)
    with pytest.raises(WordFileError, match=told):
        critical_words(str(file))
