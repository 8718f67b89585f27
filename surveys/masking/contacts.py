"""Ways to reach a person: mail addresses, links, SNS names, phone and card numbers."""

import re

from surveys.masking.marks import MARKS
from surveys.masking.rules import DASHES, Rule

_GAP = rf"[ {DASHES}]{{0,3}}"
_PHONE_GAP = rf"[ {DASHES}().・/の]{{1,3}}"

_AT = r"(?:@|[ ]@[ ]|[☆★■◆●]|[ ]?[\[(<{【][ ]?(?:at|@|アット(?:マーク)?)[ ]?[\])>}】][ ]?|[ ]?アットマーク[ ]?)"
_DOT = r"(?:\.|[ ]?[\[(<{]?(?:dot|ドット)[\])>}]?[ ]?)"
_MAIL = re.compile(
    rf"[a-z0-9._%+\-]{{1,64}}{_AT}"
    rf"(?:[a-z0-9\-]{{1,63}}(?:{_DOT}[a-z0-9\-]{{1,63}}){{0,6}}{_DOT}[a-z]{{2,24}}"
    rf"|[\w\-]{{1,63}}(?:{_DOT}[\w\-]{{1,63}}){{0,6}}{_DOT}[a-z]{{2,24}})",
    re.IGNORECASE,
)

# 「abc at example.com」, but not 「look at example.com」
_SPOKEN_MAIL = re.compile(
    r"(?<![a-z] )(?<![a-z0-9._%+\-])(?!(?:look|see|check|book|found|order|bought)[ ])"
    r"[a-z0-9._%+\-]{2,64}[ ]at[ ](?:[a-z0-9\-]{1,63}\.){1,4}(?:com|jp|net|org|info)(?![a-z])",
    re.IGNORECASE | re.ASCII,
)

_CARD = re.compile(
    rf"(?<!\d)(?:\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{3}})?|\d{{4}}{_GAP}\d{{6}}{_GAP}\d{{4,5}}|\d{{14,19}})(?!\d)",
    re.ASCII,
)

# Mastercard's second range, then JCB and Diners, American Express, Visa, Mastercard, the rest
_ISSUER = re.compile(r"2[2-7]\d{14}|3\d{13,18}|[456]\d{15,18}")

# +81, 0081, 010-81 or a leading zero; then two to four groups, or nothing but digits
_PHONE = re.compile(
    rf"(?<!\d)(?<!\d[:.,])\(?"
    rf"(?P<prefix>(?:\+|00|010{_GAP})81{_GAP}(?:\(0\))?{_GAP})?"
    rf"(?P<number>\d{{1,5}}(?:{_PHONE_GAP}\d{{1,4}}){{2}}|\d{{2,5}}{_PHONE_GAP}\d{{5,8}}|\d{{6,7}}{_PHONE_GAP}\d{{4}}|\d{{8,11}})"
    rf"(?!\d)",
    re.ASCII,
)
# a number without its area code is a phone number only where the writer says so
_LOCAL_PHONE = re.compile(
    rf"(?P<label>(?:電話|tel|携帯|(?<!部屋|座席|商品|整理|注文|予約|受付)番号|fax)[^\d\n]{{0,4}})"
    rf"(?P<value>\d{{2,4}}[{DASHES}]\d{{4}})(?!\d| ?(?:円|人|名|時|分|年|回|台|個))",
    re.ASCII | re.IGNORECASE,
)
_FEWEST_BLANKS = 7
# 0 9 0 - 1 2 3 4 - 5 6 7 8
_SPACED_PHONE = re.compile(rf"(?<!\d)(?P<number>0(?:[ {DASHES}.]{{1,3}}\d){{9,10}})(?!\d)", re.ASCII)
_FOREIGN_PHONE = re.compile(
    rf"(?<!\d)\+(?!81)\d{{1,3}}(?:{_PHONE_GAP}\d{{2,5}}){{2,4}}(?!\d)|(?<!\d)\+\d{{9,15}}(?!\d)", re.ASCII
)
_MOBILE_START = re.compile(r"[5-9]0[1-9]")

# what may stand in a link: 「?id=12でエラー」 ends at the particle
_IN_LINK = r"[a-z0-9\-._~:/?#@!$&*+;=%]"
_LINK = re.compile(
    rf"(?:https?://|www\.)(?:[a-z0-9\-._~%!$&*+;=:]+@{_IN_LINK}+"
    rf"|[a-z0-9\-.:]+(?:/{_IN_LINK}*?)?[?#](?P<query>{_IN_LINK}+)"
    r"|(?:[\w\-]+\.)*(?:twitter|x|instagram|facebook|tiktok|threads|line|lin|note|ameblo|linkedin|youtube|bsky)"
    rf"\.(?:com|net|me|ee|jp|app)/{_IN_LINK}+"
    r"|[a-z0-9\-.:]+/(?:[a-z0-9\-._~%]+/)*"
    rf"(?:users?|members?|accounts?|profile|mypage|my|u|orders?|reservations?|bookings?)/{_IN_LINK}+)",
    re.IGNORECASE | re.ASCII,
)
_HARMLESS = re.compile(
    r"(?:page|p|pg|lang|hl|locale|utm_\w+|v|t|q|s|sort|category|cat|tag|area|shop|store|ref|year|month|date|item|menu"
    r"|size|color|from)(?:=.*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![\w@.])@(?=[a-z0-9_.]*[a-z_])[a-z0-9_][a-z0-9_.]{1,28}[a-z0-9_](?![\w@])", re.IGNORECASE | re.ASCII
)
_NETWORKS = (
    r"LINE|ライン|インスタ(?:グラム)?|Instagram|ツイッター|Twitter|TikTok|ティックトック|Facebook|フェイスブック|カカオ(?:トーク)?"
    r"|Kakao(?:Talk)?|WeChat|微信|Discord|Skype|スカイプ|Threads|スレッズ|SNS"
)
_SNS = rf"(?:{_NETWORKS}|(?<![A-Za-z])X)"
_SNS_NAME = re.compile(
    rf"{_SNS}(?:の?[ ]?(?:ID|アカウント(?:名)?|ユーザー名)[ ]?(?:は|が|:|=|→|\()?|(?:は|:|→|\())[ ]?"
    r"(?P<value>(?!https?)@?[a-z0-9_][a-z0-9_.\-]{1,28}[a-z0-9_])",
    re.IGNORECASE | re.ASCII,
)
# without 「ID」 only what no word looks like: a digit, a dot or a low line in it
_SNS_NAME_ALONE = re.compile(
    rf"(?:{_NETWORKS})[ の]{{1,2}}(?P<value>(?=[a-z]+[\d_.\-]*[\d_.])[a-z][a-z0-9_.\-]{{2,28}}[a-z0-9_])(?![a-z0-9])",
    re.IGNORECASE | re.ASCII,
)


def _is_personal_link(found: re.Match[str]) -> bool:
    """A query of which no more is known than page and language, or a place of a page, says nothing of a person."""
    query = found["query"]
    if query is None:
        return True
    if "=" not in query and found[0].endswith("#" + query):
        return False
    return not all(_HARMLESS.fullmatch(part) for part in re.split("[&;#]", query))


def _is_card(found: re.Match[str]) -> bool:
    """Issuer and length as cards have them, which shop codes and dates lack; then every second digit doubled, sum 0."""
    digits = re.sub(r"\D", "", found[0])
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return bool(_ISSUER.fullmatch(digits)) and (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _is_phone(found: re.Match[str]) -> bool:
    groups = re.findall(r"\d+", found["number"])
    digits = "".join(groups)
    if found["prefix"]:
        return len(digits.lstrip("0")) in {9, 10}
    if digits.startswith("0"):
        return _is_domestic(digits) and (len(groups) == 1 or (len(groups[0]) > 1 and len(groups[-1]) >= 3))  # noqa: PLR2004
    # 90-1234-5678: the zero left out, believable only in exactly this shape
    return [len(group) for group in groups] == [2, 4, 4] and bool(_MOBILE_START.match(digits))


def _is_spaced_phone(found: re.Match[str]) -> bool:
    return found[0].count(" ") >= _FEWEST_BLANKS and _is_domestic(re.sub(r"\D", "", found["number"]))


def _is_foreign_phone(found: re.Match[str]) -> bool:
    """Nine to fifteen digits (ITU-T E.164 allows fifteen)."""
    return 9 <= len(re.sub(r"\D", "", found[0])) <= 15  # noqa: PLR2004


def _is_domestic(digits: str) -> bool:
    """Ten digits, or eleven for mobile, IP and 0800 numbers; a second zero is no area code."""
    if digits[1] == "0":
        return False
    return len(digits) == 10 or (len(digits) == 11 and (digits[2] == "0" or digits.startswith("0800")))  # noqa: PLR2004


CARDS = (Rule(MARKS["card"], _CARD, _is_card),)
LINKS = (
    # a link first: an address within it is part of it
    Rule(MARKS["url"], _LINK, _is_personal_link),
    Rule(MARKS["mail"], _MAIL),
    Rule(MARKS["mail"], _SPOKEN_MAIL),
    Rule(MARKS["sns"], _SNS_NAME),
    Rule(MARKS["sns"], _SNS_NAME_ALONE),
    Rule(MARKS["sns"], _HANDLE),
)
NUMBERS = (
    Rule(MARKS["phone"], _PHONE, _is_phone),
    Rule(MARKS["phone"], _SPACED_PHONE, _is_spaced_phone),
    Rule(MARKS["phone"], _FOREIGN_PHONE, _is_foreign_phone),
    Rule(MARKS["phone"], _LOCAL_PHONE),
)
