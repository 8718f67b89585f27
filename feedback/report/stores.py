"""The stores of a report side by side."""

from collections.abc import Mapping

from analysis.figures.nps import more_needed, nps
from analysis.figures.shrinkage import shrunken
from analysis.results import Estimate, NpsResult, Wording
from feedback.report.counts import NO_ANSWERS
from feedback.report.material import Material
from feedback.results import StoreFigure

_FEWEST_COMPLAINTS = 2
"""One complaint is one customer; two begin to be a theme of the store."""


def store_figures(material: Material) -> tuple[StoreFigure, ...]:
    """Describe every store of the scope over `material.stores_weeks`, ordered by key; also those without an answer."""
    answers = material.counts.answers_by_store(material.stores_weeks)
    totals = {store.id: answers.get(store.id, NO_ANSWERS) for store in material.counts.stores}
    figures = {store_id: nps(total.histogram) for store_id, total in totals.items()}
    likely, worst = _likely(material, figures), _worst_themes(material)
    return tuple(
        StoreFigure(
            store_id=store.id,
            key=store.key,
            name=store.name,
            responses=totals[store.id].responses,
            nps=figures[store.id],
            more_needed=more_needed(figures[store.id]),
            worst_theme=worst.get(store.id),
            likely=likely.get(store.id),
        )
        for store in material.counts.stores
    )


def _likely(material: Material, figures: Mapping[int, NpsResult]) -> dict[int, Estimate]:
    """Draw each store that has answers toward the chain."""
    answering = {store_id: figure for store_id, figure in figures.items() if figure.n}
    if material.chain is None or not answering:
        return {}
    estimates = shrunken(tuple(answering.values()), material.chain)
    return {store_id: estimate.rounded() for store_id, estimate in zip(answering, estimates, strict=True)}


def _worst_themes(material: Material) -> dict[int, Wording]:
    """Name the theme with the most complaints in each store that has one; none that is general or hidden."""
    worst: dict[int, tuple[int, str]] = {}
    for (store_id, theme_id), complaints in material.store_complaints.items():
        theme = material.themes[theme_id]
        if complaints >= _FEWEST_COMPLAINTS and not theme.general and not theme.hidden:
            worst[store_id] = min(worst.get(store_id, (0, "")), (-complaints, theme_id))
    return {store_id: material.themes[theme_id].name for store_id, (_, theme_id) in worst.items()}
