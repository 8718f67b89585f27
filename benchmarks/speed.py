"""How quickly comments are read: one JSON line for each number of comments, each measured in a process of its own.

python benchmarks/speed.py --comments 20000 200000 1000000
python benchmarks/speed.py --file FILE.csv --columns MAP.yaml --catalogue sightseeing

The whole run is what the first analysis of so many comments does, but for the database: every comment is normalised,
split, tagged and judged; one fit looks for new themes in a bounded sample of what nothing explains; the new themes tag
the rest. All in one process and in memory. Then bare fugashi finds the same comments' words and dictionary forms in
the same process. Seconds are of processor time, which other work on the machine sways less; `clock_s` is the clock's.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from heapq import nsmallest
from pathlib import Path
from typing import TypeVar

from fugashi import Tagger

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from invented import comments as invented_comments

from analysis.reading.clauses import sentences
from analysis.reading.spellings import normalise
from analysis.results import Opinion, ReadOpinion, Theme
from analysis.settings import AnalysisSettings
from analysis.themes.catalogues import load_catalogue
from analysis.themes.model import ThemeModel
from analysis.weeks.pipeline import Reader
from surveys.importing import read_map

CHUNK = 5_000
_POLARITIES = ("negative", "neutral", "positive")
Result = TypeVar("Result")


@dataclass(slots=True)
class Found:
    """What a run keeps of every opinion: numbers only. `themes` holds the tags, `ends` where each opinion's end."""

    theme_numbers: dict[str, int]
    themes: "array[int]" = field(default_factory=lambda: array("H"))
    ends: "array[int]" = field(default_factory=lambda: array("Q"))
    polarities: "array[int]" = field(default_factory=lambda: array("B"))
    unexplained: list[tuple[str, Opinion]] = field(default_factory=list)
    """Name and opinion, where no theme of the catalogue fits."""

    def keep(self, name: str, read: ReadOpinion) -> None:
        """Keep what was understood of one opinion."""
        self.themes.extend(self.theme_numbers[tag.theme_id] for tag in read.tags)
        self.ends.append(len(self.themes))
        self.polarities.append(_POLARITIES.index(read.polarity))
        if read.opinion.kind == "opinion" and not read.tags:
            self.unexplained.append((name, read.opinion))


def read(comments: Sequence[str], catalogue: Sequence[Theme]) -> Found:
    """Read and tag every comment with the catalogue, a chunk at a time."""
    reader = Reader(catalogue)
    found = Found({theme.id: number for number, theme in enumerate(catalogue)})
    for start in range(0, len(comments), CHUNK):
        for number, opinions in enumerate(reader.read(comments[start : start + CHUNK]), start):
            for opinion in opinions:
                found.keep(f"{number}#{opinion.opinion.position}", opinion)
    return found


def fit(found: Found, catalogue: Sequence[Theme], settings: AnalysisSettings) -> tuple[Theme, ...]:
    """Look for new themes in a sample that the names decide, as the weekly analysis does."""
    sample = nsmallest(settings.discovery_sample, found.unexplained, key=lambda item: sha256(item[0].encode()).digest())
    model = ThemeModel(catalogue, min_opinions=settings.discovery_min_opinions)
    model.fit([opinion for _, opinion in sample], [name for name, _ in sample])
    return model.discovered_


def explain(found: Found, new: Sequence[Theme]) -> int:
    """Tag with the new themes what the catalogue left; the number of opinions that they explain."""
    tags = ThemeModel((), new).tag([opinion for _, opinion in found.unexplained])
    return sum(map(bool, tags))


def look_up(comments: Sequence[str]) -> None:
    """Let fugashi find the words and the dictionary form of each, without which nothing can be counted."""
    tagger = Tagger()
    for text in comments:
        for word in tagger(text):
            _ = (word.surface, word.feature.lemma)


def measure(comments: Sequence[str], catalogue_name: str) -> dict[str, object]:
    """Measure the whole run and bare tokenising over these comments."""
    settings = AnalysisSettings()
    catalogue = load_catalogue(catalogue_name).themes
    Reader(catalogue).read(["準備"])  # the rule files are read once a process, not once a run
    before, clock = peak_megabytes(), time.perf_counter()
    reading, found = timed(lambda: read(comments, catalogue))
    fitting, new = timed(lambda: fit(found, catalogue, settings))
    explaining, explained = timed(lambda: explain(found, new))
    clock, peak = time.perf_counter() - clock, peak_megabytes()  # before a second dictionary is mapped into memory
    bare, _ = timed(lambda: look_up(comments))
    whole = reading + fitting + explaining
    return {
        "comments": len(comments),
        "characters": sum(map(len, comments)),
        "distinct_comments": len(set(comments)),
        **_distinct_sentences(comments),
        "opinions": len(found.ends),
        "new_themes": len(new),
        "other_share": round((len(found.unexplained) - explained) / max(1, len(found.ends)), 4),
        **_pace("fit", fitting, len(comments)),
        **_pace("tag", reading + explaining, len(comments)),
        **_pace("whole", whole, len(comments)),
        "clock_s": round(clock, 2),
        **_pace("bare", bare, len(comments)),
        "ratio_to_bare": round(whole / bare, 2),
        "peak_mb": peak,
        "peak_before_mb": before,
    }


def _pace(name: str, seconds: float, count: int) -> dict[str, float]:
    return {f"{name}_s": round(seconds, 2), f"{name}_comments_per_s": round(count / max(seconds, 1e-6))}


def _distinct_sentences(comments: Sequence[str]) -> dict[str, int]:
    said = [hash(sentence) for text in comments for sentence in sentences(normalise(text))]
    return {"sentences": len(said), "distinct_sentences": len(set(said))}


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds of this process on the processors, and what the work gave."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def peak_megabytes() -> float:
    """Peak memory of this process so far."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(kilobytes / 1024 / (1024 if sys.platform == "darwin" else 1), 1)


def comments_of(file: Path, columns: Path) -> Iterator[str]:
    """Read the comments of a survey file."""
    names = read_map(columns).comments.values()
    with file.open(encoding="utf-8-sig", newline="") as opened:
        yield from (text for row in csv.DictReader(opened) for name in names if (text := row[name]).strip())


def main(words: Sequence[str] | None = None) -> None:
    """Print one line for each size, each from a fresh process; `--one` is such a process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comments", type=int, nargs="+", default=[20_000], help="how many invented comments")
    parser.add_argument("--file", type=Path, help="read these answers instead of invented ones")
    parser.add_argument("--columns", type=Path, help="the map of the file's columns")
    parser.add_argument("--catalogue", default="retail")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(words)
    if (asked.file is None) != (asked.columns is None):
        parser.error("--file and --columns belong together")
    if asked.one:
        texts = comments_of(asked.file, asked.columns) if asked.file else invented_comments(*asked.comments)
        print(json.dumps(measure(list(texts), asked.catalogue)), flush=True)
        return
    same = ["--catalogue", asked.catalogue]
    same += ["--file", str(asked.file), "--columns", str(asked.columns)] if asked.file else []
    for count in asked.comments[:1] if asked.file else asked.comments:
        command = [sys.executable, __file__, "--one", "--comments", str(count), *same]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
