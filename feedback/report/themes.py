"""The themes of a report: how often they are mentioned, how, and what goes with them."""

from collections.abc import Iterable
from math import hypot

from analysis.figures.trends import share
from analysis.results import Estimate, ThemeImpact, Wording
from analysis.totals import NO_MENTIONS, ThemeTotals
from feedback.report.counts import AnswerTotals
from feedback.report.material import Material
from feedback.results import ReportSide, ReportTheme, ThemeNews

_UNKNOWN = Estimate(None)


def report_themes(material: Material) -> tuple[ReportTheme, ...]:
    """Describe every theme that was mentioned in the period, the one in most responses first, then by id.

    Those that staff hid are left out; what they explain stays explained.
    """
    weekly = _weekly_shares(material)
    now = material.period.now
    found = [
        ReportTheme(
            id=theme_id,
            name=theme.name,
            group=theme.group,
            origin=theme.origin,
            opinions=totals.opinions,
            share=share(totals.responses, now.answers.with_text),
            positive=totals.positive,
            negative=totals.negative,
            requests=totals.requests,
            impact=_impact(material, theme_id),
            trend=material.period.trend(theme_id),
            weekly_share=weekly[theme_id],
            quotes=material.quotes.get(theme_id, ()),
            news=_news(material, theme_id),
            **_sides(material.impacts.get(theme_id)),
            inseparable=_inseparable(material, theme_id),
        )
        for theme_id, theme in material.themes.items()
        if (totals := now.themes.get(theme_id)) is not None and not theme.hidden
    ]
    return tuple(sorted(found, key=lambda theme: (-now.theme(theme.id).responses, theme.id)))


def _sides(found: ThemeImpact | None) -> dict[str, ReportSide]:
    if found is None or not found.responses:
        return {}
    reach = found.mentions_negative / found.responses, found.mentions_positive / found.responses
    return {
        "complaints": ReportSide(reach[0], found.left_out_negative, found.negative),
        "praise": ReportSide(reach[1], found.left_out_positive, found.positive),
    }


def _inseparable(material: Material, theme_id: str) -> tuple[tuple[str, Wording], ...]:
    found = material.impacts.get(theme_id)
    return () if found is None else _named(material, found.inseparable)


def _impact(material: Material, theme_id: str) -> Estimate:
    found = material.impacts.get(theme_id)
    if found is None:
        return _UNKNOWN
    if material.counts.scope.is_chain:
        return found.impact
    return scaled_impact(found, material.period.now.theme(theme_id), material.period.now.answers)


def scaled_impact(found: ThemeImpact, totals: ThemeTotals, answers: AnswerTotals) -> Estimate:
    """Compute the NPS points that go with a theme in a part of the chain.

    What goes with one mention is taken from the whole chain, since a store alone has too few answers to tell; how often
    it is mentioned from the part itself. The errors of both sides are taken as independent. Where the chain's impact
    can't be told from other themes', the part's can't either.
    """
    if found.impact.value is None:
        return _UNKNOWN
    whole = max(1, answers.responses)
    sides = [
        (totals.responses_negative / whole, found.negative),
        (totals.responses_positive / whole, found.positive),
    ]
    known = [
        (part, each.value, each.low, each.high)
        for part, each in sides
        if each.value is not None and each.low is not None and each.high is not None
    ]
    if not known:
        return _UNKNOWN
    value = sum(part * points for part, points, _, _ in known)
    below = hypot(*(part * (points - low) for part, points, low, _ in known))
    above = hypot(*(part * (high - points) for part, points, _, high in known))
    return Estimate(value, value - below, value + above)


def _news(material: Material, theme_id: str) -> ThemeNews | None:
    """Find what became of a theme at this week's fit; what it took in is told before that it is new."""
    mine = {event.kind: event for event in material.lineage if event.theme_id == theme_id}
    taken_in = [event.theme_id for event in material.lineage if event.kind == "merged" and event.other_id == theme_id]
    if taken_in:
        return ThemeNews("merged", _named(material, taken_in))
    if "split" in mine:
        return ThemeNews("split", _named(material, [mine["split"].other_id or ""]))
    return ThemeNews("new") if "new" in mine else None


def _named(material: Material, theme_ids: Iterable[str]) -> tuple[tuple[str, Wording], ...]:
    return tuple((each, material.themes[each].name) for each in sorted(theme_ids) if each in material.themes)


def _weekly_shares(material: Material) -> dict[str, tuple[float | None, ...]]:
    """Compute the share of every theme in every week of the trend; None where nobody wrote."""
    weeks, mentions = material.weeks, material.counts.mentions
    wrote = [totals.with_text for totals in material.counts.answers_by_week(weeks)]
    return {
        theme_id: tuple(
            mentions.get((week, theme_id), NO_MENTIONS).responses / whole if whole else None
            for week, whole in zip(weeks, wrote, strict=True)
        )
        for theme_id in material.themes
    }
