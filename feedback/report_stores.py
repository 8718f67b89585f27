"""The stores of a report side by side."""

from collections import defaultdict

from analysis.nps import MINIMUM_ANSWERS, more_needed, nps
from analysis.results import WINDOWS, Wording
from feedback.report_counts import NO_ANSWERS, answers_by, mentions_by
from feedback.report_material import LONGEST, Material
from feedback.results import StoreFigure
from surveys.weeks import window

_FEWEST_COMPLAINTS = 2
"""One complaint is one customer; two begin to be a theme of the store."""


def stores_window(material: Material) -> int:
    """Choose how many weeks the stores are compared over: at least the report's own.

    The shortest window in which most stores have enough answers for an interval, else the longest. All stores share
    it: figures of different weeks must not stand side by side.
    """
    own = len(material.period.weeks)
    return next((weeks for weeks in WINDOWS if weeks >= own and _is_enough(material, weeks)), LONGEST)


def store_figures(material: Material, weeks: int) -> tuple[StoreFigure, ...]:
    """Describe every store of the scope over so many weeks, ordered by key; also those without an answer."""
    span = window(material.week, weeks)
    answers = answers_by(material.counts.answers_in(span), lambda row: row.store_id)
    worst = _worst_themes(material, span)
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


def _is_enough(material: Material, weeks: int) -> bool:
    answers = answers_by(material.counts.answers_in(window(material.week, weeks)), lambda row: row.store_id)
    enough = sum(totals.scored >= MINIMUM_ANSWERS for totals in answers.values())
    return 2 * enough > len({row.store_id for row in material.counts.answers_in(material.longest)})


def _worst_themes(material: Material, span: tuple[str, ...]) -> dict[int, Wording]:
    """Name the theme with the most complaints in each store that has one; general themes name nothing to do."""
    complaints: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for (store_id, theme_id), totals in mentions_by(
        material.counts.mentions_in(span), lambda row: (row.store_id, row.theme_id)
    ).items():
        theme = material.themes.get(theme_id)
        if theme and not theme.general and totals.responses_negative >= _FEWEST_COMPLAINTS:
            complaints[store_id].append((-totals.responses_negative, theme_id))
    return {store_id: material.themes[min(found)[1]].name for store_id, found in complaints.items()}
