"""Themes as staff look after them: how often each is spoken of, what was corrected, where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis import records
from analysis.corrections.amendments import Amended
from analysis.corrections.correcting import find_theme
from analysis.corrections.log import Correction, events, named_themes
from analysis.figures.windows import choose_window
from analysis.opinions import OpinionFilter, quotes_by_theme
from analysis.reading.text import read_opinions
from analysis.results import WINDOWS, Quote, Theme, ThemeEvent, Wording
from analysis.tables import ThemeRow
from analysis.themes.catalogues import entries_as_written
from analysis.totals import NO_MENTIONS, ThemeTotals, theme_totals_by_week
from surveys.weeks import window


@dataclass(frozen=True, slots=True)
class CountedTheme:
    """A theme and how often it is spoken of in the window."""

    theme: Theme
    totals: ThemeTotals


@dataclass(frozen=True, slots=True)
class ThemeDetails:
    """All about one theme. `words` with their weights, the heaviest first; `corrections` and `lineage` newest first.

    `parts`: the themes that were merged into it; `other_names`: how it and its parts were called.
    """

    counted: CountedTheme
    weeks: tuple[str, ...]
    words: tuple[tuple[str, float], ...]
    parts: tuple[Theme, ...]
    other_names: tuple[Wording, ...]
    corrections: tuple[Correction, ...]
    lineage: tuple[ThemeEvent, ...]
    quotes: tuple[Quote, ...]


def latest_window(session: Session, needed: int) -> tuple[str, ...]:
    """Return the weeks of the newest report, oldest first; none before the first analysis.

    `needed`: so many scored answers make a window long enough (`analysis.window_responses`).
    """
    week = records.latest_week(session)
    if week is None:
        return ()
    longest = window(week, max(WINDOWS))
    scored = dict.fromkeys(longest, 0)
    for row in records.store_weeks(session, longest):
        scored[row.week] += sum(row.histogram)
    return window(week, choose_window(list(scored.values()), needed) or max(WINDOWS))


def counted_themes(
    session: Session, weeks: tuple[str, ...], store_ids: Sequence[int] | None = None
) -> tuple[CountedTheme, ...]:
    """Return every theme, the one that is spoken of most first; merged ones last. `store_ids` None: every store.

    A theme that was taken back (the undo of a split) is left out, also where old counts still name it.
    """
    totals, amended = _totals(session, weeks, store_ids), records.amended(session)
    known = {**amended.merged, **amended.themes}
    found = (CountedTheme(theme, totals.get(theme.id, NO_MENTIONS)) for theme in known.values())
    return tuple(sorted(found, key=_place))


def theme_details(
    session: Session,
    theme_id: str,
    weeks: tuple[str, ...],
    store_ids: Sequence[int] | None = None,
    *,
    quotes: int = 5,
) -> ThemeDetails:
    """Return all about a theme that lives. Error: `CorrectionError`, also for one that became a part of another."""
    theme, amended = find_theme(session, theme_id), records.amended(session)
    ids = amended.parts_of(theme.id)
    past = sorted(records.lineage(session), key=lambda event: event.week, reverse=True)
    said = quotes_by_theme(session, OpinionFilter(weeks, store_ids, theme.id), quotes) if weeks else {}
    return ThemeDetails(
        counted=CountedTheme(theme, _totals(session, weeks, store_ids).get(theme.id, NO_MENTIONS)),
        weeks=weeks,
        words=heaviest_first(theme),
        parts=tuple(part for part in amended.merged.values() if part.id in ids),
        other_names=_other_names(session, theme, amended, ids),
        corrections=tuple(event for event in events(session) if not ids.isdisjoint(named_themes(event))),
        lineage=tuple(event for event in past if not ids.isdisjoint((event.theme_id, event.other_id))),
        quotes=said.get(theme.id, ()),
    )


def heaviest_first(theme: Theme) -> tuple[tuple[str, float], ...]:
    """Return the words of a theme with their weights, the heaviest first."""
    return tuple(sorted(theme.words.items(), key=lambda item: (-item[1], item[0])))


def words_as_written(found: ThemeDetails) -> dict[str, str]:
    """Return how people write the words of a theme, by key: as our catalogues have them, else as its quotes do."""
    tokens = [token for quote in found.quotes for opinion in read_opinions(quote.text) for token in opinion.tokens]
    said = {token.key: token.surface for token in reversed(tokens)}
    book = entries_as_written()
    return {word: book.get(word) or said.get(word, word) for word, _ in found.words}


def names_before(session: Session) -> dict[int, Wording]:
    """Return how each renamed theme was called until then, by the number of the correction that renamed it."""
    names: dict[str, Wording] = {row.id: row.name for row in session.scalars(select(ThemeRow))}
    found: dict[int, Wording] = {}
    for event in reversed(events(session)):
        if event.kind == "split":
            names[event.content["id"]] = event.content["name"]
        elif event.kind == "rename" and (name := names.get(event.content["theme"])) is not None:
            found[event.number] = name
            if not event.is_undone:
                names[event.content["theme"]] = {**name, **event.content["name"]}
    return found


def _totals(session: Session, weeks: tuple[str, ...], store_ids: Sequence[int] | None) -> dict[str, ThemeTotals]:
    found: dict[str, ThemeTotals] = {}
    if weeks:
        for (_, theme_id), totals in theme_totals_by_week(session, weeks, store_ids, weeks[-1]).items():
            found[theme_id] = found.get(theme_id, NO_MENTIONS) + totals
    return found


def _place(counted: CountedTheme) -> tuple[bool, bool, int, str]:
    theme = counted.theme
    return theme.merged_into is not None, theme.hidden, -counted.totals.opinions, theme.id


def _other_names(session: Session, theme: Theme, amended: Amended, ids: frozenset[str]) -> tuple[Wording, ...]:
    """Return the names under which the theme and its parts were found, and those that staff gave its parts."""
    rows = session.scalars(select(ThemeRow).where(ThemeRow.id.in_(ids)))
    names: list[Wording] = [row.name for row in sorted(rows, key=lambda row: row.id)]
    names += [amended.merged[part].name for part in sorted(ids & amended.merged.keys())]
    return tuple(name for place, name in enumerate(names) if name != theme.name and name not in names[:place])
