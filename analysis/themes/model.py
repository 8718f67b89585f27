"""What an opinion is about: themes from a catalogue compete inside a clause, the rest is discovered."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Self

from sklearn.base import BaseEstimator

from analysis.discovery.new_themes import discover, light_nouns, sort_all
from analysis.reading.features import Vocabulary
from analysis.reading.vectors import load_vectors, vocabulary_folder
from analysis.results import Lesson, Opinion, Tag, Theme, Token
from analysis.themes.evidence import Reading
from analysis.themes.learning import Learned, Told
from analysis.themes.nearness import DiscoveredThemes

_ENOUGH = 0.6
"""The score below which nothing is said: one word of a theme (1.0) is enough, one hint (0.4) is not."""
_NEAR_THE_BEST = 0.66
_CLEAR = 0.65
"""What a word weighs at least that is more than a hint, even one that stands alone."""
_MOST_TAGS = 3
_ALONE = 1.6
"""What a hint counts in a clause without any noun: 「ちょっと高い」 can only speak of the price."""
_SCENE = re.compile("で(?![すしあ])|から|まで|へ|と|的|として|なく")
"""What follows a noun that only says where, when or with whom."""
_COMPARED = ("より", "に比べ", "と比べ")
_RULES = "18"
"""Raised with every change of the code that reads text, tags or judges: stored tags are then read again."""
_RULE_FILES = ("spellings", "readings", "turns", "polarity", "stopwords")


class ThemeModel(BaseEstimator):  # type: ignore[misc]
    """Tags opinions with themes. Keeps scikit-learn's contract: the constructor stores, `fit` learns `discovered_`.

    `catalogue_themes` guide; `discovered` were found by earlier fits and stay as they are. An opinion gets up to three
    catalogue themes, or none when nothing speaks clearly for one; a `general` theme only where no other fits; a
    discovered theme, at most one, only where no catalogue theme fits. `lessons` of staff bend all this: an opinion that
    says the same as a told one gets its themes, others follow as lessons add up; see `analysis.learning`. New
    themes are things that many name, and only their words speak for them; with `sort_seed` (there is no catalogue that
    does most of the work) a fit sorts all opinions into themes, and nearness in meaning is enough for a tag.
    """

    def __init__(
        self,
        catalogue_themes: Sequence[Theme] = (),
        discovered: Sequence[Theme] = (),
        *,
        lessons: Sequence[Lesson] = (),
        min_opinions: int = 12,
        max_new: int = 10,
        sort_seed: int | None = None,
    ) -> None:
        self.catalogue_themes = catalogue_themes
        self.discovered = discovered
        self.lessons = lessons
        self.min_opinions = min_opinions
        self.max_new = max_new
        self.sort_seed = sort_seed

    def fit(self, opinions: Sequence[Opinion], ids: Sequence[str]) -> Self:
        """Find new themes in opinions that no theme explains; `ids` name the comment of each, in the same order."""
        order = sorted(range(len(ids)), key=lambda row: (ids[row], opinions[row].position, opinions[row].text))
        tags = _Tagger(self.catalogue_themes, self.discovered, self.lessons, self.sort_seed is not None).tag(opinions)
        comments: dict[str, list[Opinion]] = {}
        for row in order:
            if opinions[row].kind == "opinion" and not tags[row]:
                comments.setdefault(ids[row], []).append(opinions[row])
        self.discovered_: tuple[Theme, ...] = self._found_in(list(comments.values()))
        return self

    def _found_in(self, comments: Sequence[Sequence[Opinion]]) -> tuple[Theme, ...]:
        if self.sort_seed is not None:
            return sort_all(comments, min_opinions=self.min_opinions, most=self.max_new, seed=self.sort_seed)
        known: dict[str, float] = {}
        for theme in (*self.catalogue_themes, *self.discovered):
            for word, weight in theme.words.items():
                known[word] = max(weight, known.get(word, 0.0))
        return discover(comments, known, min_opinions=self.min_opinions, most=self.max_new)

    def tag(self, opinions: Sequence[Opinion]) -> list[tuple[Tag, ...]]:
        """The tags of each opinion, best first. A model that was not fitted tags with the themes it was given."""
        return self._tagger().tag(opinions)

    def _tagger(self) -> "_Tagger":
        # built once for the same themes and lessons: a caller may tag one comment at a time
        given = (tuple(self.catalogue_themes), self._all_discovered(), tuple(self.lessons), self.sort_seed is not None)
        made: tuple[object, _Tagger] | None = getattr(self, "_made", None)
        if made is None or made[0] != given:
            made = self._made = (given, _Tagger(*given))
        return made[1]

    def _all_discovered(self) -> tuple[Theme, ...]:
        return (*self.discovered, *getattr(self, "discovered_", ()))

    @property
    def version_(self) -> str:
        """Names words and rules: tags with the same version were made by the same model."""
        return version((*self.catalogue_themes, *self._all_discovered()), self.lessons)


def version(themes: Sequence[Theme], lessons: Sequence[Lesson] = ()) -> str:
    """The version of a model: number of the code, then digits of the rule files, of the words and of the lessons."""
    words = sorted((theme.id, sorted(theme.words.items()), theme.general) for theme in themes)
    means = "vectors" if vocabulary_folder() else "words"
    parts = [f"{means}-{_RULES}", _rules_digest()[:8], _digest(words)[:12]]
    if lessons:
        told = sorted((sorted(lesson.theme_ids), [opinion.text for opinion in lesson.opinions]) for lesson in lessons)
        parts.append(_digest(told)[:12])
    return "-".join(parts)


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


@cache
def _rules_digest() -> str:
    folder = files("analysis").joinpath("data")
    return hashlib.sha256(b"\0".join(folder.joinpath(f"{name}.yaml").read_bytes() for name in _RULE_FILES)).hexdigest()


class _Tagger:
    """The themes and lessons of one model, ready to tag."""

    def __init__(
        self, catalogue: Sequence[Theme], discovered: Sequence[Theme], lessons: Sequence[Lesson], by_nearness: bool
    ) -> None:
        self._special = _Scorer([theme for theme in catalogue if not theme.general])
        self._general = _GeneralScorer([theme for theme in catalogue if theme.general])
        self._discovered = DiscoveredThemes(discovered, by_nearness=by_nearness)
        told = [Told(self._readings(lesson.opinions), lesson.theme_ids) for lesson in lessons]
        told = [lesson for lesson in told if any(reading.opinion.tokens for reading in lesson.readings)]
        self._learned = Learned((*catalogue, *discovered), told, load_vectors()) if told else None

    def tag(self, opinions: Sequence[Opinion]) -> list[tuple[Tag, ...]]:
        if self._learned is not None:
            return self._learned.tags(self._readings(opinions))
        return self._or_discovered(opinions, [self._by_words(opinion) for opinion in opinions])

    def _by_words(self, opinion: Opinion) -> tuple[Tag, ...]:
        return self._special.tags(opinion, _MOST_TAGS) or self._general.tags(opinion, 1)

    def _or_discovered(self, opinions: Sequence[Opinion], tags: Sequence[tuple[Tag, ...]]) -> list[tuple[Tag, ...]]:
        """Ask the discovered themes about all opinions that the catalogue leaves, at once."""
        left = iter(
            self._discovered.tags([opinion for opinion, found in zip(opinions, tags, strict=True) if not found])
        )
        return [found or next(left) for found in tags]

    def _readings(self, opinions: Sequence[Opinion]) -> list[Reading]:
        scores, said = [], []
        for opinion in opinions:
            special, general = self._special.weights(opinion), self._general.weights(opinion)
            scores.append({theme: _fading_sum(found) for theme, found in (*special.items(), *general.items())})
            said.append(self._special.chosen(special, _MOST_TAGS) or self._general.chosen(general, 1))
        return [
            Reading(opinion, found | self._discovered.scores(opinion), frozenset(tag.theme_id for tag in tags))
            for opinion, found, tags in zip(opinions, scores, self._or_discovered(opinions, said), strict=True)
        ]


class _Scorer:
    """Scores opinions against themes by the words that they hold."""

    def __init__(self, themes: Sequence[Theme]) -> None:
        self._themes: dict[str, list[tuple[str, float]]] = {}
        for theme in themes:
            for word, weight in theme.words.items():
                self._themes.setdefault(word, []).append((theme.id, weight))
        hints = (word for word, found in self._themes.items() if max(weight for _, weight in found) < _ENOUGH)
        self._vocabulary = Vocabulary(self._themes, weak=hints)

    def tags(self, opinion: Opinion, most: int) -> tuple[Tag, ...]:
        return self.chosen(self.weights(opinion), most)

    def chosen(self, weights: Mapping[str, list[float]], most: int) -> tuple[Tag, ...]:
        """The themes that these words speak for clearly."""
        if not weights:
            return ()
        scores = {theme: _fading_sum(found) for theme, found in weights.items()}
        needed = max(_ENOUGH, _NEAR_THE_BEST * max(scores.values()))
        ranked = sorted((-score, theme) for theme, score in scores.items() if score >= needed)
        if len(ranked) > 1 and all(max(weights[theme]) < _CLEAR for _, theme in ranked):
            # hints alone that speak for several themes speak for none
            return ()
        return tuple(Tag(theme, round(-score / (0.5 - score), 4)) for score, theme in ranked[:most])

    def weights(self, opinion: Opinion) -> dict[str, list[float]]:
        """The weights of the words that speak for each theme."""
        words = self._vocabulary.find(opinion.tokens) if self._themes else ()
        return self._weights(words, opinion) if words else {}

    def _weights(self, words: Iterable[str], opinion: Opinion) -> dict[str, list[float]]:
        lift = 1.0 if any(_is_subject(token, opinion.text) for token in opinion.tokens) else _ALONE
        listed = self._listed(opinion)
        weights: dict[str, list[float]] = {}
        for word in words:
            for theme, weight in self._themes[word]:
                heavy = (1.0 if word in listed else weight) if weight >= _ENOUGH else weight * lift
                weights.setdefault(theme, []).append(max(weight, heavy))
        return weights

    def _listed(self, opinion: Opinion) -> frozenset[str]:
        """The words of a list (「料理、サービス」): each of them is a subject, also a broad one."""
        if "、" not in opinion.text:
            return frozenset()
        listed = (token for token in opinion.tokens if token.pos == "noun" and f"{token.surface}、" in opinion.text)
        return frozenset(word for token in listed for word in self._vocabulary.words(token))


class _GeneralScorer(_Scorer):
    """Scores the general themes: silent where another thing than the whole is spoken of (「眺めが良い」)."""

    def _weights(self, words: Iterable[str], opinion: Opinion) -> dict[str, list[float]]:
        """Silent unless a noun is among the words, or no telling noun stands beside them."""
        nouns = [token for token in opinion.tokens if token.pos == "noun"]
        names_whole = any(self._vocabulary.words(token) for token in nouns)
        if not names_whole and any(_tells(noun, opinion.text) for noun in nouns):
            return {}
        return super()._weights(words, opinion)


def _is_subject(token: Token, text: str) -> bool:
    """Whether a hint can speak of this: not of what something is only compared with (「ネットより高い」)."""
    return token.pos == "noun" and not text.partition(token.surface)[2].startswith(_COMPARED)


def _tells(noun: Token, text: str) -> bool:
    """Whether a noun names what an opinion is about; not so 所, nor the scene of 「人生で最高」."""
    if light_nouns().issuperset(noun.parts or [noun.key]) or noun.key in light_nouns():
        return False
    after = text.partition(noun.surface)[2]
    return _SCENE.match(after) is None


def _fading_sum(weights: list[float]) -> float:
    """The heaviest word counts in full, the next one half, the next a quarter: clear words win, not many.

    Sorted, so that the order of a set cannot change the last digit.
    """
    return sum(weight * 0.5**place for place, weight in enumerate(sorted(weights, reverse=True)))
