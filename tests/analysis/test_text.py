"""Comments into opinions: tables of invented sentences (unidic-lite 1.0.8)."""

import time

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.reading.spellings import normalise
from analysis.reading.text import is_request, read_opinions
from analysis.results import Opinion

SPLITS = [
    # one opinion
    ("駅から近いので便利", ["駅から近いので便利"]),
    ("安くて美味しい", ["安くて美味しい"]),
    ("停めるのに苦労しました", ["停めるのに苦労しました"]),
    ("店が朝から開いていて助かる", ["店が朝から開いていて助かる"]),
    ("レジを増やしてほしい", ["レジを増やしてほしい"]),
    ("店員さんが丁寧に教えてくださいました", ["店員さんが丁寧に教えてくださいました"]),
    ("料理が出る前にお茶が出た", ["料理が出る前にお茶が出た"]),
    ("もう少しレジが早ければいいのに", ["もう少しレジが早ければいいのに"]),
    # sentence ends
    ("トイレがきれい！レジも早い！", ["トイレがきれい！", "レジも早い！"]),
    ("また寄りたい！と思える店", ["また寄りたい！と思える店"]),
    ("味が薄いかも…と感じました。量は多い。", ["味が薄いかも…と感じました。", "量は多い。"]),
    ("「安い！」と書いてあるのに高い", ["「安い！」と書いてあるのに高い"]),
    ("駅が近い。とても助かる", ["駅が近い。", "とても助かる"]),
    ("少し高い。といっても納得", ["少し高い。", "といっても納得"]),
    ("広い\nと思いました", ["広い", "と思いました"]),
    ("レジが早い♪また来ます", ["レジが早い♪", "また来ます"]),
    ("笑顔が良かった😊また寄ります", ["笑顔が良かった😊", "また寄ります"]),
    ("親切でした(^^)また来ます", ["親切でした(^^)", "また来ます"]),
    ("一行目です\n二行目です", ["一行目です", "二行目です"]),
    ("店内が暗い。。。棚も高い", ["店内が暗い。。。", "棚も高い"]),
    ("食べ物が美味しい 景色が綺麗", ["食べ物が美味しい", "景色が綺麗"]),
    ("値段が高い、品揃えが少ない", ["値段が高い", "品揃えが少ない"]),
    # contrasts
    ("パンは美味しいけど、レジの列が長い", ["パンは美味しいけど", "レジの列が長い"]),
    ("店内は広いが通路は狭い", ["店内は広いが", "通路は狭い"]),
    ("値段は高いのに量が少ない", ["値段は高いのに", "量が少ない"]),
    ("駐車場は広い。ただ、出口が見にくい。", ["駐車場は広い。", "ただ、出口が見にくい。"]),
    ("料理は良かった。しかし接客が悪い", ["料理は良かった。", "しかし接客が悪い"]),
    ("人は親切ですが、建物が古いです", ["人は親切ですが", "建物が古いです"]),
    ("店は狭いながらも活気がある", ["店は狭いながらも", "活気がある"]),
    ("歩きながらパンを食べました", ["歩きながらパンを食べました"]),
    # one more thing
    ("店員さんは親切だし品揃えも豊富です", ["店員さんは親切だし", "品揃えも豊富です"]),
    ("料理が美味しくて店員さんも親切でした", ["料理が美味しくて", "店員さんも親切でした"]),
    ("通路が広く、棚も見やすい", ["通路が広く", "棚も見やすい"]),
    ("接客が丁寧で、店内も清潔でした", ["接客が丁寧で", "店内も清潔でした"]),
    # が marks the subject and stays
    ("パンが好きです", ["パンが好きです"]),
    ("野菜が新鮮なのが嬉しい", ["野菜が新鮮なのが嬉しい"]),
    # half-width kana, squeezed repeats
    ("ﾚｼﾞが遅い", ["レジが遅い"]),
    ("すごーーーーい品揃え！！！！！！", ["すごい品揃え！！！"]),
    ("おいし〜い", ["おいしい"]),
]


@pytest.mark.parametrize(("comment", "opinions"), SPLITS)
def test_a_comment_is_split_into_opinions(comment: str, opinions: list[str]) -> None:
    assert [opinion.text for opinion in read_opinions(comment)] == opinions


NOTHING = """
特になし/特にありません。/とくにないです/特に無し/なし/ないです。/無/今のところ特にございません/特に不満はありません/
わかりません/・/---/.../特にないかな/何もありません/別にない/特に問題ありません/特に不便は感じませんでした/ナシ/
None/特にない。/特段ありません/これといってないです/ありませんでした/特に思いつきません/特に不満に感じる点はないです
""".replace("\n", "").split("/")
SOMETHING = """
特になし。強いて言えばトイレが遠い/トイレがない/ベンチがないです/👍/商品がありません/店員がいない/何もかも良い/
レジがなくなった/特に魚が美味しい/問題のある接客/特にレジが遅い
""".replace("\n", "").split("/")


@pytest.mark.parametrize("comment", [*NOTHING, "n/a", "特になし\n特にない"])
def test_a_comment_that_says_there_is_nothing_to_say_is_counted_apart(comment: str) -> None:
    assert read_opinions(comment) == (Opinion(comment, 0, "none", (), is_request=False),)


@pytest.mark.parametrize("comment", SOMETHING)
def test_a_comment_that_says_something_is_an_opinion(comment: str) -> None:
    assert [opinion.kind for opinion in read_opinions(comment)] == ["opinion"]


FOREIGN = """
Very good place, thank you/很好吃，服务员很热情/매우 좋았습니다/店員很親切/อร่อยมาก/The staff was kind./这里很漂亮/
C'était très bon/Отлично
""".replace("\n", "").split("/")
JAPANESE = """
駐車場/最高/親切/品揃え豊富/接客最悪/値段高/混雑/清潔/店員親切/無愛想/駐車場狭小/美味/満足/不満/待時間長/
駅近便利/大変満足/対応迅速/商品豊富/価格安/料理最高/景色最高/温泉最高/交通不便/接客丁寧/改善希望/感謝/普通/
良好/清潔感/新鮮/豊富/品薄/高価/安価/便利/不便/快適/静寂/絶景/歴史的建物/自然豊富/駐車場完備/禁煙席希望/
営業時間延長/店内清潔/空調故障/照明不足/案内不足/子供歓迎/割引希望/Good 接客/PayPay/OK/Wi-Fi/good/レジ
""".replace("\n", "").split("/")


@pytest.mark.parametrize("comment", FOREIGN)
def test_a_comment_in_another_language_is_counted_apart(comment: str) -> None:
    assert [opinion.kind for opinion in read_opinions(comment)] == ["foreign"]


@pytest.mark.parametrize("comment", JAPANESE)
def test_kanji_and_single_latin_words_are_japanese(comment: str) -> None:
    assert {opinion.kind for opinion in read_opinions(comment)} == {"opinion"}


REQUESTS = """
セルフレジを増やしてほしい/もう少し通路を広くしてもらえると助かります/夜10時まで開いているとうれしいです/
ベンチがあればいいのに/カードが使えるようにしてください/駐車場をもう少し広く/品数が増えたら嬉しい/
トイレを直して頂きたいです/営業時間の延長を希望します/傘立てが欲しい/値下げをお願いします/
もっと試食があれば良かった/改善すべきです/案内板が必要だと思います/レジを二台にしてくれると助かる/
種類がもっとあるとなお良い/冷房を強くしてくれたらありがたい/ポイントが付くなら便利/
ベンチが欲しいと思った/案内板があると分かりやすいと思う/席がもっと欲しかったです/もっとゆっくりできる席があるとよい
""".replace("\n", "").split("/")
NO_REQUESTS = """
また来たいです/レジが早くて助かりました/もっと居たかったです/店員さんが教えてくださいました/
欲しいものが揃っている/来てよかった/いつもお世話になっています/すぐに対応して頂きました/不親切な対応/
品揃えが充実しています/駅に近くて便利/
欲しいと思った品が売っていた/欲しかった洗剤が買えた/欲しかったお土産が手に入った/もっと知りたいと思った/もっといろんな町を歩きたい/
説明があると分かりやすいので助かった/駅で欲しいものが買えた/もっとゆっくり選びたかった/もっと見てみたいです/
秋にまた来られたらいいなと思う/どこで買えばよいのか分からなかった/もう少し時間があれば回りたかった
""".replace("\n", "").split("/")


@pytest.mark.parametrize("text", REQUESTS)
def test_a_wish_is_a_request(text: str) -> None:
    assert is_request(text)


@pytest.mark.parametrize("text", NO_REQUESTS)
def test_praise_and_plans_are_no_requests(text: str) -> None:
    assert not is_request(text)


TOKENS = [
    # compounds
    ("駐車場が狭い", ["駐車場", "狭い"]),
    ("お土産売り場", ["土産売り場"]),
    ("セルフレジが便利", ["セルフレジ", "便利"]),
    ("店員さんと待ち時間", ["店員", "待つ時間"]),
    ("コスパがいい", ["コスパ", "良い"]),
    ("分かりにくい", ["分かる難い"]),
    ("高すぎる", ["高い過ぎる"]),
    ("無愛想な店員", ["無愛想", "店員"]),
    ("10分待った", ["#分", "待つ"]),
    # spellings that mean the same
    ("分かり安い", ["分かる易い"]),
    ("散歩がてら寄る", ["散歩がてら", "寄る"]),
    ("うまい", ["美味しい"]),
    ("スタッフさん", ["店員"]),
    ("お手洗い", ["トイレ"]),
    ("化粧室", ["トイレ"]),
    ("おそばと蕎麦", ["蕎麦", "蕎麦"]),
    # negation is marked, twice is none
    ("美味しくない", ["美味しい!"]),
    ("悪くはなかった", ["悪い!"]),
    ("親切ではない", ["親切!"]),
    ("使えません", ["使う!"]),
    ("良くなくはない", ["良い"]),
    ("美味しいのではないでしょうか", ["美味しい"]),
    ("行けず残念", ["行く!", "残念"]),
    ("並ぶことがない", ["並ぶ!"]),
    ("残念でならない", ["残念"]),
    # parking is not giving up, praising is not pressing, にくい and づらい are one
    ("停めづらい", ["停める難い"]),
    ("やめてほしい", ["辞める", "欲しい"]),
    ("おすすめです", ["おすすめ"]),
    ("しつこくすすめられた", ["しつこい", "勧める"]),
    ("持ちがいい", ["持つ", "良い"]),
    # something is missing
    ("駐車場がない", ["駐車場!", "無い"]),
    ("商品があまりない", ["商品!", "余り", "無い"]),
]


@pytest.mark.parametrize(("text", "keys"), TOKENS)
def test_content_words_of_an_opinion(text: str, keys: list[str]) -> None:
    (opinion,) = read_opinions(text)
    assert [token.key + ("!" if token.negated else "") for token in opinion.tokens] == keys


def test_a_compound_knows_its_parts_and_shows_what_was_written() -> None:
    (opinion,) = read_opinions("停めにくかった")
    assert [(token.surface, token.parts) for token in opinion.tokens] == [("停めにくい", ("停める", "難い"))]


def test_an_empty_comment_has_no_opinions() -> None:
    assert read_opinions("") == read_opinions(" \n　") == ()


def test_opinions_are_numbered() -> None:
    assert [opinion.position for opinion in read_opinions("安い。広い。近い。")] == [0, 1, 2]


def test_entities_of_survey_tools_are_read() -> None:
    assert [opinion.text for opinion in read_opinions("高い&hellip;でも良い &amp; 近い")] == [
        "高い…",
        "でも良い & 近い",
    ]


def test_japanese_punctuation_stays_as_written() -> None:
    assert normalise("ﾊﾟﾝ（１００円）は安い！") == "パン（100円）は安い！"


@settings(max_examples=examples(300), deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    opinions = read_opinions(text)
    assert [opinion.position for opinion in opinions] == list(range(len(opinions)))
    assert all(opinion.text.encode() is not None for opinion in opinions)


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "駐車場",
                "が",
                "狭い",
                "けど",
                "、",
                "。",
                "ない",
                "て",
                "の",
                "に",
                "店員",
                "も",
                "親切",
                "😊",
                "ー",
                "すぎる",
                "ほしい",
                "\n",
            ]
        ),
        max_size=40,
    )
)
def test_nothing_of_a_japanese_sentence_is_lost_or_said_twice(pieces: list[str]) -> None:
    text = "".join(pieces)
    opinions = [opinion for opinion in read_opinions(text) if opinion.kind == "opinion"]
    nouns = sum(token.key in {"駐車場", "店員"} for opinion in opinions for token in opinion.tokens if not token.parts)
    assert nouns <= text.count("駐車場") + text.count("店員")


@settings(max_examples=examples(200), deadline=None)
@given(st.text(st.sampled_from("駐車場が狭いけど、。ー①WiFi あかんええへんそば😊（^_ω）しt・／\n"), max_size=40))
def test_reading_twice_gives_the_same(text: str) -> None:
    assert read_opinions(text) == read_opinions(text)


@settings(max_examples=examples(200), deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "駐車場",
                "狭い",
                "けれども",
                "思いきや",
                "あかん",
                "ええ感じ",
                "来えへん",
                "WiFi",
                "すぐそば",
                "、",
                "！",
                "①",
                "殺客",
                "(T_T)",
            ]
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_letter_of_a_comment_stands_in_an_opinion(pieces: list[str]) -> None:
    text = "".join(pieces)
    shown = "".join(opinion.text for opinion in read_opinions(text) if opinion.kind == "opinion")
    letters = "".join(letter for letter in normalise(text) if letter.isalpha() and letter != "T")
    assert "".join(letter for letter in shown if letter.isalpha() and letter != "T") in {letters, ""}


def test_an_endless_run_of_nouns_stays_bounded() -> None:
    (opinion,) = read_opinions("駐車場" * 6000)
    assert max(len(token.parts) for token in opinion.tokens) == 8


def test_a_very_long_comment_is_read() -> None:
    assert len(read_opinions("店員さんは親切だけど、レジが遅い。" * 200)) == 400


@pytest.mark.parametrize(
    "piece", ["あ", "駐車場", "そば", "(^", "very good ", "えええへん", "と思ったら", "・", "😊", "ー"]
)
def test_endless_comments_stay_quick(piece: str) -> None:
    start = time.process_time()
    read_opinions(piece * (20_000 // len(piece)))
    assert time.process_time() - start < 5
