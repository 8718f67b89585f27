"""How many weeks a figure must pool to stand on enough answers."""

from collections.abc import Sequence

from analysis.results import WINDOWS


def choose_window(scored_by_week: Sequence[int], needed: int) -> int | None:
    """Return the shortest of 1, 4, 13 and 26 weeks that holds `needed` scored answers, else None.

    `scored_by_week`: answers with a score in each week, newest last; weeks before the first one count as empty.
    """
    return next((weeks for weeks in WINDOWS if sum(scored_by_week[-weeks:]) >= needed), None)
