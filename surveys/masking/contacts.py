"""Ways to reach a person: mail addresses, links, SNS names, phone and card numbers."""

import re

from surveys.masking.rules import DASHES, Rule

MAIL_MARK = "［メールアドレス］"
PHONE_MARK = "［電話番号］"
CARD_MARK = "［カード番号］"
LINK_MARK = "［URL］"
SNS_MARK = "［SNSアカウント］"

_GAP = rf"[ {DASHES}]{{0,3}}"
_PHONE_GAP = rf"[ {DASHES}().・/の]{{1,3}}"

_AT = r"(?:[ ]?@[ ]?|[ ]?[\[(<{【][ ]?(?:at|@|アット(?:マーク)?)[ ]?[\])>}】][ ]?|[ ]?アットマーク[ ]?)"
_DOT = r"(?:\.|[ ]?[\[(<{]?(?:dot|ドット)[\])>}]?[ ]?)"
_MAIL = re.compile(
    rf"[a-z0-9._%+\-]{{1,64}}{_AT}"
    rf"(?:[a-z0-9\-]{{1,63}}(?:{_DOT}[a-z0-9\-]{{1,63}}){{0,6}}{_DOT}[a-z]{{2,24}}"
    rf"|[\w\-]{{1,63}}(?:{_DOT}[\w\-]{{1,63}}){{0,6}}{_DOT}[a-z]{{2,24}})",
    re.IGNORECASE,
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
    rf"(?P<label>(?:電話|tel|携帯|番号|fax)[^\d\n]{{0,4}})"
    rf"(?P<value>\d{{2,4}}[{DASHES}]\d{{4}})(?!\d| ?(?:円|人|名|時|分|年|回|台|個))",
    re.ASCII | re.IGNORECASE,
)
_FOREIGN_PHONE = re.compile(
    rf"(?<!\d)\+(?!81)\d{{1,3}}(?:{_PHONE_GAP}\d{{2,5}}){{2,4}}(?!\d)|(?<!\d)\+\d{{9,15}}(?!\d)", re.ASCII
)
_MOBILE_START = re.compile(r"[5-9]0[1-9]")

_LINK = re.compile(
    r"(?:https?://|www\.)(?:[^\s/?#@]+@[^\s]+"
    r"|[^\s/?#]+[^\s?#]*[?#][^\s、。「」（）()]+"
    r"|(?:[\w\-]+\.)*(?:twitter|x|instagram|facebook|tiktok|threads|line|lin|note|ameblo|linkedin|youtube|bsky)"
    r"\.(?:com|net|me|ee|jp|app)/[^\s、。「」（）()]+"
    r"|[^\s/?#]+/(?:[^\s/?#]+/)*(?:users?|members?|accounts?|profile|mypage|my|u|orders?|reservations?|bookings?)/"
    r"[^\s、。「」（）()]+)",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![\w@.])@(?=[a-z0-9_.]*[a-z_])[a-z0-9_][a-z0-9_.]{1,28}[a-z0-9_](?![\w@])", re.IGNORECASE | re.ASCII
)
_SNS = (
    r"(?:LINE|ライン|インスタ(?:グラム)?|Instagram|ツイッター|Twitter|TikTok|ティックトック|Facebook|フェイスブック|カカオ(?:トーク)?"
    r"|Kakao(?:Talk)?|WeChat|微信|Discord|Skype|スカイプ|Threads|スレッズ|SNS|X)"
)
_SNS_NAME = re.compile(
    rf"{_SNS}(?:の?[ ]?(?:ID|アカウント(?:名)?|ユーザー名)[ ]?(?:は|が|:|=|→)?|(?:は|:))[ ]?"
    r"(?P<value>(?!https?)@?[a-z0-9_.\-]{3,30})",
    re.IGNORECASE | re.ASCII,
)


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


def _is_foreign_phone(found: re.Match[str]) -> bool:
    """Nine to fifteen digits (ITU-T E.164 allows fifteen)."""
    return 9 <= len(re.sub(r"\D", "", found[0])) <= 15  # noqa: PLR2004


def _is_domestic(digits: str) -> bool:
    """Ten digits, or eleven for mobile, IP and 0800 numbers; a second zero is no area code."""
    if digits[1] == "0":
        return False
    return len(digits) == 10 or (len(digits) == 11 and (digits[2] == "0" or digits.startswith("0800")))  # noqa: PLR2004


LINKS = (Rule(MAIL_MARK, _MAIL), Rule(LINK_MARK, _LINK), Rule(SNS_MARK, _SNS_NAME), Rule(SNS_MARK, _HANDLE))
NUMBERS = (
    Rule(CARD_MARK, _CARD, _is_card),
    Rule(PHONE_MARK, _PHONE, _is_phone),
    Rule(PHONE_MARK, _FOREIGN_PHONE, _is_foreign_phone),
    Rule(PHONE_MARK, _LOCAL_PHONE),
)
