"""How well tags agree with the labels of a file, before and after corrections. The labels of FILE teach nothing."""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from quality_rows import read_meanings, read_rows, whole_number

from analysis.reading.text import read_opinions
from analysis.results import Lesson, Opinion, Theme
from analysis.themes.catalogues import load_catalogue
from analysis.themes.model import ThemeModel
from surveys.errors import InputError

Labels = Mapping[str, Sequence[str]]


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what this figure needs."""
    command.add_argument("--catalogue", required=True)
    command.add_argument("--map", type=Path, required=True, help="label -> themes or groups that mean the same")
    command.add_argument(
        "--corrections", type=whole_number(0), default=0, help="so many rows of --learn are told first"
    )
    command.add_argument("--seed", type=int, default=0, help="which rows are drawn")
    command.add_argument("--learn", type=Path, help="the file of the corrections; its drawn rows are not evaluated")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Agreement of tags with the labels of each row."""
    rows = read_rows(arguments.file)
    themes = load_catalogue(arguments.catalogue).themes
    labels = read_labels(arguments, themes)
    _name_unmapped(rows, labels)
    drawn = _drawn(arguments)
    told = {row["id"] for row in drawn} if drawn and arguments.learn.samefile(arguments.file) else set()
    rows = [row for row in rows if row["id"] not in told]
    if not rows:
        raise InputError(f"{arguments.file}: --corrections {len(drawn)} leaves no row to measure")
    lessons = [_lesson(row, labels, themes) for row in drawn]
    start = time.perf_counter()
    model = ThemeModel(themes, lessons=lessons)
    model.tag(read_opinions("準備"))
    fitted = time.perf_counter()
    found = list(_tagged(model, [row["text"] for row in rows]))
    seconds = time.perf_counter() - fitted
    return {
        **agreement([set(row["labels"]) & set(labels) for row in rows], found, labels),
        "fit_s": round(fitted - start, 2),
        "comments_per_s": round(len(rows) / seconds),
    }


def read_labels(arguments: argparse.Namespace, themes: Sequence[Theme]) -> Labels:
    """The map of labels. Error: `InputError`, also for a key that names nothing: it would only lower the figures."""
    labels = read_meanings(arguments.map)
    known = {key for theme in themes for key in (theme.id, theme.id.partition(".")[0])}
    wrong = sorted({key for keys in labels.values() for key in keys} - known)
    if wrong:
        raise InputError(
            f"{arguments.map}: no theme or group of the catalogue {arguments.catalogue}: {', '.join(wrong)}"
            f" (koebako theme list --catalogue {arguments.catalogue} names them)"
        )
    return labels


def _name_unmapped(rows: Sequence[Mapping[str, Any]], labels: Labels) -> None:
    unmapped = Counter(label for row in rows for label in row["labels"] if label not in labels)
    if unmapped:
        named = ", ".join(f"{label} ({count})" for label, count in sorted(unmapped.items()))
        print(f"left out, because the map lacks them: {named}", file=sys.stderr)


def _drawn(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Draw the rows that become corrections; the order of the file does not matter."""
    if not arguments.corrections:
        return []
    if arguments.learn is None:
        raise InputError("--corrections needs --learn FILE")
    rows = sorted(read_rows(arguments.learn), key=lambda row: row["id"])
    if arguments.corrections > len(rows):
        raise InputError(f"{arguments.learn}: --corrections {arguments.corrections} is more than its {len(rows)} rows")
    return random.Random(arguments.seed).sample(rows, arguments.corrections)


def _lesson(row: Mapping[str, Any], labels: Labels, themes: Sequence[Theme]) -> Lesson:
    """What staff would say of this row: the first theme that each of its labels means; none where none means one."""
    opinions = read_opinions(row["text"])
    keys = (labels[label][0] for label in row["labels"] if labels.get(label))
    return Lesson(opinions, frozenset(_theme(key, opinions, themes) for key in keys))


def _theme(key: str, opinions: Sequence[Opinion], themes: Sequence[Theme]) -> str:
    """The theme of this id; for a group the one of its themes that the words of the comment speak for most."""
    members = [theme for theme in themes if key in (theme.id, theme.id.partition(".")[0])]
    spoken = [tag for tags in ThemeModel(members).tag(opinions) for tag in tags]
    return max(spoken, key=lambda tag: tag.weight).theme_id if spoken else members[0].id


def _tagged(model: ThemeModel, texts: Sequence[str]) -> Iterator[set[str]]:
    """The theme ids of each comment."""
    read = [read_opinions(text) for text in texts]
    tags = iter(model.tag([opinion for opinions in read for opinion in opinions]))
    for opinions in read:
        yield {tag.theme_id for _ in opinions for tag in next(tags)}


def agreement(gold: Sequence[set[str]], found: Sequence[set[str]], labels: Labels) -> dict[str, object]:
    """Compare the labels of each row with those that its found themes mean.

    A label that no row has and none was given says nothing: it does not count in macro_f1.
    """
    given = [_labels(theme_ids, labels) for theme_ids in found]
    pairs = list(zip(gold, given, strict=True))
    right = Counter(label for one, other in pairs for label in one & other)
    wrong = Counter(label for one, other in pairs for label in one ^ other)
    single = [_f1(right[label], wrong[label]) for label in sorted(right.keys() | wrong.keys())]
    return {
        "rows": len(gold),
        "micro_f1": round(_f1(right.total(), wrong.total()), 3),
        "macro_f1": round(fmean(single), 3) if single else 0.0,
        "exact_match": round(sum(one == other for one, other in pairs) / len(gold), 3),
        "other_share": round(sum(not theme_ids for theme_ids in found) / len(gold), 3),
    }


def _f1(right: int, wrong: int) -> float:
    """F1 of so many labels found and so many missed or given without reason; 0 where there is none."""
    return 2 * right / (2 * right + wrong) if right else 0.0


def _labels(theme_ids: set[str], labels: Labels) -> set[str]:
    keys = theme_ids | {theme.partition(".")[0] for theme in theme_ids}
    return {label for label, meant in labels.items() if keys.intersection(meant)}
