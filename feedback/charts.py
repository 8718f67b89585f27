"""Small SVG figures for pages, print and mail: shapes here, colours in report.css, words beside them as text.

Every figure is an image with one sentence as its text alternative; the same numbers stand next to it in a table, so
nothing is said by a drawing alone. Sizes are in the units of each figure's own view box.
"""

from collections.abc import Callable, Sequence
from math import ceil, floor

from markupsafe import Markup

from analysis.results import Estimate, NpsResult
from feedback.results import WeekFigure
from feedback.wording import points

_DETRACTORS_BELOW = 7
_PROMOTERS_FROM = 9


def score_group(score: int) -> str:
    """Name the group of a score from 0 to 10: detractor, passive or promoter."""
    if score < _DETRACTORS_BELOW:
        return "detractor"
    return "promoter" if score >= _PROMOTERS_FROM else "passive"


def distribution(histogram: Sequence[int], label: str) -> Markup:
    """Draw eleven columns, score 0 to score 10, each with its count above and its score below."""
    step, base, tallest = 32, 132, 100
    most = max(*histogram, 1)
    columns = Markup("").join(
        Markup(
            '<rect class="bar {group}" x="{x}" y="{top}" width="26" height="{height}" rx="2"/>'
            '<text class="count" x="{middle}" y="{above}">{count}</text>'
            '<text class="tick" x="{middle}" y="{below}">{score}</text>'
        ).format(
            group=score_group(score),
            x=score * step + 3,
            top=base - _share(count, most, tallest),
            height=_share(count, most, tallest),
            middle=score * step + 16,
            above=base - _share(count, most, tallest) - 5,
            below=base + 16,
            count=f"{count:,}",
            score=score,
        )
        for score, count in enumerate(histogram)
    )
    axis = Markup('<path class="axis" d="M0 {base}H352"/>').format(base=base)
    return _figure("distribution", (352, 156), label, columns + axis)


def groups(nps: NpsResult, label: str) -> Markup:
    """Draw one bar of detractors, passives and promoters, as shares of those with a score."""
    parts = (("detractor", nps.detractors), ("passive", nps.passives), ("promoter", nps.promoters))
    return stacked(parts, label)


def stacked(parts: Sequence[tuple[str, int]], label: str) -> Markup:
    """Draw one bar cut into named parts (class, count), 100 units wide."""
    total = sum(count for _, count in parts)
    at, drawn = 0.0, Markup("")
    for name, count in parts:
        width = 100 * count / total if total else 0
        drawn += Markup('<rect class="part {}" x="{}" y="0" width="{}" height="10"/>').format(
            name, _number(at), _number(width)
        )
        at += width
    return _figure("stacked", (100, 10), label, drawn, stretch=True)


def whisker(estimate: Estimate, low: float, high: float, label: str) -> Markup:
    """Draw a figure as a dot on a scale from `low` to `high`, with its interval as a line and zero marked."""
    width = 160

    def place(value: float) -> str:
        return _number(4 + (width - 8) * (min(max(value, low), high) - low) / ((high - low) or 1))

    drawn = Markup('<path class="track" d="M4 10H{}"/>').format(width - 4)
    if low <= 0 <= high:
        drawn += Markup('<path class="zero" d="M{x} 2V18"/>').format(x=place(0))
    if estimate.low is not None and estimate.high is not None:
        side = "sure-down" if estimate.high < 0 else "sure-up" if estimate.low > 0 else "unsure"
        drawn += Markup('<path class="interval {}" d="M{} 10H{}"/>').format(
            side, place(estimate.low), place(estimate.high)
        )
    if estimate.value is not None:
        drawn += Markup('<circle class="dot" cx="{}" cy="10" r="4"/>').format(place(estimate.value))
    return _figure("whisker", (width, 20), label, drawn)


def spark(shares: Sequence[float | None], label: str) -> Markup:
    """Draw a share over the weeks as a small line from zero up; weeks without a share are gaps."""
    width, height = 96, 24
    most = max((share for share in shares if share is not None), default=0) or 1
    step = (width - 6) / max(len(shares) - 1, 1)
    placed = [
        None if share is None else (3 + week * step, height - 3 - (height - 6) * share / most)
        for week, share in enumerate(shares)
    ]
    drawn = Markup('<path class="line" d="{}"/>').format(_path(placed))
    if placed and placed[-1]:
        drawn += Markup('<circle class="dot" cx="{}" cy="{}" r="2.5"/>').format(*map(_number, placed[-1]))
    return _figure("spark", (width, height), label, drawn)


def trend(weeks: Sequence[WeekFigure], labels: Sequence[str], label: str) -> Markup:
    """Draw the NPS of each week with its interval. `labels` stand under the weeks; empty ones are left out."""
    low, high = _scale(weeks)
    left, top, width, height = 34.0, 10.0, 318.0, 140.0
    step = width / max(len(weeks) - 1, 1)

    def x(week: int) -> float:
        return left + 6 + (width - 12) / width * step * week

    def y(value: float) -> float:
        return top + height * (high - value) / (high - low)

    drawn = Markup("").join(
        Markup('<path class="{}" d="M{} {}H352"/><text class="tick end" x="28" y="{}">{}</text>').format(
            "zero" if value == 0 else "grid", left, _number(y(value)), _number(y(value) + 4), points(value)
        )
        for value in _ticks(low, high)
    )
    for week, figure in enumerate(weeks):
        drawn += _week_mark(figure, x(week), y)
    line = [None if figure.nps.value is None else (x(week), y(figure.nps.value)) for week, figure in enumerate(weeks)]
    drawn += Markup('<path class="line" d="{}"/>').format(_path(line))
    drawn += Markup("").join(
        Markup('<text class="tick" x="{}" y="168">{}</text>').format(_number(x(week)), text)
        for week, text in enumerate(labels)
        if text
    )
    return _figure("trend", (360, 176), label, drawn)


def _week_mark(figure: WeekFigure, x: float, y: Callable[[float], float]) -> Markup:
    if figure.nps.value is None:
        return Markup("")
    mark = Markup("")
    if figure.nps.low is not None and figure.nps.high is not None:
        mark = Markup('<path class="interval" d="M{x} {low}V{high}"/>').format(
            x=_number(x), low=_number(y(figure.nps.low)), high=_number(y(figure.nps.high))
        )
    kind = "dot" if mark else "dot few"
    return mark + Markup('<circle class="{}" cx="{}" cy="{}" r="2.8"/>').format(
        kind, _number(x), _number(y(figure.nps.value))
    )


def _scale(weeks: Sequence[WeekFigure]) -> tuple[float, float]:
    """Return round bounds that hold every figure and interval, and zero."""
    seen = [
        value for figure in weeks for value in (figure.nps.value, figure.nps.low, figure.nps.high) if value is not None
    ]
    return floor(min([*seen, -10]) / 10) * 10.0, ceil(max([*seen, 10]) / 10) * 10.0


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


def _share(count: int, most: int, tallest: int) -> int:
    """Return a height; something seen is never drawn as nothing."""
    return max(round(tallest * count / most), 1) if count else 0


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _figure(name: str, size: tuple[int, int], label: str, drawn: Markup, *, stretch: bool = False) -> Markup:
    return Markup('<svg class="figure {}" viewBox="0 0 {} {}" role="img" aria-label="{}"{}>{}</svg>').format(
        name, *size, label, Markup(' preserveAspectRatio="none"') if stretch else "", drawn
    )
