"""A file's rows into the database: stores found or made, answers stored in short batches, refusals noted."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.database import Database, insert_or_skip
from surveys.errors import InputError
from surveys.importing.files import FileRow, open_sheet
from surveys.importing.maps import ColumnMap
from surveys.importing.rows import Limits, ReadRow, RowReader
from surveys.places import MAX_KEY
from surveys.responses import Outcome, record_many
from surveys.tables import Area, Store, Survey
from surveys.texts import is_storable

BATCH = 500
"""Rows a transaction: customers who answer meanwhile wait for one batch at most."""


@dataclass(frozen=True, slots=True)
class RowNote:
    """What is to be said about one row; `line` counts from 1, `external_id` is '' where the row gave none."""

    line: int
    external_id: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What became of a file's rows. `changed` are known answers with other content, left as they were."""

    rows: int = 0
    added: int = 0
    unchanged: int = 0
    replaced: int = 0
    changed: list[RowNote] = field(default_factory=list)
    refused: list[RowNote] = field(default_factory=list)
    new_stores: list[str] = field(default_factory=list)


def import_file(
    database: Database,
    path: Path,
    column_map: ColumnMap,
    limits: Limits,
    *,
    replace_changed: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> ImportReport:
    """Store the answers of a CSV or XLSX file, each exactly once, in short transactions.

    The same file twice adds nothing; a known id with other content is reported, and replaced only with
    `replace_changed`. `progress` is told (rows done, rows in all). An import that was cut off is finished by the next.
    Errors: `InputError` when the file is damaged or lacks a mapped column (then nothing is stored);
    `DatabaseBusyError`.
    """
    sheet = open_sheet(path, column_map)
    reader, report = RowReader(column_map, sheet.header, limits), ImportReport(rows=sheet.row_count)
    importer = _Importer(reader, report, replace_changed=replace_changed)
    done = 0
    for batch in batches(sheet.rows()):
        understood = list(importer.understand(batch))
        with database.session() as session:
            importer.store(session, understood)
        done += len(batch)
        progress(done, sheet.row_count)
    return report


def batches(rows: Iterable[FileRow]) -> Iterator[list[FileRow]]:
    """Hand rows out in lists of `BATCH`, one a transaction."""
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


class _Importer:
    """Carries one file's rows into the database, batch by batch."""

    def __init__(self, reader: RowReader, report: ImportReport, *, replace_changed: bool) -> None:
        self.reader = reader
        self.report = report
        self.replace_changed = replace_changed
        self.store_ids: dict[tuple[str, str | None], int] = {}

    def understand(self, rows: Sequence[FileRow]) -> Iterator[ReadRow]:
        for row in rows:
            try:
                read = self.reader.read(row)
                _check_place("store", read.store)
                _check_place("area", read.area or "-")
                _check_place("operator", read.operator or "-")
            except InputError as error:
                self.report.refused.append(RowNote(row.line, "", str(error)))
            else:
                yield read

    def store(self, session: Session, rows: Sequence[ReadRow]) -> None:
        survey_id = _survey_id(session, self.reader.map.survey)
        rows = [row for row in rows if self._is_placed(session, row)]
        submissions = [
            replace(row.submission, store_id=self.store_ids[row.store, row.operator], survey_id=survey_id)
            for row in rows
        ]
        limits = self.reader.limits
        recorded = record_many(
            session,
            submissions,
            limits.now,
            limits.zone,
            replace_changed=self.replace_changed,
            staff_names=limits.staff_names,
        )
        for row, result in zip(rows, recorded, strict=True):
            self._note(result.outcome, RowNote(row.line, result.external_id, result.reason))

    def _note(self, outcome: Outcome, note: RowNote) -> None:
        match outcome:
            case Outcome.ADDED:
                self.report.added += 1
            case Outcome.UNCHANGED:
                self.report.unchanged += 1
            case Outcome.REPLACED:
                self.report.replaced += 1
            case Outcome.CHANGED:
                self.report.changed.append(replace(note, reason="known with other content; --replace takes this one"))
            case Outcome.REFUSED:
                self.report.refused.append(note)

    def _is_placed(self, session: Session, row: ReadRow) -> bool:
        """Find the store by key, else by name, else create it; the first import decides its area.

        Stores of another operator are other stores: a row that would need the key of one is refused.
        """
        place = (row.store, row.operator)
        if place not in self.store_ids:
            known = _find_store(session, *place)
            if known is None:
                known = _create_store(session, row)
                if known is None:
                    reason = f"the key {_key(row)!r} belongs to a store of another operator; give this store another"
                    self.report.refused.append(RowNote(row.line, row.submission.external_id, reason))
                    return False
                self.report.new_stores.append(row.store)
            self.store_ids[place] = known
        return True


def _check_place(what: str, name: str) -> None:
    if len(name) > MAX_KEY or not is_storable(name):
        raise InputError(
            f"the {what} {name[:MAX_KEY]!r} must be at most {MAX_KEY} characters without control characters"
        )


def _find_store(session: Session, name: str, operator: str | None) -> int | None:
    run = select(Store.id).where(Store.operator == operator if operator else Store.operator.is_(None))
    by_key = session.scalar(run.where(Store.key == name))
    return by_key or session.scalar(run.where(Store.name == name).order_by(Store.key).limit(1))


def _create_store(session: Session, row: ReadRow) -> int | None:
    """Create a store whose key is its name, a competitor's with the operator before it; None where that is taken.

    Another import may be at it: both end up with the same store.
    """
    key = _key(row)
    area_id = _area_id(session, row.area) if row.area else None
    values = {"key": key, "name": row.store, "operator": row.operator, "area_id": area_id}
    session.execute(insert_or_skip(session, Store).values(values))
    return _find_store(session, key, row.operator)


def _key(row: ReadRow) -> str:
    return f"{row.operator} {row.store}"[:MAX_KEY] if row.operator else row.store


def _area_id(session: Session, name: str) -> int:
    known = select(Area.id).where((Area.key == name) | (Area.name == name)).order_by(Area.key).limit(1)
    if session.scalar(known) is None:
        session.execute(insert_or_skip(session, Area).values(key=name, name=name))
    return session.scalars(known).one()


def _survey_id(session: Session, key: str | None) -> int | None:
    if key is None:
        return None
    survey_id = session.scalar(select(Survey.id).where(Survey.key == key))
    if survey_id is None:
        raise InputError(f"the map's survey {key!r} is not loaded; run: koebako survey load FILE")
    return survey_id


class Notes(Protocol):
    """A report that has something to say about single rows."""

    @property
    def refused(self) -> Sequence[RowNote]:
        """Rows that were not taken."""

    @property
    def changed(self) -> Sequence[RowNote]:
        """Rows that are known with other content."""


def write_notes(report: Notes, path: Path) -> None:
    """List refused and changed rows as CSV: line, outcome, id, reason. The rows' own words are not copied.

    Written with a byte order mark, so that Excel opens it without garbling. Error: `OSError`.
    """
    notes = [(note, "refused") for note in report.refused] + [(note, "changed") for note in report.changed]
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "outcome", "id", "reason"])
        for note, outcome in sorted(notes, key=lambda item: item[0].line):
            writer.writerow([note.line, outcome, note.external_id, note.reason])
