"""The importer fed with anything at all: it refuses or stores, never breaks, and never takes the same twice."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from effort import examples
from factories import NOW, TOKYO
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from surveys.database import Database
from surveys.errors import InputError
from surveys.importing import ColumnMap, ImportReport, Limits, import_file
from surveys.importing.files import FileRow
from surveys.importing.rows import RowReader
from surveys.tables import Comment, Response
from surveys.texts import is_storable

HEADER = ("date", "store", "area", "score", "satisfaction", "text", "age")
VALUES: dict[str, Any] = {
    "source": "fuzz",
    "columns": {name: name for name in HEADER[:5]},
    "comments": {"text": "text"},
    "attributes": {"age": "age"},
}
MAP = ColumnMap.model_validate(VALUES)
LIMITS = Limits(TOKYO, NOW, max_text_length=300)
SAME_DATABASE = settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

any_text = st.text(alphabet=st.characters(exclude_categories=[]), max_size=30)
writable_text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)


def likely_rows(text: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str, ...]]]:
    """Rows that are mostly sound, with anything in any cell now and then."""
    cells = [
        st.sampled_from(["2025-09-30", "2025/9/1 8:05", "20250901", "", "9999-12-31", "0001-01-01"]) | text,
        st.sampled_from(["銀座店", "渋谷店", "", "あ" * 101]) | text,
        st.sampled_from(["", "東"]) | text,
        st.sampled_from(["9", "０", "10.0", "", "11", "-1", "9" * 400]) | text,
        st.sampled_from(["", "5", "6"]) | text,
        st.sampled_from(["レジが早い", "", "あ" * 301, "=1+1", "090-1234-5678"]) | text,
        st.sampled_from(["", "30代"]) | text,
    ]
    return st.lists(st.tuples(*cells), max_size=6)


def as_csv(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *rows])
    return text.getvalue().encode()


def bring_in(database: Database, file: Path) -> ImportReport | None:
    try:
        return import_file(database, file, MAP, LIMITS)
    except InputError:
        return None


def accounted(report: ImportReport) -> int:
    return report.added + report.unchanged + report.replaced + len(report.changed) + len(report.refused)


@SAME_DATABASE
@given(content=st.binary(max_size=400) | st.builds(lambda tail: as_csv([]) + tail, st.binary(max_size=200)))
def test_any_bytes_are_refused_or_taken_row_by_row(sqlite: Database, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "any.csv"
    file.write_bytes(content)
    report = bring_in(sqlite, file)
    assert report is None or accounted(report) == report.rows


@SAME_DATABASE
@given(rows=likely_rows(writable_text))
def test_every_row_is_accounted_for_and_nothing_goes_in_twice(
    sqlite: Database, tmp_path: Path, rows: list[tuple[str, ...]]
) -> None:
    file = tmp_path / "likely.csv"
    file.write_bytes(as_csv(rows))
    first, second = bring_in(sqlite, file), bring_in(sqlite, file)
    if first is None or second is None:
        assert first is second
        return
    assert accounted(first) == first.rows == second.rows
    assert (second.added, second.changed, second.refused) == (0, [], first.refused)


@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=likely_rows(writable_text))
def test_both_databases_take_the_same_rows(database: Database, tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    file = tmp_path / "both.csv"
    file.write_bytes(as_csv(rows))
    report = bring_in(database, file)
    with database.reading() as session:
        assert report is None or report.added <= (session.scalar(select(func.count(Response.id))) or 0)
        assert all(is_storable(text) and text.strip() for text in session.scalars(select(Comment.text)))


@given(rows=likely_rows(any_text))
def test_any_cells_even_lone_surrogates_become_a_submission_or_a_reason(rows: list[tuple[str, ...]]) -> None:
    reader = RowReader(MAP, HEADER, LIMITS)
    for line, cells in enumerate(rows, 2):
        try:
            read = reader.read(FileRow(line, cells))
        except InputError as error:
            str(error).encode()
        else:
            assert read.submission.external_id.startswith("fuzz:")


@pytest.fixture(scope="module")
def workbook_bytes() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    workbook.active.append(["2025-09-30", "銀座店", "", 9, 5, "レジが早い", "30代"])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


@SAME_DATABASE
@given(data=st.data())
def test_a_workbook_with_broken_bytes_is_refused_or_read(
    sqlite: Database, tmp_path: Path, workbook_bytes: bytes, data: st.DataObject
) -> None:
    content = bytearray(workbook_bytes)
    for position in data.draw(st.lists(st.integers(4, len(content) - 1), max_size=4)):
        content[position] = data.draw(st.integers(0, 255))
    file = tmp_path / "broken.xlsx"
    file.write_bytes(content[: data.draw(st.integers(4, len(content)))])
    report = bring_in(sqlite, file)
    assert report is None or accounted(report) == report.rows
