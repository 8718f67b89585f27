"""Small SVG figures for pages, print and mail: shapes here, colours in report.css, words beside them as text.

Every figure is an image with one sentence as its text alternative; the same numbers stand next to it in a table, so
nothing is said by a drawing alone. Sizes are in the units of each figure's own view box.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from markupsafe import Markup, escape

from analysis.results import Estimate, NpsResult
from feedback.pilots.results import GroupWeek
from feedback.results import WeekFigure
from feedback.wording import points

_DETRACTORS_BELOW = 7
_PROMOTERS_FROM = 9
_RIGHT = 352
"""Where the lines of a grid end."""


def score_group(score: int) -> str:
    """Name the group of a score from 0 to 10: detractor, passive or promoter."""
    if score < _DETRACTORS_BELOW:
        return "detractor"
    return "promoter" if score >= _PROMOTERS_FROM else "passive"


def distribution(histogram: Sequence[int], label: str) -> Markup:
    """Draw eleven columns, score 0 to score 10, each with its count above and its score below."""
    most = max(*histogram, 1)
    columns = [_column(score, count, _height(count, most)) for score, count in enumerate(histogram)]
    return _figure("distribution", (352, 156), label, [*columns, f'<path class="axis" d="M0 {_BASE}H352"/>'])


def _column(score: int, count: int, height: int) -> str:
    left, top = score * 32 + 3, _BASE - height
    return (
        f'<rect class="bar {score_group(score)}" x="{left}" y="{top}" width="26" height="{height}" rx="2"/>'
        f'<text class="count" x="{left + 13}" y="{top - 5}">{count:,}</text>'
        f'<text class="tick" x="{left + 13}" y="{_BASE + 16}">{score}</text>'
    )


def _height(count: int, most: int) -> int:
    """Return a height; something seen is never drawn as nothing."""
    return max(round(100 * count / most), 1) if count else 0


_BASE = 132


def groups(nps: NpsResult, label: str) -> Markup:
    """Draw one bar of detractors, passives and promoters, as shares of those with a score."""
    parts = (("detractor", nps.detractors), ("passive", nps.passives), ("promoter", nps.promoters))
    return stacked(parts, label)


def stacked(parts: Sequence[tuple[str, int]], label: str) -> Markup:
    """Draw one bar cut into named parts (class, count), 100 units wide. The names are ours, never a customer's."""
    total = sum(count for _, count in parts)
    at, drawn = 0.0, []
    for name, count in parts:
        width = 100 * count / total if total else 0
        drawn.append(f'<rect class="part {name}" x="{_number(at)}" y="0" width="{_number(width)}" height="10"/>')
        at += width
    return _figure("stacked", (100, 10), label, drawn, stretch=True)


def whisker(estimate: Estimate, low: float, high: float, label: str) -> Markup:
    """Draw a figure as a dot on a scale from `low` to `high`, with its interval as a line and zero marked."""

    def place(value: float) -> str:
        return _number(4 + 152 * (min(max(value, low), high) - low) / ((high - low) or 1))

    drawn = ['<path class="track" d="M4 10H156"/>']
    if low <= 0 <= high:
        drawn.append(f'<path class="zero" d="M{place(0)} 2V18"/>')
    if estimate.low is not None and estimate.high is not None:
        side = "sure-down" if estimate.high < 0 else "sure-up" if estimate.low > 0 else "unsure"
        drawn.append(f'<path class="interval {side}" d="M{place(estimate.low)} 10H{place(estimate.high)}"/>')
    if estimate.value is not None:
        drawn.append(f'<circle class="dot" cx="{place(estimate.value)}" cy="10" r="4"/>')
    return _figure("whisker", (160, 20), label, drawn)


def spark(shares: Sequence[float | None], label: str) -> Markup:
    """Draw a share over the weeks as a small line from zero up; weeks without a share are gaps."""
    most = max((share for share in shares if share is not None), default=0) or 1
    step = 90 / max(len(shares) - 1, 1)
    placed = [None if share is None else (3 + week * step, 21 - 18 * share / most) for week, share in enumerate(shares)]
    drawn = [f'<path class="line" d="{_path(placed)}"/>']
    if placed and placed[-1]:
        drawn.append(_dot("dot", placed[-1], 2.5))
    return _figure("spark", (96, 24), label, drawn)


def trend(weeks: Sequence[WeekFigure], labels: Sequence[str], label: str) -> Markup:
    """Draw the NPS of each week with its interval. `labels` stand under the weeks; empty ones are left out."""
    scale = _Scale.of([figure.nps for figure in weeks])
    line = [
        None if figure.nps.value is None else (scale.x(week), scale.y(figure.nps.value))
        for week, figure in enumerate(weeks)
    ]
    drawn = [
        *scale.grid(),
        *(_week_mark(figure, scale.x(week), scale.y) for week, figure in enumerate(weeks)),
        f'<path class="line" d="{_path(line)}"/>',
        *scale.labels(labels),
    ]
    return _figure("trend", (360, 176), label, drawn)


def two_groups(
    weeks: Sequence[GroupWeek], labels: Sequence[str], start: tuple[str, str], label: str, *, in_percent: bool = False
) -> Markup:
    """Draw the stores that try and those they are compared with, each a line in its band, and the time of trying.

    `start`: the first week of it, and the word that stands there; `in_percent`: shares, drawn from zero up.
    """
    groups = (("others", [week.others for week in weeks]), ("trying", [week.trying for week in weeks]))
    figures = [figure for _, each in groups for figure in each]
    scale = _Scale.of_shares(figures, len(weeks)) if in_percent else _Scale.of(figures, len(weeks))
    begun = next((place for place, week in enumerate(weeks) if week.week >= start[0]), None)
    drawn = [*scale.grid(), *(part for name, each in groups for part in _line_in_band(name, each, scale))]
    if begun is not None:
        left = (scale.x(max(begun - 1, 0)) + scale.x(begun)) / 2
        at, width = _number(left), _number(_RIGHT - left)
        drawn.insert(0, f'<rect class="during" x="{at}" y="10" width="{width}" height="140"/>')
        drawn.append(f'<path class="start" d="M{at} 0V152"/>')
        drawn.append(f'<text class="start-word" x="{at}" dx="3" y="7">{escape(start[1])}</text>')
    return _figure("two-groups", (360, 176), label, [*drawn, *scale.labels(labels)])


def shares(mentions: Sequence[Estimate], complaints: Sequence[Estimate], labels: Sequence[str], label: str) -> Markup:
    """Draw by week which share mentions a theme and which complains of it, each a line in its band, in per cent."""
    return _lines_of_shares("shares", [("mentions", mentions), ("complaints", complaints)], labels, label)


def returned(classes: Sequence[tuple[str, Sequence[Estimate]]], labels: Sequence[str], label: str) -> Markup:
    """Draw which share of each class has come back by then, each a line in its band, from nobody on the first day."""
    groups = [(f"of-{name}", [Estimate(0, 0, 0), *found]) for name, found in classes]
    return _lines_of_shares("shares returned", groups, labels, label)


def _lines_of_shares(
    figure: str, named: Sequence[tuple[str, Sequence[Estimate]]], labels: Sequence[str], label: str
) -> Markup:
    groups = [(name, [_in_percent(each) for each in found]) for name, found in named]
    scale = _Scale.of_shares([each for _, figures in groups for each in figures], len(groups[0][1]))
    drawn = [part for name, figures in groups for part in _line_in_band(name, figures, scale)]
    return _figure(figure, (360, 176), label, [*scale.grid(), *drawn, *scale.labels(labels)])


def _in_percent(share: Estimate) -> Estimate:
    return Estimate(*(None if each is None else 100 * each for each in (share.value, share.low, share.high)))


def _line_in_band(name: str, figures: Sequence[Estimate], scale: "_Scale") -> list[str]:
    line = [None if each.value is None else (scale.x(at), scale.y(each.value)) for at, each in enumerate(figures)]
    bands = [f'<path class="band {name}" d="{band}"/>' for band in _bands(figures, scale)]
    return [*bands, f'<path class="line {name}" d="{_path(line)}"/>', *_alone(name, line)]


def _bands(figures: Sequence[Estimate], scale: "_Scale") -> list[str]:
    """Return the outlines of the intervals; a week without one parts them."""
    found: list[list[tuple[float, float, float]]] = [[]]
    for at, each in enumerate(figures):
        if each.low is None or each.high is None:
            found.append([])
        else:
            found[-1].append((scale.x(at), scale.y(each.low), scale.y(each.high)))
    return [
        _path([*((x, high) for x, _, high in part), *((x, low) for x, low, _ in reversed(part))]) + "Z"
        for part in found
        if len(part) > 1
    ]


def _alone(name: str, line: Sequence[tuple[float, float] | None]) -> list[str]:
    """Draw weeks with neither a week before nor one after as dots: no line shows them."""
    padded = [None, *line, None]
    return [
        _dot(f"dot {name}", place, 2.8)
        for before, place, after in zip(padded, padded[1:], padded[2:], strict=False)
        if place and not before and not after
    ]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where weeks and values stand in a figure over time; `low` and `high` are round."""

    weeks: int
    low: float
    high: float
    written: Callable[[float], str] = points

    @classmethod
    def of(cls, figures: Sequence[Estimate], weeks: int | None = None) -> "_Scale":
        """Hold every figure and interval, and zero."""
        seen = [value for each in figures for value in (each.value, each.low, each.high) if value is not None]
        low, high = floor(min([*seen, -10]) / 10) * 10.0, ceil(max([*seen, 10]) / 10) * 10.0
        return cls(len(figures) if weeks is None else weeks, low, high)

    @classmethod
    def of_shares(cls, figures: Sequence[Estimate], weeks: int) -> "_Scale":
        """Hold every figure and interval in per cent, from zero up."""
        seen = [value for each in figures for value in (each.value, each.high) if value is not None]
        return cls(weeks, 0.0, ceil(max([*seen, 10]) / 10) * 10.0, lambda value: f"{value:.0f}%")

    def x(self, week: int) -> float:
        return 40 + 306 * week / max(self.weeks - 1, 1)

    def y(self, value: float) -> float:
        return 10 + 140 * (self.high - value) / (self.high - self.low)

    def grid(self) -> list[str]:
        return [_grid_line(self.y(value), self.written(value), zero=not value) for value in _ticks(self.low, self.high)]

    def labels(self, labels: Sequence[str]) -> list[str]:
        return [
            f'<text class="tick" x="{_number(self.x(week))}" y="168">{escape(text)}</text>'
            for week, text in enumerate(labels)
            if text
        ]


def _grid_line(y: float, written: str, *, zero: bool) -> str:
    kind = "zero" if zero else "grid"
    text = f'<text class="tick end" x="28" y="{_number(y + 4)}">{written}</text>'
    return f'<path class="{kind}" d="M34 {_number(y)}H{_RIGHT}"/>{text}'


def _week_mark(figure: WeekFigure, x: float, y: Callable[[float], float]) -> str:
    value, low, high = figure.nps.value, figure.nps.low, figure.nps.high
    if value is None:
        return ""
    if low is None or high is None:
        return _dot("dot few", (x, y(value)), 2.8)
    interval = f'<path class="interval" d="M{_number(x)} {_number(y(low))}V{_number(y(high))}"/>'
    return interval + _dot("dot", (x, y(value)), 2.8)


def _dot(kind: str, place: tuple[float, float], radius: float) -> str:
    return f'<circle class="{kind}" cx="{_number(place[0])}" cy="{_number(place[1])}" r="{radius}"/>'


def _ticks(low: float, high: float) -> list[float]:
    step = next(step for step in (10, 20, 50) if (high - low) / step <= _MOST_TICKS or step == _WIDEST_TICK)
    return [float(value) for value in range(ceil(low / step) * step, int(high) + 1, step)]


_MOST_TICKS = 6
_WIDEST_TICK = 50


def _path(places: Sequence[tuple[float, float] | None]) -> str:
    """Join places by lines; a missing one breaks the line."""
    parts, pen = [], "M"
    for place in places:
        if place is None:
            pen = "M"
            continue
        parts.append(f"{pen}{_number(place[0])} {_number(place[1])}")
        pen = "L"
    return "".join(parts)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _figure(name: str, size: tuple[int, int], label: str, drawn: Iterable[str], *, stretch: bool = False) -> Markup:
    shape = f'viewBox="0 0 {size[0]} {size[1]}"' + (' preserveAspectRatio="none"' if stretch else "")
    start = f'<svg class="figure {name}" {shape} role="img" aria-label="{escape(label)}">'
    # `drawn` is made here, of numbers and names of ours; every text was escaped where it was put in
    return Markup(f"{start}{''.join(drawn)}</svg>")  # noqa: S704
