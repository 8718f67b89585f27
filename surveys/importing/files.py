"""Rows of a CSV or XLSX file as text, with the line where each begins. Nothing of a damaged file is handed out."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import ClassVar, Protocol

from python_calamine import CalamineError, CalamineWorkbook

from surveys.errors import InputError

_WORKBOOK_SIGNATURE = b"PK\x03\x04"
# bytes that Python's cp932 lets through although Microsoft's table leaves them undefined
_NOT_CP932 = re.compile(r"[\x80\xa0\uf8f1-\uf8f3]")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: the line (of a workbook: the row) where it begins, counted from 1, and its cells in header order."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read through once and found sound. `rows` may be walked again and again."""

    path: Path
    header: tuple[str, ...]
    row_count: int
    encoding: str | None
    delimiter: str
    workbook_rows: tuple[FileRow, ...] = ()

    def rows(self) -> Iterator[FileRow]:
        """Walk the rows below the header; blank rows are left out."""
        if self.encoding is None:
            yield from self.workbook_rows
        else:
            yield from _below_header(_csv_rows(self.path, self.encoding, self.delimiter))


class Layout(Protocol):
    """What must be known of a file before it is read; a `ColumnMap` knows it."""

    naming: ClassVar[str]
    """What stands before a key in a message: where people wrote it."""

    @property
    def delimiter(self) -> str:
        """What separates the columns of a CSV."""

    @property
    def sheet(self) -> str | None:
        """The sheet of a workbook; None: the first one."""

    def named_columns(self) -> Mapping[str, str]:
        """Every column that must be there, by the key that names it."""


def open_sheet(path: Path, layout: Layout) -> Sheet:
    """Open a CSV (strict UTF-8, then strict CP932) or a workbook, told apart by their first bytes.

    Error: `InputError` names the file and what is wrong with it: the byte, the line, or the missing column.
    """
    try:
        with path.open("rb") as file:
            is_workbook = file.read(4) == _WORKBOOK_SIGNATURE
        sheet = _open_workbook(path, layout) if is_workbook else _open_csv(path, layout)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    _check_columns(sheet, layout)
    return sheet


def _check_columns(sheet: Sheet, layout: Layout) -> None:
    for key, column in layout.named_columns().items():
        if column not in sheet.header:
            there = ", ".join(name[:40] for name in sheet.header[:50])
            raise InputError(
                f"{sheet.path}: {layout.naming}{key} names a missing column {column!r}; there are: {there}"
            )
        if sheet.header.count(column) > 1:
            raise InputError(f"{sheet.path}: {layout.naming}{key} names the column {column!r}, which is there twice")


def _open_csv(path: Path, layout: Layout) -> Sheet:
    encoding, delimiter = find_encoding(path), layout.delimiter
    rows = _csv_rows(path, encoding, delimiter)
    header = _header(path, next(rows, None))
    return Sheet(path, header, sum(1 for _ in rows), encoding, delimiter)


def find_encoding(path: Path) -> str:
    """Tell how a CSV is written. Error: `InputError` gives the first byte (counted from 0) that fits neither way."""
    not_utf8 = _undecodable(path, "utf-8")
    if not_utf8 is None:
        return "utf-8-sig"
    not_cp932 = _undecodable(path, "cp932")
    if not_cp932 is None:
        return "cp932"
    raise InputError(
        f"{path}: neither UTF-8 (byte position {not_utf8}) nor CP932 (byte position {not_cp932}); save it as CSV UTF-8"
    )


def _undecodable(path: Path, encoding: str) -> int | None:
    """Find the first byte that breaks the encoding. No character of either encoding holds a newline byte within it."""
    offset = 0
    with path.open("rb") as file:
        for line in file:
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError as error:
                return offset + error.start
            undefined = _NOT_CP932.search(text) if encoding == "cp932" else None
            if undefined:
                return offset + len(text[: undefined.start()].encode(encoding))
            offset += len(line)
    return None


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[FileRow]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        line = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield FileRow(line, tuple(cells))
                line = reader.line_num + 1
        except csv.Error as error:
            raise InputError(f"{path}: damaged CSV in the row that begins in line {line}: {error}") from error


def _below_header(rows: Iterator[FileRow]) -> Iterator[FileRow]:
    next(rows, None)
    yield from rows


def _header(path: Path, row: FileRow | None) -> tuple[str, ...]:
    if row is None:
        raise InputError(f"{path}: empty; the first row must name the columns")
    return tuple(cell.strip() for cell in row.cells)


def _open_workbook(path: Path, layout: Layout) -> Sheet:
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            table = _table(path, workbook, layout.sheet)
    except (CalamineError, ValueError) as error:
        raise InputError(f"{path}: damaged workbook: {' '.join(str(error).split())}") from error
    rows = [
        FileRow(number, cells)
        for number, row in enumerate(table, 1)
        if any(cells := tuple(_cell_text(cell) for cell in row))
    ]
    header = _header(path, rows[0] if rows else None)
    return Sheet(path, header, len(rows) - 1, None, "", tuple(rows[1:]))


def _table(path: Path, workbook: CalamineWorkbook, sheet: str | None) -> Sequence[Sequence[object]]:
    if sheet is not None and sheet not in workbook.sheet_names:
        raise InputError(f"{path}: no sheet {sheet!r}; there are: {', '.join(workbook.sheet_names)}")
    if not workbook.sheet_names:
        raise InputError(f"{path}: no sheet at all")
    found = workbook.get_sheet_by_name(sheet or workbook.sheet_names[0])
    # the empty area above and left of the first cell stays, so that row numbers are the ones that Excel shows
    return list(found.to_python(skip_empty_area=False))


def _cell_text(cell: object) -> str:
    """Write a cell as a CSV would have it: whole numbers without '.0', dates as ISO."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds") if cell.time() != time(0) else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)
