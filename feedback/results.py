"""The frozen dataclasses of a report: what page, print, mail, JSON and text share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.figures.comparison import ThemeComparison
from analysis.results import Estimate, NpsResult, Polarity, Wording
from analysis.visits import VisitGroup


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose report: the whole chain (all None), one area or one store."""

    store_id: int | None = None
    area_id: int | None = None
    name: str = ""

    @property
    def is_chain(self) -> bool:
        """Whether nothing is left out."""
        return self.store_id is None and self.area_id is None


@dataclass(frozen=True, slots=True)
class ReportQuote:
    """The words of a customer, masked."""

    comment_id: str
    text: str
    polarity: Polarity
    is_request: bool
    store_name: str


@dataclass(frozen=True, slots=True)
class ThemeNews:
    """What became of a theme since the report before: it is new, took `others` in, or was split off from one."""

    kind: Literal["new", "merged", "split"]
    others: tuple[tuple[str, Wording], ...] = ()
    """Id and name of each other theme, ordered by id."""


@dataclass(frozen=True, slots=True)
class ReportSide:
    """Complaints about a theme, or praise of it, in the whole chain over the report's `impact_window`.

    `reach`: share of the scored responses; `left_out`: NPS of all minus the NPS without these responses, nothing
    adjusted; `each`: points that go with one such response, other themes, store, week, channel and visits being equal.
    """

    reach: float
    left_out: Estimate
    each: Estimate


@dataclass(frozen=True, slots=True)
class ReportTheme:
    """One theme in the window. `share`: fraction of responses with text; the counts are opinions."""

    id: str
    name: Wording
    group: Wording
    origin: str
    opinions: int
    share: Estimate
    positive: int
    negative: int
    requests: int
    impact: Estimate
    trend: Estimate
    """Share in this window minus share in the window before, as fractions."""
    weekly_share: tuple[float | None, ...]
    """Share in each week of `Report.weeks`; None where nobody wrote."""
    quotes: tuple[ReportQuote, ...]
    news: ThemeNews | None = None
    complaints: ReportSide | None = None
    praise: ReportSide | None = None
    """None where no impacts were estimated."""
    inseparable: tuple[tuple[str, Wording], ...] = ()
    """Id and name of each theme that is said only together with this one: their impacts can't be told apart."""


@dataclass(frozen=True, slots=True)
class ReportImprovement:
    """One ranked improvement with its reason in one plain sentence a language."""

    rank: int
    rank_low: int
    rank_high: int
    theme_id: str
    name: Wording
    reason: Wording
    advice: Wording
    gain: Estimate
    requests: int
    """Opinions that ask for something about the theme, over the report's `improvements_window`."""
    request_quotes: tuple[ReportQuote, ...]
    reach: Estimate
    """Share of responses that complain, over the same weeks."""
    level: float
    """The share that this is compared with; 0: no complaints at all."""
    trend: Estimate
    """Share of the responses with text that mention the theme, minus that share in the weeks before."""
    tied: bool
    effort: int | None


@dataclass(frozen=True, slots=True)
class WeekFigure:
    """One point of the trend: NPS of one week."""

    week: str
    responses: int
    nps: Estimate


@dataclass(frozen=True, slots=True)
class StoreFigure:
    """One row of the stores side by side, over the report's `stores_window`."""

    store_id: int
    key: str
    name: str
    responses: int
    nps: NpsResult
    more_needed: int
    """About how many answers more until an interval is shown; 0 when there are enough."""
    worst_theme: Wording | None
    likely: Estimate | None = None
    """The NPS drawn toward the chain's, the more the fewer answers; None where the chain says nothing of its stores."""


@dataclass(frozen=True, slots=True)
class ReportVisits:
    """First-time and repeat customers over `window` weeks (see `analysis.visits.VisitFigures`)."""

    window: int
    responses: int
    repeat_rate: Estimate
    groups: tuple[VisitGroup, ...]
    first: NpsResult
    repeat: NpsResult
    change: Estimate
    themes: tuple[tuple[Wording, ThemeComparison], ...]


@dataclass(frozen=True, slots=True)
class ReportAlert:
    """A theme that is spoken of (`mentions`) or complained of (`complaints`) more or less than before, beyond chance.

    `store_id` None: in all stores together. `part` of `whole` responses with text in the `newest` weeks, `before`: the
    share over the `weeks` weeks compared with; `difference`: the share now minus that, as a fraction.
    """

    store_id: int | None
    store_key: str | None
    store_name: str
    theme_id: str
    name: Wording
    kind: Literal["mentions", "complaints"]
    part: int
    whole: int
    newest: int
    before: float
    weeks: int
    difference: Estimate
    sentence: Wording

    @property
    def rises(self) -> bool:
        """Whether it became more."""
        return (self.difference.value or 0.0) > 0


@dataclass(frozen=True, slots=True)
class StillNeeded:
    """So many `responses` more, and the window's NPS is known to plus or minus `precision` points; 0: it is already."""

    precision: int
    responses: int


@dataclass(frozen=True, slots=True)
class Report:
    """One week's report for one scope.

    `responses`: all of the week; `window`: weeks that the pooled figures cover, ending with `week`;
    `more_needed`: about how many answers are missing for a firm figure even over 26 weeks (0: none);
    `smallest_change`: in points, what two windows of this size can tell from chance.
    """

    week: str
    window: int
    revision: int
    scope: Scope
    responses: int
    window_responses: int
    with_text: int
    more_needed: int
    nps: NpsResult
    change: Estimate
    smallest_change: float | None
    weeks: tuple[WeekFigure, ...]
    themes: tuple[ReportTheme, ...]
    improvements: tuple[ReportImprovement, ...]
    stores: tuple[StoreFigure, ...]
    other_share: float | None
    none_answers: int
    opinions: int
    impact_window: int | None
    provenance: Mapping[str, object]
    improvements_window: int = 1
    """Weeks that `improvements` covers, ending with `week`: enough complaints to tell an order, `window` at least."""
    stores_window: int = 1
    """Weeks that `stores` covers, ending with `week`: enough for an interval in most stores, `window` at least."""
    visits: ReportVisits | None = None
    """None where no answer names a number of visits."""
    still_needed: StillNeeded | None = None
    """None where nobody gave a score."""
    at_level: tuple[tuple[str, Wording], ...] = ()
    """Themes that surely go with lower scores but are at the level that `improvements` compare with, so not ranked."""
    alerts: tuple[ReportAlert, ...] = ()
    """What rose or fell beyond chance in the newest two weeks, the surest first."""
