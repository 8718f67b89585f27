"""The benchmark of speed still runs, on invented comments and on a file."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "speed.py"
MEASURED = {
    *(f"{step}_{unit}" for step in ("fit", "tag", "whole", "bare") for unit in ("s", "comments_per_s")),
    *("clock_s", "ratio_to_bare", "peak_mb", "peak_before_mb"),
}


@pytest.fixture(scope="module")
def speed() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


def test_invented_comments_hardly_repeat_themselves_and_come_out_the_same_again(speed: dict[str, Any]) -> None:
    texts = list(speed["invented_comments"](400))
    assert texts == list(speed["invented_comments"](400))
    assert len(set(texts)) >= 380


def test_a_run_over_invented_comments_is_measured(speed: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    speed["main"](["--one", "--comments", "150"])
    figures = json.loads(capsys.readouterr().out)
    assert all(figures.pop(name) >= 0 for name in MEASURED)
    texts = list(speed["invented_comments"](150))
    assert figures.pop("opinions") >= 150
    assert 150 <= figures.pop("distinct_sentences") <= figures.pop("sentences")
    assert 0 <= figures.pop("other_share") < 0.5
    assert figures == {
        "comments": 150,
        "characters": sum(map(len, texts)),
        "distinct_comments": len(set(texts)),
        "new_themes": 1,
    }


def test_a_run_over_a_file_is_measured(
    speed: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "map.yaml").write_text("source: t\ncolumns: {date: 日, store: 店}\ncomments: {reason: 理由}\n", "utf-8")
    (tmp_path / "a.csv").write_text("日,店,理由\n2025-01-01,東,レジが遅い\n2025-01-02,西,\n", "utf-8")
    speed["main"](["--one", "--file", str(tmp_path / "a.csv"), "--columns", str(tmp_path / "map.yaml")])
    figures = json.loads(capsys.readouterr().out)
    assert (figures["comments"], figures["opinions"], figures["other_share"]) == (1, 1, 0)


def test_what_nothing_explains_is_searched_for_new_themes(speed: dict[str, Any]) -> None:
    found = speed["measure"]([f"{number}番の噴水が四角い" for number in range(30)], "retail")
    assert (found["new_themes"], found["other_share"]) == (1, 0)
