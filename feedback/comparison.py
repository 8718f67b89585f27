"""Our stores beside competitors: what page, command and JSON share."""

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from analysis import records
from analysis.figures.comparison import Side
from analysis.results import Wording
from analysis.rivals import RivalComparison, compare_rivals
from feedback.results import Scope
from feedback.scopes import CHAIN, store_ids
from surveys.texts import pick


def rival_comparison(session: Session, week: str, scope: Scope = CHAIN) -> RivalComparison | None:
    """Compare the stores of a scope with each competitor over weeks that end with `week`; None without competitors."""
    return compare_rivals(session, week, store_ids(session, scope), theme_names(session, week).keys())


def theme_names(session: Session, week: str) -> dict[str, Wording]:
    """Name the themes that are compared, by their ids: those that lists show."""
    return {theme.id: theme.name for theme in records.themes(session, known_at=week).values() if theme.is_listed}


def to_dict(found: RivalComparison | None, names: dict[str, Wording], language: str) -> dict[str, Any] | None:
    """Return the keys and values of the JSON (a contract, see docs/data.md)."""
    if found is None:
        return None
    return {
        "weeks": found.weeks,
        "with_text": found.with_text,
        "competitors": [
            {
                "operator": rival.operator,
                "stores": rival.stores,
                "with_text": rival.with_text,
                "themes": [
                    {"id": each.theme_id, "name": pick(names[each.theme_id], language)}
                    | {"mentions": _side(each.mentions), "complaints": _side(each.complaints)}
                    for each in rival.themes
                ],
            }
            for rival in found.rivals
        ],
    }


def _side(side: Side) -> dict[str, Any]:
    shares = {"ours": side.first, "theirs": side.second, "difference": side.difference}
    return {name: asdict(estimate) for name, estimate in shares.items()}
