"""How well and how fast comments are read: one JSON line.

python benchmarks/reading.py survey FILE.csv --columns MAP.yaml --catalogue sightseeing
python benchmarks/reading.py tags FILE.jsonl --catalogue hotel --map benchmarks/maps/hotel.yaml
python benchmarks/reading.py polarity FILE.jsonl

`survey` reads every comment of a survey file and compares the processor time with bare tokenising of the same comments.
`tags` compares with the `labels` of each row (the map: label -> themes or groups; other themes are ignored), `polarity`
with its `sentiment`. Nothing is learned from either.
"""

import argparse
import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import yaml
from fugashi import Tagger
from sklearn.metrics import accuracy_score, f1_score
from sklearn.preprocessing import MultiLabelBinarizer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.catalogues import load_catalogue
from analysis.polarity import polarity_score, read_polarity
from analysis.results import Opinion
from analysis.text import read_opinions
from analysis.themes import ThemeModel
from surveys.importing import read_map

Figures = dict[str, object]
Result = TypeVar("Result")


def survey(arguments: argparse.Namespace) -> Figures:
    """Shares and speed over every comment of a survey file."""
    columns = read_map(arguments.columns).comments.values()
    with arguments.file.open(encoding="utf-8-sig", newline="") as file:
        comments = [text for row in csv.DictReader(file) for name in columns if (text := row[name]).strip()]
    model = ThemeModel(load_catalogue(arguments.catalogue).themes)
    model.tag(read_opinions("準備"))
    bare, _ = _timed(lambda: _tokenise(comments))
    reading, opinions = _timed(lambda: [opinion for text in comments for opinion in read_opinions(text)])
    tagging, tags = _timed(lambda: model.tag(opinions))
    judging, polarities = _timed(lambda: [read_polarity(opinion) for opinion in opinions])
    said = [row for row, opinion in enumerate(opinions) if opinion.kind == "opinion"]
    seconds = reading + tagging + judging
    return {
        "comments": len(comments),
        "kinds": Counter(opinion.kind for opinion in opinions),
        "other_share": round(sum(not tags[row] for row in said) / len(said), 4),
        "tags_per_opinion": round(sum(len(tags[row]) for row in said) / len(said), 3),
        "polarity": Counter(polarities[row] for row in said),
        "requests": sum(opinions[row].is_request for row in said),
        "cpu_s": round(seconds, 2),
        "comments_per_cpu_s": round(len(comments) / seconds),
        "ratio_to_bare_tokenising": round(seconds / bare, 2),
    }


def tags(arguments: argparse.Namespace) -> Figures:
    """Agreement of tags with the labels of each row."""
    rows = _rows(arguments.file)
    labels = yaml.safe_load(arguments.map.read_text("utf-8"))
    model = ThemeModel(load_catalogue(arguments.catalogue).themes)
    opinions = [read_opinions(row["text"]) for row in rows]
    found = [_labels(model, read, labels) for read in opinions]
    binarizer = MultiLabelBinarizer().fit([list(labels)])
    gold = [set(row["labels"]) & set(labels) for row in rows]
    expected, given = binarizer.transform(gold), binarizer.transform(found)
    return {
        "rows": len(rows),
        "micro_f1": round(f1_score(expected, given, average="micro", zero_division=0), 3),
        "macro_f1": round(f1_score(expected, given, average="macro", zero_division=0), 3),
        "exact_match": round(sum(one == other for one, other in zip(gold, found, strict=True)) / len(rows), 3),
        "other_share": round(sum(not any(model.tag(read)) for read in opinions) / len(rows), 3),
    }


def polarity(arguments: argparse.Namespace) -> Figures:
    """Agreement of the summed polarity of a row's opinions with its `sentiment`."""
    rows = [row for row in _rows(arguments.file) if row["sentiment"]]
    gold = [row["sentiment"] for row in rows]
    found = [_sentiment(sum(map(polarity_score, read_opinions(row["text"])))) for row in rows]
    clear = [row for row, sentiment in enumerate(gold) if sentiment != "neu"]
    clear_gold, clear_found = [gold[row] for row in clear], [found[row] for row in clear]
    return {
        "rows": len(rows),
        "accuracy": round(accuracy_score(gold, found), 3),
        "macro_f1": round(f1_score(gold, found, average="macro"), 3),
        "pos_neg_macro_f1": round(f1_score(clear_gold, clear_found, labels=["pos", "neg"], average="macro"), 3),
    }


def _sentiment(score: float) -> str:
    if score > 0:
        return "pos"
    return "neg" if score < 0 else "neu"


def _labels(model: ThemeModel, opinions: Sequence[Opinion], labels: Mapping[str, Sequence[str]]) -> set[str]:
    found = {tag.theme_id for tagged in model.tag(opinions) for tag in tagged}
    keys = found | {theme.partition(".")[0] for theme in found}
    return {label for label, meant in labels.items() if keys.intersection(meant)}


def _rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _tokenise(comments: Sequence[str]) -> None:
    tagger = Tagger()
    for text in comments:
        for word in tagger(text):
            _ = (word.surface, word.feature.lemma)


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main(words: Sequence[str] | None = None) -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for measure in (survey, tags, polarity):
        command = commands.add_parser(measure.__name__, help=measure.__doc__)
        command.set_defaults(measure=measure)
        command.add_argument("file", type=Path)
        command.add_argument("--columns", type=Path)
        command.add_argument("--map", type=Path)
        command.add_argument("--catalogue", default="retail")
    arguments = parser.parse_args(words)
    print(json.dumps(arguments.measure(arguments), ensure_ascii=False))


if __name__ == "__main__":
    main()
