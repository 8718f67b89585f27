"""The invented comments of `masking_set.txt`: how much is found, and how often masking is wrong."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from surveys.masking import MARKS, mask_text

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "masking.py"
OF_NAMES, OF_OTHERS, PRECISION = 0.90, 0.98, 0.98


@pytest.fixture(scope="module")
def masking() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


def test_the_set_is_large_and_about_half_of_it_holds_nothing_personal(masking: dict[str, Any]) -> None:
    rows = list(masking["comments"]())
    assert len(rows) >= 400
    assert 0.4 <= sum(not row.spans for row in rows) / len(rows) <= 0.6


def test_recall_and_precision_stand_at_what_is_promised(masking: dict[str, Any]) -> None:
    *kinds, overall = masking["measure"](masking["comments"]())
    assert overall["precision"] >= PRECISION
    weak = [line for line in kinds if line["recall"] < (OF_NAMES if line["kind"] == "name" else OF_OTHERS)]
    assert weak == []


def test_masking_a_masked_comment_changes_nothing_more(masking: dict[str, Any]) -> None:
    for row in masking["comments"]():
        assert mask_text(mask_text(row.typed)) == mask_text(row.typed)


@pytest.mark.parametrize(
    ("typed", "masked", "expected"),
    [
        ("林さんと森さん", "［お名前］さんと［お名前］さん", [("name", 0, 1), ("name", 4, 5)]),
        ("電話はa", "電話はa", []),
    ],
)
def test_a_find_is_told_by_what_is_left(
    masking: dict[str, Any], typed: str, masked: str, expected: list[tuple[str, int, int]]
) -> None:
    assert list(masking["finds"](typed, masked)) == expected


def test_a_find_that_eats_words_or_is_of_another_kind_does_not_count(masking: dict[str, Any]) -> None:
    row = masking["_read"]("{postal:<〒>100-0000}の{name:林}さん")
    assert row.typed == "〒100-0000の林さん"
    assert masking["_is_right"](row, 0, 9)
    assert not masking["_is_right"](row, 0, 10)
    assert masking["_is_found"](row.typed, row.spans[1], [("name", 10, 11)])
    assert not masking["_is_found"](row.typed, row.spans[1], [("phone", 10, 11)])


def test_the_benchmark_prints_a_line_for_each_kind(masking: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    masking["main"](["--part", "held_out"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("kind") for line in lines] == [*MARKS, "all", None]


def test_the_command_masks_standard_input_line_by_line_without_database_or_secret(
    masking: dict[str, Any], tmp_path: Path
) -> None:
    typed = [row.typed for row in masking["comments"](part="held_out")]
    bare = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", "from feedback.cli import main; main()", "mask"],
        input="".join(f"{line}\n" for line in typed).encode(),
        capture_output=True,
        cwd=tmp_path,
        env=bare,
        check=True,
    )
    assert done.stdout.decode().splitlines() == [mask_text(line) for line in typed]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("odd", ["\ud800", "\x00", "\t", "\x1c", "\u2028", "😊"])
def test_odd_characters_beside_a_name_never_fail(odd: str) -> None:
    assert mask_text(f"{odd}担当の佐藤さん{odd}です") == f"{odd}担当の［お名前］さん{odd}です"
