"""Stored results -> Report: what the page, the print, the mail and the files share.

Only stored counts are read, so a report costs milliseconds; nothing of it is stored a second time.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from analysis import records
from analysis.figures.nps import change, more_needed, nps, smallest_change
from analysis.figures.priorities import at_level
from analysis.results import NpsResult
from feedback.config import Config
from feedback.errors import NothingAnalysedError
from feedback.improvements import efforts
from feedback.report.improvements import priority_inputs, ranked_improvements
from feedback.report.material import Material, read_material
from feedback.report.stores import store_figures
from feedback.report.themes import report_themes
from feedback.results import Report, ReportVisits, Scope, StillNeeded, WeekFigure
from feedback.scopes import CHAIN
from surveys.weeks import first_day


def build_report(session: Session, config: Config, week: str, scope: Scope = CHAIN) -> Report:
    """Put the report of one analysed week together, for the chain, an area or a store.

    Errors: `WeekNotAnalysedError` when the week has no finished analysis, `InputError` when it is no week.
    """
    first_day(week)
    material = read_material(session, config, week, scope)
    return report_of(material, config, efforts(session, material.counts.stores))


def newest_week(session: Session) -> str:
    """Return the newest analysed week. Error: `NothingAnalysedError` when there is none yet."""
    week = records.latest_week(session)
    if week is None:
        raise NothingAnalysedError
    return week


def report_of(material: Material, config: Config, efforts: Mapping[str, int] | None = None) -> Report:
    """Put a report together from its material."""
    period = material.period
    now, before = period.now.answers, period.before.answers
    figures, inputs = nps(now.histogram), priority_inputs(material, efforts)
    return Report(
        week=material.week,
        window=len(period.weeks),
        revision=material.run.revision,
        scope=material.counts.scope,
        responses=material.counts.answers_by_week([material.week])[0].responses,
        window_responses=now.responses,
        with_text=now.with_text,
        more_needed=material.missing,
        nps=figures,
        change=change(nps(before.histogram), figures),
        smallest_change=smallest_change(figures),
        still_needed=_still_needed(figures, config.feedback.precision),
        weeks=_weekly_figures(material),
        alerts=material.alerts,
        themes=report_themes(material),
        improvements=ranked_improvements(inputs, material, config.analysis.seed),
        at_level=tuple((item.theme_id, item.name) for item in at_level(inputs)),
        stores=store_figures(material),
        other_share=_other_share(material),
        none_answers=now.none_answers,
        opinions=now.opinions,
        impact_window=material.run.impact_window,
        provenance=material.run.provenance,
        improvements_window=len(material.complaints.weeks),
        stores_window=len(material.stores_weeks),
        visits=_visits(material),
    )


def _still_needed(figures: NpsResult, precision: int) -> StillNeeded | None:
    return StillNeeded(precision, more_needed(figures, precision)) if figures.n else None


def _visits(material: Material) -> ReportVisits | None:
    found = material.visits
    if found is None:
        return None
    return ReportVisits(
        window=found.weeks,
        responses=found.responses,
        repeat_rate=found.repeat_rate,
        groups=found.groups,
        first=found.first,
        repeat=found.repeat,
        change=found.change,
        themes=tuple((material.themes[each.theme_id].name, each) for each in found.themes),
    )


def _weekly_figures(material: Material) -> tuple[WeekFigure, ...]:
    answers = zip(material.weeks, material.counts.answers_by_week(material.weeks), strict=True)
    return tuple(WeekFigure(week, totals.responses, nps(totals.histogram).estimate) for week, totals in answers)


def _other_share(material: Material) -> float | None:
    """Compute the share of opinions without any theme that this week may show; None without an opinion.

    The stored count holds each mention of a theme that was once new, and those that the week knows are taken off.
    """
    now = material.period.now
    later = sum(
        totals.opinions
        for theme_id, totals in now.themes.items()
        if theme_id in material.themes and material.themes[theme_id].since is not None
    )
    # between a correction and the next analysis the counts still follow the themes as they were
    return max(0, now.answers.unexplained - later) / now.answers.opinions if now.answers.opinions else None
