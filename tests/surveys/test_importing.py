"""Answers from files: stored once, on both databases, bad rows refused one by one."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from factories import NOW, SURVEY, TOKYO, make_definition
from sqlalchemy import select

from surveys.database import Database
from surveys.definitions import save_survey
from surveys.errors import InputError
from surveys.importing import ColumnMap, ImportReport, Limits, RowNote, import_file, read_map, write_notes
from surveys.places import create_area, create_store
from surveys.queries import stores
from surveys.tables import Comment, Response

LIMITS = Limits(TOKYO, NOW, max_text_length=50)
MAP: dict[str, Any] = {
    "source": "shop",
    "columns": {
        "date": "日付",
        "store": "店",
        "area": "地区",
        "score": "点",
        "satisfaction": "満足",
        "external_id": "番号",
    },
    "comments": {"good": "良い点", "bad": "悪い点"},
    "answers": {"bag": "袋"},
    "attributes": {"age": "年代"},
    "empty": ["無回答"],
    "labels": {"satisfaction": {"満足": 4}},
}
HEADER = "番号,日付,店,地区,点,満足,良い点,悪い点,袋,年代,内緒"
FIRST = "1,2025-10-01,銀座店,中央,9,満足,品ぞろえが良い,電話は03-1234-5678です,あり,30代,x"
SECOND = "2,2025-10-02 9:05,渋谷店,西,３,2,,レジが遅い,無回答,無回答,y"
CHANGED = "known with other content; --replace takes this one"


def without_ids() -> dict[str, Any]:
    return MAP | {"columns": {key: name for key, name in MAP["columns"].items() if key != "external_id"}}


def bring_in(
    database: Database, folder: Path, *rows: str, changes: dict[str, Any] | None = None, replace_changed: bool = False
) -> dict[str, Any]:
    """Import these rows; what was reported, without what stayed empty."""
    file = folder / "answers.csv"
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    column_map = ColumnMap.model_validate(MAP | (changes or {}))
    report = asdict(import_file(database, file, column_map, LIMITS, replace_changed=replace_changed))
    return {key: value for key, value in report.items() if value}


def stored(database: Database) -> list[dict[str, Any]]:
    with database.reading() as session:
        return [
            {
                "id": response.external_id,
                "store": response.store.name,
                "at": response.answered_at.astimezone(TOKYO).isoformat(),
                "week": response.week,
                "figures": (response.score, response.satisfaction),
                "words": {comment.field: comment.text for comment in response.comments},
                "others": response.answers | response.attributes,
                "channel": response.channel,
                "revision": response.revision,
            }
            for response in session.scalars(select(Response).order_by(Response.external_id))
        ]


def comments(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Comment.text).order_by(Comment.external_id)))


def test_rows_are_stored_by_the_map_masked_and_in_their_local_week(database: Database, tmp_path: Path) -> None:
    assert bring_in(database, tmp_path, FIRST, SECOND) == {"rows": 2, "added": 2, "new_stores": ["銀座店", "渋谷店"]}
    assert stored(database) == [
        {
            "id": "shop:1",
            "store": "銀座店",
            "at": "2025-10-01T12:00:00+09:00",
            "week": "2025-W40",
            "figures": (9, 4),
            "words": {"good": "品ぞろえが良い", "bad": "電話は［電話番号］です"},
            "others": {"bag": "あり", "age": "30代"},
            "channel": "import",
            "revision": 1,
        },
        {
            "id": "shop:2",
            "store": "渋谷店",
            "at": "2025-10-02T09:05:00+09:00",
            "week": "2025-W40",
            "figures": (3, 2),
            "words": {"bad": "レジが遅い"},
            "others": {},
            "channel": "import",
            "revision": 1,
        },
    ]


def test_the_same_file_twice_adds_nothing(database: Database, tmp_path: Path) -> None:
    bring_in(database, tmp_path, FIRST, SECOND)
    before = stored(database)
    assert bring_in(database, tmp_path, SECOND, FIRST) == {"rows": 2, "unchanged": 2}
    assert stored(database) == before


def test_a_known_id_with_other_content_is_reported_and_replaced_only_when_asked(
    database: Database, tmp_path: Path
) -> None:
    bring_in(database, tmp_path, FIRST, SECOND)
    edited = SECOND.replace("レジが遅い", "レジが速くなった")
    assert bring_in(database, tmp_path, FIRST, edited) == {
        "rows": 2,
        "unchanged": 1,
        "changed": [{"line": 3, "external_id": "shop:2", "reason": CHANGED}],
    }
    assert comments(database)[-1] == "レジが遅い"
    assert bring_in(database, tmp_path, FIRST, edited, replace_changed=True) == {
        "rows": 2,
        "unchanged": 1,
        "replaced": 1,
    }
    assert comments(database)[-1] == "レジが速くなった"
    assert [response["revision"] for response in stored(database)] == [1, 2]
    assert bring_in(database, tmp_path, edited, replace_changed=True) == {"rows": 1, "unchanged": 1}


def test_without_an_id_a_row_is_known_by_its_content_and_how_often_it_came(sqlite: Database, tmp_path: Path) -> None:
    assert bring_in(sqlite, tmp_path, FIRST, SECOND, FIRST, changes=without_ids())["added"] == 3
    assert bring_in(sqlite, tmp_path, FIRST, SECOND, FIRST, changes=without_ids()) == {"rows": 3, "unchanged": 3}
    assert bring_in(sqlite, tmp_path, *[FIRST] * 3, SECOND, changes=without_ids()) == {
        "rows": 4,
        "added": 1,
        "unchanged": 3,
    }


def test_columns_outside_the_map_are_no_part_of_the_content(sqlite: Database, tmp_path: Path) -> None:
    bring_in(sqlite, tmp_path, FIRST, changes=without_ids())
    assert bring_in(sqlite, tmp_path, FIRST[:-1] + "z", changes=without_ids()) == {"rows": 1, "unchanged": 1}


def test_an_id_that_stands_for_two_answers_keeps_the_first(sqlite: Database, tmp_path: Path) -> None:
    other = FIRST.replace("品ぞろえが良い", "明るい")
    for replace_changed in (False, True):
        report = bring_in(sqlite, tmp_path, FIRST, FIRST, other, replace_changed=replace_changed)
        assert report["refused"] == [
            {"line": 4, "external_id": "", "reason": "id '1' stands for another answer in line 2"}
        ]
    assert comments(sqlite) == ["電話は［電話番号］です", "品ぞろえが良い"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (FIRST.replace(",9,", ",11,"), "the score 11 is not a whole number from 0 to 10"),
        (FIRST.replace(",9,", ",九,"), "column '点': '九' is not a whole number"),
        (FIRST.replace(",9,", ",8.5,"), "column '点': '8.5' is not a whole number"),
        (FIRST.replace("満足", "まあまあ"), "column '満足': 'まあまあ' is not a whole number"),
        (FIRST.replace("2025-10-01", "きのう"), "column '日付': 'きのう' is not a date"),
        (FIRST.replace("2025-10-01", ""), "column '日付': '' is not a date"),
        (FIRST.replace("2025-10-01", "2025-10-05"), "column '日付': '2025-10-05' lies in the future"),
        (FIRST.replace("銀座店", " "), "column '店' names no store"),
        (FIRST[1:], "column '番号' is empty"),
        (FIRST + ",more", "the row has 12 cells, the header 11"),
        ("1,2025-10-01,銀座店", "the row has 3 cells, the header 11"),
        (FIRST.replace("品ぞろえ", "品" * 51), "column '良い点': the text has 54 characters, more than 50"),
        (FIRST.replace("品ぞろえ", "品\x00ぞろえ"), "the comment 'good' holds control characters"),
        (FIRST.replace("銀座店", "銀\x00座"), "the store '銀\\x00座' must be at most 100 characters"),
        ("1,2025-10-01,銀座店,中央,,,,,,30代,x", "the row holds no answer"),
    ],
)
def test_a_bad_row_is_refused_with_line_and_reason_and_the_good_ones_go_in(
    sqlite: Database, tmp_path: Path, row: str, reason: str
) -> None:
    report = bring_in(sqlite, tmp_path, SECOND, row)
    assert (report["added"], [note["line"] for note in report["refused"]]) == (1, [3])
    assert report["refused"][0]["reason"].startswith(reason)


def test_a_reason_quotes_no_personal_data(sqlite: Database, tmp_path: Path) -> None:
    report = bring_in(sqlite, tmp_path, FIRST.replace(",9,", ",090-1234-5678,"))
    assert report["refused"][0]["reason"] == "column '点': '［電話番号］' is not a whole number"


def test_a_store_is_found_by_its_key_or_its_name_and_keeps_its_area(database: Database, tmp_path: Path) -> None:
    with database.session() as session:
        create_area(session, "east", "東")
        create_store(session, "ginza", "銀座店", "east")
        create_store(session, "渋谷店", "渋谷駅前店")
    assert "new_stores" not in bring_in(database, tmp_path, FIRST, SECOND)
    with database.reading() as session:
        assert [(store.key, store.name, store.area_name) for store in stores(session)] == [
            ("ginza", "銀座店", "東"),
            ("渋谷店", "渋谷駅前店", None),
        ]


def test_new_stores_share_the_area_that_the_file_names_and_spaces_do_not_make_two(
    database: Database, tmp_path: Path
) -> None:
    rows = [FIRST.replace("銀座店", " 銀座　  本店 "), SECOND.replace("渋谷店", "銀座 本店").replace("西", "東")]
    assert bring_in(database, tmp_path, *rows)["new_stores"] == ["銀座 本店"]
    with database.reading() as session:
        assert [(store.name, store.area_name) for store in stores(session)] == [("銀座 本店", "中央")]


def test_constants_stand_for_columns_that_the_file_lacks(sqlite: Database, tmp_path: Path) -> None:
    changes = {
        "columns": {"date": "日付", "score": "点", "channel": "袋", "time": "内緒"},
        "constants": {"store": "本店", "channel": "phone"},
        "answers": {},
    }
    rows = ["1,2025-10-01,,,9,,,,,,8:30", "2,2025-10-01,,,9,,,,review,,"]
    bring_in(sqlite, tmp_path, *rows, changes=changes)
    found = [(response["store"], response["channel"], response["at"][11:16]) for response in stored(sqlite)]
    assert sorted(found) == [("本店", "phone", "08:30"), ("本店", "review", "12:00")]


def test_answers_can_belong_to_a_loaded_survey(sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^the map's survey 'store' is not loaded"):
        bring_in(sqlite, tmp_path, FIRST, changes={"survey": SURVEY["key"]})
    with sqlite.session() as session:
        save_survey(session, make_definition())
    bring_in(sqlite, tmp_path, FIRST, changes={"survey": SURVEY["key"]})
    with sqlite.reading() as session:
        assert session.scalars(select(Response.survey_id)).one() is not None


def test_a_workbook_and_a_csv_of_the_same_rows_are_the_same_answers(sqlite: Database, tmp_path: Path) -> None:
    bring_in(sqlite, tmp_path, FIRST, SECOND, changes=without_ids())
    workbook = openpyxl.Workbook()
    for row in (HEADER, FIRST, SECOND):
        workbook.active.append([int(cell) if cell.isdecimal() else cell for cell in row.split(",")])
    workbook.save(tmp_path / "answers.xlsx")
    report = import_file(sqlite, tmp_path / "answers.xlsx", ColumnMap.model_validate(without_ids()), LIMITS)
    assert report == ImportReport(rows=2, unchanged=2)


def test_a_damaged_file_stores_nothing_of_its_sound_rows(sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row that begins in line 3"):
        bring_in(sqlite, tmp_path, FIRST, '2,"open')
    assert stored(sqlite) == []


def test_an_empty_file_with_a_header_is_an_honest_nothing(sqlite: Database, tmp_path: Path) -> None:
    assert bring_in(sqlite, tmp_path) == {}


def test_progress_is_told_batch_by_batch(sqlite: Database, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    file = tmp_path / "answers.csv"
    file.write_text("\n".join([HEADER, *[FIRST] * 600]), encoding="utf-8")
    column_map = ColumnMap.model_validate(without_ids())
    report = import_file(sqlite, file, column_map, LIMITS, progress=lambda *step: told.append(step))
    assert (report.added, told) == (600, [(500, 600), (600, 600)])


def test_notes_are_listed_by_line_for_a_spreadsheet(tmp_path: Path) -> None:
    report = ImportReport(
        changed=[RowNote(2, "shop:1", CHANGED)], refused=[RowNote(12, "", "a, b"), RowNote(1, "", "x")]
    )
    write_notes(report, tmp_path / "notes.csv")
    assert (tmp_path / "notes.csv").read_text(encoding="utf-8-sig") == (
        f'line,outcome,id,reason\n1,refused,,x\n2,changed,shop:1,{CHANGED}\n12,refused,,"a, b"\n'
    )


@pytest.mark.long
def test_the_real_answers_go_in_once(sqlite: Database, shared_data: Path) -> None:
    column_map = read_map(Path(__file__).resolve().parents[2] / "docs" / "maps" / "fukui.yaml")
    limits = Limits(TOKYO, NOW.replace(year=2026), 2000)
    report = import_file(sqlite, shared_data / "fukui_2025.csv", column_map, limits)
    assert (report.added, report.refused, len(report.new_stores)) == (23_660, [], 92)
    with sqlite.reading() as session:
        with_text = session.scalars(select(Comment.response_id).distinct()).all()
    assert len(with_text) == 9_132


def test_two_imports_of_one_file_at_the_same_moment_leave_each_answer_once(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    rows = [f"{n},2025-10-01,店{n % 7},地区{n % 3},9,5,良い,,,,x" for n in range(1200)]
    file = tmp_path / "answers.csv"
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    column_map = ColumnMap.model_validate(MAP)

    def bring_in_once(_: int) -> ImportReport:
        own = Database(database_url)
        try:
            return import_file(own, file, column_map, LIMITS)
        finally:
            own.close()

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(bring_in_once, range(2)))
    assert [(report.refused, report.changed) for report in reports] == [([], [])] * 2
    assert sum(report.added for report in reports) == len(stored(database)) == 1200
    with database.reading() as session:
        assert len(stores(session)) == 7
