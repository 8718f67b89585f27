"""Which discovered theme an opinion is about: by the words of the theme, and by what lies near them in meaning."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.discovery.grouping import SPEAKS
from analysis.reading.features import Vocabulary
from analysis.reading.vectors import WordVectors, load_vectors, unit
from analysis.results import Opinion, Tag, Theme, Token

_ENOUGH = 0.6
"""The sum of words and nearness below which nothing is said."""
_NEARNESS = 1.5
"""What a cosine of 1 counts beside a word that only this theme holds (1.0)."""


class DiscoveredThemes:
    """Themes that were found in opinions. A theme is nothing but its weighted words, so people can pin and ban them.

    An opinion gets at most one of them. Its score is the sum of the weights of the theme's words that it holds, plus,
    `by_nearness` and where word vectors are installed, how near its meaning is to theirs (a cosine, nothing below 0).
    """

    def __init__(self, themes: Sequence[Theme], *, by_nearness: bool = False) -> None:
        self._ids = [theme.id for theme in themes]
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

    def tags(self, opinion: Opinion) -> tuple[Tag, ...]:
        """The theme that fits best, or nothing."""
        if not self._ids or opinion.kind != "opinion":
            return ()
        scores = self.scores(opinion)
        if self._meanings is not None:
            near = self._meanings.nearness(opinion.tokens)
            scores = {theme: scores.get(theme, 0.0) + _NEARNESS * near[place] for place, theme in enumerate(self._ids)}
        ranked = sorted((-round(score, 6), theme) for theme, score in scores.items())
        if not ranked or -ranked[0][0] < _ENOUGH:
            return ()
        score, theme = -ranked[0][0], ranked[0][1]
        return (Tag(theme, round(float(score / (score + 0.5)), 4)),)


class _Meanings:
    """Where themes and opinions lie among the word vectors, seen from the middle of the language."""

    def __init__(self, vectors: WordVectors, themes: Sequence[Theme]) -> None:
        self._vectors = vectors
        self._themes = unit(np.array([self._of_words(theme.words) for theme in themes]) - vectors.middle)

    def nearness(self, tokens: Sequence[Token]) -> NDArray[np.float64]:
        """The cosine of the opinion to each theme, nothing below 0."""
        total = np.zeros(self._vectors.dimensions)
        for token in tokens:
            total += SPEAKS[token.pos] * self._vectors.of_token[token]
        if not total.any():
            return np.zeros(len(self._themes))
        place = unit(unit(total[None]) - self._vectors.middle)
        return np.asarray(np.maximum(self._themes @ place[0], 0))

    def _of_words(self, words: Mapping[str, float]) -> NDArray[np.float64]:
        keys = sorted(words)
        weights = np.array([words[key] for key in keys])
        found = unit(self._vectors.of(keys).astype(np.float64))
        return np.asarray(unit((weights @ found)[None])[0])
