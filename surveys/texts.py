"""Words as they come in and go out: languages that fall back to ja, and characters that no text may hold."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BeforeValidator

MAIN_LANGUAGE = "ja"
LANGUAGE_NAMES = {"ja": "日本語", "en": "English", "zh_Hans": "简体中文", "ko": "한국어"}
"""Languages by their own names."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")
_LARGEST_NUMBER = 2**31 - 1
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def offered_language(tag: str, offered: Sequence[str]) -> str | None:
    """Find the offered language that a tag such as zh-CN or ko-KR asks for; None when it asks for none of them.

    Who reads one kind of a language reads the others better than a foreign one: zh-TW finds zh_Hans.
    """
    wanted = tag.replace("_", "-").lower()
    for language in offered:
        if language.replace("_", "-").lower() == wanted:
            return language
    return next((language for language in offered if language.split("_")[0] == wanted.split("-")[0]), None)


def pick(text: Mapping[str, str], language: str) -> str:
    """Choose the wording in a language; without it the Japanese one, without that any, without any ''."""
    return worded(text, language)[0]


def worded(text: Mapping[str, str], language: str) -> tuple[str, str]:
    """Choose a wording as `pick` does, and name the language it is in, so that a page can say so."""
    for wanted in (language, MAIN_LANGUAGE, *text):
        if text.get(wanted):
            return text[wanted], wanted
    return "", language


def tidy(text: str) -> str:
    """Unify line ends and drop white space around the text; the words stay as typed."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def is_storable(text: str) -> bool:
    """Tell whether a text holds no control character (tab and newline are fine) and no lone surrogate.

    PostgreSQL cannot store NUL, UTF-8 cannot write surrogates, XLSX cannot hold most controls nor U+FFFE and U+FFFF.
    """
    return _UNSTORABLE.search(text) is None


def is_storable_number(number: int) -> bool:
    """Tell whether a column of whole numbers can hold it; with a larger one not even a question may be asked."""
    return abs(number) <= _LARGEST_NUMBER


def storable(text: str) -> str:
    """Drop every character that `is_storable` refuses."""
    return _UNSTORABLE.sub("", text)


_HEALTH = {
    "ja": r"健康|医療|診療|診察|受診|治療|症状|病|体調|お薬|服薬",
    "en": r"(?i)health|medical|treatment|symptom|illness|patient",
    "zh_Hans": r"健康|医疗|诊疗|诊察|就诊|治疗|症状|病",
    "ko": r"건강|의료|진료|진찰|치료|증상|병원|질병",
}


def speaks_of_health(text: str, language: str) -> bool:
    """Tell whether a purpose of use says that answers may concern health; of other languages we believe it."""
    return language not in _HEALTH or re.search(_HEALTH[language], text) is not None


def _wordings(value: object) -> object:
    """Read a plain string as Japanese, and refuse what is neither a string nor a map of languages."""
    texts = {"ja": value} if isinstance(value, str) else value
    if not isinstance(texts, dict) or not texts:
        raise ValueError("must be a text, or a map of languages such as {ja: …, en: …}")
    for language, text in texts.items():
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise ValueError(f"{language!r} is no language; write one such as ja, en or zh_Hans")
        if not isinstance(text, str) or not text.strip() or not is_storable(text):
            raise ValueError(f"the text in {language!r} is empty or cannot be stored")
    return {language: text.strip() for language, text in texts.items()}


Text = Annotated[dict[str, str], BeforeValidator(_wordings)]
"""Wordings by language."""
