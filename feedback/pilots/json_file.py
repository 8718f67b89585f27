"""A pilot as JSON for programs (a contract, see docs/data.md)."""

import json
from typing import Any

from analysis.figures.experiments import Effect
from analysis.results import Estimate
from feedback.pilots.results import PilotResult


def to_json(found: PilotResult) -> str:
    """Write a pilot as JSON: absent is null, never NaN. Figures are points, upward being good in effects."""
    pilot = found.pilot
    content = {
        "pilot": pilot.number,
        "improvement": pilot.improvement,
        "title": pilot.title,
        "theme": pilot.theme,
        "metric": pilot.metric,
        "expected": pilot.expected,
        "start_week": pilot.start_week,
        "end_week": pilot.end_week,
        "chosen": pilot.chosen,
        "seed": pilot.seed,
        "weeks_needed": pilot.weeks_needed,
        "looks": pilot.looks,
        "stores": [{"store": each.store.key, "group": each.group, "tries": each.tries} for each in pilot.stores],
        "stopped": pilot.stopped_at.isoformat() if pilot.stopped_at else None,
        "weeks_left": found.weeks_left,
        "verdict": found.verdict,
        "more_weeks": found.more_weeks,
        "effect": _effect(found.effect),
        "other": _effect(found.other),
        "change": _estimate(found.change) if found.change else None,
        "cautions": list(found.cautions),
        "left_out": [store.key for store in found.left_out],
        "weeks": [
            {"week": each.week, "trying": _estimate(each.trying), "others": _estimate(each.others)}
            for each in found.weeks
        ],
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2)


def _effect(found: Effect | None) -> dict[str, Any] | None:
    if found is None:
        return None
    bounds = {"least": _rounded(found.least), "most": _rounded(found.most)}
    return {**_estimate(found.estimate), **bounds, "chance": _rounded(found.chance), "draws": found.draws}


def _estimate(found: Estimate) -> dict[str, float | None]:
    return {"value": _rounded(found.value), "low": _rounded(found.low), "high": _rounded(found.high)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
