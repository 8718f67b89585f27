"""CSV and XLSX as rows of text: encodings, line numbers, damage."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from surveys.errors import InputError
from surveys.importing.files import FileRow, Sheet, open_sheet
from surveys.importing.maps import ColumnMap

MAP: dict[str, object] = {"source": "shop", "columns": {"date": "日付", "store": "店", "score": "点"}}
HEADER = "日付,店,点\n"


def opened(path: Path, **changes: object) -> Sheet:
    return open_sheet(path, ColumnMap.model_validate(MAP | changes))


def csv_file(folder: Path, content: bytes) -> Path:
    path = folder / "answers.csv"
    path.write_bytes(content)
    return path


def workbook_file(folder: Path, rows: Sequence[Sequence[object]], *, first_row: int = 1) -> Path:
    workbook = openpyxl.Workbook()
    workbook.active.title = "回答"
    for number, row in enumerate(rows, first_row):
        for column, cell in enumerate(row, 1):
            workbook.active.cell(number, column, cell)
    path = folder / "answers.xlsx"
    workbook.save(path)
    return path


def refusal(path: Path, **changes: object) -> str:
    with pytest.raises(InputError) as refused:
        opened(path, **changes)
    return str(refused.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_csv_reads_alike_in_every_encoding_that_excel_writes(tmp_path: Path, encoding: str) -> None:
    text = HEADER + "2025-10-01,銀座店～①,9\n"
    sheet = opened(csv_file(tmp_path, text.encode(encoding)))
    assert (sheet.header, sheet.row_count) == (("日付", "店", "点"), 1)
    assert list(sheet.rows()) == [FileRow(2, ("2025-10-01", "銀座店～①", "9"))]


def test_rows_can_be_walked_again(tmp_path: Path) -> None:
    sheet = opened(csv_file(tmp_path, (HEADER + "2025-10-01,a,9\n").encode()))
    assert list(sheet.rows()) == list(sheet.rows())


def test_a_row_is_named_by_the_line_where_it_begins_and_blank_lines_are_left_out(tmp_path: Path) -> None:
    text = HEADER + '2025-10-01,"a\nb",9\r\n\n , ,\n2025-10-02,c,8'
    assert [row.line for row in opened(csv_file(tmp_path, text.encode())).rows()] == [2, 6]


@pytest.mark.parametrize(
    ("content", "utf8", "cp932"),
    [
        (b"a,b\n\xff", 4, 4),
        (b"a,b\n\x80", 4, 4),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, 7),
        ("日付\n店".encode("cp932") + b"\xff", 0, 7),
        ("あ\n".encode() + b"\xff", 4, 2),
        ("a,b".encode("utf-16"), 0, 0),
    ],
)
def test_another_encoding_is_refused_with_the_first_byte_that_fits_neither(
    tmp_path: Path, content: bytes, utf8: int, cp932: int
) -> None:
    assert refusal(csv_file(tmp_path, content)) == (
        f"neither UTF-8 (byte position {utf8}) nor CP932 (byte position {cp932}); save it as CSV UTF-8"
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty; the first row must name the columns"),
        (HEADER + '2025-10-01,"a,9\n', "damaged CSV in the row that begins in line 2: unexpected end of data"),
        (
            HEADER + '1,2,3\n2025-10-01,"a"b,9\n',
            "damaged CSV in the row that begins in line 3: ',' expected after '\"'",
        ),
        ("日付,点\n", "the map's columns.store names a missing column '店'; there are: 日付, 点"),
        ("日付,店,店,点\n", "the map's columns.store names the column '店', which is there twice"),
    ],
)
def test_a_damaged_csv_is_refused_before_anything_is_handed_out(tmp_path: Path, text: str, fault: str) -> None:
    assert refusal(csv_file(tmp_path, text.encode())) == fault


def test_a_field_beyond_all_measure_is_damage(tmp_path: Path) -> None:
    text = HEADER + f"2025-10-01,{'あ' * 200_000},9\n"
    assert refusal(csv_file(tmp_path, text.encode())) == (
        "damaged CSV in the row that begins in line 2: field larger than field limit (131072)"
    )


def test_another_delimiter_can_be_named(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "日付\t店\t点\n2025-10-01\ta,b\t9\n".encode())
    assert list(opened(path, delimiter="\t").rows()) == [FileRow(2, ("2025-10-01", "a,b", "9"))]


def test_cells_of_a_workbook_become_the_text_that_a_csv_would_hold(tmp_path: Path) -> None:
    rows = [["日付", "店", "点"], [date(2025, 10, 1), "a", 9], [], [datetime(2025, 10, 2, 9, 5), None, 9.5]]  # noqa: DTZ001
    sheet = opened(workbook_file(tmp_path, rows, first_row=3))
    assert sheet.header == ("日付", "店", "点")
    assert list(sheet.rows()) == [
        FileRow(4, ("2025-10-01", "a", "9")),
        FileRow(6, ("2025-10-02 09:05:00", "", "9.5")),
    ]


def test_a_sheet_can_be_named_and_a_missing_one_is_refused(tmp_path: Path) -> None:
    path = workbook_file(tmp_path, [["日付", "店", "点"]])
    assert opened(path, sheet="回答").row_count == 0
    assert refusal(path, sheet="集計") == "no sheet '集計'; there are: 回答"


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook_file(tmp_path, [["日付", "店", "点"]])
    path.write_bytes(path.read_bytes()[:-400])
    assert refusal(path).startswith("damaged workbook: ")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.csv") == "cannot be read: No such file or directory"
    assert refusal(tmp_path) == "cannot be read: Is a directory"
