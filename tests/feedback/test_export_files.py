import csv
import io
import json

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedback.export_files import CELL_CHARACTERS, could_run, write_csv, write_jsonl, write_rows, write_xlsx
from surveys.texts import storable

DANGEROUS = [
    "=1+1",
    "+81",
    "-3",
    "@SUM(A1)",
    "\t=1",
    "\rx",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "  =1+1",
    "\u3000＝1",
    '=HYPERLINK("http://x.example","y")',
]
HARMLESS = ["", "良い", "3-4人", "'=1", "a=1", "ー", "\u3000良い", " ", "100", "http://x.example", "{=1}"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_a_spreadsheet_could_run_is_known(text):
    assert could_run(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_text_is_left_alone(text):
    assert not could_run(text)


def test_csv_opens_in_excel_and_no_text_of_it_runs():
    stream = io.BytesIO()
    count = write_csv(stream, ("text", "score"), [(text, -1) for text in DANGEROUS + HARMLESS])
    raw = stream.getvalue()
    assert raw.startswith(b"\xef\xbb\xbftext,score\r\n")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert count == len(rows) - 1
    assert [row[0] for row in rows[1:]] == [f"'{text}" for text in DANGEROUS] + HARMLESS
    assert {row[1] for row in rows[1:]} == {"-1"}


@given(st.lists(st.text().map(storable), max_size=5))
@example(["'=1", "=1", ""])
def test_any_text_comes_back_from_csv_and_none_could_run(texts):
    stream = io.BytesIO()
    write_csv(stream, ("n", "text"), enumerate(texts))
    read = [row[1] for row in csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline=""))][1:]
    assert read == [f"'{text}" if could_run(text) else text for text in texts]
    assert not any(could_run(text) for text in read)


def test_csv_keeps_commas_quotes_and_line_ends_inside_one_field():
    stream = io.BytesIO()
    write_csv(stream, ("a", "b"), [('「"はい", いいえ」\n二行目', None), (True, 0.5)])
    expected = 'a,b\r\n"「""はい"", いいえ」\n二行目",\r\ntrue,0.5\r\n'
    assert stream.getvalue().decode("utf-8-sig") == expected


def test_xlsx_has_no_formula_no_link_and_keeps_every_text():
    stream = io.BytesIO()
    texts = DANGEROUS + [text for text in HARMLESS if text]
    write_xlsx(stream, ("text", "score", "flag"), [(text, 3, False) for text in texts])
    cells = list(openpyxl.load_workbook(stream).active.iter_rows(min_row=2))
    assert [row[0].value for row in cells] == [text.replace("\r", "_x000D_") for text in texts]
    assert {row[0].data_type for row in cells} == {"s"}
    assert {row[0].hyperlink for row in cells} == {None}
    assert [row[0].quotePrefix for row in cells] == [text in DANGEROUS for text in texts]
    assert {(row[1].value, row[2].value) for row in cells} == {(3, False)}


def test_xlsx_begins_a_new_sheet_with_the_header_when_one_is_full():
    stream = io.BytesIO()
    assert write_xlsx(stream, ("n", "text"), [(n, None) for n in range(5)], sheet_rows=3) == 5
    book = openpyxl.load_workbook(stream)
    found = [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book]
    assert found == [["n", 0, 1], ["n", 2, 3], ["n", 4]]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("声" * (CELL_CHARACTERS + 1), "声" * CELL_CHARACTERS),
        ("😀" * 20_000, "😀" * 16_383),
        ("声" * 20_000, "声" * 20_000),
    ],
)
def test_xlsx_cuts_a_text_that_no_cell_can_hold(text, kept):
    stream = io.BytesIO()
    write_xlsx(stream, ("text",), [(text,)])
    assert openpyxl.load_workbook(stream).active["A2"].value == kept


def test_json_lines_are_objects_with_null_for_absent_and_texts_as_they_are():
    stream = io.BytesIO()
    assert write_jsonl(stream, ("a", "b"), [("=1", None), ("二\n行", True)]) == 2
    lines = stream.getvalue().decode().splitlines()
    assert [json.loads(line) for line in lines] == [{"a": "=1", "b": None}, {"a": "二\n行", "b": True}]


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
def test_an_export_of_nothing_is_a_valid_file(format_):
    stream = io.BytesIO()
    assert write_rows(stream, format_, ("a", "b"), []) == 0
    if format_ == "xlsx":
        assert list(openpyxl.load_workbook(stream).active.values) == [("a", "b")]
    else:
        assert stream.getvalue() == (b"\xef\xbb\xbfa,b\r\n" if format_ == "csv" else b"")
