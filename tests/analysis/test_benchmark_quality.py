"""The benchmark of quality still runs, on invented rows."""

import json
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "quality.py"
MAP = "source: t\ncolumns: {date: 日, store: 店}\ncomments: {reason: 理由}\n"


def test_a_survey_file_is_read_and_timed(
    quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "map.yaml").write_text(MAP, "utf-8")
    (tmp_path / "a.csv").write_text(
        "日,店,理由\n2025-01-01,東,レジが遅い\n2025-01-01,東,特になし\n2025-01-02,西,Sehr gut gegessen\n", "utf-8"
    )
    quality.main(["survey", str(tmp_path / "a.csv"), "--columns", str(tmp_path / "map.yaml")])
    figures = json.loads(capsys.readouterr().out)
    assert figures.pop("ratio_to_bare_tokenising") > 0
    assert figures.pop("comments_per_cpu_s") > 0
    assert figures.pop("cpu_s") >= 0
    assert figures == {
        "comments": 3,
        "kinds": {"opinion": 1, "none": 1, "foreign": 1},
        "languages": {"de": 1},
        "other_share": 0,
        "tags_per_opinion": 1,
        "polarity": {"negative": 1},
        "requests": 0,
    }


def test_labels_and_ratings_are_compared(
    quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"id": "a", "text": "部屋が広い", "labels": ["rooms"], "sentiment": "pos"},
        {"id": "b", "text": "朝食がまずい", "labels": ["service"], "sentiment": "neg"},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    labels = BENCHMARK.parent / "maps" / "hotel.yaml"
    quality.main(["tags", str(tmp_path / "rows.jsonl"), "--catalogue", "hotel", "--map", str(labels)])
    quality.main(["polarity", str(tmp_path / "rows.jsonl")])
    tags, polarity = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert tags.pop("comments_per_s") > 0
    assert tags.pop("fit_s") >= 0
    assert tags == {"rows": 2, "micro_f1": 0.5, "macro_f1": 0.333, "exact_match": 0.5, "other_share": 0}
    assert polarity == {"rows": 2, "accuracy": 1, "macro_f1": 1, "pos_neg_macro_f1": 1}


def test_labels_that_the_map_lacks_are_named(
    quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"id": "a", "text": "部屋が広い", "labels": ["rooms", "pool"]}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row), "utf-8")
    (tmp_path / "map.yaml").write_text("rooms: [room]\n", "utf-8")
    quality.main(["tags", str(tmp_path / "rows.jsonl"), "--catalogue", "hotel", "--map", str(tmp_path / "map.yaml")])
    said = capsys.readouterr()
    assert said.err == "left out, because the map lacks them: pool (1)\n"
    assert json.loads(said.out)["micro_f1"] == 1


def test_scores_of_other_people_teach_before_polarity_is_measured(
    quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"id": f"told-{number}-reason", "text": "入口の券売機", "sentiment": "neg"} for number in range(2)]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    (tmp_path / "map.yaml").write_text(MAP.replace("date:", "external_id: 番, score: 点, date:"), "utf-8")
    told = [f"told-{number},2025-01-01,東,10,券売機" for number in range(2)]
    others = [f"other-{number},2025-01-01,東,{8 + number % 2},棚" for number in range(60)]
    low = [f"low-{number},2025-01-01,東,{number % 4},入口の券売機" for number in range(60)]
    (tmp_path / "a.csv").write_text("\n".join(["番,日,店,点,理由", *told, *others, *low]) + "\n", "utf-8")
    learn = ["--learn", str(tmp_path / "a.csv"), "--columns", str(tmp_path / "map.yaml")]
    quality.main(["polarity", str(tmp_path / "rows.jsonl")])
    quality.main(["polarity", str(tmp_path / "rows.jsonl"), *learn])
    without, taught = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (without["accuracy"], taught["accuracy"]) == (0, 1)
    assert taught["learned_words"] == 3


def test_rows_that_were_told_are_not_evaluated(
    quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = ["部屋が広い", "朝食がまずい", "駅から遠い"]
    rows = [{"id": text, "text": text, "labels": ["food_drinks"]} for text in texts]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    (tmp_path / "told.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    labels = BENCHMARK.parent / "maps" / "hotel.yaml"
    command = ["tags", str(tmp_path / "rows.jsonl"), "--catalogue", "hotel", "--map", str(labels)]
    for learn in ("rows.jsonl", "told.jsonl"):
        quality.main([*command, "--corrections", "2", "--learn", str(tmp_path / learn)])
    same, other = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (same["rows"], other["rows"]) == (1, 3)


def test_discovered_themes_are_compared_with_the_labels(
    quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"umbrella": ["傘立てがない", "傘立てが小さい"], "door": ["自動ドアが重い", "自動ドアがとても重い"]}
    rows = [
        {"id": f"{label}{number}", "text": text, "labels": [label]}
        for label, texts in said.items()
        for number, text in enumerate(texts * 8)
    ]
    rows += [
        {"id": "two", "text": "傘立てと自動ドア", "labels": ["umbrella", "door"]},
        {"id": "3", "text": "空", "labels": []},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    quality.main(["discover", str(tmp_path / "rows.jsonl")])
    assert json.loads(capsys.readouterr().out) == {
        "rows": 32,
        "ami": 1,
        "v_measure": 1,
        "ari": 1,
        "themes": 2,
        "other_share": 0,
    }


def test_ways_without_labels_are_compared(
    quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = ["部屋が広い", "朝食がまずい", "駅から遠い", "フロントが親切", "枕が固い", "夕食が美味しい"]
    rows = [{"id": text, "text": text, "labels": ["food_drinks"]} for text in texts]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    labels = BENCHMARK.parent / "maps" / "hotel.yaml"
    quality.main(["ways", str(tmp_path / "rows.jsonl"), "--catalogue", "hotel", "--map", str(labels)])
    figures = json.loads(capsys.readouterr().out)
    assert (figures.pop("rows"), figures.pop("opinions")) == (6, 6)
    # six labels given, six expected, the two meals agree
    assert figures["seed words"] == [0.333, 0.0]
    assert sorted(figures) == sorted(
        f"{way}{vectors}"
        for way in ("seed words", "guided k-means", "guided NMF", "linear model")
        for vectors in ("", ", vectors")
    )


@pytest.fixture
def survey(tmp_path: Path) -> list[str]:
    """The words of a command that name a survey of 13 weeks and its columns."""
    texts = ("レジが遅い", "駐車場が狭い", "金魚を見た", "金魚に名前がついた", "金魚は土曜に来た", "きょうは母と来た")
    days = [date(2025, 1, 6) + timedelta(weeks=week) for week in range(13)]
    rows = [f"{day},東,{text}" for day in days for text in texts]
    (tmp_path / "a.csv").write_text("\n".join(["日,店,理由", *rows]), "utf-8")
    (tmp_path / "map.yaml").write_text(MAP, "utf-8")
    return [str(tmp_path / "a.csv"), "--columns", str(tmp_path / "map.yaml"), "--catalogue", "retail"]


def test_themes_are_followed_from_fit_to_fit(
    quality: ModuleType, survey: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    quality.main(["stability", *survey, "--weeks", "13", "--corrections", "7", "--every", "4"])
    figures = json.loads(capsys.readouterr().out)
    assert 0 <= figures.pop("other_share") < 0.5
    assert 0 < figures.pop("compared") <= 3 * 13 * 6
    assert figures.pop("events")["new"] == figures.pop("discovered") >= 1
    assert figures == {
        "weeks": 13,
        "every": 4,
        "fits": 4,
        "kept_ids": 1.0,
        "kept_ids_discovered": 1.0,
        "corrections": 7,
        "corrections_kept": 1.0,
    }


@pytest.mark.parametrize(("weeks", "analysed"), [("2", 2), ("52", 13)])
def test_without_a_rhythm_every_week_of_the_file_is_fitted_and_compared(
    quality: ModuleType, survey: list[str], capsys: pytest.CaptureFixture[str], weeks: str, analysed: int
) -> None:
    quality.main(["stability", *survey, "--weeks", weeks, "--corrections", "3"])
    figures = json.loads(capsys.readouterr().out)
    assert (figures["weeks"], figures["every"], figures["fits"]) == (analysed, 1, analysed)
    assert figures["compared"] > 0
    assert (figures["kept_ids"], figures["corrections"], figures["corrections_kept"]) == (1.0, 3, 1.0)
