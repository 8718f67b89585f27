"""A pilot as JSON for programs (a contract, see docs/data.md)."""

import json
from dataclasses import asdict
from typing import Any

from analysis.figures.experiments import Effect
from analysis.results import rounded
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
        "change": asdict(found.change.rounded()) if found.change else None,
        "cautions": list(found.cautions),
        "left_out": [store.key for store in found.left_out],
        "weeks": [
            {"week": each.week, "trying": asdict(each.trying.rounded()), "others": asdict(each.others.rounded())}
            for each in found.weeks
        ],
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2)


def _effect(found: Effect | None) -> dict[str, Any] | None:
    if found is None:
        return None
    bounds = {"least": rounded(found.least), "most": rounded(found.most)}
    return {**asdict(found.estimate.rounded()), **bounds, "chance": rounded(found.chance), "draws": found.draws}
