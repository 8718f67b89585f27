import json

import pytest
from factories import TOKYO, make_place, make_submission

from analysis.settings import AnalysisSettings
from analysis.themes.catalogue_choice import FALLBACK, choose_catalogue, settle_catalogue
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
    "salon": [
        "前髪を切りすぎで、スタイルが決まらない。",
        "カラーの色持ちがよくて気に入っています。",
        "担当の美容師さんとの会話が楽しい。",
        "シャンプーの力加減がちょうどよかったです。",
        "ネイルがすぐに剥がれました。",
    ],
    "clinic": [
        "先生の説明が分かりやすくて安心しました。",
        "予約していたのに診察まで一時間待ちました。",
        "看護師さんの採血が上手でした。",
        "処方された薬がよく効きました。",
        "受付の方が保険証をなかなか返してくれなかった。",
    ],
    "sightseeing": [
        "海の景色がきれいで写真をたくさん撮りました。",
        "バスの本数が少なくて、観光地まで行きにくい。",
        "お城の展示が面白く、ガイドさんの説明も丁寧でした。",
        "道の駅でお土産を買いました。",
        "遊歩道に案内の看板がほしいです。",
    ],
}


KINDS_OF_SHOPS_AND_PLACES = {
    "convenience": (
        "retail",
        ["コーヒーマシンが壊れていた。", "コピー機の使い方が分からない。", "レジの店員さんが無愛想。"],
    ),
    "drugstore": (
        "retail",
        ["登録販売者さんが薬のことを教えてくれた。", "化粧品のテスターが汚い。", "ポイントが貯まる。"],
    ),
    "apparel": ("retail", ["試着室が狭い。", "サイズの在庫を取り寄せてくれた。", "見ていると話しかけられて困る。"]),
    "electronics": ("retail", ["実機を触って比べられた。", "配送と設置が早かった。", "延長保証の説明が長い。"]),
    "online": ("retail", ["バッテリーの減りが早い。", "梱包が雑で箱がつぶれていた。", "画面がきれいでカメラも良い。"]),
    "dentist": ("clinic", ["虫歯の治療が痛くなかった。", "衛生士さんのクリーニングが丁寧。", "予約が取りにくい。"]),
    "pharmacy": (
        "clinic",
        [
            "薬剤師さんがお薬手帳を見て確認してくれた。",
            "処方箋を出してから待ち時間が長い。",
            "ジェネリックの説明がほしい。",
        ],
    ),
    "eyelash": ("salon", ["まつげエクステがすぐ取れた。", "グルーが目にしみた。", "仕上がりがイメージ通り。"]),
    "ryokan": ("hotel", ["仲居さんがお部屋食を運んでくれた。", "露天風呂が最高。", "布団が薄くて眠れなかった。"]),
    "railway": ("sightseeing", ["電車の本数が少ない。", "乗り換えが分かりにくい。", "運賃が高い。"]),
    "cafe": ("restaurant", ["ケーキとコーヒーが美味しい。", "席の間隔が狭い。", "注文してから出てくるまで遅い。"]),
}


@pytest.mark.parametrize("kind", KINDS_OF_SHOPS_AND_PLACES)
def test_three_comments_tell_the_trade_of_a_kind_of_place(kind):
    trade, comments = KINDS_OF_SHOPS_AND_PLACES[kind]
    assert choose_catalogue(comments) == trade


@pytest.mark.parametrize("trade", COMMENTS)
def test_five_comments_tell_the_trade(trade):
    assert choose_catalogue(COMMENTS[trade]) == trade


def test_a_word_that_is_said_all_the_time_does_not_decide_alone():
    assert choose_catalogue([*COMMENTS["hotel"], *["観光のあと戻りました。"] * 30]) == "hotel"


@pytest.mark.parametrize(
    ("file", "trade"),
    [
        ("hotel_reviews_translated", "hotel"),
        ("restaurant_reviews", "restaurant"),
        ("shop_phone_reviews", "retail"),
        ("visitor_requests", "sightseeing"),
    ],
)
def test_real_comments_tell_the_trade(shared_data, file, trade):
    rows = (shared_data / f"{file}.jsonl").read_text("utf-8").splitlines()[:400]
    assert choose_catalogue([json.loads(row)["text"] for row in rows]) == trade


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


def test_a_single_comment_that_names_no_trade_chooses_none():
    comment = "店員さんの笑顔がとても感じよかったです。でも、レジの待ち時間が長かったです。"
    assert choose_catalogue([comment]) == FALLBACK
