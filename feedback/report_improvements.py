"""The ranked improvements of a report."""

from collections.abc import Sequence

from analysis.priorities import PriorityInput, best_quarter_share, rank
from analysis.results import Improvement
from feedback.report_counts import NO_MENTIONS, answers_by, mentions_by
from feedback.report_material import Material
from feedback.results import ReportImprovement, ReportTheme


def ranked_improvements(material: Material, themes: Sequence[ReportTheme], seed: int) -> tuple[ReportImprovement, ...]:
    """Rank what is worth improving by the complaints in the span.

    Left out are general themes, which say nothing that can be done, and themes for which the run found no impact.
    """
    levels = _best_quarters(material)
    inputs = [
        _input(material, theme, levels.get(theme.id))
        for theme in themes
        if theme.id in material.impacts and not material.themes[theme.id].general
    ]
    return tuple(_item(material, item) for item in rank(inputs, seed))


def _input(material: Material, theme: ReportTheme, best_quarter: float | None) -> PriorityInput:
    return PriorityInput(
        theme_id=theme.id,
        name=theme.name,
        impact=material.impacts[theme.id],
        responses_negative=material.now.theme(theme.id).responses_negative,
        responses=material.now.answers.responses,
        best_quarter=best_quarter,
        requests=theme.requests,
        trend=theme.trend,
    )


def _item(material: Material, item: Improvement) -> ReportImprovement:
    theme = material.themes[item.theme_id]
    return ReportImprovement(
        rank=item.rank,
        rank_low=item.rank_low,
        rank_high=item.rank_high,
        theme_id=item.theme_id,
        name=theme.name,
        reason=item.reason,
        advice=theme.advice,
        gain=item.gain,
        request_quotes=material.requests.get(item.theme_id, ()),
    )


def _best_quarters(material: Material) -> dict[str, float | None]:
    """Find, for each theme, the share of responses with a complaint that the best quarter of all stores stays under.

    Over the longest window and the whole chain: a level to compare with must not rest on a quiet week.
    """
    counts, weeks = material.counts, material.longest
    answers = answers_by((row for row in counts.answers if row.week in weeks), lambda row: row.store_id)
    mentions = mentions_by(
        (row for row in counts.mentions if row.week in weeks), lambda row: (row.theme_id, row.store_id)
    )
    return {
        theme_id: best_quarter_share(
            [
                (mentions.get((theme_id, store), NO_MENTIONS).responses_negative, totals.responses)
                for store, totals in answers.items()
            ]
        )
        for theme_id in material.themes
    }
