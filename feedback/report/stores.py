"""The stores of a report side by side."""

from analysis.figures.nps import more_needed, nps
from analysis.results import Wording
from feedback.report.counts import NO_ANSWERS
from feedback.report.material import Material
from feedback.results import StoreFigure

_FEWEST_COMPLAINTS = 2
"""One complaint is one customer; two begin to be a theme of the store."""


def store_figures(material: Material) -> tuple[StoreFigure, ...]:
    """Describe every store of the scope over `material.stores_weeks`, ordered by key; also those without an answer."""
    answers = material.counts.answers_by_store(material.stores_weeks)
    worst = _worst_themes(material)
    return tuple(
        StoreFigure(
            store_id=store.id,
            key=store.key,
            name=store.name,
            responses=answers.get(store.id, NO_ANSWERS).responses,
            nps=(figures := nps(answers.get(store.id, NO_ANSWERS).histogram)),
            more_needed=more_needed(figures),
            worst_theme=worst.get(store.id),
        )
        for store in material.counts.stores
    )


def _worst_themes(material: Material) -> dict[int, Wording]:
    """Name the theme with the most complaints in each store that has one; none that is general or hidden."""
    worst: dict[int, tuple[int, str]] = {}
    for (store_id, theme_id), complaints in material.store_complaints.items():
        theme = material.themes[theme_id]
        if complaints >= _FEWEST_COMPLAINTS and not theme.general and not theme.hidden:
            worst[store_id] = min(worst.get(store_id, (0, "")), (-complaints, theme_id))
    return {store_id: material.themes[theme_id].name for store_id, (_, theme_id) in worst.items()}
