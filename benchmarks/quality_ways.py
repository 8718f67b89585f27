"""Ways to find themes without any label, compared on one file: micro-F1 and the share of opinions left open."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from quality_rows import read_rows, whole_number
from quality_tags import agreement, read_labels
from scipy.sparse import csr_array
from sklearn.decomposition import NMF
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from analysis.reading.text import read_opinions
from analysis.reading.vectors import load_vectors
from analysis.results import Opinion, Theme, Token
from analysis.themes.catalogues import WORD_WEIGHT, load_catalogue
from analysis.themes.evidence import Evidence, Reading, word_weights
from analysis.themes.model import ThemeModel
from surveys.errors import InputError

Matrix = NDArray[np.float64]
Marks = NDArray[np.bool_]

ROUNDS = 5
NEAR, MARGIN = 0.5, 0.05
"""How near an opinion must be to the words of a theme, and how much nearer than to the next one."""
CLOSEST = 0.05
"""The cosine from which an opinion belongs to the nearest centre."""
ALIKE = 0.6
"""The cosine from which a word also counts as the other."""
MAIN, SURE = 0.5, 0.6
"""The share of an opinion that a theme must explain; the probability that a trained model must give."""


class Material(NamedTuple):
    """Opinions, then one row for the words of each theme, in the same columns; what the theme books say."""

    said: Marks
    words: Matrix
    meaning: Matrix
    theme_words: Matrix
    theme_meaning: Matrix
    alike: Matrix

    def columns(self, *, vectors: bool) -> tuple[Matrix, Matrix]:
        """Rows of the opinions and of the themes, with or without meaning."""
        if not vectors:
            return self.words, self.theme_words
        return np.hstack([self.words, self.meaning]), np.hstack([self.theme_words, self.theme_meaning])


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what this figure needs."""
    command.add_argument("--catalogue", required=True)
    command.add_argument("--map", type=Path, required=True, help="label -> themes or groups that mean the same")
    command.add_argument(
        "--most", type=whole_number(1), default=2000, help="so many rows from the beginning of the file"
    )


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Micro-F1 and open share of each way, without and with word vectors."""
    rows = read_rows(arguments.file)[: arguments.most]
    themes = load_catalogue(arguments.catalogue).themes
    labels = read_labels(arguments, themes)
    read = [[opinion for opinion in read_opinions(row["text"]) if opinion.tokens] for row in rows]
    opinions = [opinion for found in read for opinion in found]
    material = _material(themes, opinions)
    names = sorted(theme.id for theme in themes)
    gold = [set(row["labels"]) & set(labels) for row in rows]
    figures: dict[str, object] = {"rows": len(rows), "opinions": len(opinions)}
    for name, way in WAYS.items():
        for vectors in (False, True):
            marks = iter(way(material, vectors=vectors))
            found = [{names[theme] for _ in said for theme in np.flatnonzero(next(marks))} for said in read]
            reached = agreement(gold, found, labels)
            figures[f"{name}{', vectors' if vectors else ''}"] = [reached["micro_f1"], reached["other_share"]]
    return figures


def _material(themes: Sequence[Theme], opinions: Sequence[Opinion]) -> Material:
    tags = ThemeModel(themes).tag(opinions)
    readings = [
        Reading(opinion, {}, frozenset(tag.theme_id for tag in found))
        for opinion, found in zip(opinions, tags, strict=True)
    ]
    vectors = load_vectors()
    if vectors is None:
        raise InputError("the comparison needs the word vectors of ja-ginza")
    words = sorted({word for opinion in opinions for word in word_weights(opinion.tokens)})
    evidence = Evidence(themes, opinions, vectors)
    rows = evidence.rows(readings)
    books = evidence.rows([_as_opinion(theme) for theme in sorted(themes, key=lambda theme: theme.id)])
    alike = vectors.of(words)
    alike = alike / np.maximum(np.linalg.norm(alike, axis=1, keepdims=True), 1e-9)
    rare = np.log(len(opinions) / (1 + np.asarray((rows.words > 0).sum(axis=0)).ravel()))
    return Material(
        evidence.said(readings) > 0,
        _unit(rows.words.toarray() * rare),
        rows.meaning,
        _unit(books.words.toarray() * rare),
        books.meaning,
        alike,
    )


def _as_opinion(theme: Theme) -> Reading:
    words = sorted(word for word, weight in theme.words.items() if weight >= WORD_WEIGHT and " " not in word)
    tokens = tuple(Token(word, word, "noun") for word in words)
    return Reading(Opinion(theme.id, 0, "opinion", tokens, is_request=False), {}, frozenset())


def seed_words(material: Material, *, vectors: bool) -> Marks:
    """Weighted words competing in a clause; with vectors, an open opinion joins a theme that its words are near."""
    if not vectors:
        return material.said
    near: Matrix = material.meaning @ material.theme_meaning.T
    second, first = np.sort(near, axis=1)[:, -2:].T
    joins = (first >= NEAR) & (first - second >= MARGIN) & ~material.said.any(axis=1)
    return np.asarray(material.said | (joins[:, None] & (near == first[:, None])))


def guided_k_means(material: Material, *, vectors: bool) -> Marks:
    """Each theme is a centre that begins at its words and keeps them as members."""
    rows, begin = material.columns(vectors=vectors)
    centres = begin
    for _ in range(ROUNDS):
        near = _unit(rows) @ _unit(centres).T
        member = csr_array((near == near.max(axis=1, keepdims=True)) & (near >= CLOSEST), dtype=np.float64)
        centres = _unit(begin) + _unit(np.asarray(member.T @ rows))
    return np.asarray((near == near.max(axis=1, keepdims=True)) & (near >= CLOSEST))


def guided_nmf(material: Material, *, vectors: bool) -> Marks:
    """Each theme is a part that begins at its words; with vectors, a word also counts a little as those like it."""
    rows, begin = material.words, material.theme_words + 1e-3
    if vectors:
        like = np.maximum(material.alike @ material.alike.T - ALIKE, 0)
        rows, begin = rows + rows @ like, begin + begin @ like
    model = NMF(len(begin), init="custom", max_iter=200, tol=5e-3)
    parts = model.fit_transform(rows, W=np.maximum(rows @ begin.T, 1e-6), H=begin.copy())
    share = parts / np.maximum(parts.sum(axis=1, keepdims=True), 1e-9)
    return np.asarray(share >= MAIN)


def linear_model(material: Material, *, vectors: bool) -> Marks:
    """Seed scores and a model trained on what the seeds say: it speaks where they are silent."""
    rows, _ = material.columns(vectors=vectors)
    told = material.said.any(axis=1)
    taught = np.flatnonzero(material.said.any(axis=0))
    model = OneVsRestClassifier(LogisticRegression(C=3.0, max_iter=200))
    model.fit(rows[told], material.said[told][:, taught].astype(int))
    marks = material.said.copy()
    if told.all():
        return marks
    marks[np.ix_(~told, taught)] = model.predict_proba(rows[~told]) >= SURE
    return marks


def _unit(rows: Matrix) -> Matrix:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


WAYS: dict[str, Callable[..., Any]] = {
    "seed words": seed_words,
    "guided k-means": guided_k_means,
    "guided NMF": guided_nmf,
    "linear model": linear_model,
}
