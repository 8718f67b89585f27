"""The file formats of an export: CSV for Excel, XLSX, JSON Lines. Each writes row by row, in constant memory.

No text of a customer can run as a formula: CSV gets an apostrophe before it, XLSX a text cell marked as text.
"""

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Literal

import xlsxwriter

Cell = str | int | float | bool | None
Row = Sequence[Cell]
Format = Literal["csv", "xlsx", "jsonl"]

SHEET_ROWS = 1_048_576
"""Rows that one sheet of an XLSX file can hold, its header among them."""

CELL_CHARACTERS = 32_767
"""Characters that one cell of an XLSX file can hold, as Excel counts them (UTF-16: most emoji are two)."""

_STARTS = frozenset("=+-@＝＋－＠\t\r\n")
_BLANK = " \t\r\n\u3000\xa0\ufeff"


def could_run(text: str) -> bool:
    """Tell whether a spreadsheet could take this text for a formula (blanks before the sign count as nothing)."""
    start = text[:1]
    return start in _STARTS if start not in _BLANK else start in _STARTS or text.lstrip(_BLANK)[:1] in _STARTS


def write_rows(stream: BinaryIO, format_: Format, header: Sequence[str], rows: Iterable[Row]) -> int:
    """Write the rows to an open binary stream, and return how many there were."""
    return _WRITERS[format_](stream, header, rows)


def write_csv(stream: BinaryIO, header: Sequence[str], rows: Iterable[Row]) -> int:
    """Write RFC 4180 CSV in UTF-8 with the byte order mark that Excel needs; None is an empty field."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last number is the answer
        writer.writerow([_csv_cell(cell) for cell in row])
    text.flush()
    text.detach()
    return count


def _csv_cell(cell: Cell) -> Cell:
    if type(cell) is str:
        return f"'{cell}" if cell and (cell[0] in _SUSPECT) and could_run(cell) else cell
    if cell is True or cell is False:
        return "true" if cell else "false"
    return cell


_SUSPECT = _STARTS | frozenset(_BLANK)


def write_jsonl(stream: BinaryIO, header: Sequence[str], rows: Iterable[Row]) -> int:
    """Write one JSON object a line; absent is null. Texts stand as they are: nothing runs a JSON file."""
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last number is the answer
        stream.write(encode(dict(zip(header, row, strict=True))).encode() + b"\n")
    return count


def write_xlsx(stream: BinaryIO, header: Sequence[str], rows: Iterable[Row], sheet_rows: int = SHEET_ROWS) -> int:
    """Write an XLSX file; after `sheet_rows` rows the next sheet begins, with the header again.

    Every text is written as text, never read for formulas, links or numbers. Excel would still make a formula of
    `=1+1` when somebody opens the cell and presses Enter: such cells carry the "text" mark (quote prefix) as well.
    """
    # a file of our own first: on a full disk the library's archive would complain again while it is thrown away
    with TemporaryFile() as whole:
        book = xlsxwriter.Workbook(whole, {"constant_memory": True})
        sheet = _Sheets(book, header, sheet_rows)
        count = 0
        for count, row in enumerate(rows, start=1):  # noqa: B007 - the last number is the answer
            sheet.add(row)
        book.close()
        whole.seek(0)
        shutil.copyfileobj(whole, stream)
    return count


class _Sheets:
    """The sheets of one workbook, begun as they are needed."""

    def __init__(self, book: Any, header: Sequence[str], sheet_rows: int) -> None:
        self._book = book
        self._header = header
        self._sheet_rows = sheet_rows
        self._bold = book.add_format({"bold": True})
        self._quoted = book.add_format({"quote_prefix": True})
        self._begin()

    def _begin(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for column, name in enumerate(self._header):
            self._sheet.write_string(0, column, name, self._bold)
        self._next = 1

    def add(self, row: Row) -> None:
        if self._next >= self._sheet_rows:
            self._begin()
        sheet, number = self._sheet, self._next
        for column, cell in enumerate(row):
            if type(cell) is str:
                text = _fitting(cell)
                if could_run(text):
                    sheet.write_string(number, column, text, self._quoted)
                else:
                    sheet.write_string(number, column, text)
            elif cell is True or cell is False:
                sheet.write_boolean(number, column, cell)
            elif cell is not None:
                sheet.write_number(number, column, cell)
        self._next += 1


def _fitting(text: str) -> str:
    if len(text) * 2 <= CELL_CHARACTERS:
        return text
    return text.encode("utf-16-le")[: CELL_CHARACTERS * 2].decode("utf-16-le", errors="ignore")


_WRITERS: dict[str, Callable[[BinaryIO, Sequence[str], Iterable[Row]], int]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "jsonl": write_jsonl,
}
