import pytest
from factories import TOKYO, make_place, make_submission

from analysis.catalogue_choice import FALLBACK, choose_catalogue, settle_catalogue
from analysis.settings import AnalysisSettings
from surveys.responses import record_many

COMMENTS = {
    "hotel": [
        "部屋が広くてベッドの寝心地が最高でした。",
        "チェックインの時にフロントで待たされました。",
        "朝食バイキングの種類が豊富でした。",
        "浴室の水圧が弱かったです。",
        "枕が高くて眠れなかったので、選べるとうれしいです。",
    ],
    "restaurant": [
        "注文してから料理が出てくるまで長かった。",
        "スープがぬるくて残念。麺は好みの硬さでした。",
        "ランチの量がちょうどよく、デザートも美味しい。",
        "メニューの字が小さくて読みにくいです。",
        "店員さんがお水をすぐに持ってきてくれました。",
    ],
    "retail": [
        "レジが混んでいて、もう一台開けてほしい。",
        "お惣菜の品切れが多いです。",
        "特売の野菜が新鮮で助かります。",
        "セルフレジの使い方が分かりにくい。",
        "売り場が変わって商品の場所が探しにくくなりました。",
    ],
    "sightseeing": [
        "海の景色がきれいで写真をたくさん撮りました。",
        "バスの本数が少なくて、観光地まで行きにくい。",
        "お城の展示が面白く、ガイドさんの説明も丁寧でした。",
        "道の駅でお土産を買いました。",
        "遊歩道に案内の看板がほしいです。",
    ],
}


@pytest.mark.parametrize("trade", COMMENTS)
def test_five_comments_tell_the_trade(trade):
    assert choose_catalogue(COMMENTS[trade]) == trade


@pytest.mark.parametrize("texts", [[], ["特になし", "👍", "Great!"]])
def test_comments_that_tell_nothing_leave_the_fallback(texts):
    assert choose_catalogue(texts) == FALLBACK


def test_the_oldest_comments_of_the_database_choose_and_a_set_catalogue_is_left_alone(database):
    place = make_place(database)
    submissions = [
        make_submission(place, f"r-{number}", comments={"reason": text})
        for number, text in enumerate(COMMENTS["hotel"])
    ]
    with database.session() as session:
        record_many(session, submissions, submissions[0].answered_at, TOKYO)
    with database.reading() as session:
        assert settle_catalogue(session, AnalysisSettings()).catalogue == "hotel"
        assert settle_catalogue(session, AnalysisSettings(catalogue="retail")) == AnalysisSettings(catalogue="retail")
