"""How well polarity agrees with the ratings of a file, from its texts alone."""

import argparse

from quality_rows import read_rows
from sklearn.metrics import accuracy_score, f1_score

from analysis.polarity import polarity_score
from analysis.text import read_opinions


def add_arguments(_command: argparse.ArgumentParser) -> None:
    """Nothing but the file is needed."""


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Agreement of the summed polarity of a row's opinions with its `sentiment`."""
    rows = [row for row in read_rows(arguments.file) if row["sentiment"]]
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
