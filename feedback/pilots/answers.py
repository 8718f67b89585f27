"""The answers that a pilot is judged by, out of the stored counts of stores and weeks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from analysis import records
from analysis.figures.nps import change, nps, pool
from analysis.figures.store_changes import Series
from analysis.figures.trends import share, share_change
from analysis.results import Estimate, StoreWeekCounts
from analysis.totals import complaints_by_store_and_week
from feedback.pilots.records import Metric
from surveys.weeks import shift, window

LONGEST_PAST = 52
SHORTEST_PAST = 8
_PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Answers:
    """The counts of some stores and weeks; `complaints` about one theme, None where there is no theme (any more)."""

    store_ids: tuple[int, ...]
    weeks: tuple[str, ...]
    counts: Mapping[tuple[int, str], StoreWeekCounts]
    complaints: Mapping[tuple[int, str], int] | None

    def series(self, metric: Metric) -> Series:
        """Return sums by store and week, in points, upward being good: complaints count below zero."""
        shape = (len(self.store_ids), len(self.weeks))
        answers, sums, squares = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for row, store in enumerate(self.store_ids):
            for column, week in enumerate(self.weeks):
                up, down, every = self._tally(metric, store, week)
                answers[row, column] = every
                sums[row, column] = _PERCENT * (up - down)
                squares[row, column] = _PERCENT**2 * (up + down)
        return Series(answers, sums, squares)

    def have_complaints(self, weeks: Iterable[str]) -> bool:
        """Tell whether anybody complains about the theme in some of these weeks."""
        wanted = set(weeks)
        return any(week in wanted for (_, week), count in (self.complaints or {}).items() if count)

    def figure(self, metric: Metric, week: str, store_ids: Sequence[int]) -> Estimate:
        """Compute one week of some stores together: NPS in points, or the share of complaints in per cent."""
        if metric == "nps":
            return nps(self._histogram([week], store_ids)).estimate
        if self.complaints is None:
            return Estimate(None)
        found = share(*self._complaining([week], store_ids))
        return Estimate(*(None if each is None else _PERCENT * each for each in (found.value, found.low, found.high)))

    def change(self, metric: Metric, start_week: str) -> Estimate:
        """Compute the figure from the start on less that of as many weeks before, upward being good, in points."""
        after = [week for week in self.weeks if week >= start_week]
        before = [week for week in self.weeks if week < start_week][-len(after) :] if after else []
        if metric == "nps":
            return change(*(nps(self._histogram(weeks, self.store_ids)) for weeks in (before, after)))
        counts = [self._complaining(weeks, self.store_ids) for weeks in (before, after)]
        found = share_change(*counts[0], *counts[1])
        return Estimate(*(None if each is None else -_PERCENT * each for each in (found.value, found.high, found.low)))

    def _tally(self, metric: Metric, store: int, week: str) -> tuple[int, int, int]:
        """Count what goes up, what goes down, and all answers."""
        found = self.counts.get((store, week))
        if found is None:
            return 0, 0, 0
        if metric == "nps":
            return sum(found.histogram[9:]), sum(found.histogram[:7]), sum(found.histogram)
        return 0, (self.complaints or {}).get((store, week), 0), found.responses

    def _histogram(self, weeks: Sequence[str], store_ids: Sequence[int]) -> tuple[int, ...]:
        return pool(row.histogram for row in self._rows(weeks, store_ids))

    def _complaining(self, weeks: Sequence[str], store_ids: Sequence[int]) -> tuple[int, int]:
        rows = self._rows(weeks, store_ids)
        complaints = sum((self.complaints or {}).get((row.store_id, row.week), 0) for row in rows)
        return complaints, sum(row.responses for row in rows)

    def _rows(self, weeks: Sequence[str], store_ids: Sequence[int]) -> list[StoreWeekCounts]:
        places = ((store, week) for week in weeks for store in store_ids)
        return [self.counts[place] for place in places if place in self.counts]


def read_answers(session: Session, store_ids: Sequence[int], weeks: Sequence[str], theme: str | None) -> Answers:
    """Read the counts of these stores and weeks."""
    ids, weeks = tuple(store_ids), tuple(weeks)
    counts = {(row.store_id, row.week): row for row in records.store_weeks(session, weeks, ids)}
    amended = records.amended(session)
    living = amended.resolve(theme) if theme else None
    if living is None:
        return Answers(ids, weeks, counts, None)
    found = complaints_by_store_and_week(session, weeks, ids, amended.parts_of(living))
    return Answers(
        ids, weeks, counts, {at: min(count, counts[at].responses) for at, count in found.items() if at in counts}
    )


def weeks_before(session: Session, start_week: str, store_ids: Sequence[int]) -> tuple[str, ...]:
    """Return the analysed weeks before the start, oldest first: from the first with an answer, 52 at most."""
    newest = records.latest_week(session)
    if newest is None:
        return ()
    weeks = window(min(newest, shift(start_week, -1)), LONGEST_PAST)
    first = min((row.week for row in records.store_weeks(session, weeks, tuple(store_ids))), default=None)
    return () if first is None else tuple(week for week in weeks if week >= first)
