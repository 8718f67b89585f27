"""What numbers a person has: My Number, accounts, members, orders and bookings, birth dates and licence plates."""

import re

from surveys.masking.marks import MARKS
from surveys.masking.rules import DASHES, Rule

_IS = r"(?:[ ]?(?:は|が|で|も|→|=|:|/|,|、|#|\.|no\.?|「|『|\(|\[)[ ]?|[ ]){0,3}"
"""What stands between a label and its number."""
_DIGIT_GAP = rf"[ {DASHES}]?"

_MY_NUMBER_LABEL = re.compile(
    rf"(?:マイナンバー(?:カード)?|個人番号)(?:の番号)?{_IS}(?P<value>\d(?:{_DIGIT_GAP}\d){{11}})(?!\d)", re.ASCII
)
_MY_NUMBER = re.compile(
    rf"(?<![\d{DASHES}])(?<!\d )(?:\d{{12}}|\d{{4}}[ {DASHES}]\d{{4}}[ {DASHES}]\d{{4}})(?![\d{DASHES}]| \d)", re.ASCII
)

_ACCOUNT = re.compile(
    rf"(?:口座(?:番号)?(?:\([^)]{{1,6}}\))?(?:の番号)?{_IS}(?P<value>\d{{3,4}}{_DIGIT_GAP}\d{{3,4}})"
    # 「普通1000-1500円」 is what a meal costs
    rf"|(?:普通|当座|貯蓄|\([普当]\))(?:預金)?(?:\([^)]{{1,6}}\))?(?:の?番号|口座)?{_IS}"
    rf"(?P<kind_value>\d{{7}}|\d{{3}}[ ]\d{{4}}))"
    r"(?!\d|[ ]?[円人名])",
    re.ASCII | re.IGNORECASE,
)
_POST_ACCOUNT = re.compile(
    rf"記号{_IS}(?P<value>1\d{{4}}{_DIGIT_GAP}(?:\d[{DASHES}])?[ 、,/]{{0,2}}(?:番号{_IS})?\d{{5,8}})(?!\d)", re.ASCII
)

_LABEL = (
    r"(?:注文|ご注文|オーダー|ブッキング|予約|ご予約|会員|メンバー|受付|伝票|レシート|お客様|顧客|ユーザー|ポイントカード|カード|診察券|患者|受診|"
    r"問い?合わ?せ|お問い?合わ?せ|追跡|送り状|荷物|配送|契約|申込|申し込み|お申込|整理券|引換|引き換え|受取|受け取り|修理|保証書|"
    r"保険証|被保険者|免許証?|パスポート|旅券|社員|学生証?|学籍|管理|取引|決済|領収書|order|booking|reservation|member(?:ship)?|"
    r"customer|confirmation|tracking|receipt|user)"
)
_CALLED = (
    r"(?:(?:の|カードの?|券の?)?(?:番号|ナンバー|コード|no\.?|number|id|#|№)"
    r"|[ ](?:number|no\.?|id|code|#)|[ ]?#)"
)
# at least four characters, one of them a digit: the third of a queue is no number of a person
_LABELLED_NUMBER = re.compile(
    rf"{_LABEL}{_CALLED}{_IS}"
    rf"(?P<value>(?=[a-z{DASHES}]{{0,12}}\d)[a-z0-9](?:[{DASHES}]?[a-z0-9]|[ ](?=\d{{3}})\d){{3,24}})"
    r"(?![a-z0-9])(?![ ]?(?:円|番目|人|名|分|時|年|回|台|個))",
    re.ASCII | re.IGNORECASE,
)

_FOREIGN_NUMBER = re.compile(
    rf"(?:订单|預訂|预订|预约|会员|訂單|주문|예약|회원)[ ]?(?:号码?|號碼?|번호){_IS}"
    rf"(?P<value>(?=[a-z{DASHES}]{{0,12}}\d)[a-z0-9](?:[{DASHES}]?[a-z0-9]){{3,24}})",
    re.ASCII | re.IGNORECASE,
)

_ERA = r"(?:明治|大正|昭和|平成|令和|[mtshr])"
_NUMBER = r"(?:\d{1,2}|元|[十百\d]{1,4})"
_DATE = (
    rf"(?:(?:19|20)\d{{2}}|{_ERA}[ .]?{_NUMBER}|(?<!\d)\d{{2}})"
    rf"(?:[ ]?[年./{DASHES}][ ]?{_NUMBER}[ ]?(?:[月./{DASHES}][ ]?{_NUMBER}[ ]?日?)?|(?:0[1-9]|1[0-2])[0-3]\d)"
)
_DAY = rf"(?:{_NUMBER}[ ]?月[ ]?{_NUMBER}[ ]?日|{_NUMBER}/{_NUMBER})"
_BORN_LABEL = re.compile(
    r"(?:生年月日|誕生日|誕生月日|生まれた日|生まれは|出生日|バースデー|birthday|date of birth|dob)(?:の日付)?"
    rf"{_IS}(?:is[ ])?(?P<value>{_DATE}|{_DAY})",
    re.ASCII | re.IGNORECASE,
)
_BORN = re.compile(
    rf"(?P<value>{_DATE}|{_DAY})[ ]?"
    r"(?:に?(?:産ま|生ま|うま)れ(?!(?:じゃ|では?)な|限定|なら|の(?:人|方)(?:は|限))"
    r"|生(?=[ので。、 ]|$)|(?:が|は)(?:[一-龥ぁ-ん]{1,4}の)?誕生日)",
    re.ASCII | re.IGNORECASE,
)

OFFICES = (
    "札幌|函館|室蘭|帯広|釧路|北見|旭川|知床|苫小牧|青森|八戸|弘前|岩手|盛岡|平泉|宮城|仙台|秋田|山形|庄内|福島|会津|郡山|いわき|白河|水戸|土浦|つくば|宇都宮|那須|"
    "とちぎ|日光|群馬|前橋|高崎|大宮|川口|所沢|川越|熊谷|春日部|越谷|千葉|成田|習志野|市川|船橋|袖ヶ浦|袖ケ浦|市原|野田|柏|松戸|品川|世田谷|練馬|杉並|板橋|足立|江東|葛飾|"
    "江戸川|八王子|多摩|横浜|川崎|湘南|相模|新潟|長岡|上越|富山|石川|金沢|福井|山梨|富士山|長野|松本|諏訪|南信州|安曇野|飛騨|岐阜|静岡|浜松|沼津|伊豆|富士|名古屋|豊橋|三河|"
    "岡崎|豊田|尾張小牧|一宮|春日井|三重|鈴鹿|四日市|伊勢志摩|滋賀|京都|なにわ|大阪|和泉|堺|神戸|姫路|奈良|飛鳥|和歌山|鳥取|島根|出雲|岡山|倉敷|広島|福山|山口|下関|徳島|香川|"
    "高松|愛媛|高知|福岡|北九州|久留米|筑豊|佐賀|長崎|佐世保|熊本|大分|宮崎|鹿児島|奄美|沖縄"
)
"""Where cars are registered: 「福井500あ12-34」, but no 「席500の12-34」."""
_SIGN = r"[1-9][0-9acfhklmpxy]{1,2}[ ]?[あ-を][ ]?"
_PLATE = re.compile(
    rf"(?:{OFFICES})(?:ナンバー)?の?[ ]?{_SIGN}"
    rf"(?:[1-9]?\d[ ]?[{DASHES}][ ]?\d{{2}}|[・.…]{{1,3}}[ ]?\d{{1,3}}(?:[{DASHES}]\d{{2}})?|\d{{1,4}})"
    r"(?![\d円人分時])",
    re.IGNORECASE,
)
_PLATE_LABEL = re.compile(
    rf"(?:車の?ナンバー|ナンバープレート|車両番号|車番|ナンバー)(?:の番号)?{_IS}"
    rf"(?P<value>(?:[一-龥ぁ-ん]{{1,4}}[ 　]?\d{{2,3}}[ 　]?[あ-を][ 　]?)?(?:[1-9]\d[{DASHES}]\d{{2}}|\d{{4}}))(?!\d)"
)


def _is_my_number(found: re.Match[str]) -> bool:
    """Check digit of a My Number (総務省令第85号, 2014, article 5): weights 2 to 7, then 2 to 6, from the right."""
    digits = [int(digit) for digit in re.sub(r"\D", "", found[0])]
    rest = sum(digit * (place + 1 if place <= 6 else place - 5) for place, digit in enumerate(digits[-2::-1], 1)) % 11  # noqa: PLR2004
    return digits[-1] == (0 if rest <= 1 else 11 - rest)


LABELLED = (
    Rule(MARKS["mynumber"], _MY_NUMBER_LABEL),
    Rule(MARKS["birth"], _BORN_LABEL),
    Rule(MARKS["birth"], _BORN),
    Rule(MARKS["bank"], _POST_ACCOUNT),
    Rule(MARKS["bank"], _ACCOUNT),
    Rule(MARKS["number"], _LABELLED_NUMBER),
    Rule(MARKS["number"], _FOREIGN_NUMBER),
    Rule(MARKS["plate"], _PLATE),
    Rule(MARKS["plate"], _PLATE_LABEL),
)
BARE = (Rule(MARKS["mynumber"], _MY_NUMBER, _is_my_number),)
