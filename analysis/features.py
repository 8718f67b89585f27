"""Which words of a theme book an opinion holds."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from analysis.results import Token
from analysis.spellings import normalise
from analysis.terms import read_terms
from analysis.words import read_words

_REMEMBERED = 100_000


@lru_cache(maxsize=20_000)
def entry_key(entry: str) -> str:
    """The key of one entry of a theme book: keys joined by a space when all must occur; "" for no content word."""
    tokens = (token for part in entry.split() for token in read_terms(read_words(normalise(part))))
    return " ".join(sorted({token.key for token in tokens}))


def is_negated(entry: str) -> bool:
    """Whether an entry of one word is a negated one (つまらない, 足りない)."""
    return any(token.negated for token in read_terms(read_words(normalise(entry))))


class Vocabulary:
    """Finds known words and phrases in opinions.

    The longest known word wins inside a compound: 「無料駐車場」 holds 駐車場, and レジ袋 is not レジ. `weak` words
    do not speak for the whole of a compound: 「飲食場所」 still holds 飲食.
    """

    def __init__(self, keys: Iterable[str], *, weak: Iterable[str] = ()) -> None:
        known = set(keys)
        self._strong = known.difference(weak)
        self._words = {key for key in known if " " not in key}
        self._phrases = _by_first_word(key for key in known if " " in key)
        self._runs: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def find(self, tokens: Sequence[Token]) -> set[str]:
        """The known keys in these tokens."""
        found: set[str] = set()
        everything: set[str] = set()
        for token in tokens:
            words, pieces = self._of(token)
            found.update(words)
            everything.update(pieces)
        phrases = {
            phrase for piece in everything for rest, phrase in self._phrases.get(piece, ()) if rest <= everything
        }
        # レジ 遅い speaks for the queue; its レジ alone must not speak for the register as well
        return found.difference(*(phrase.split(" ") for phrase in phrases)) | phrases

    def _of(self, token: Token) -> tuple[tuple[str, ...], tuple[str, ...]]:
        # by its parts: the same letters cut elsewhere are another compound, whichever of them came first
        parts = token.parts or (token.key,)
        known = self._runs.get(parts)
        if known is None:
            # compounds have no end, memory has
            if len(self._runs) >= _REMEMBERED:
                self._runs.clear()
            known = self._runs[parts] = (tuple(_longest(parts, self._words, self._strong)), tuple(_pieces(parts)))
        return known


def _by_first_word(phrases: Iterable[str]) -> Mapping[str, list[tuple[frozenset[str], str]]]:
    found: dict[str, list[tuple[frozenset[str], str]]] = {}
    for phrase in sorted(phrases):
        first, *rest = phrase.split(" ")
        found.setdefault(first, []).append((frozenset(rest), phrase))
    return found


def _longest(parts: Sequence[str], words: set[str], strong: set[str]) -> Iterable[str]:
    """The known words of a compound. Its last word says what it is: 温泉駅 is a 駅, not a 温泉."""
    for start in range(len(parts)):
        if "".join(parts[start:]) in strong:
            return ("".join(parts[start:]),)
    return tuple(_longest_from_left(parts, words))


def _longest_from_left(parts: Sequence[str], words: set[str]) -> Iterable[str]:
    at = 0
    while at < len(parts):
        for end in range(len(parts), at, -1):
            word = "".join(parts[at:end])
            if word in words:
                yield word
                at = end - 1
                break
        at += 1


def _pieces(parts: Sequence[str]) -> Iterable[str]:
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            yield "".join(parts[start:end])
