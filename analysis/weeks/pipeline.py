"""Answers into results: pure and seeded; `runs` brings the answers and stores what comes out.

comments -> opinions -> tags and polarity -> counts; unexplained opinions -> new themes. Impacts: `samples`.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice

from analysis.corrections.verdicts import NO_VERDICTS, Verdicts
from analysis.polarity.asked import in_light_of
from analysis.polarity.rules import read_polarities
from analysis.polarity.valences import Valences
from analysis.reading.spellings import NO_OWN_WORDS, OwnWords
from analysis.reading.text import read_comments
from analysis.results import Lesson, Opinion, ReadOpinion, StoreWeekCounts, Tag, Theme, ThemeWeekCounts
from analysis.themes.model import ThemeModel
from analysis.weeks.counts import Mention, ReadComment, count_stores, count_themes, mentions
from analysis.weeks.due import history
from surveys.queries import CommentInfo, ScoreInfo

_REMEMBERED_TEXTS = 20_000


@dataclass(frozen=True, slots=True)
class WeekAnswers:
    """The answers of one week in the state that `fingerprint` names; both ordered by external id."""

    week: str
    fingerprint: str
    comments: Sequence[CommentInfo]
    scores: Sequence[ScoreInfo]


@dataclass(frozen=True, slots=True)
class WeekResult:
    """What was understood of one week."""

    week: str
    fingerprint: str
    comments: tuple[ReadComment, ...]
    stores: tuple[StoreWeekCounts, ...]
    themes: tuple[ThemeWeekCounts, ...]


@dataclass(frozen=True, slots=True)
class Unexplained:
    """An opinion that no known theme explains. `id` is external: it names comment and position."""

    id: str
    opinion_id: int
    week: str
    mention: Mention
    """What it will count as, once a theme explains it; its theme id is empty."""
    opinion: Opinion


class Reader:
    """Reads comments with the themes that were always known; a text that was read lately is not read again.

    `lessons` teach the model; `verdicts` are staff's own word on single comments, which `read_week` puts in;
    `own_words` stay whole.
    """

    def __init__(
        self,
        themes: Sequence[Theme],
        lessons: Sequence[Lesson] = (),
        verdicts: Verdicts = NO_VERDICTS,
        own_words: OwnWords = NO_OWN_WORDS,
    ) -> None:
        self.verdicts = verdicts
        self._model = ThemeModel(themes, lessons=lessons)
        self._merged = _merged(themes)
        self._own_words = own_words
        self._texts: dict[str, tuple[ReadOpinion, ...]] = {}

    def read(self, texts: Sequence[str]) -> list[tuple[ReadOpinion, ...]]:
        """Split each text into opinions, with their polarity and the tags of the model."""
        if len(self._texts) + len(texts) > _REMEMBERED_TEXTS:
            self._texts.clear()
        with _garbage_kept():
            self._read_new([text for text in dict.fromkeys(texts) if text not in self._texts])
        return [self._texts[text] for text in texts]

    def opinions(self, texts: Sequence[str]) -> list[tuple[Opinion, ...]]:
        """Split each text into opinions, and say nothing of them."""
        with _garbage_kept():
            new = [text for text in dict.fromkeys(texts) if text not in self._texts]
            found = dict(zip(new, read_comments(new, self._own_words), strict=True))
        return [
            tuple(read.opinion for read in self._texts[text]) if text in self._texts else found[text] for text in texts
        ]

    def _read_new(self, texts: Sequence[str]) -> None:
        opinions = read_comments(texts, self._own_words)
        flat = [opinion for found in opinions for opinion in found]
        tags = (_for_living(found, self._merged) for found in self._model.tag(flat))
        read = iter(map(ReadOpinion, flat, read_polarities(flat), tags))
        for text, found in zip(texts, opinions, strict=True):
            self._texts[text] = tuple(islice(read, len(found)))


class Discoveries:
    """The themes that no catalogue knows, applied in the order of their discovery.

    A theme discovered in some week explains the weeks that its first report may show and all later ones, whether they
    were read before or after its discovery: so a week that is read again gets the same tags. An older discovery wins
    over a newer one. `themes` maps a week to the themes that were new in it; `lessons` are those of staff;
    `ids`: the themes that are counted as once new, without it all of these.
    """

    def __init__(
        self,
        themes: Mapping[str, Sequence[Theme]],
        lessons: Sequence[Lesson] = (),
        ids: frozenset[str] | None = None,
    ) -> None:
        every = [theme for found in themes.values() for theme in found]
        self._merged = _merged(every)
        self.ids = frozenset(theme.id for theme in every) if ids is None else ids
        self._generations = [(history(week)[0], _taught(themes[week], lessons)) for week in sorted(themes)]

    def explain(self, week: str, found: Sequence[tuple[ReadOpinion, ...]]) -> list[tuple[ReadOpinion, ...]]:
        """Tag what the catalogue left unexplained in the comments of a week."""
        opinions = [list(of_comment) for of_comment in found]
        places = list(_unexplained_places(opinions))
        tags = self.tags(week, [opinions[comment][place].opinion for comment, place in places])
        for (comment, place), found_tags in zip(places, tags, strict=True):
            opinions[comment][place] = replace(opinions[comment][place], tags=found_tags)
        return [tuple(of_comment) for of_comment in opinions]

    def tags(self, week: str, opinions: Sequence[Opinion]) -> list[tuple[Tag, ...]]:
        """Tag opinions of a week that nothing explains yet, with themes that live."""
        tags: list[tuple[Tag, ...]] = [()] * len(opinions)
        for first_explained, model in self._generations:
            if week >= first_explained:
                left = [place for place, found in enumerate(tags) if not found]
                for place, found in zip(left, model.tag([opinions[place] for place in left]), strict=True):
                    tags[place] = _for_living(found[:1], self._merged)
        return tags


def by_week(themes: Iterable[Theme]) -> dict[str, list[Theme]]:
    """Group the themes that were once new by the week in which they were."""
    found: dict[str, list[Theme]] = {}
    for theme in themes:
        if theme.since is not None:
            found.setdefault(theme.since, []).append(theme)
    return found


def read_week(answers: WeekAnswers, reader: Reader, discoveries: Discoveries, valences: Valences) -> WeekResult:
    """Understand and count the answers of one week. What words and question leave open, `valences` may judge."""
    found = discoveries.explain(answers.week, reader.read([comment.text for comment in answers.comments]))
    say = reader.verdicts.apply
    comments = tuple(
        ReadComment(
            comment,
            valences.judge(answers.week, in_light_of(comment.asks, say(comment.external_id, comment.text, opinions))),
        )
        for comment, opinions in zip(answers.comments, found, strict=True)
    )
    return WeekResult(
        week=answers.week,
        fingerprint=answers.fingerprint,
        comments=comments,
        stores=count_stores(answers.week, answers.scores, comments, discoveries.ids),
        themes=count_themes(answers.week, mentions(comments)),
    )


def explain(
    unexplained: Sequence[Unexplained], themes: Sequence[Theme], lessons: Sequence[Lesson] = ()
) -> list[tuple[Unexplained, float]]:
    """Tag opinions with new themes: those that one explains, their mention naming it, and the weight of the tag.

    It is what `Discoveries` will say of them when their week is read again.
    """
    tags = _taught(themes, lessons).tag([item.opinion for item in unexplained])
    return [
        (replace(item, mention=replace(item.mention, theme_id=found[0].theme_id)), found[0].weight)
        for item, found in zip(unexplained, tags, strict=True)
        if found
    ]


def _merged(themes: Iterable[Theme]) -> dict[str, str]:
    """Map the themes that staff merged to those that they find opinions for."""
    return {theme.id: theme.merged_into for theme in themes if theme.merged_into is not None}


def _for_living(tags: tuple[Tag, ...], merged: Mapping[str, str]) -> tuple[Tag, ...]:
    """Let tags name living themes, each once, by its best tag."""
    if not merged:
        return tags
    best: dict[str, Tag] = {}
    for tag in tags:
        best.setdefault(merged.get(tag.theme_id, tag.theme_id), tag)
    return tuple(replace(tag, theme_id=theme_id) for theme_id, tag in best.items())


def _taught(themes: Sequence[Theme], lessons: Sequence[Lesson]) -> ThemeModel:
    """A model of these themes alone, with the lessons that speak of them or of opinions that they would explain."""
    ids, by_words = {theme.merged_into or theme.id for theme in themes}, ThemeModel((), themes)
    near = [lesson for lesson in lessons if lesson.theme_ids & ids or any(by_words.tag(lesson.opinions))]
    return ThemeModel((), themes, lessons=near) if near else by_words


@contextmanager
def _garbage_kept() -> Iterator[None]:
    """Put off the search for reference cycles: reading makes many objects, no cycle, and would be a tenth slower."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _unexplained_places(opinions: Sequence[Sequence[ReadOpinion]]) -> Iterator[tuple[int, int]]:
    for comment, of_comment in enumerate(opinions):
        for place, read in enumerate(of_comment):
            if read.opinion.kind == "opinion" and not read.tags:
                yield comment, place
