"""The ranked improvements of a report."""


from analysis.priorities import PriorityInput, best_quarter_share, rank
from analysis.results import Improvement, Theme
from feedback.report_counts import NO_MENTIONS, answers_by, mentions_by
from feedback.report_material import Material
from feedback.results import ReportImprovement


def ranked_improvements(material: Material, seed: int) -> tuple[ReportImprovement, ...]:
    """Rank what is worth improving by the complaints of `material.complaints`.

    Left out are general themes, which say nothing that can be done, and themes for which the run found no impact.
    """
    levels = _best_quarters(material)
    inputs = [
        _input(material, theme, levels.get(theme_id))
        for theme_id, theme in material.themes.items()
        if theme_id in material.impacts and theme_id in material.complaints.now.themes and not theme.general
    ]
    return tuple(_item(material, item) for item in rank(inputs, seed))


def _input(material: Material, theme: Theme, best_quarter: float | None) -> PriorityInput:
    now = material.complaints.now
    return PriorityInput(
        theme_id=theme.id,
        name=theme.name,
        impact=material.impacts[theme.id],
        responses_negative=now.theme(theme.id).responses_negative,
        responses=now.answers.responses,
        best_quarter=best_quarter,
        requests=now.theme(theme.id).requests,
        trend=material.complaints.trend(theme.id),
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
