"""Competitors' reviews, read with the themes of our own customers and counted apart from them."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from analysis.settings import AnalysisSettings
from analysis.tables import RivalStoreWeek, RivalThemeWeek, RivalWeek
from analysis.themes.catalogue_choice import settle_catalogue
from analysis.weeks import answers
from analysis.weeks.pipeline import Discoveries, Reader, WeekResult, by_week, read_week
from analysis.weeks.provenance import basis_of
from surveys.database import Database, insert_or_skip
from surveys.queries import rival_fingerprints


def read_rivals(database: Database, settings: AnalysisSettings) -> int:
    """Read every week of competitors' answers that is new or has changed, or whose themes have; how many weeks.

    It teaches nothing: themes, words and polarity are those of our own answers. Errors: `CatalogueError`,
    `WordFileError`, `DatabaseBusyError`.
    """
    with database.reading() as session:
        states = rival_fingerprints(session)
        if not states and not _read_states(session):
            return 0
        basis = basis_of(session, settle_catalogue(session, settings))
        amended = basis.amend(answers.discovered_themes(session))
        valences = answers.valences(session)
        read = _read_states(session)
    wanted = {week: (fingerprint, basis.model_version) for week, fingerprint in states.items()}
    _forget(database, read.keys() - wanted.keys())
    reader = Reader(basis.themes, basis.lessons, own_words=basis.own_words)
    discoveries = Discoveries(by_week(amended.members), basis.lessons, amended.later)
    changed = [week for week in sorted(wanted) if read.get(week) != wanted[week]]
    for week in changed:
        with database.reading() as session:
            found = answers.rival_answers(session, week, states[week])
        result = read_week(found, reader, discoveries, valences)
        with database.session() as session:
            _replace(session, result, basis.model_version)
    return len(changed)


def _read_states(session: Session) -> Mapping[str, tuple[str, str]]:
    return {row.week: (row.fingerprint, row.model_version) for row in session.scalars(select(RivalWeek))}


def _forget(database: Database, weeks: set[str]) -> None:
    if weeks:
        with database.session() as session:
            _delete(session, weeks)


def _delete(session: Session, weeks: set[str]) -> None:
    for table in (RivalWeek, RivalStoreWeek, RivalThemeWeek):
        session.execute(delete(table).where(table.week.in_(weeks)))


def _replace(session: Session, result: WeekResult, model_version: str) -> None:
    """Store a week in the place of an earlier reading. Two that do so at once store the same."""
    _delete(session, {result.week})
    stores = [
        {"week": row.week, "store_id": row.store_id, "responses": row.responses, "with_text": row.with_text}
        for row in result.stores
    ]
    themes = [
        {
            "week": row.week,
            "store_id": row.store_id,
            "theme_id": row.theme_id,
            "responses": row.responses,
            "responses_negative": row.responses_negative,
        }
        for row in result.themes
    ]
    for table, rows in ((RivalStoreWeek, stores), (RivalThemeWeek, themes)):
        if rows:
            session.execute(insert_or_skip(session, table), rows)
    week = {"week": result.week, "fingerprint": result.fingerprint, "model_version": model_version}
    session.execute(insert_or_skip(session, RivalWeek).values(week))
