"""The language of a comment.

Kana, or kanji words that stand in the dictionary, mean Japanese. A general detector takes 駐車場 and 最高 for Chinese,
and every Latin word for English: it is asked only about what is left.
"""

import re
from functools import cache
from importlib.metadata import version

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from analysis.reading.spellings import NO_OWN_WORDS, OwnWords
from analysis.reading.words import read_words

JAPANESE = "ja"
CHINESE = "zh"
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_KANJI = re.compile(r"[\u3400-\u9fff々]")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’-][A-Za-z]+)*")
_SCRIPTS = {
    "ko": re.compile(r"[가-힣ㄱ-ㅣ]"),
    "th": re.compile(r"[ก-๛]"),
    "el": re.compile(r"[Ͱ-Ͽ]{3}"),
    "he": re.compile(r"[א-ת]"),
    "ar": re.compile(r"[\u0600-\u06ff]{2}"),
    "hi": re.compile(r"[ऀ-ॿ]"),
}
# characters and words that Chinese comments can hardly do without and Japanese ones never use
_CHINESE_ONLY = re.compile(
    r"[很們沒麼這說讓價廁价她您你妳]|不錯|推荐|不會|再來|乾淨|地點|方便|朋友|服務|房間|[早晚]餐|排隊|好[吃喝看玩棒]|非常[好感棒滿推]|[上出]菜|太[小大慢貴少多遠吵擠好]"
    r"|(?<![完終満修未魅校読議])了$"
)
_WRITTEN_IN_JAPAN = frozenset("塡剝頰")
"""Characters of everyday use that the old code page of Japan lacks."""
_ROMAJI = re.compile(
    r"(?:(?:([kstpcgdbzj])(?=\1)|t(?=ch))?(?:[kgnhbpmr]y|sh|ch|ts|[kgsztdnhbpmrjfwy])?[aiueoāūōī]+|n(?:'|(?![aiueoy])))+",
    re.IGNORECASE,
)
_VISITORS = ("de", "en", "es", "fr", "id", "it", "ja", "ko", "nl", "pt", "ru", "th", "tl", "tr", "vi", "zh")
"""The languages that visitors mostly write; with all 150 it takes Indonesian for Malay and English for Uzbek."""
_A_WORD = 3
_TELLING = 2
"""One character may be a slip (混雜): only from so many on is the detector asked."""
_ENOUGH = 300
"""So many characters tell the language of a comment."""


def is_foreign(text: str, own: OwnWords = NO_OWN_WORDS) -> bool:
    """True for a comment in another language than Japanese."""
    return language_of(text, own) != JAPANESE


def language_of(text: str, own: OwnWords = NO_OWN_WORDS) -> str:
    """The ISO 639-1 code of a normalised comment's language. What has no letters counts as Japanese.

    One Latin word is used in Japanese too (Good, PayPay), and so are names, those of `own` among them.
    """
    if _KANA.search(text) or not _LETTER.search(text):
        return JAPANESE
    for language, script in _SCRIPTS.items():
        if script.search(text):
            return language
    if _KANJI.search(text):
        return _of_kanji(text, own)
    if len(_LETTER.findall(text)) < _A_WORD:
        return JAPANESE  # a face: (´・ω・`)
    words = [word.surface for word in read_words(text, own) if not word.known and _LETTER.search(word.surface)]
    if all(_LATIN_WORD.fullmatch(word) for word in words) and (len(set(words)) <= 1 or _is_romaji(text)):
        return JAPANESE
    return _detected(text)


def detector_version() -> str:
    """The detector, for the provenance of a run."""
    return f"py3langid {version('py3langid')}"


def _of_kanji(text: str, own: OwnWords) -> str:
    if _CHINESE_ONLY.search(text) or any(_is_simplified(letter) for letter in _KANJI.findall(text)):
        return CHINESE
    unknown = "".join(word.surface for word in read_words(text, own) if not word.known)
    if len(_KANJI.findall(unknown)) < _TELLING:
        return JAPANESE
    return _detected(text)


def _is_simplified(letter: str) -> bool:
    """Whether a character stands in no Japanese code table: 员, 这, 车."""
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return letter not in _WRITTEN_IN_JAPAN
    return False


def _is_romaji(text: str) -> bool:
    return all(_ROMAJI.fullmatch(word) for word in _LATIN_WORD.findall(text))


def _detected(text: str) -> str:
    language, _ = _detector().classify(text[:_ENOUGH].replace("　", " "))
    return str(language)


@cache
def _detector() -> LanguageIdentifier:
    """The detector; it takes a second and 100 MB, so only where a comment needs it."""
    detector = LanguageIdentifier.from_model_file(MODEL_FILE)
    detector.set_languages(list(_VISITORS))
    return detector
