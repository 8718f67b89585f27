"""How well discovered themes agree with the labels of a file. No catalogue, and the labels are not used."""

import argparse
from collections import Counter
from collections.abc import Sequence

from quality_rows import read_rows
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score

from analysis.reading.text import read_opinions
from analysis.results import Opinion
from analysis.settings import AnalysisSettings
from analysis.themes.model import ThemeModel
from surveys.errors import InputError

OTHER = ""
MOST_THEMES = 40


def add_arguments(_command: argparse.ArgumentParser) -> None:
    """Nothing but the file is needed."""


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Agreement of each single-label row's theme with its label; その他 counts as one theme more."""
    rows = [row for row in read_rows(arguments.file) if len(row["labels"]) == 1]
    if not rows:
        raise InputError(f"{arguments.file}: holds no row with just one label")
    settings = AnalysisSettings()
    opinions = [read_opinions(row["text"]) for row in rows]
    model = ThemeModel(sort_seed=settings.seed, min_opinions=settings.discovery_min_opinions, max_new=MOST_THEMES)
    model.fit(
        [opinion for found in opinions for opinion in found],
        [row["id"] for row, found in zip(rows, opinions, strict=True) for _ in found],
    )
    themes = [_theme(model, found) for found in opinions]
    labels = [row["labels"][0] for row in rows]
    return {
        "rows": len(rows),
        "ami": round(adjusted_mutual_info_score(labels, themes), 3),
        "v_measure": round(v_measure_score(labels, themes), 3),
        "ari": round(adjusted_rand_score(labels, themes), 3),
        "themes": len(set(themes) - {OTHER}),
        "other_share": round(themes.count(OTHER) / len(rows), 3),
    }


def _theme(model: ThemeModel, opinions: Sequence[Opinion]) -> str:
    """The theme that the opinions of a row speak of most."""
    weights: Counter[str] = Counter()
    for tags in model.tag(opinions):
        for tag in tags:
            weights[tag.theme_id] += tag.weight
    return min(weights, key=lambda theme: (-round(weights[theme], 6), theme), default=OTHER)
