"""Personal data out of free text, before anything is stored.

Found: mail addresses, phone numbers in the forms that Japan writes them, and payment card numbers. Each is replaced
by a word in brackets that says what stood there, so that the sentence still reads. The search runs over a folded copy
of the text (full-width, kanji digits) of the same length, so that all around a find keeps the own characters of the
customer.
"""

import re
import unicodedata
from collections.abc import Callable

MAIL_MARK = "［メールアドレス］"
PHONE_MARK = "［電話番号］"
CARD_MARK = "［カード番号］"

# dashes of every kind, the long-vowel mark that people type for one, and characters that show nothing at all
_DASHES = "\\-‐‑‒–—―−ーｰ─━~〜\u00ad\u200b\u200c\u200d\u2060\ufeff"
_GAP = rf"[ {_DASHES}]{{0,3}}"
_PHONE_GAP = rf"[ {_DASHES}().・/の]{{1,3}}"

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
    rf"(?P<number>\d{{2,4}}[{_DASHES}]\d{{4}})(?!\d| ?(?:円|人|名|時|分|年|回|台|個))",
    re.ASCII | re.IGNORECASE,
)
_FOREIGN_PHONE = re.compile(
    rf"(?<!\d)\+(?!81)\d{{1,3}}(?:{_PHONE_GAP}\d{{2,5}}){{2,4}}(?!\d)|(?<!\d)\+\d{{9,15}}(?!\d)", re.ASCII
)
_MOBILE_START = re.compile(r"[5-9]0[1-9]")

# most comments hold nothing that any of these could begin with, and are not searched at all
_SUSPICIOUS = re.compile(r"[\d@]|アット|[\[(<{【][ ]?at", re.ASCII | re.IGNORECASE)
_KANJI_DIGIT = re.compile("[〇零一二三四五六七八九]")

_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


class _Folding(dict[int, str]):
    """Code point -> the plain character that it stands for, found once a character; never changes the length."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = unicodedata.normalize("NFKC", character)
        # ① and ２㎡ are not digits of a number, and a wider form would shift every position behind it
        self[code] = plain if len(plain) == 1 and unicodedata.category(character) != "No" else character
        return self[code]


_FOLDING = _Folding()


def mask_text(text: str) -> str:
    """Replace mail addresses, phone numbers and card numbers by a word in brackets; all else stays as typed.

    Masking twice changes nothing more. Prices, times, dates, floors and order numbers are left alone where they can be
    told apart; a card number counts only with a right check digit (ISO/IEC 7812-1, Luhn).
    """
    folded = text.translate(_FOLDING)
    masked = _mask_folded(text, folded) if _SUSPICIOUS.search(folded) else text
    if not _KANJI_DIGIT.search(masked):
        return masked
    # a second look with kanji digits: folded at once, the circle of 「〇03-…」 would hide the number behind it
    return _mask_folded(masked, masked.translate(_FOLDING).translate(_KANJI_DIGITS))


def _mask_folded(text: str, folded: str) -> str:
    for pattern, mark, is_real in (
        (_MAIL, MAIL_MARK, _always),
        (_CARD, CARD_MARK, _is_card),
        (_PHONE, PHONE_MARK, _is_phone),
        (_FOREIGN_PHONE, PHONE_MARK, _is_foreign_phone),
        (_LOCAL_PHONE, PHONE_MARK, _always),
    ):
        text, folded = _replace(text, folded, pattern, (mark, is_real))
    return text


def _replace(
    text: str, folded: str, pattern: re.Pattern[str], rule: tuple[str, Callable[[re.Match[str]], bool]]
) -> tuple[str, str]:
    """Replace each real find in both copies alike, so that they keep the same length."""
    mark, is_real = rule
    found = pattern.search(folded)
    while found:
        if is_real(found):
            start = found.start("number") if "label" in pattern.groupindex else found.start()
            text = text[:start] + mark + text[found.end() :]
            folded = folded[:start] + mark + folded[found.end() :]
            found = pattern.search(folded, start + len(mark))
        else:
            found = pattern.search(folded, found.start() + 1)
    return text, folded


def _always(_found: re.Match[str]) -> bool:
    return True


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
