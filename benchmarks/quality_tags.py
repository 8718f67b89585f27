"""How well tags agree with the labels of a file. Nothing is learned from them."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from quality_rows import read_rows
from sklearn.metrics import f1_score
from sklearn.preprocessing import MultiLabelBinarizer

from analysis.catalogues import load_catalogue
from analysis.results import Opinion
from analysis.text import read_opinions
from analysis.themes import ThemeModel


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what this figure needs."""
    command.add_argument("--catalogue", required=True)
    command.add_argument("--map", type=Path, required=True, help="label -> themes or groups that mean the same")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Agreement of tags with the labels of each row."""
    rows = read_rows(arguments.file)
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


def _labels(model: ThemeModel, opinions: Sequence[Opinion], labels: Mapping[str, Sequence[str]]) -> set[str]:
    found = {tag.theme_id for tagged in model.tag(opinions) for tag in tagged}
    keys = found | {theme.partition(".")[0] for theme in found}
    return {label for label, meant in labels.items() if keys.intersection(meant)}
