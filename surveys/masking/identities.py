"""What numbers a person has: My Number, accounts, members, orders and bookings, birth dates and licence plates."""

import re

from surveys.masking.rules import DASHES, Rule

MY_NUMBER_MARK = "［マイナンバー］"
ACCOUNT_MARK = "［口座番号］"
NUMBER_MARK = "［番号］"
BIRTH_MARK = "［生年月日］"
PLATE_MARK = "［ナンバープレート］"

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
    rf"(?:口座(?:番号)?|普通(?:預金)?|当座(?:預金)?|貯蓄預金)(?:\([^)]{{1,6}}\))?(?:の番号|番号|口座)?{_IS}"
    rf"(?P<value>\d{{3,4}}{_DIGIT_GAP}\d{{3,4}})(?![\d円人])",
    re.ASCII,
)
_POST_ACCOUNT = re.compile(
    rf"記号{_IS}(?P<value>1\d{{4}}{_DIGIT_GAP}(?:\d[{DASHES}])?[ 、,/]{{0,2}}(?:番号{_IS})?\d{{5,8}})(?!\d)", re.ASCII
)

_LABEL = (
    r"(?:注文|ご注文|予約|ご予約|会員|メンバー|受付|伝票|レシート|お客様|顧客|ユーザー|ポイントカード|カード|診察券|患者|受診|"
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
    rf"{_LABEL}{_CALLED}{_IS}(?P<value>(?=[a-z{DASHES} ]{{0,12}}\d)[a-z0-9](?:[{DASHES} ]?[a-z0-9]){{3,24}})"
    r"(?![a-z0-9])(?!(?:円|番目|人|名|分|時|年|回|台|個))",
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
    r"(?:に?(?:産ま|生ま|うま)れ|生(?=[のでま。、 ]|$)|(?:が|は)(?:[一-龥ぁ-ん]{1,4}の)?誕生日)",
    re.ASCII | re.IGNORECASE,
)

_PLATE = re.compile(
    rf"""(?:(?<![ぁ-ん一-龥])|(?<=[のがはを、。]))
    (?:[一-龥]{{1,4}}|[ぁ-ん]{{2,4}}|[一-龥]{{1,3}}[ヶケ][一-龥]{{1,2}})[ 　]?
    [1-9][0-9acfhklmpxy]{{1,2}}[ 　]?[あ-を][ 　]?
    (?:[1-9]\d[{DASHES}]?\d{{2}}|[・.…]{{1,3}}[ ]?\d{{1,3}}(?:[{DASHES}]\d{{2}})?|\d{{1,4}})(?![\d円人分時])""",
    re.IGNORECASE | re.VERBOSE,
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
    Rule(MY_NUMBER_MARK, _MY_NUMBER_LABEL),
    Rule(BIRTH_MARK, _BORN_LABEL),
    Rule(BIRTH_MARK, _BORN),
    Rule(ACCOUNT_MARK, _POST_ACCOUNT),
    Rule(ACCOUNT_MARK, _ACCOUNT),
    Rule(NUMBER_MARK, _LABELLED_NUMBER),
    Rule(PLATE_MARK, _PLATE_LABEL),
    Rule(PLATE_MARK, _PLATE),
)
BARE = (Rule(MY_NUMBER_MARK, _MY_NUMBER, _is_my_number),)
