"""One claimed run of one week: read what changed, look for new themes, measure impacts, finish.

Every step stores its result in one short transaction that holds the lease, and gives the same result when it is done
again: so whoever finishes a run that was cut off half-way stores what the first one would have stored.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from analysis.corrections.log import active, corrected_ids
from analysis.figures.drivers import ENOUGH_COMPLAINTS
from analysis.figures.windows import choose_window
from analysis.polarity.valences import Valences, learn
from analysis.records import finished_run, read_fingerprints, themes
from analysis.results import WINDOWS, RunInfo, ThemeImpact
from analysis.weeks import answers
from analysis.weeks.claims import Lease
from analysis.weeks.due import fingerprint, history
from analysis.weeks.pipeline import Discoveries, Reader, by_week, explain, read_week
from analysis.weeks.provenance import Basis, fits_version, provenance
from analysis.weeks.refit import Standing, is_found, refit
from analysis.weeks.samples import Samples
from analysis.weeks.storing import (
    replace_fit,
    replace_impacts,
    replace_valences,
    replace_week,
    save_amendments,
    save_themes,
)
from surveys.database import Database
from surveys.queries import closed_weeks
from surveys.weeks import first_day, window

DISCOVERY_EVERY_WEEKS = 4
"""New themes are looked for, and scores teach, in every fourth calendar week: a fixed rhythm gives the same whenever it
runs."""

_READ_ATTEMPTS = 3
_READING, _DISCOVERING, _READING_AGAIN, _MEASURING = range(70), 70, range(75, 90), 90
"""The percentages at which the stages stand."""


def is_discovery_week(week: str) -> bool:
    """Tell whether new themes are looked for in a week."""
    return first_day(week).toordinal() // 7 % DISCOVERY_EVERY_WEEKS == 0


@dataclass(frozen=True, slots=True)
class Memory:
    """What one call keeps from run to run, so that a backlog reads each text and fetches each week once."""

    reader: Reader
    samples: Samples


class WeekRun:
    """One run in the hands of this process. `tell` hears stage and percentage."""

    def __init__(
        self, database: Database, lease: Lease, basis: Basis, memory: Memory, tell: Callable[[str, int], None]
    ) -> None:
        self._database = database
        self._lease = lease
        self.basis = basis
        self._reader = memory.reader
        self._samples = memory.samples
        self._tell = tell
        self._week = lease.claim.week

    def carry_out(self, contents: Mapping[str, str]) -> RunInfo:
        """Do the whole run. `contents`: the state of the answers of each week. Error: `LeaseLostError`."""
        self._read_changed_weeks(contents)
        if self._is_time_to_fit():
            self._tell("discovering", _DISCOVERING)
            if self.basis.settings.discovery:
                self._fit_themes()
                self._follow(contents)
            self._learn_valences()
        self._tell("measuring", _MEASURING)
        return self._finish(*self._measure())

    def _read_changed_weeks(self, contents: Mapping[str, str], percentages: range = _READING) -> None:
        with self._database.reading() as session:
            changed = answers.weeks_to_read(session, history(self._week), contents, self.basis.model_version)
            amended = self.basis.amend(answers.discovered_themes(session))
            valences = answers.valences(session)
            unsaved = answers.changed_themes(session, self.basis.catalogue.themes)
            amendments = answers.changed_amendments(session, amended)
        if unsaved or amendments:
            with self._lease.session() as session:
                save_themes(session, unsaved, None)
                save_amendments(session, amendments)
        discoveries = Discoveries(by_week(amended.members), self.basis.lessons, amended.later)
        for place, week in enumerate(changed):
            self._tell("reading", percentages[place * len(percentages) // len(changed)])
            self._read(week, discoveries, valences)

    def _read(self, week: str, discoveries: Discoveries, valences: Valences) -> None:
        """Read one week; again when a comment went away meanwhile (the database then refuses its opinions)."""
        for attempt in range(1, _READ_ATTEMPTS + 1):
            with self._database.reading() as session:
                if week in closed_weeks(session):
                    return  # cleared by age since this run began: what was counted of it stays
                found = answers.answers_of_week(session, week)
            result = read_week(found, self._reader, discoveries, valences)
            try:
                with self._lease.session() as session:
                    replace_week(session, result, self.basis.model_version)
            except IntegrityError:
                if attempt == _READ_ATTEMPTS:
                    raise
            else:
                return

    def _is_time_to_fit(self) -> bool:
        if not is_discovery_week(self._week):
            return False
        with self._database.reading() as session:
            return answers.is_newest(session, self._week)

    def _fit_themes(self) -> None:
        """Find new themes and what became of the others; an earlier revision of this fit counts as never made."""
        settings = self.basis.settings
        with self._database.reading() as session:
            touched = corrected_ids(active(session))  # also what was corrected since this call began
            ground = answers.ground_of(session, self._week, touched)
            stood = self.basis.amend(ground.themes)
            judged = [theme.id for theme in (*stood.themes.values(), *ground.replaceable) if is_found(theme)]
            pool = answers.unexplained(
                session, self._reader, window(self._week, max(WINDOWS)), judged, 2 * settings.discovery_sample
            )
        found = refit(Standing(self._week, stood, ground, touched, settings, self.basis.lessons), pool)
        # a part is known by its words: one that is found again keeps its tags
        replaceable = {theme.id for theme in ground.replaceable}.difference(part.id for part in found.parts)
        with self._database.reading() as session:
            opinions = answers.unexplained(session, self._reader, history(self._week), replaceable) if found.new else ()
        with self._lease.session() as session:
            replace_fit(session, self._week, replaceable, found, explain(opinions, found.new, self.basis.lessons))

    def _follow(self, contents: Mapping[str, str]) -> None:
        """Read every week anew where the fit merged or split themes; older weeks are due again by that."""
        with self._database.reading() as session:
            basis = replace(self.basis, fits_version=fits_version(session))
        if basis.model_version != self.basis.model_version:
            self.basis = basis
            self._read_changed_weeks(contents, _READING_AGAIN)

    def _learn_valences(self) -> None:
        """Learn from the scores of the widest window. It judges later weeks only, so that none is read again."""
        with self._database.reading() as session:
            found = learn(answers.voices(session, self._reader, window(self._week, max(WINDOWS))))
        with self._lease.session() as session:
            replace_valences(session, self._week, found)

    def _measure(self) -> tuple[int | None, tuple[ThemeImpact, ...]]:
        """Estimate impacts over the shortest window with enough complaints, else the widest; none with few answers.

        What goes with a complaint is told from complaints: a week of 400 scores may hold five about a theme, and
        four weeks leave every rank open.
        """
        widest, needed = window(self._week, max(WINDOWS)), self.basis.settings.impact_responses
        with self._database.reading() as session:
            if not answers.enough_scored(session, self._week, needed):
                return None, ()
            length = choose_window(answers.complaints(session, widest), ENOUGH_COMPLAINTS) or len(widest)
            states = read_fingerprints(session, answers.uncleared(session, window(self._week, length)))
            discovered = frozenset(theme.id for theme in answers.discovered_themes(session))
            sample = self._samples.fetch(session, states, (self.basis.model_version, discovered))
            return length, sample.measure(themes(session, self._week).keys(), answers.store_places(session))

    def _finish(self, length: int | None, impacts: tuple[ThemeImpact, ...]) -> RunInfo:
        claim = self._lease.claim
        with self._lease.session() as session:
            replace_impacts(session, claim.run_id, impacts)
            self._lease.finish(
                session,
                fingerprint=self._fingerprint(session),
                impact_window=length,
                provenance=provenance(self.basis, answers.counts_of_reading(session, self._week)),
            )
            return finished_run(session, self._week, claim.revision)

    def _fingerprint(self, session: Session) -> str:
        read = read_fingerprints(session, history(self._week))
        return fingerprint(self._week, read, self.basis.versions)
