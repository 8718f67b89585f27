"""Dictionary words with the words that the dictionary breaks put together again (コスパ, Wi-Fi)."""

from collections.abc import Sequence
from functools import lru_cache

from analysis.spellings import spellings
from surveys.tokens import Word, parse


def read_words(sentence: str) -> Sequence[Word]:
    """The words of one normalised sentence."""
    whole = spellings().whole
    if whole.search(sentence) is None:
        return parse(sentence)
    words: list[Word] = []
    # odd pieces are the words that must stay whole
    for at, piece in enumerate(whole.split(sentence)):
        if at % 2:
            words.append(_whole_word(piece))
        elif piece:
            words.extend(parse(piece))
    return words


@lru_cache(maxsize=1_000)
def _whole_word(piece: str) -> Word:
    return Word(piece, piece.lower(), piece, "名詞", "普通名詞-一般", "*", known=True)
