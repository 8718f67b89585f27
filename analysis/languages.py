"""Is a comment Japanese? Kana, or kanji words that stand in the dictionary, mean yes."""

import re

from surveys.tokens import parse

_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_KANJI = re.compile(r"[\u3400-\u9fff々]")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’-][A-Za-z]+)*")
# characters that Chinese sentences can hardly do without and Japanese ones never use
_CHINESE_ONLY = re.compile(r"[很这們们吗嗎呢吧您她沒给给对说么麼让还买东师务产应错觉个亲务员馆车园门问间开关]")
_JAPANESE_LATIN_WORDS = 2
_JAPANESE_LATIN_LENGTH = 12


def is_foreign(text: str) -> bool:
    """True for a comment in another language. One short Latin word (Good, PayPay, Wi-Fi) is used in Japanese too."""
    if _KANA.search(text) or not _LETTER.search(text):
        return False
    if _KANJI.search(text):
        return not _is_japanese_kanji(text)
    words = _LATIN_WORD.findall(text)
    if not words:
        return True
    return len(words) > _JAPANESE_LATIN_WORDS or len(text) > _JAPANESE_LATIN_LENGTH


def _is_japanese_kanji(text: str) -> bool:
    if _CHINESE_ONLY.search(text):
        return False
    return all(word.known for word in parse(text) if _KANJI.search(word.surface))
