"""A plain copy of a text to search in, of the same length: a find in the copy stands at the same place in the text."""

import unicodedata

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


def folded(text: str) -> str:
    """Full-width letters and digits as plain ones, half-width kana as full ones."""
    return text.translate(_FOLDING)


def with_kanji_digits(plain: str) -> str:
    """Kanji digits as plain ones: 〇九〇 is 090."""
    return plain.translate(_KANJI_DIGITS)
