"""The ranked improvements of a report."""

from collections.abc import Mapping, Sequence

from analysis.figures.priorities import NO_COMPLAINTS, Level, PriorityInput, rank
from analysis.results import Improvement, Theme
from feedback.report.material import Material
from feedback.results import ReportImprovement, ReportQuote


def ranked_improvements(
    inputs: Sequence[PriorityInput], material: Material, seed: int
) -> tuple[ReportImprovement, ...]:
    """Rank what is worth improving, with the wishes of customers and advice."""
    shown: set[ReportQuote] = set()
    return tuple(_item(material, item, shown) for item in rank(inputs, seed))


def priority_inputs(material: Material, efforts: Mapping[str, int] | None = None) -> list[PriorityInput]:
    """Gather what ranks the themes, by the complaints of `material.complaints`.

    `efforts`: what staff think that a theme takes, 1 to 5, by theme id; it stands beside the item and weighs nothing.

    Left out are general themes, which say nothing that can be done, themes for which the run found no impact, and those
    that staff hid.
    """
    return [
        _input(material, theme, material.levels.get(theme_id, NO_COMPLAINTS), (efforts or {}).get(theme_id))
        for theme_id, theme in material.themes.items()
        if theme_id in material.impacts and theme_id in material.complaints.now.themes
        if not theme.general and not theme.hidden
    ]


def _input(material: Material, theme: Theme, level: Level, effort: int | None) -> PriorityInput:
    now = material.complaints.now
    return PriorityInput(
        theme_id=theme.id,
        name=theme.name,
        impact=material.impacts[theme.id],
        responses_negative=now.theme(theme.id).responses_negative,
        responses=now.answers.responses,
        level=level,
        requests=now.theme(theme.id).requests,
        trend=material.complaints.trend(theme.id),
        effort=effort,
    )


def _item(material: Material, item: Improvement, shown: set[ReportQuote]) -> ReportImprovement:
    """Describe one item; a wish that stands under a higher one already is not repeated (`shown` grows)."""
    theme = material.themes[item.theme_id]
    fresh = [quote for quote in material.requests.get(item.theme_id, ()) if quote not in shown]
    wishes = tuple(fresh[: material.quotes_wanted])
    shown.update(wishes)
    return ReportImprovement(
        rank=item.rank,
        rank_low=item.rank_low,
        rank_high=item.rank_high,
        theme_id=item.theme_id,
        name=theme.name,
        reason=item.reason,
        advice=theme.advice,
        gain=item.gain,
        requests=item.requests,
        request_quotes=wishes,
        reach=item.reach,
        level=item.level,
        trend=item.trend,
        tied=item.tied,
        effort=item.effort,
    )
