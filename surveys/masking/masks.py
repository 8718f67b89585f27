"""Every kind of personal data, in the order in which it is looked for."""

import re
from collections.abc import Collection, Sequence

from surveys.masking import addresses, contacts, identities, names
from surveys.masking.folding import folded, with_kanji_digits
from surveys.masking.rules import Rule

_RULES: Sequence[Rule] = (
    *contacts.LINKS,
    *contacts.CARDS,
    *identities.LABELLED,
    *addresses.RULES,
    *contacts.NUMBERS,
    *identities.BARE,
)
_KANJI_DIGIT = re.compile("[〇零一二三四五六七八九]")

# most comments hold nothing that any rule could begin with, and are not searched at all
_SUSPICIOUS = re.compile(
    r"[0-9@☆★■◆●]|アット|[ ]at[ ]|[\[(<{【][ ]?at|https?|www\.|丁目|番地|ID"
    r"|インスタ|スレッズ|ツイッター|twitter|instagram|facebook|tiktok|wechat|微信|skype|discord"
    r"|(?:LINE|ライン|カカオ)[ の:は]",
    re.IGNORECASE,
)


def mask_text(text: str, keep_names: Collection[str] = ()) -> str:
    """Replace personal data by a word in brackets; all else stays as typed, and masking twice changes nothing more.

    Found: mail, links with user data, SNS names, phone, card, account, My Number, member, order and booking numbers,
    birth dates, licence plates, postal codes, street addresses and names of persons. `keep_names`: family names of
    staff that stay readable. Prices, times, dates and floors are left alone where they can be told apart.
    """
    masked = _mask(text, folded(text))
    if _KANJI_DIGIT.search(masked):
        # a second look with kanji digits: folded at once, the circle of 「〇03-…」 would hide the number behind it
        masked = _mask(masked, with_kanji_digits(folded(masked)))
    return names.mask_names(masked, frozenset(keep_names))


def _mask(text: str, plain: str) -> str:
    if not _SUSPICIOUS.search(plain):
        return text
    for rule in _RULES:
        text, plain = _replace(text, plain, rule)
    return text


def _replace(text: str, plain: str, rule: Rule) -> tuple[str, str]:
    """Replace each real find in both copies alike, so that they keep the same length."""
    found = rule.pattern.search(plain)
    while found:
        if rule.is_real(found):
            start, end = rule.span(found)
            text = text[:start] + rule.mark + text[end:]
            plain = plain[:start] + rule.mark + plain[end:]
            found = rule.pattern.search(plain, start + len(rule.mark))
        else:
            found = rule.pattern.search(plain, found.start() + 1)
    return text, plain
