"""What a whole survey file gives: shares of kinds, tags and polarities, and the time that reading takes."""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from fugashi import Tagger
from quality_rows import read_comments

from analysis.polarity.rules import read_polarity
from analysis.reading.languages import language_of
from analysis.reading.spellings import normalise
from analysis.reading.text import read_opinions
from analysis.themes.catalogues import load_catalogue
from analysis.themes.model import ThemeModel
from surveys.errors import InputError

Result = TypeVar("Result")


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what this figure needs."""
    command.add_argument("--columns", type=Path, required=True, help="the map of the file's columns")
    command.add_argument("--catalogue", default="retail")


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """Shares and speed over every comment of a survey file."""
    comments = read_comments(arguments.file, arguments.columns)
    model = ThemeModel(load_catalogue(arguments.catalogue).themes)
    model.tag(read_opinions("準備"))
    bare, _ = _timed(lambda: _tokenise(comments))
    reading, opinions = _timed(lambda: [opinion for text in comments for opinion in read_opinions(text)])
    tagging, tags = _timed(lambda: model.tag(opinions))
    judging, polarities = _timed(lambda: [read_polarity(opinion) for opinion in opinions])
    said = [row for row, opinion in enumerate(opinions) if opinion.kind == "opinion"]
    if not said:
        raise InputError(f"{arguments.file}: no comment says anything that is read")
    seconds = reading + tagging + judging
    return {
        "comments": len(comments),
        "kinds": Counter(opinion.kind for opinion in opinions),
        "languages": Counter(language_of(normalise(o.text)) for o in opinions if o.kind == "foreign"),
        "other_share": round(sum(not tags[row] for row in said) / len(said), 4),
        "tags_per_opinion": round(sum(len(tags[row]) for row in said) / len(said), 3),
        "polarity": Counter(polarities[row] for row in said),
        "requests": sum(opinions[row].is_request for row in said),
        "cpu_s": round(seconds, 2),
        "comments_per_cpu_s": round(len(comments) / seconds),
        "ratio_to_bare_tokenising": round(seconds / bare, 2),
    }


def _tokenise(comments: Sequence[str]) -> None:
    tagger = Tagger()
    for text in comments:
        for word in tagger(text):
            _ = (word.surface, word.feature.lemma)


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result
