"""Scores and mentions of whole windows, for the impacts: each week is fetched once a call, then joined as arrays."""

from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.figures.drivers import Answers, impacts
from analysis.results import ThemeImpact
from analysis.tables import OpinionRow, TagRow
from surveys.queries import ScoreInfo, scores_of_weeks
from surveys.tables import Comment

_SIGNS = {"negative": -1, "neutral": 0, "positive": 1}

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WeekScores:
    """The responses of one week with a score, ordered by external id: arrays of one length."""

    places: Mapping[int, int]
    """Which row a response stands in."""
    scores: Numbers
    store_ids: Numbers
    has_text: NDArray[np.bool_]
    channels: NDArray[np.str_]
    visits: NDArray[np.str_]
    """The level of a visits question, empty without an answer."""


@dataclass(frozen=True, slots=True)
class WeekMentions:
    """Who of one week says what: row of the response, number of the theme, -1, 0 or 1 for the polarity."""

    rows: Numbers
    themes: Numbers
    signs: Numbers


class Samples:
    """Keeps the weeks that it has fetched, as long as the state that they were fetched in is the stored one."""

    def __init__(self) -> None:
        self._scores: dict[tuple[str, str], WeekScores] = {}
        self._mentions: dict[tuple[str, str], WeekMentions] = {}
        self._numbers: dict[str, int] = {}
        self._tagged_by: Hashable = None

    def fetch(self, session: Session, states: Mapping[str, str], tagged_by: Hashable) -> "Window":
        """Join these weeks. `states`: the stored fingerprint of each; `tagged_by`: what else their tags come from."""
        if tagged_by != self._tagged_by:
            self._mentions.clear()  # a fit or a correction has changed the tags of weeks long read
            self._tagged_by = tagged_by
        weeks = list(states.items())
        for week in weeks:
            if week not in self._scores:
                self._scores[week] = _week_scores(scores_of_weeks(session, [week[0]]))
            if week not in self._mentions:
                self._mentions[week] = self._fetch_mentions(session, week)
        return Window([self._scores[week] for week in weeks], [self._mentions[week] for week in weeks], self._numbers)

    def _fetch_mentions(self, session: Session, week: tuple[str, str]) -> WeekMentions:
        query = (
            select(Comment.response_id, TagRow.theme_id, OpinionRow.polarity)
            .select_from(OpinionRow)
            .join(TagRow, TagRow.opinion_id == OpinionRow.id)
            .join(Comment, Comment.id == OpinionRow.comment_id)
            .where(OpinionRow.week == week[0])
        )
        places, numbers = self._scores[week].places, self._numbers
        found = np.array(
            [
                (places[response_id], numbers.setdefault(theme_id, len(numbers)), _SIGNS[polarity])
                for response_id, theme_id, polarity in session.execute(query)
                if response_id in places
            ],
            dtype=np.int64,
        ).reshape(-1, 3)
        return WeekMentions(found[:, 0], found[:, 1], found[:, 2])


class Window:
    """Scores and mentions of several weeks. `numbers` are those of the themes."""

    def __init__(
        self, scores: Sequence[WeekScores], mentions: Sequence[WeekMentions], numbers: Mapping[str, int]
    ) -> None:
        starts = np.cumsum([0, *(len(week.scores) for week in scores)])
        self._scores = _joined([week.scores for week in scores])
        self._store_ids = _joined([week.store_ids for week in scores])
        self._has_text = _joined([week.has_text for week in scores]).astype(np.bool_)
        self._circumstances = _circumstances(scores)
        self._rows = _joined([week.rows + start for week, start in zip(mentions, starts, strict=False)])
        self._themes = _joined([week.themes for week in mentions])
        self._signs = _joined([week.signs for week in mentions])
        self._numbers = numbers

    def measure(self, known: AbstractSet[str], store_places: Mapping[int, int]) -> tuple[ThemeImpact, ...]:
        """Estimate the impact of every known theme that is mentioned, ordered by theme id.

        `store_places` numbers the stores by their keys: row numbers would let the order of import into the sums.
        """
        mentioned = set(np.unique(self._themes).tolist())
        theme_ids = sorted(theme for theme, number in self._numbers.items() if theme in known and number in mentioned)
        if not theme_ids:
            return ()
        columns = np.full(len(self._numbers), -1, dtype=np.int64)
        columns[[self._numbers[theme] for theme in theme_ids]] = np.arange(len(theme_ids))
        stores = np.array([store_places[store] for store in self._store_ids.tolist()], dtype=np.int64)
        negative, positive = (self._matrix(sign, columns, len(theme_ids)) for sign in (-1, 1))
        answers = Answers(self._scores, stores, self._has_text, self._circumstances)
        return impacts(answers, negative, positive, theme_ids)

    def _matrix(self, sign: int, columns: Numbers, width: int) -> csr_array:
        chosen = (self._signs == sign) & (columns[self._themes] >= 0)
        cells = np.unique(self._rows[chosen] * width + columns[self._themes[chosen]])
        ones = np.ones(len(cells), dtype=np.bool_)
        return csr_array((ones, (cells // width, cells % width)), shape=(len(self._scores), width))


def _week_scores(found: Sequence[ScoreInfo]) -> WeekScores:
    scored = [(score, score.score) for score in found if score.score is not None]
    return WeekScores(
        places={info.response_id: place for place, (info, _) in enumerate(scored)},
        scores=np.array([score for _, score in scored], dtype=np.int64),
        store_ids=np.array([info.store_id for info, _ in scored], dtype=np.int64),
        has_text=np.array([info.has_text for info, _ in scored], dtype=np.bool_),
        channels=np.array([info.channel for info, _ in scored], dtype=np.str_),
        visits=np.array([info.visits or "" for info, _ in scored], dtype=np.str_),
    )


def _circumstances(scores: Sequence[WeekScores]) -> Numbers:
    """Number weeks, channels and visit counts, the latter by their names: one column each, (n, 3)."""
    weeks = np.repeat(np.arange(len(scores)), [len(week.scores) for week in scores])
    channels, visits = ([week.channels for week in scores], [week.visits for week in scores])
    named = [
        np.unique(np.concatenate([np.zeros(0, dtype=np.str_), *parts]), return_inverse=True)
        for parts in (channels, visits)
    ]
    return np.column_stack([weeks, *(numbers for _, numbers in named)]).astype(np.int64)


def _joined(parts: Sequence[NDArray[np.generic]]) -> Numbers:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts]).astype(np.int64)
