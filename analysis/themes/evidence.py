"""What opinions hold, as rows of numbers: what the theme books say, their words, and what their words mean."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analysis.reading.vectors import WordVectors, unit
from analysis.results import Opinion, Theme, Token

Matrix = NDArray[np.float64]

_HEAVY: Mapping[str, float] = {"noun": 1.0, "verb": 0.7, "adjective": 0.7, "adverb": 0.3, "other": 0.3}
"""What is spoken of says more of the theme than what is said of it."""
_PART = 0.7
"""The parts of a compound count a little: 子供用ベッド is near ベッド."""
_FULL_SCORE = 2.0
_RUN_LENGTHS = (2, 3)


@dataclass(frozen=True, slots=True)
class Reading:
    """An opinion with what the theme books say of it: scores by theme, and the themes that they tag it with."""

    opinion: Opinion
    scores: Mapping[str, float]
    said: frozenset[str]


class Rows(NamedTuple):
    """One row an opinion, in blocks of columns: one that is always 1, theme books, meaning, words and letters.

    The product of two rows of `words` is the cosine of two opinions as long as all words of one are known.
    """

    always: Matrix
    books: Matrix
    meaning: Matrix
    words: csr_array
    letters: csr_array

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many columns each block has."""
        return tuple(int(block.shape[1]) for block in self)

    def times(self, learned: Matrix) -> Matrix:
        """The rows times a matrix with a row for each of their columns."""
        always, books, meaning, words, letters = np.split(learned, np.cumsum(self.sizes)[:-1])
        return np.asarray(
            self.always @ always
            + self.books @ books
            + self.meaning @ meaning
            + np.asarray(self.words @ words)
            + np.asarray(self.letters @ letters)
        )

    def gathered(self, by_row: Matrix) -> Matrix:
        """The columns times a matrix with a row for each row."""
        return np.vstack([np.asarray(block.T @ by_row) for block in self])


class Evidence:
    """Turns readings into `Rows`. `order` names the themes, in the order of columns.

    The words of `known` are the columns of words; others count only for the length, which is 1. Runs of two and three
    letters that two of `known` share are columns as well. Meaning (length 1) needs `vectors`; what all words of the
    theme books have in common is taken out of it.
    """

    def __init__(self, themes: Sequence[Theme], known: Sequence[Opinion], vectors: WordVectors | None) -> None:
        self.order = sorted(theme.id for theme in themes)
        self._theme_column = {theme: column for column, theme in enumerate(self.order)}
        words = {word for opinion in known for word in word_weights(opinion.tokens)}
        self._word_column = {word: column for column, word in enumerate(sorted(words))}
        runs = Counter(run for opinion in known for run in set(_letter_runs(opinion.text)))
        shared = sorted(run for run, count in runs.items() if count > 1)
        self._run_column = {run: column for column, run in enumerate(shared)}
        self._vectors = vectors
        if vectors is not None:
            said = sorted({word for theme in themes for word in theme.words if " " not in word})
            self._common = unit(vectors.of(said).astype(np.float64)).mean(axis=0)

    def rows(self, readings: Sequence[Reading]) -> "Rows":
        """One row an opinion."""
        books = np.hstack([self.said(readings), self.scores(readings) / (2 * _FULL_SCORE)])
        always = np.ones((len(readings), 1))
        return Rows(always, books, self._meaning(readings), self._words(readings), self._letters(readings))

    def said(self, readings: Sequence[Reading]) -> Matrix:
        """1 where a theme book tags the opinion, by theme."""
        return self._by_theme(readings, lambda reading: dict.fromkeys(reading.said, 1.0))

    def scores(self, readings: Sequence[Reading]) -> Matrix:
        """How much each theme book speaks, at most 2."""
        return np.minimum(self._by_theme(readings, lambda reading: reading.scores), _FULL_SCORE)

    def _words(self, readings: Sequence[Reading]) -> csr_array:
        rows, columns, values = [], [], []
        for row, reading in enumerate(readings):
            weights = word_weights(reading.opinion.tokens)
            length = sum(sorted(weight * weight for weight in weights.values())) ** 0.5
            for word, weight in weights.items():
                if (column := self._word_column.get(word)) is not None:
                    rows.append(row)
                    columns.append(column)
                    values.append(weight / length)
        return csr_array((values, (rows, columns)), shape=(len(readings), len(self._word_column)))

    def _letters(self, readings: Sequence[Reading]) -> csr_array:
        """Runs of letters catch what is left of a word that was written or cut in another way."""
        rows, columns, values = [], [], []
        for row, reading in enumerate(readings):
            known = [self._run_column[run] for run in _letter_runs(reading.opinion.text) if run in self._run_column]
            rows += [row] * len(known)
            columns += known
            values += [len(known) ** -0.5 for _ in known]
        return csr_array((values, (rows, columns)), shape=(len(readings), len(self._run_column)))

    def _by_theme(self, readings: Sequence[Reading], values: Callable[[Reading], Mapping[str, float]]) -> Matrix:
        found = np.zeros((len(readings), len(self.order)))
        for row, reading in enumerate(readings):
            for theme, value in values(reading).items():
                found[row, self._theme_column[theme]] = value
        return found

    def _meaning(self, readings: Sequence[Reading]) -> Matrix:
        """The mean of the vectors of an opinion's words, nouns heavier; zeros where none is known."""
        if self._vectors is None:
            return np.zeros((len(readings), 0))
        columns: dict[Token, int] = {}
        row, column, weight = [], [], []
        for at, reading in enumerate(readings):
            for token in reading.opinion.tokens:
                row.append(at)
                column.append(columns.setdefault(token, len(columns)))
                weight.append(_HEAVY[token.pos])
        table = unit(self._vectors.of_tokens(list(columns)).astype(np.float64))
        table[table.any(axis=1)] -= self._common
        weights = csr_array((weight, (row, column)), shape=(len(readings), len(columns)))
        return unit(np.asarray(weights @ table))


def word_weights(tokens: Sequence[Token]) -> dict[str, float]:
    """The words of an opinion with what each counts; a negated word is another word."""
    weights: dict[str, float] = {}
    for token in tokens:
        heavy = _HEAVY[token.pos]
        word = f"{token.key}!" if token.negated else token.key
        weights[word] = max(heavy, weights.get(word, 0.0))
        for part in token.parts:
            weights[part] = max(heavy * _PART, weights.get(part, 0.0))
    return weights


def _letter_runs(text: str) -> Iterator[str]:
    letters = text.replace(" ", "")
    for length in _RUN_LENGTHS:
        for start in range(len(letters) - length + 1):
            yield letters[start : start + length]
