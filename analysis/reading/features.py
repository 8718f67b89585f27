"""Which words of a theme book an opinion holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analysis.reading.spellings import NO_OWN_WORDS, OwnWords, normalise
from analysis.reading.terms import read_terms
from analysis.reading.words import read_words
from analysis.results import Token

_REMEMBERED = 100_000
_ENDS_VERBS = "うくぐすつぬぶむる"


@lru_cache(maxsize=20_000)
def entry_key(entry: str, own: OwnWords = NO_OWN_WORDS) -> str:
    """The key of one entry of a theme book: keys joined by a space when all must occur; "" for no content word.

    `own`: words of the organisation that stay whole.
    """
    tokens = (token for part in entry.split() for token in read_terms(read_words(normalise(part), own)))
    return " ".join(sorted({token.key for token in tokens}))


@lru_cache(maxsize=20_000)
def sentence_key(entry: str, own: OwnWords = NO_OWN_WORDS) -> str:
    """The key that an entry gets inside a sentence: 眺め alone is read as a form of 眺める, 「眺めが」 as a noun."""
    keys = (token.key for part in entry.split() for token in _in_sentence(normalise(part), own))
    return " ".join(sorted(set(keys)))


def _in_sentence(part: str, own: OwnWords) -> Sequence[Token]:
    alone = read_terms(read_words(part, own))
    if not alone or alone[-1].pos not in {"verb", "adverb"} or part.endswith(tuple(_ENDS_VERBS)):
        return alone
    as_subject = read_terms(read_words(f"{part}が", own))
    return as_subject if as_subject and as_subject[-1].pos == "noun" else alone


def is_negated(entry: str) -> bool:
    """Whether an entry of one word is a negated one (つまらない, 足りない)."""
    return any(token.negated for token in read_terms(read_words(normalise(entry))))


def is_noun(entry: str) -> bool:
    """Whether an entry of one word is a noun (ミス), and no verb or adjective (困る, 残念)."""
    return [token.pos for token in read_terms(read_words(normalise(entry)))] == ["noun"]


@dataclass(frozen=True, slots=True)
class _Held:
    """What one token holds: known words, and `pieces` of known phrases."""

    words: tuple[str, ...]
    pieces: tuple[str, ...]


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
        self._in_phrases = {word for key in known if " " in key for word in key.split(" ")}
        self._held: dict[str | tuple[str, ...], _Held] = {}

    def find(self, tokens: Sequence[Token]) -> set[str]:
        """The known keys in these tokens."""
        found: set[str] = set()
        pieces: set[str] = set()
        for token in tokens:
            # by its parts: the same letters cut elsewhere are another compound, whichever of them came first
            held = self._held.get(token.parts or token.key) or self._hold(token)
            if held.words:
                found.update(held.words)
            if held.pieces:
                pieces.update(held.pieces)
        if not pieces:
            return found
        phrases = {phrase for piece in pieces for rest, phrase in self._phrases.get(piece, ()) if rest <= pieces}
        # レジ 遅い speaks for the queue; its レジ alone must not speak for the register as well
        return found.difference(*(phrase.split(" ") for phrase in phrases)) | phrases

    def words(self, token: Token) -> tuple[str, ...]:
        """The known words in this token, phrases apart."""
        return (self._held.get(token.parts or token.key) or self._hold(token)).words

    def _hold(self, token: Token) -> _Held:
        # compounds have no end, memory has
        if len(self._held) >= _REMEMBERED:
            self._held.clear()
        parts = token.parts or (token.key,)
        held = self._held[token.parts or token.key] = _Held(
            tuple(_longest(parts, self._words, self._strong)),
            tuple(piece for piece in runs(parts) if piece in self._in_phrases) if self._in_phrases else (),
        )
        return held


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


def runs(parts: Sequence[str]) -> Iterable[str]:
    """Every run of the words of a compound: 越前, 大仏 and 越前大仏."""
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            yield "".join(parts[start:end])
