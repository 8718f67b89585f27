import csv
import io
import json
from datetime import UTC, date, datetime

import openpyxl
import pytest
from click.testing import CliRunner
from stored_rows import MODEL, stored_comment, stored_opinion, stored_response, stored_store, stored_theme

from analysis.corrections import correcting
from feedback.cli import main
from feedback.exports import RESPONSE_COLUMNS, TAG_COLUMNS, Selection, export_responses, export_tags
from surveys.settings import Organisation
from surveys.tables import Spot

ZONE = Organisation().zone


@pytest.fixture
def filled(database):
    """Two stores, five responses: two themes, one opinion without a theme, one none answer, one bare score."""
    with database.session() as session:
        ginza, ueno = stored_store(session, "ginza", "銀座店"), stored_store(session, "ueno", "=上野店")
        spot = Spot(store_id=ginza.id, key="till", name="レジ横")
        session.add(spot)
        session.flush()
        stored_theme(session, "queue", "レジの待ち時間", "Waiting at the till")
        stored_theme(session, "staff", "接客", "Service")
        first = stored_response(
            session, "b", ginza, spot_id=spot.id, score=3, satisfaction=2, attributes={"年代": "30代"}
        )
        comment = stored_comment(session, first, "レジが遅く、店員も忙しそう。包装は普通。")
        opinion = stored_opinion(
            session, comment, "レジが遅く、店員も忙しそう", {"staff": 0.25, "queue": 0.75001}, polarity="negative"
        )
        assert opinion.id
        stored_opinion(session, comment, "包装は普通", position=1)
        none = stored_response(session, "a", ueno, score=8, answers={"使う": ["朝", "夜"], "回数": 3})
        stored_opinion(session, stored_comment(session, none, "特になし"), "特になし", kind="none")
        stored_response(session, "Z", ginza, score=10)
        late = datetime(2025, 10, 5, 14, 59, 59, tzinfo=UTC)
        asks = stored_response(session, "c", ueno, answered_at=late, channel="import")
        text = "=もっと早く開けてほしい"
        request = stored_comment(session, asks, text)
        stored_opinion(session, request, text, {"queue": 1.0}, is_request=True, polarity="neutral")
        stored_comment(session, asks, "ありがとう", field="more", position=1)
        stored_response(session, "d", ueno, answered_at=datetime(2025, 10, 5, 15, tzinfo=UTC), week="2025-W41")
    return database


def exported(database, write, **narrowing):
    """The header and rows of an export as JSON Lines."""
    stream = io.BytesIO()
    with database.reading() as session:
        count = write(session, Selection(zone=ZONE, **narrowing), "jsonl", stream)
    rows = [json.loads(line) for line in stream.getvalue().decode().splitlines()]
    assert count == len(rows)
    return rows


def test_tags_hold_a_row_a_theme_and_also_opinions_without_one_and_none_answers(filled):
    noon, till = "2025-09-29T12:00:00+09:00", ("銀座店", "レジ横", "qr", 3)
    said = ("b/reason", "レジが遅く、店員も忙しそう。包装は普通。")
    both = ("b/reason#0", "レジが遅く、店員も忙しそう")
    wish = "=もっと早く開けてほしい"
    none = ("a/reason", "特になし", "a/reason#0", "特になし")
    untagged = ("b/reason#1", "包装は普通", None, None)
    asked = ("c/reason", wish, "c/reason#0", wish)
    sunday = "2025-10-05T23:59:59+09:00"
    queue, staff = ("queue", "レジの待ち時間"), ("staff", "接客")
    expected = [
        ("a", noon, "=上野店", None, "qr", 8, *none, None, None, None, False, None, None, MODEL),
        ("b", noon, *till, *said, *both, *queue, "negative", False, 0.75, "model", MODEL),
        ("b", noon, *till, *said, *both, *staff, "negative", False, 0.25, "model", MODEL),
        ("b", noon, *till, *said, *untagged, "neutral", False, None, None, MODEL),
        ("c", sunday, "=上野店", None, "import", None, *asked, *queue, "neutral", True, 1.0, "model", MODEL),
    ]
    assert exported(filled, export_tags) == [dict(zip(TAG_COLUMNS, row, strict=True)) for row in expected]


@pytest.mark.parametrize(
    ("correct", "what", "themes", "source"),
    [
        (correcting.move, ("b/reason", 1), [], "staff"),
        (correcting.set_themes, "b/reason", ["queue", "staff"], "staff"),
        (correcting.set_themes, "b/reason", [], "staff"),
        (correcting.move, ("b/reason", 0), ["queue"], None),
        (correcting.move, ("b/reason", 1), ["queue"], None),
    ],
)
def test_an_opinion_without_a_theme_names_staff_where_they_said_so(filled, correct, what, themes, source):
    with filled.session() as session:
        correct(session, what, themes, "鈴木", datetime(2025, 10, 6, tzinfo=UTC))
    sources = {row["opinion_id"]: row["source"] for row in exported(filled, export_tags)}
    assert sources == {"a/reason#0": None, "b/reason#0": "model", "b/reason#1": source, "c/reason#0": "model"}


def test_responses_hold_every_response_with_its_answers_and_attributes(filled):
    columns = (*RESPONSE_COLUMNS, "answer.使う", "answer.回数", "attribute.年代")
    ginza, ueno = ("2025-W40", "銀座店"), ("2025-W40", "=上野店")
    noon, sunday = "2025-09-29T12:00:00+09:00", "2025-10-05T23:59:59+09:00"
    said, wish = "レジが遅く、店員も忙しそう。包装は普通。", "=もっと早く開けてほしい\nありがとう"
    expected = [
        ("Z", noon, *ginza, None, "qr", None, 10, None, None, None, None, None),
        ("a", noon, *ueno, None, "qr", None, 8, None, "特になし", "朝; 夜", 3, None),
        ("b", noon, *ginza, "レジ横", "qr", None, 3, 2, said, None, None, "30代"),
        ("c", sunday, *ueno, None, "import", None, None, None, wish, None, None, None),
        ("d", "2025-10-06T00:00:00+09:00", "2025-W41", "=上野店", None, "qr", *([None] * 7)),
    ]
    assert exported(filled, export_responses) == [dict(zip(columns, row, strict=True)) for row in expected]


@pytest.mark.parametrize(
    ("narrowing", "ids"),
    [
        ({"first_day": date(2025, 9, 30)}, ["c", "d"]),
        ({"last_day": date(2025, 10, 5)}, ["Z", "a", "b", "c"]),
        ({"first_day": date(2025, 10, 6), "last_day": date(2025, 10, 6)}, ["d"]),
        ({"first_day": date(2026, 1, 1)}, []),
    ],
)
def test_days_are_the_organisations_and_both_are_included(filled, narrowing, ids):
    assert [row["response_id"] for row in exported(filled, export_responses, **narrowing)] == ids


def test_tags_can_be_narrowed_to_a_theme_and_named_in_english(filled):
    rows = exported(filled, export_tags, theme_id="queue", language="en")
    assert [(row["response_id"], row["theme"]) for row in rows] == [
        ("b", "Waiting at the till"),
        ("c", "Waiting at the till"),
    ]


def koebako(database, *arguments):
    url = database.engine.url.render_as_string(hide_password=False)
    return CliRunner().invoke(main, arguments, env={"KOEBAKO_DATABASE_URL": url})


def test_the_command_writes_csv_that_runs_nothing(filled, tmp_path):
    out = tmp_path / "tags.csv"
    result = koebako(filled, "export", "tags", "--store", "ueno", "--from", "2025-09-29", "--out", str(out))
    assert (result.exit_code, result.output) == (0, f"{out}: 2 rows\n")
    rows = list(csv.DictReader(io.StringIO(out.read_bytes().decode("utf-8-sig"), newline="")))
    assert [(row["store"], row["opinion"], row["is_request"], row["score"]) for row in rows] == [
        ("'=上野店", "特になし", "false", "8"),
        ("'=上野店", "'=もっと早く開けてほしい", "true", ""),
    ]
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_the_command_writes_xlsx_without_a_formula(filled, tmp_path):
    out = tmp_path / "tags.xlsx"
    assert koebako(filled, "export", "tags", "--format", "xlsx", "--out", str(out)).exit_code == 0
    sheet = openpyxl.load_workbook(out).active
    assert [cell.value for cell in sheet[1]] == list(TAG_COLUMNS)
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} == {"s", "n", "b"}
    assert sheet["C2"].value == "=上野店"


def test_without_a_file_the_terminal_gets_the_rows(filled):
    result = koebako(filled, "export", "responses", "--format", "jsonl", "--store", "ginza", "--store", "ueno")
    assert [json.loads(line)["response_id"] for line in result.stdout.splitlines()] == ["Z", "a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("tags", "--store", "nowhere"), "no store has the key 'nowhere'"),
        (("tags", "--theme", "nothing"), "no theme has the id 'nothing'"),
        (("responses", "--out", "/proc/none/x.csv"), "/proc/none/x.csv: cannot be written"),
        (("responses", "--out", ""), "'.' is no name of a file"),
        (("responses", "--from", "yesterday"), "'yesterday' does not match"),
        (("responses", "--from", "2025-10-02", "--to", "2025-10-01"), "--from lies after --to"),
    ],
)
def test_a_wrong_request_is_refused_in_one_line(filled, arguments, fault):
    result = koebako(filled, "export", *arguments)
    assert result.exit_code == 2
    assert fault in result.output.splitlines()[-1]


def test_an_export_that_fails_leaves_the_earlier_file(filled, tmp_path):
    out = tmp_path / "tags.csv"
    out.write_text("earlier")
    assert koebako(filled, "export", "tags", "--theme", "nothing", "--out", str(out)).exit_code == 2
    assert out.read_text() == "earlier"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []
