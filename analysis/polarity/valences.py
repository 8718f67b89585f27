"""What the scores that came with earlier comments teach about words on which the lexicon says nothing.

A word that detractors use and promoters don't leans negative. It never judges alone: it needs many answers, it is held
back (shrunk) where there are few, and a clear word always wins, so a promoter's complaint is still a complaint. What is
learned in a week judges only later weeks: an opinion whose polarity was read out of its own score would tell nothing
about what goes with that score.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from heapq import nsmallest

from analysis.polarity.lexicon import lexicon
from analysis.results import Opinion, ReadOpinion

SAMPLE = 2_500
"""So many comments at most teach at a time: the cost of a fit does not grow with the past."""

_ENOUGH_RESPONSES = 20
_HELD_BACK = 20
"""As many answers of no opinion as every word is given beside its own."""
_CLEAR_OF_ZERO = 2.576
"""Standard errors of a 99 % interval: some thousand words are tried at a time."""
_STORE_HELD_BACK = 10
_LEAST_SPREAD = 0.5
"""The spread of a word's scores counts as at least so many of the spread of all: twenty equal scores prove little."""
_JUDGES = 0.5
"""From here on the words of an opinion judge it together, in standard deviations of the scores."""


@dataclass(frozen=True, slots=True)
class Voice:
    """The words of one comment and the score, 0 to 10, that came with it. `response_id` is external."""

    response_id: str
    store_id: int
    score: int
    words: frozenset[str]


class Valences:
    """What was learned so far. `fits` maps the week of a fit to words and their values (see `learn`)."""

    def __init__(self, fits: Mapping[str, Mapping[str, float]]) -> None:
        self._fits = fits

    def judge(self, week: str, found: Sequence[ReadOpinion]) -> tuple[ReadOpinion, ...]:
        """Judge what the opinions of a week leave open, by the newest fit of an earlier week."""
        earlier = [fitted for fitted in self._fits if fitted < week]
        if not earlier:
            return tuple(found)
        values = self._fits[max(earlier)]
        return tuple(_judged(read, values) for read in found)


def learn(voices: Iterable[Voice]) -> dict[str, float]:
    """Learn words whose answers score above or below the rest of their stores, ordered by word.

    A value is a difference in standard deviations of the scores, shrunk to 0 the fewer answers there are. Only words of
    at least 20 answers are kept, and only where the 99 % interval of the difference leaves out 0.
    """
    heard = sorted(voices, key=lambda voice: (voice.response_id, sorted(voice.words)))
    residuals = _beside_their_store(heard)
    who: dict[str, set[str]] = defaultdict(set)
    for voice in heard:
        for word in voice.words:
            who[word].add(voice.response_id)
    spread = _deviation(list(residuals.values()))
    if not spread:
        return {}
    found = ((word, _value([residuals[one] for one in sorted(who[word])], spread)) for word in sorted(who))
    return {word: value for word, value in found if value}


def words_of(opinions: Iterable[Opinion]) -> frozenset[str]:
    """Words that can be taught, a negated one being another word: no names, no numbers, none that the lexicon knows."""
    known = lexicon().known
    return frozenset(
        f"{token.key}!" if token.negated else token.key
        for opinion in opinions
        for token in opinion.tokens
        if opinion.kind == "opinion" and token.pos != "other" and token.key not in known
    )


def sample(comment_ids: Iterable[str]) -> list[str]:
    """Choose the comments that teach: those with the smallest digests, whatever their order."""
    return nsmallest(SAMPLE, comment_ids, key=lambda name: sha256(name.encode()).digest())


def _judged(read: ReadOpinion, values: Mapping[str, float]) -> ReadOpinion:
    if read.polarity != "neutral" or read.opinion.kind != "opinion" or read.opinion.is_request:
        return read
    leaning = sum(values.get(word, 0.0) for word in sorted(words_of([read.opinion])))
    if abs(leaning) < _JUDGES:
        return read
    return replace(read, polarity="positive" if leaning > 0 else "negative")


def _beside_their_store(voices: Sequence[Voice]) -> dict[str, float]:
    """Each answer's score less what its store gets: else a beloved place would make its every word a praise."""
    scores = {voice.response_id: (voice.store_id, voice.score) for voice in voices}
    if not scores:
        return {}
    mean = sum(score for _, score in scores.values()) / len(scores)
    of_store: dict[int, list[int]] = defaultdict(list)
    for store_id, score in scores.values():
        of_store[store_id].append(score)
    usual = {
        store: (sum(found) + _STORE_HELD_BACK * mean) / (len(found) + _STORE_HELD_BACK)
        for store, found in of_store.items()
    }
    beside = {response: score - usual[store] for response, (store, score) in scores.items()}
    middle = sum(beside.values()) / len(beside)
    return {response: value - middle for response, value in beside.items()}


def _value(residuals: Sequence[float], spread: float) -> float:
    count = len(residuals)
    if count < _ENOUGH_RESPONSES:
        return 0.0
    mean = sum(residuals) / count
    error = max(_deviation(residuals), _LEAST_SPREAD * spread) / math.sqrt(count)
    if abs(mean) <= _CLEAR_OF_ZERO * error:
        return 0.0
    return round(mean / spread * count / (count + _HELD_BACK), 4)


def _deviation(values: Sequence[float]) -> float:
    if not values:
        return 0.0
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
