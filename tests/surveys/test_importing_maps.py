"""The column map: what is refused, and with which words."""

import re
from pathlib import Path

import pytest
import yaml

from surveys.errors import InputError
from surveys.importing.maps import ColumnMap, Columns, Constants, read_map

MAPS = Path(__file__).resolve().parents[2] / "docs" / "maps"
GOOD = "source: shop\ncolumns: {date: 日付, store: 店, score: 点}\n"


def refusal(folder: Path, text: str) -> str:
    file = folder / "map.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_map(file)
    return str(refused.value).replace(str(folder), "")


@pytest.mark.parametrize("file", sorted(MAPS.glob("*.yaml")), ids=lambda file: file.name)
def test_every_map_that_ships_is_sound(file: Path) -> None:
    assert read_map(file).columns.date


def test_the_columns_a_map_names_are_known_by_the_keys_that_name_them(tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(GOOD + "comments: {reason: 理由}\nattributes: {age: 年代}\nanswers: {bag: 袋}\n", encoding="utf-8")
    assert read_map(file).named_columns() == {
        "columns.date": "日付",
        "columns.store": "店",
        "columns.score": "点",
        "comments.reason": "理由",
        "answers.bag": "袋",
        "attributes.age": "年代",
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD + "colums: {}\n", "colums: unknown key"),
        (GOOD.replace("score", "scor"), "columns.scor: unknown key"),
        (GOOD.replace("date: 日付, ", ""), "columns.date: Field required"),
        (GOOD.replace("source: shop\n", ""), "source: Field required"),
        (GOOD.replace("点", "5"), "columns.score: Input should be a valid string"),
        (GOOD + "constants: {store: 本店}\n", "name the store once: columns.store or constants.store"),
        (GOOD.replace("store: 店, ", ""), "name the store once: columns.store or constants.store"),
        (GOOD.replace("score: 点", "area: 区") + "constants: {area: 東}\n", "name the area once"),
        (GOOD.replace(", score: 点", ""), "nothing to import: name a score"),
        (GOOD + "delimiter: ';;'\n", "delimiter: String should have at most 1 character"),
        ("- a\n", "must hold keys and values"),
        ("source: [", "not valid YAML"),
        ("source: 2025-02-30", "not valid YAML"),
        ("", "must hold keys and values"),
    ],
)
def test_a_wrong_map_is_refused_by_file_and_key(tmp_path: Path, text: str, fault: str) -> None:
    assert refusal(tmp_path, text).startswith(f"/map.yaml: {fault}")


def test_every_fault_of_a_map_is_told_at_once_on_one_line(tmp_path: Path) -> None:
    assert refusal(tmp_path, GOOD + "a: 1\nb: 2\n") == "/map.yaml: a: unknown key; /map.yaml: b: unknown key"


def test_a_missing_map_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.yaml: cannot be read"):
        read_map(tmp_path / "gone.yaml")


def test_the_map_that_the_manual_teaches_is_sound_and_every_key_is_explained() -> None:
    manual = (MAPS.parent / "importing.md").read_text(encoding="utf-8")
    taught = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)[0])
    assert ColumnMap.model_validate(taught).labels["satisfaction"]["満足"] == 4
    keys = {f"columns.{key}" for key in Columns.model_fields} | {f"constants.{key}" for key in Constants.model_fields}
    keys |= ColumnMap.model_fields.keys() - {"columns", "constants"}
    assert {key for key in keys if f"`{key}`" not in manual} == set()
