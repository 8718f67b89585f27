"""How well polarity agrees with the ratings of a file, from its texts alone."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from quality_rows import read_rows, survey_rows
from sklearn.metrics import accuracy_score, f1_score

from analysis.polarity.rules import polarity_of, polarity_score
from analysis.polarity.valences import Valences, Voice, learn, words_of
from analysis.reading.text import read_opinions
from analysis.results import Opinion, ReadOpinion
from surveys.errors import InputError
from surveys.importing import read_map

_MOST = 2.0
"""One opinion counts at most so much: a long lament in one clause does not outweigh three clauses of praise."""
_MILD = 0.5
"""A comment that complains no more than this (「少し遠い」) is neutral as a whole; its opinion stays negative."""
_LEARNED = 1.0
"""What an opinion counts that scores judge, not words."""
_BEFORE, _AFTER = "2000-W01", "2000-W02"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Nothing but the file is needed; with `--learn`, scores of another file teach first."""
    command.add_argument("--learn", type=Path, help="a survey whose scores teach; people who are in FILE are left out")
    command.add_argument("--columns", type=Path, help="the map of its columns")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Agreement of the summed polarity of a row's opinions with its `sentiment`."""
    rows = read_rows(arguments.file, "sentiment")
    gold = [row["sentiment"] for row in rows]
    learned = {}
    if arguments.learn:
        if arguments.columns is None:
            raise InputError("--learn needs --columns MAP")
        people = {row["id"].rpartition("-")[0] for row in rows}
        learned = learn(_voices(arguments.learn, arguments.columns, people))
    valences = Valences({_BEFORE: learned})
    found = [_sentiment(read_opinions(row["text"]), valences) for row in rows]
    clear = [row for row, sentiment in enumerate(gold) if sentiment != "neu"]
    clear_gold, clear_found = [gold[row] for row in clear], [found[row] for row in clear]
    return {
        "rows": len(rows),
        **({"learned_words": len(learned)} if arguments.learn else {}),
        "accuracy": round(accuracy_score(gold, found), 3),
        "macro_f1": round(f1_score(gold, found, average="macro", zero_division=0), 3),
        "pos_neg_macro_f1": round(
            f1_score(clear_gold, clear_found, labels=["pos", "neg"], average="macro", zero_division=0), 3
        ),
    }


def _sentiment(opinions: Sequence[Opinion], valences: Valences) -> str:
    score = sum(max(-_MOST, min(_MOST, _score(opinion, valences))) for opinion in opinions)
    if score > 0:
        return "pos"
    return "neg" if score < -_MILD else "neu"


def _score(opinion: Opinion, valences: Valences) -> float:
    score = polarity_score(opinion)
    said = polarity_of(score)
    (judged,) = valences.judge(_AFTER, [ReadOpinion(opinion, said, ())])
    if judged.polarity == said:
        return score
    return _LEARNED if judged.polarity == "positive" else -_LEARNED


def _voices(survey: Path, columns: Path, people: set[str]) -> Iterator[Voice]:
    mapping = read_map(columns)
    key, store, score = mapping.columns.external_id, mapping.columns.store, mapping.columns.score
    if key is None or store is None or score is None:
        raise InputError(f"{columns}: columns must name external_id, store and score")
    stores: dict[str, int] = {}
    for row in survey_rows(survey, columns):
        if row[key] in people or not row[score].isdecimal():
            continue
        place = stores.setdefault(row[store], len(stores))
        for name in mapping.comments.values():
            yield Voice(row[key], place, int(row[score]), words_of(read_opinions(row[name])))
