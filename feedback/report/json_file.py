"""A report as a file: JSON for programs (a contract, see docs/data.md) and plain text for a mail or a terminal."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from analysis.figures.comparison import ThemeComparison
from analysis.results import Estimate, NpsResult, Wording
from analysis.visits import VisitGroup
from feedback.results import (
    Report,
    ReportAlert,
    ReportImprovement,
    ReportQuote,
    ReportSide,
    ReportTheme,
    ReportVisits,
    StoreFigure,
    ThemeNews,
)
from surveys.texts import pick


def to_json(report: Report, language: str = "ja") -> bytes:
    """Write a report as JSON in UTF-8: absent is null, never NaN; the same report gives the same bytes."""
    text = json.dumps(to_dict(report, language), ensure_ascii=False, allow_nan=False, indent=2)
    return text.encode() + b"\n"


def to_dict(report: Report, language: str = "ja") -> dict[str, Any]:
    """Return the keys and values of a report's JSON, in the order of the contract."""
    nps = report.nps
    return {
        "week": report.week,
        "window": report.window,
        "revision": report.revision,
        "responses": report.responses,
        "nps": asdict(nps.estimate)
        | {"n": nps.n, "promoters": nps.promoters, "passives": nps.passives, "detractors": nps.detractors},
        "change": asdict(report.change),
        "themes": [_theme(theme, language) for theme in report.themes],
        "improvements": [_improvement(item, language) for item in report.improvements],
        "other_share": report.other_share,
        "none_answers": report.none_answers,
        "provenance": _provenance(report),
        "smallest_change": report.smallest_change,
        "stores": [_store(store) for store in report.stores],
        "visits": _visits(report.visits, language),
        "alerts": [_alert(alert, language) for alert in report.alerts],
        "at_level": _themes(report.at_level, language),
        "still_needed": asdict(report.still_needed) if report.still_needed else None,
    }


def _alert(alert: ReportAlert, language: str) -> dict[str, Any]:
    return {
        "store": alert.store_key,
        "theme_id": alert.theme_id,
        "name": pick(alert.name, language),
        "kind": alert.kind,
        "responses": alert.part,
        "of": alert.whole,
        "before": alert.before,
        "weeks_before": alert.weeks,
        "difference": asdict(alert.difference),
        "sentence": pick(alert.sentence, language),
    }


def _visits(visits: ReportVisits | None, language: str) -> dict[str, Any] | None:
    if visits is None:
        return None
    return {
        "window": visits.window,
        "responses": visits.responses,
        "repeat_rate": asdict(visits.repeat_rate),
        "groups": [_visit_group(group, language) for group in visits.groups],
        "first": _nps(visits.first),
        "repeat": _nps(visits.repeat),
        "change": asdict(visits.change),
        "themes": [_visit_theme(name, each, language) for name, each in visits.themes],
    }


def _visit_group(group: VisitGroup, language: str) -> dict[str, Any]:
    return {
        "key": group.key,
        "name": pick(group.name, language),
        "responses": group.responses,
        "share": asdict(group.share),
        "nps": _nps(group.nps),
    }


def _visit_theme(name: Wording, each: ThemeComparison, language: str) -> dict[str, Any]:
    sides = {"mentions": each.mentions, "complaints": each.complaints}
    return {"id": each.theme_id, "name": pick(name, language)} | {
        what: {
            "first": asdict(side.first),
            "repeat": asdict(side.second),
            "difference": asdict(side.difference),
        }
        for what, side in sides.items()
    }


def _nps(figures: NpsResult) -> dict[str, Any]:
    return asdict(figures.estimate) | {"n": figures.n}


def _provenance(report: Report) -> dict[str, Any]:
    """Add the weeks that single parts of the report pool to where its figures come from."""
    windows = {"impacts": report.impact_window, "improvements": report.improvements_window}
    found: dict[str, Any] = _sorted({**report.provenance, "windows": windows})
    return found


def _theme(theme: ReportTheme, language: str) -> dict[str, Any]:
    return {
        "id": theme.id,
        "name": pick(theme.name, language),
        "origin": theme.origin,
        "opinions": theme.opinions,
        "share": theme.share.value,
        "positive": theme.positive,
        "negative": theme.negative,
        "requests": theme.requests,
        "impact": asdict(theme.impact),
        "trend": asdict(theme.trend),
        "quotes": _quotes(theme.quotes),
        "lineage": _lineage(theme.news, language),
        "complaints": _side(theme.complaints),
        "praise": _side(theme.praise),
        "inseparable_from": [theme_id for theme_id, _ in theme.inseparable],
    }


def _side(side: ReportSide | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {"reach": side.reach, "left_out": asdict(side.left_out), "each": asdict(side.each)}


def _lineage(news: ThemeNews | None, language: str) -> dict[str, Any] | None:
    if news is None:
        return None
    return {"kind": news.kind, "themes": _themes(news.others, language)}


def _themes(named: Iterable[tuple[str, Wording]], language: str) -> list[dict[str, str]]:
    return [{"id": theme_id, "name": pick(name, language)} for theme_id, name in named]


def _store(store: StoreFigure) -> dict[str, Any]:
    return {
        "key": store.key,
        "name": store.name,
        "responses": store.responses,
        "nps": asdict(store.nps.estimate) | {"n": store.nps.n},
        "likely": asdict(store.likely or Estimate(None)),
    }


def _improvement(item: ReportImprovement, language: str) -> dict[str, Any]:
    return {
        "rank": item.rank,
        "rank_low": item.rank_low,
        "rank_high": item.rank_high,
        "theme_id": item.theme_id,
        "name": pick(item.name, language),
        "reason": pick(item.reason, language),
        "gain": asdict(item.gain),
        "request_quotes": _quotes(item.request_quotes),
        "reach": asdict(item.reach),
        "level": item.level,
        "requests": item.requests,
        "trend": asdict(item.trend),
        "tied": item.tied,
        "effort": item.effort,
    }


def _quotes(quotes: Iterable[ReportQuote]) -> list[dict[str, str]]:
    return [{"comment_id": quote.comment_id, "text": quote.text} for quote in quotes]


def _sorted(value: Any) -> Any:
    """Order keys by name at every depth: a database may hand JSON back in another order."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value
