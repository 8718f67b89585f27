"""Which comments are in another language: short ones, as visitors and customers leave them."""

import pytest

from analysis.reading.languages import language_of
from analysis.reading.spellings import normalise
from analysis.reading.text import read_opinions

COMMENTS = {
    "en": """
Very good place, thank you/The staff was kind./Too crowded and slow/Parking lot is too small/
Clean rooms and friendly people/The noodles were cold/I will come again/Nice view from the top/
Please add more seats/Food is great but pricey/No English menu/Loved it/Very nice/The toilet was dirty/
Great service
""",
    "fr": """
C'était très bon/Le personnel est très gentil/Trop cher pour ce que c'est/Service un peu lent/
Nous reviendrons/La vue est magnifique/Merci beaucoup/Pas assez de places assises/Les toilettes étaient sales/
Un accueil chaleureux
""",
    "es": """
La comida estaba muy rica/El personal muy amable/Demasiado caro/Volveremos pronto/No hay aparcamiento/
Muy bonito lugar/El servicio es lento/Muchas gracias por todo/Los baños estaban sucios/Hay que esperar mucho
""",
    "pt": """
A comida estava deliciosa/Atendimento muito bom/Muito caro/Voltaremos com certeza/Não tem estacionamento/
Lugar lindo e limpo/O serviço é lento demais/Obrigado pela atenção/Os banheiros estavam sujos/Gostei muito
""",
    "vi": """
Đồ ăn rất ngon/Nhân viên thân thiện/Giá hơi cao/Tôi sẽ quay lại/Không có chỗ đậu xe/Phòng sạch sẽ/
Phục vụ chậm quá/Cảm ơn rất nhiều/Nhà vệ sinh bẩn/Cảnh đẹp
""",
    "id": """
Makanannya enak sekali/Pelayannya ramah/Terlalu mahal/Saya akan datang lagi/Tempat parkir sempit/
Kamarnya bersih/Pelayanan agak lambat/Terima kasih banyak/Toilet kotor/Pemandangannya indah
""",
    "th": """
อร่อยมาก/พนักงานใจดี/ราคาแพงไปหน่อย/จะกลับมาอีก/ที่จอดรถน้อย/ห้องสะอาด/บริการช้า/ขอบคุณมาก/ห้องน้ำสกปรก/
วิวสวย
""",
    "ko": """
매우 좋았습니다/직원이 친절해요/가격이 비싸요/또 오고 싶어요/주차장이 좁아요/방이 깨끗했어요/
서비스가 느려요/감사합니다/화장실이 더러웠어요/맛있어요
""",
    "zh": """
很好吃，服务员很热情/这里很漂亮/价格太贵了/下次还会来/停车场太小/房间很干净/上菜太慢/非常感谢/厕所很脏/
风景不错/性价比高/推荐/味道不错/店員很親切/這裡很漂亮/價格太貴了/下次還會來/停車場太小/房間很乾淨/
上菜太慢/非常感謝/廁所很髒/風景不錯/味道普通 不會再來/排隊排很久/服務態度差/值得推薦/好吃/不好吃/
物超所值
""",
    "el": "Πολύ ωραίο",
    "ru": "Очень вкусно",
    "he": "מצוין",
    "ar": "رائع جدا",
    "hi": "बहुत अच्छा",
    "de": "Sehr gut",
    "it": "Molto buono",
}
KANJI_ALONE = """
焼肉定食/麻婆豆腐/小籠包/回鍋肉 美味/青椒肉絲/担々麺/火鍋/珈琲/壽司/髙島屋/慶應/會津/
混雜/駐車場/最高/親切/接客最高/料理美味/駐車場狭小/店員態度最悪/品揃え豊富/接客最悪/値段高/混雑/清潔/
店員親切/無愛想/美味/満足/不満/待時間長/駅近便利/大変満足/対応迅速/商品豊富/価格安/料理最高/景色最高/
温泉最高/交通不便/接客丁寧/改善希望/感謝/普通/良好/清潔感/新鮮/豊富/品薄/高価/安価/便利/不便/快適/
静寂/絶景/歴史的建物/自然豊富/駐車場完備/禁煙席希望/営業時間延長/店内清潔/空調故障/照明不足/案内不足/
子供歓迎/割引希望/店員不足/説明不足/大満足/最悪/超最高/激安/激混/接客態度悪/料金高/価格高騰/量少/
味最高/味普通/味薄/雰囲気良/立地最高/再訪希望/再訪確定/家族大満足/従業員教育不足/駐輪場希望/喫煙所希望/
券売機故障/配膳遅/対応悪/電話対応最悪/神対応/塩対応/大盛無料/食材新鮮/夜景綺麗/綺麗/部屋清潔/朝食豪華/
露天風呂最高/温泉良/送迎便利/受付混雑/予約不可/待合室狭/先生親切/看護師親切/診察丁寧/施術丁寧/技術力高/
店長最高/毎回満足/毎週利用/特売最高/野菜新鮮/鮮魚豊富/惣菜美味/試着室不足/返品対応迅速/送料無料希望/
現金不可/電子決済希望/完売残念/品切多発/冷房不足/暖房過剰/音量過大/階段急/段差多/案内表示不足/順番待/
混雑緩和希望/迷子対応感謝
"""
LATIN_IN_JAPANESE = """
Good/good/OK/PayPay/WiFi/Wi-Fi/LINE Pay/LINE/Good!/Nice/nice!/NICE/Thanks/QUICPay/Suica/iD/AED/ATM/BGM/
Uber Eats/au PAY/d払い/VISA/QR/SNS/Instagram/Google Maps/AC/TV/
Good 接客/WiFi弱い/LINE Pay QUICPay/PayPay使用可/Café/G.W.混雑/ok ok/No.1
"""
ROMAJI = """
oishii/oishikatta desu/totemo yokatta/arigatou gozaimashita/mata kimasu/saikou/sugoi/chuushajou ga semai/
kawaii/Sugoku oishii/ten'in san ga shinsetsu/nihonshu umai/tanoshikatta/yasui/reji ga osoi
"""


def comments(table: str) -> list[str]:
    return table.replace("\n", "").split("/")


@pytest.mark.parametrize(
    ("language", "comment"), [(language, text) for language in COMMENTS for text in comments(COMMENTS[language])]
)
def test_a_comment_in_another_language_is_told_by_its_language(language: str, comment: str) -> None:
    assert language_of(normalise(comment)) == language
    assert [opinion.kind for opinion in read_opinions(comment)] == ["foreign"]


@pytest.mark.parametrize("comment", comments(KANJI_ALONE))
def test_kanji_alone_are_japanese(comment: str) -> None:
    assert {opinion.kind for opinion in read_opinions(comment)} == {"opinion"}


@pytest.mark.parametrize("comment", comments(LATIN_IN_JAPANESE))
def test_latin_words_that_japanese_customers_use_are_japanese(comment: str) -> None:
    assert {opinion.kind for opinion in read_opinions(comment)} == {"opinion"}


@pytest.mark.parametrize("comment", comments(ROMAJI))
def test_japanese_in_latin_letters_is_japanese(comment: str) -> None:
    assert language_of(normalise(comment)) == "ja"


def test_the_usual_romaji_words_are_understood() -> None:
    (opinion,) = read_opinions("sugoku oishii")
    assert [token.key for token in opinion.tokens][-1] == "美味しい"


def test_a_comment_with_any_kana_is_japanese() -> None:
    assert language_of("The staff was kind. ありがとう") == "ja"


def test_signs_alone_are_no_foreign_language() -> None:
    signs = ["!?", "100", "(´・ω・`)", "(^o^)", "٩( ᐛ )و", "b"]
    assert [language_of(sign) for sign in signs] == ["ja"] * len(signs)
