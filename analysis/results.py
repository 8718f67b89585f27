"""The frozen dataclasses that walk through and leave this package. Figures are points or shares as each says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Polarity = Literal["positive", "neutral", "negative"]
OpinionKind = Literal["opinion", "none", "foreign"]
Wording = Mapping[str, str]
"""One text in several languages: {"ja": ..., "en": ...}."""

WINDOWS = (1, 4, 13, 26)
"""The windows, in weeks, that a figure may pool."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; `low` and `high` are None where none can be given."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def rounded(self) -> "Estimate":
        """Return it to a millionth, as files show it."""
        return Estimate(rounded(self.value), rounded(self.low), rounded(self.high))


def rounded(value: float | None) -> float | None:
    """Round to a millionth: the last bits of a sum are no part of a figure."""
    return None if value is None else round(value, 6)


@dataclass(frozen=True, slots=True)
class Token:
    """One content word. `key` is the normalised lemma (for counting), `surface` the plain form (for showing).

    A compound (待ち時間, 分かりにくい) is one token; `parts` are the keys of its words, empty for a single word.
    `pos` is "other" for what no theme is about: names of places and people, numbers with their unit, symbols.
    """

    key: str
    surface: str
    pos: Literal["noun", "verb", "adjective", "adverb", "other"]
    negated: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opinion:
    """One clause of a comment that says one thing.

    `kind` is "none" for 「特になし」 and its kin and "foreign" for other languages: both have no themes.
    `is_request` is marked by the text rules (〜てほしい, もう少し ...). `is_expected` marks what was only expected and
    came out otherwise (「美味しいかと思ったら」): it names a theme, but neither praises nor blames.
    """

    text: str
    position: int
    kind: OpinionKind
    tokens: tuple[Token, ...]
    is_request: bool
    is_expected: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """An opinion is about a theme, with a weight from 0 to 1."""

    theme_id: str
    weight: float
    source: Literal["model", "staff"] = "model"


@dataclass(frozen=True, slots=True)
class Theme:
    """What opinions can be about. `words` are weighted word keys that speak for it; `general` is the fallback.

    `since`: the week in which a discovered theme was new, None for one that was always known; `hidden`: staff don't
    want to see it in lists; `merged_into`: the theme that staff made it a part of.
    """

    id: str
    name: Wording
    origin: Literal["catalogue", "discovered", "staff"]
    words: Mapping[str, float]
    group: Wording
    advice: Wording
    general: bool = False
    since: str | None = None
    hidden: bool = False
    merged_into: str | None = None

    @property
    def is_listed(self) -> bool:
        """Whether lists of themes to choose from hold it."""
        return not self.hidden and self.merged_into is None


@dataclass(frozen=True, slots=True)
class Lesson:
    """What staff said of a comment (all its opinions) or of one opinion: it is about exactly these themes."""

    opinions: tuple[Opinion, ...]
    theme_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class ThemeEvent:
    """What became of a discovered theme at the fit of a week.

    `other_id`: the theme that a merged one went into, or that a split one came from. Of a "same" theme it is a first
    sign that it may become one with that theme or, when it is its own id, fall apart.
    `share`: of the theme's opinions, those that lead to this verdict; of a new or split one None.
    `name`: what the theme is called from then on, where a part with its old name was split off.
    """

    week: str
    theme_id: str
    kind: Literal["same", "new", "merged", "split", "gone"]
    other_id: str | None = None
    share: float | None = None
    name: Wording | None = None


@dataclass(frozen=True, slots=True)
class ReadOpinion:
    """An opinion with all that was understood of it."""

    opinion: Opinion
    polarity: Polarity
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class NpsResult:
    """NPS of a sample: points from -100 to 100; n = those with a score."""

    estimate: Estimate
    n: int
    promoters: int
    passives: int
    detractors: int
    mean: float | None
    histogram: tuple[int, ...]
    """Eleven counts, score 0 to score 10."""


@dataclass(frozen=True, slots=True)
class ThemeImpact:
    """NPS points that go with a theme (関連, not cause) over the responses of one window.

    `negative` and `positive`: difference in a response's NPS contribution (-100, 0, 100) that goes with such a mention.
    `impact`: points of the whole NPS = share_negative * negative + share_positive * positive.
    `mentions_negative`, `mentions_positive`: numbers of responses, of `responses` with a score in the window.
    `left_out_negative`, `left_out_positive`: the NPS of all minus the NPS without such responses, nothing adjusted.
    """

    theme_id: str
    impact: Estimate
    negative: Estimate
    positive: Estimate
    mentions_negative: int
    mentions_positive: int
    responses: int = 0
    left_out_negative: Estimate = Estimate(None)
    left_out_positive: Estimate = Estimate(None)
    inseparable: tuple[str, ...] = ()
    """Themes that are said only together with it, ordered by id: what goes with which of them can't be told."""


@dataclass(frozen=True, slots=True)
class StoreWeekCounts:
    """The stored aggregate of one store and week. `histogram`: eleven counts, score 0 to 10.

    `responses`: all; `with_text`: those with at least one comment; `none_answers`: 「特になし」 answers;
    `opinions`: opinions of kind "opinion"; `unexplained`: those of them without a theme,
    and each mention of a theme that was once new: a report takes off the mentions of those that it knows.
    """

    week: str
    store_id: int
    responses: int
    histogram: tuple[int, ...]
    with_text: int
    none_answers: int
    foreign: int
    opinions: int
    unexplained: int


@dataclass(frozen=True, slots=True)
class ThemeWeekCounts:
    """The stored aggregate of one theme in one store and week.

    `opinions`, `positive`, `negative`, `requests` count opinions; the `responses...` count responses with such.
    """

    week: str
    store_id: int
    theme_id: str
    opinions: int
    positive: int
    negative: int
    requests: int
    responses: int
    responses_positive: int
    responses_negative: int


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One finished or running analysis of one week."""

    id: int
    week: str
    revision: int
    state: Literal["requested", "running", "done", "failed"]
    stage: str
    progress: int
    impact_window: int | None
    """Weeks that the impacts of this run pool; None when there were too few answers."""
    provenance: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Quote:
    """A masked opinion, read by key when it is shown."""

    comment_id: str
    text: str
    comment: str
    polarity: Polarity
    is_request: bool
    store_id: int
    week: str
    score: int | None = None
    """The score, 0 to 10, of the answer that the words belong to."""
    kind: OpinionKind = "opinion"
    position: int = 0
    """Which opinion of its comment it is: with `comment_id` it names the opinion for a correction."""


@dataclass(frozen=True, slots=True)
class Improvement:
    """One item of the ranked list. `gain` in NPS points; `rank_low` to `rank_high` is the 95 % range of its rank.

    `reach`: share of responses that complain; `level`: the share compared with (0: none complains); `requests`:
    opinions that ask for something; `trend`: change of the theme's share; `tied`: another item has the same rank;
    `effort`: what staff think that it takes, 1 to 5, None where nobody said.
    """

    rank: int
    rank_low: int
    rank_high: int
    theme_id: str
    gain: Estimate
    reason: Wording
    reach: Estimate
    level: float
    requests: int
    trend: Estimate
    tied: bool
    effort: int | None
