"""What the benchmark of quality says of files, rows, maps and arguments that are wrong, or lack something."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "quality.py"
MAP = "source: t\ncolumns: {date: 日, store: 店}\ncomments: {reason: 理由}\n"
TAGS = ("tags", "FOLDER/good.jsonl", "--catalogue", "hotel", "--map")
LEARN = (*TAGS, "FOLDER/right.yaml", "--learn", "FOLDER/good.jsonl", "--corrections")


@pytest.fixture
def refused(quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Call a figure that must end with exit code 2 and one line; returns that line."""

    def measured(*words: str) -> str:
        with pytest.raises(SystemExit) as caught:
            quality.main([word.replace("FOLDER", str(tmp_path)) for word in words])
        found = capsys.readouterr()
        assert (caught.value.code, found.out) == (2, "")
        return found.err.replace(str(tmp_path), "FOLDER").removesuffix("\n").rpartition("\n")[2].partition(": ")[2]

    return measured


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "FOLDER/rows.jsonl: holds no row with text"),
        (b'{"text": "a", "labels": []}\n\n{', "FOLDER/rows.jsonl: line 3: no JSON: Expecting property name"),
        (b"[1]", "FOLDER/rows.jsonl: line 1: must be an object with keys, not [1]"),
        (b'{"text": 3}', "FOLDER/rows.jsonl: line 1: text must be a text, not 3"),
        (b'{"text": "a", "labels": "b"}', 'FOLDER/rows.jsonl: line 1: labels must be a list of texts, not "b"'),
        (b'{"text": "a", "id": []}', "FOLDER/rows.jsonl: line 1: id must be a text or a number, not []"),
        ("部屋".encode("cp932"), "FOLDER/rows.jsonl: byte 0 is no UTF-8; save the file as UTF-8"),
        (b'{"text": "a"}', "FOLDER/rows.jsonl: holds no row with just one label"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_line(
    refused: Callable[..., str], tmp_path: Path, content: bytes, fault: str
) -> None:
    (tmp_path / "rows.jsonl").write_bytes(content)
    assert refused("discover", "FOLDER/rows.jsonl").startswith(fault)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("discover", "FOLDER/none.jsonl"), "FOLDER/none.jsonl: cannot be read: No such file or directory"),
        (
            ("polarity", "FOLDER/great.jsonl"),
            'FOLDER/great.jsonl: line 2: sentiment is "great", not one of pos, neu, neg',
        ),
        (("polarity", "FOLDER/great.jsonl", "--learn", "x"), "FOLDER/great.jsonl: line 2"),
        (("polarity", "FOLDER/good.jsonl", "--learn", "FOLDER/a.csv"), "--learn needs --columns MAP"),
        (
            ("polarity", "FOLDER/good.jsonl", "--learn", "FOLDER/a.csv", "--columns", "FOLDER/map.yaml"),
            "FOLDER/map.yaml: columns must name external_id, store and score",
        ),
        (("stability", "FOLDER/a.csv", "--columns", "FOLDER/map.yaml"), "FOLDER/a.csv: no row could be read"),
        (("survey", "FOLDER/a.csv", "--columns", "FOLDER/map.yaml"), "FOLDER/a.csv: holds no comment"),
        (("survey", "FOLDER/b.csv", "--columns", "FOLDER/map.yaml"), "FOLDER/b.csv: the map's comments.reason names"),
        (("survey", "FOLDER/a.csv", "--columns", "FOLDER/list.yaml"), "FOLDER/list.yaml: must hold keys and values"),
        (
            ("stability", "FOLDER/c.csv", "--columns", "FOLDER/map.yaml", "--every", "4"),
            "FOLDER/c.csv: 1 weeks with --every 4 hold ",
        ),
        (
            ("stability", "a", "--columns", "b", "--weeks", "0"),
            'argument --weeks: "0" is not a whole number, 2 or more',
        ),
        (
            ("ways", "FOLDER/good.jsonl", "--catalogue", "hotel", "--map", "FOLDER/list.yaml"),
            "FOLDER/list.yaml: must hold",
        ),
        (
            ("ways", "FOLDER/good.jsonl", "--catalogue", "hotel", "--map", "FOLDER/bad.yaml"),
            "FOLDER/bad.yaml: not valid",
        ),
        (
            ("ways", "FOLDER/good.jsonl", "--catalogue", "hotel", "--map", "FOLDER/text.yaml"),
            "FOLDER/text.yaml: a: must be",
        ),
        (
            (*TAGS, "FOLDER/wrong.yaml"),
            "FOLDER/wrong.yaml: no theme or group of the catalogue hotel: place.cleen (koebako",
        ),
        ((*TAGS, "FOLDER/text.yaml"), "FOLDER/text.yaml: a: must be a list of themes or groups, not "),
        ((*TAGS, "FOLDER/none.yaml"), "FOLDER/none.yaml: cannot be read: No such file"),
        (
            (*TAGS, "FOLDER/right.yaml", "--corrections", "-5"),
            'argument --corrections: "-5" is not a whole number, 0 or',
        ),
        ((*TAGS, "FOLDER/right.yaml", "--corrections", "1"), "--corrections needs --learn FILE"),
        ((*LEARN, "2"), "FOLDER/good.jsonl: --corrections 2 is more than its 1 rows"),
        ((*LEARN, "1"), "FOLDER/good.jsonl: --corrections 1 leaves no row to measure"),
        (
            ("tags", "FOLDER/good.jsonl", "--catalogue", "nowhere", "--map", "FOLDER/right.yaml"),
            "catalogue 'nowhere' is unknown; there are: ",
        ),
        (("tags",), "the following arguments are required"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    refused: Callable[..., str], tmp_path: Path, words: tuple[str, ...], fault: str
) -> None:
    files = {
        "great.jsonl": '{"text": "a", "sentiment": null}\n{"text": "a", "sentiment": "great"}',
        "good.jsonl": '{"text": "a", "sentiment": "pos"}',
        "a.csv": "日,店,理由\n",
        "b.csv": "日,店\n2025-01-01,東\n",
        "c.csv": "日,店,理由\n2025-01-01,東,遠い\n",
        "map.yaml": MAP,
        "list.yaml": "[a]",
        "bad.yaml": "{",
        "text.yaml": "a: room",
        "wrong.yaml": "rooms: [room, place.cleen]",
        "right.yaml": "rooms: [room]",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8")
    assert refused(*words).startswith(fault)


def test_rows_without_a_text_or_a_sentiment_are_counted_and_a_byte_order_mark_is_read(
    quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"text": "部屋が広い", "sentiment": "pos"},
        {"text": "朝食がまずい", "sentiment": "neg"},
        {"text": "部屋が広い", "sentiment": None},
        {"text": "部屋が広い"},
        {"text": None, "sentiment": "pos"},
        {"text": " ", "sentiment": "pos"},
        {"sentiment": "pos"},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8-sig")
    quality.main(["polarity", str(tmp_path / "rows.jsonl")])
    found = capsys.readouterr()
    assert json.loads(found.out) == {"rows": 2, "accuracy": 1, "macro_f1": 1, "pos_neg_macro_f1": 1}
    assert found.err.replace(str(tmp_path), "FOLDER").splitlines() == [
        "FOLDER/rows.jsonl: 2 rows without sentiment are left out",
        "FOLDER/rows.jsonl: 3 rows without text are left out",
    ]


def test_a_row_may_be_without_a_label(quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"text": "部屋が広い", "labels": ["rooms"]},
        *({"text": "はい、そうです"} | more for more in ({}, {"labels": None})),
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    labels = BENCHMARK.parent / "maps" / "hotel.yaml"
    quality.main(["tags", str(tmp_path / "rows.jsonl"), "--catalogue", "hotel", "--map", str(labels)])
    figures = json.loads(capsys.readouterr().out)
    assert (figures["rows"], figures["micro_f1"], figures["exact_match"]) == (3, 1, 1)


def test_labels_that_no_row_has_and_none_is_given_do_not_count(
    quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["tags", str(tmp_path / "rows.jsonl"), "--catalogue", "hotel", "--map", str(tmp_path / "map.yaml")]
    (tmp_path / "map.yaml").write_text("rooms: [room]\nfood: [food]\n", "utf-8")
    figures = []
    for rows in ([("部屋が広い", "rooms"), ("枕が固い", "food")], [("きょうは三時に着いた", "pool")]):
        content = (json.dumps({"text": text, "labels": [label]}) for text, label in rows)
        (tmp_path / "rows.jsonl").write_text("\n".join(content), "utf-8")
        quality.main(command)
        figures.append(json.loads(capsys.readouterr().out))
    found = [(each["rows"], each["micro_f1"], each["macro_f1"], each["exact_match"]) for each in figures]
    assert found == [(2, 0.5, 0.333, 0.5), (1, 0.0, 0.0, 1.0)]
