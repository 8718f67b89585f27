"""How often customers speak of a theme, and how, by week and by store: for its page and as a table for analysts."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import dropwhile
from typing import BinaryIO, TypeVar

from sqlalchemy.orm import Session

from analysis import records
from analysis.figures.comparison import shown_share
from analysis.results import Estimate, Theme, ThemeWeekCounts
from analysis.totals import theme_totals_by_week
from feedback.export_files import Format, Row, write_rows
from feedback.exports import Selection, selected_stores
from surveys.queries import StoreInfo, stores
from surveys.texts import pick
from surveys.weeks import week_of_day

COLUMNS = (
    *("week", "store", "theme_id", "theme", "with_text"),
    *("mentions", "mentions_share", "mentions_low", "mentions_high"),
    *("complaints", "complaints_share", "complaints_low", "complaints_high"),
    *("praise", "praise_share", "praise_low", "praise_high"),
)

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class ThemeCounts:
    """What some answers say of a theme: how many have text, and of them mention it, complain of it and praise it."""

    with_text: int = 0
    mentions: int = 0
    complaints: int = 0
    praise: int = 0

    def __add__(self, other: "ThemeCounts") -> "ThemeCounts":
        return ThemeCounts(
            self.with_text + other.with_text,
            self.mentions + other.mentions,
            self.complaints + other.complaints,
            self.praise + other.praise,
        )

    def share(self, part: int) -> Estimate:
        """Compute a share of the answers with text, from 0 to 1; of under ten of them it has no interval."""
        return shown_share(part, self.with_text)

    @property
    def mentioned(self) -> Estimate:
        """The share that mentions the theme."""
        return self.share(self.mentions)

    @property
    def blamed(self) -> Estimate:
        """The share that complains of it."""
        return self.share(self.complaints)


def counts_by_week(
    session: Session, theme_id: str, weeks: Sequence[str], store_ids: Sequence[int] | None = None
) -> tuple[tuple[str, ThemeCounts], ...]:
    """Return what is said of a theme in each of these weeks, from the first with any text on. None: every store."""
    found = _summed(((week, spoken) for week, _, spoken in _cells(session, theme_id, weeks, store_ids)))
    return tuple(dropwhile(lambda each: not each[1].with_text, ((week, found[week]) for week in weeks)))


def counts_by_store(
    session: Session, theme_id: str, weeks: Sequence[str], store_ids: Sequence[int] | None = None
) -> tuple[tuple[StoreInfo, ThemeCounts], ...]:
    """Return what is said of a theme in each store with any text in these weeks, most complaints (share) first."""
    found = _summed(((store_id, spoken) for _, store_id, spoken in _cells(session, theme_id, weeks, store_ids)))
    told = [(store, found[store.id]) for store in stores(session) if found[store.id].with_text]
    return tuple(sorted(told, key=lambda each: (-(each[1].blamed.value or 0.0), each[0].key)))


def export_trends(session: Session, selection: Selection, format_: Format, stream: BinaryIO) -> int:
    """Write one row a week, store and theme, also where nobody spoke of it then and there; return how many.

    Weeks are whole: those that the first and the last day fall in are in it. The rows without a store are all chosen
    stores together. Themes of which nobody spoke in all these weeks and stores are left out, and one that was
    discovered begins in the week in which it was new. One that staff merged keeps its rows until the next analysis, as
    in a report: its counts are in no other.
    """
    return write_rows(stream, format_, COLUMNS, _rows(session, selection))


def _rows(session: Session, selection: Selection) -> Iterator[Row]:
    weeks, keys = _weeks(session, selection), {store.id: store.key for store in selected_stores(session, selection)}
    themes = _themes(session, weeks, tuple(keys))
    for week in weeks:
        answers = records.store_weeks(session, [week], tuple(keys))
        wrote = {keys[row.store_id]: ThemeCounts(row.with_text) for row in answers if row.with_text}
        counts = records.theme_weeks(session, [week], tuple(keys))
        told = {(row.theme_id, keys[row.store_id]): _said(row) for row in counts}
        for theme in themes:
            if theme.since is None or theme.since <= week:
                said = {key: text + told.get((theme.id, key), ThemeCounts()) for key, text in sorted(wrote.items())}
                yield from _theme_rows(week, theme, said, selection.language)


def _themes(session: Session, weeks: Sequence[str], store_ids: Sequence[int]) -> list[Theme]:
    found = theme_totals_by_week(session, weeks, store_ids, weeks[-1]) if weeks else {}
    told = {theme_id for _, theme_id in found}
    return [theme for theme in records.themes(session).values() if not theme.hidden and theme.id in told]


def _theme_rows(week: str, theme: Theme, said: Mapping[str, ThemeCounts], language: str) -> Iterator[Row]:
    """Yield all stores together, then each of them; nothing where nobody wrote anything."""
    whole = sum(said.values(), ThemeCounts())
    for key, spoken in ((None, whole), *said.items()) if said else ():
        parts = (spoken.mentions, spoken.complaints, spoken.praise)
        figures = (cell for part in parts for cell in (part, *astuple(spoken.share(part).rounded())))
        yield (week, key, theme.id, pick(theme.name, language), spoken.with_text, *figures)


def _weeks(session: Session, selection: Selection) -> list[str]:
    first = week_of_day(selection.first_day) if selection.first_day else ""
    last = week_of_day(selection.last_day) if selection.last_day else None
    return [week for week in records.analysed_weeks(session) if first <= week and (last is None or week <= last)]


def _cells(
    session: Session, theme_id: str, weeks: Sequence[str], store_ids: Sequence[int] | None
) -> Iterator[tuple[str, int, ThemeCounts]]:
    """Yield week, store and what was said: the answers with text, then those of them that speak of the theme."""
    for row in records.store_weeks(session, weeks, store_ids):
        yield row.week, row.store_id, ThemeCounts(row.with_text)
    for told in records.theme_weeks(session, weeks, store_ids, theme_id=theme_id):
        yield told.week, told.store_id, _said(told)


def _said(row: ThemeWeekCounts) -> ThemeCounts:
    return ThemeCounts(0, row.responses, row.responses_negative, row.responses_positive)


def _summed(parts: Iterable[tuple[Key, ThemeCounts]]) -> defaultdict[Key, ThemeCounts]:
    sums: defaultdict[Key, ThemeCounts] = defaultdict(ThemeCounts)
    for key, spoken in parts:
        sums[key] += spoken
    return sums
