"""Our answers beside the reviews of each competitor, theme by theme."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.figures.comparison import Spoken, ThemeComparison, compare_themes
from analysis.results import WINDOWS
from analysis.tables import RivalStoreWeek, RivalThemeWeek, StoreWeek, ThemeWeek
from surveys.queries import rivals, stores
from surveys.weeks import window

ENOUGH = 100
"""So many answers with a comment on either side tell shares of a half apart by about 14 per cent points."""


@dataclass(frozen=True, slots=True)
class Rival:
    """One competitor. In `themes` the first group is ours, the second theirs; `with_text`: their reviews with words."""

    operator: str
    stores: int
    with_text: int
    themes: tuple[ThemeComparison, ...]


@dataclass(frozen=True, slots=True)
class RivalComparison:
    """Every competitor beside the same answers of ours, of `weeks` weeks; `with_text`: ours with words."""

    weeks: int
    with_text: int
    rivals: tuple[Rival, ...]


def compare_rivals(
    session: Session, week: str, store_ids: Sequence[int] | None, theme_ids: Collection[str]
) -> RivalComparison | None:
    """Compare our stores (None: all of them) with each competitor, by these themes; None where there is no competitor.

    It pools the shortest of 1, 4, 13 and 26 weeks ending with `week` in which we and every competitor have enough
    answers with a comment, else 26.
    """
    places: dict[str, list[int]] = {}
    for store in rivals(session):
        places.setdefault(store.operator, []).append(store.id)
    if not places:
        return None
    ours = [store.id for store in stores(session)] if store_ids is None else list(store_ids)
    for length in WINDOWS:
        weeks = window(week, length)
        mine = _spoken(session, (StoreWeek, ThemeWeek), weeks, ours, theme_ids)
        theirs = {
            operator: _spoken(session, (RivalStoreWeek, RivalThemeWeek), weeks, ids, theme_ids)
            for operator, ids in places.items()
        }
        if min(mine.with_text, *(spoken.with_text for spoken in theirs.values())) >= ENOUGH:
            break
    return RivalComparison(
        weeks=length,
        with_text=mine.with_text,
        rivals=tuple(
            Rival(operator, len(places[operator]), spoken.with_text, compare_themes(mine, spoken))
            for operator, spoken in theirs.items()
        ),
    )


def _spoken(
    session: Session,
    tables: tuple[type[StoreWeek], type[ThemeWeek]] | tuple[type[RivalStoreWeek], type[RivalThemeWeek]],
    weeks: Sequence[str],
    store_ids: Sequence[int],
    theme_ids: Collection[str],
) -> Spoken:
    answers, themes = tables
    texts = select(func.sum(answers.with_text)).where(answers.week.in_(weeks), answers.store_id.in_(store_ids))
    counts = (
        select(themes.theme_id, func.sum(themes.responses), func.sum(themes.responses_negative))
        .where(themes.week.in_(weeks), themes.store_id.in_(store_ids))
        .group_by(themes.theme_id)
    )
    found = [row for row in session.execute(counts) if row[0] in theme_ids]
    return Spoken(
        int(session.scalar(texts) or 0),
        {theme: int(mentions) for theme, mentions, _ in found},
        {theme: int(complaints) for theme, _, complaints in found},
    )
