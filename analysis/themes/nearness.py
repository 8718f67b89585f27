"""Which discovered theme an opinion is about: by the words of the theme, and by what lies near them in meaning."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analysis.discovery.grouping import SPEAKS
from analysis.reading.features import Vocabulary
from analysis.reading.vectors import WordVectors, load_vectors, unit
from analysis.results import Opinion, Tag, Theme, Token

_ENOUGH = 0.6
"""The sum of words and nearness below which nothing is said."""
_NEARNESS = 1.5
"""What a cosine of 1 counts beside a word that only this theme holds (1.0)."""
_AT_A_TIME = 1000

Matrix = NDArray[np.float64]


class DiscoveredThemes:
    """Themes that were found in opinions. A theme is nothing but its weighted words, so people can pin and ban them.

    An opinion gets at most one of them. Its score is the sum of the weights of the theme's words that it holds, plus,
    `by_nearness` and where word vectors are installed, how near its meaning is to theirs (a cosine, nothing below 0).
    """

    def __init__(self, themes: Sequence[Theme], *, by_nearness: bool = False) -> None:
        themes = sorted(themes, key=lambda theme: theme.id)
        self._ids = [theme.id for theme in themes]
        self._columns = {theme_id: column for column, theme_id in enumerate(self._ids)}
        self._weights: dict[str, list[tuple[str, float]]] = {}
        for theme in themes:
            for word, weight in sorted(theme.words.items()):
                self._weights.setdefault(word, []).append((theme.id, weight))
        self._vocabulary = Vocabulary(self._weights)
        vectors = load_vectors() if themes and by_nearness else None
        self._meanings = _Meanings(vectors, themes) if vectors else None

    def scores(self, opinion: Opinion) -> dict[str, float]:
        """What the words of each theme say, for those that the opinion holds words of."""
        scores: dict[str, float] = {}
        if self._ids and opinion.kind == "opinion":
            for word in sorted(self._vocabulary.find(opinion.tokens)):
                for theme, weight in self._weights[word]:
                    scores[theme] = scores.get(theme, 0.0) + weight
        return scores

    def tags(self, opinions: Sequence[Opinion]) -> list[tuple[Tag, ...]]:
        """The theme that fits each opinion best, or nothing."""
        if not self._ids:
            return [()] * len(opinions)
        found: list[tuple[Tag, ...]] = []
        for start in range(0, len(opinions), _AT_A_TIME):
            found += self._tags(opinions[start : start + _AT_A_TIME])
        return found

    def _tags(self, opinions: Sequence[Opinion]) -> list[tuple[Tag, ...]]:
        scores = self._said(opinions)
        if self._meanings is not None:
            scores += _NEARNESS * self._meanings.nearness([opinion.tokens for opinion in opinions])
        scores = np.round(scores, 6)
        best = scores.argmax(axis=1)  # of equal ones the first: ids are in order
        return [
            (Tag(self._ids[theme], round(score / (score + 0.5), 4)),) if score >= _ENOUGH else ()
            for theme, score in zip(best.tolist(), scores.max(axis=1).tolist(), strict=True)
        ]

    def _said(self, opinions: Sequence[Opinion]) -> Matrix:
        """What the words of each theme say: a row for each opinion, a column for each theme."""
        scores = np.zeros((len(opinions), len(self._ids)))
        for row, opinion in enumerate(opinions):
            for theme, score in self.scores(opinion).items():
                scores[row, self._columns[theme]] = score
        return scores


class _Meanings:
    """Where themes and opinions lie among the word vectors, seen from the middle of the language."""

    def __init__(self, vectors: WordVectors, themes: Sequence[Theme]) -> None:
        self._vectors = vectors
        self._themes = unit(np.array([self._of_words(theme.words) for theme in themes]) - vectors.middle)

    def nearness(self, opinions: Sequence[Sequence[Token]]) -> Matrix:
        """The cosine of each opinion (its tokens) to each theme, nothing below 0."""
        # equal tokens are mostly one object, and asking for that is quicker than comparing them
        known = {id(token): token for tokens in opinions for token in tokens}
        column = {name: place for place, name in enumerate(known)}
        places = [column[id(token)] for tokens in opinions for token in tokens]
        weights = [SPEAKS[token.pos] for tokens in opinions for token in tokens]
        ends = np.cumsum([0, *map(len, opinions)])
        told = csr_array((weights, places, ends), shape=(len(opinions), len(known)))
        total = np.asarray(told @ self._vectors.remembered(list(known.values())))
        near = np.maximum(unit(unit(total) - self._vectors.middle) @ self._themes.T, 0)
        near[~total.any(axis=1)] = 0
        return np.asarray(near)

    def _of_words(self, words: Mapping[str, float]) -> NDArray[np.float64]:
        keys = sorted(words)
        weights = np.array([words[key] for key in keys])
        found = unit(self._vectors.of(keys).astype(np.float64))
        return np.asarray(unit((weights @ found)[None])[0])
