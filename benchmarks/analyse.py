"""How long the weekly analysis takes over a whole file of answers: one JSON line.

    python benchmarks/analyse.py FILE --columns MAP [--catalogue NAME]

It imports the file into a new SQLite database and analyses every week in three calls: the weeks before a further one,
that one (a week in which new themes are looked for), and the rest; then bare fugashi tokenises the same comments in the
same process, once for the words alone and once with their dictionary forms. The ratios are of processor time, which
other work on the machine sways less.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

from fugashi import Tagger
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.weeks.runs import analyse
from analysis.weeks.weekly import is_discovery_week
from feedback.config import Config, load_config
from feedback.schema import upgrade_schema
from surveys.database import Database
from surveys.importing import Limits, import_file, read_map
from surveys.queries import week_fingerprints
from surveys.tables import Comment
from surveys.weeks import first_day, shift


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and seconds of this process on the processors."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def tokenise(texts: list[str]) -> None:
    """Let fugashi find the words, and ask nothing about them."""
    tagger = Tagger()
    for text in texts:
        for word in tagger(text):
            _ = word.surface


def look_up(texts: list[str]) -> None:
    """Let fugashi find the words and the dictionary form of each, without which nothing can be counted."""
    tagger = Tagger()
    for text in texts:
        for word in tagger(text):
            _ = (word.surface, word.feature.lemma)


def peak_megabytes() -> float:
    """Peak memory of this process so far."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(kilobytes / 1024 / (1024 if sys.platform == "darwin" else 1), 1)


def measure(database: Database, config: Config) -> dict[str, object]:
    """Measure an imported database that was never analysed."""
    with database.reading() as session:
        texts = list(session.scalars(select(Comment.text)))
        weeks = sorted(week_fingerprints(session))
    further = next((week for week in reversed(weeks[1:-1]) if is_discovery_week(week)), weeks[-1])
    before = peak_megabytes()
    steps = [
        timed(lambda end=end: _analyse_until(database, config, end)) for end in (shift(further, -1), further, weeks[-1])
    ]
    peak = peak_megabytes()  # before a second dictionary is mapped into memory
    surfaces, lemmas = (mean(timed(lambda work=work: work(texts))[1] for _ in range(2)) for work in (tokenise, look_up))
    clock, processor = (sum(step[kind] for step in steps) for kind in (0, 1))
    return {
        "weeks": len(weeks),
        "comments": len(texts),
        "characters": sum(map(len, texts)),
        "backlog_s": round(clock, 2),
        "backlog_processor_s": round(processor, 2),
        "comments_per_s": round(len(texts) / clock),
        "bare_surfaces_processor_s": round(surfaces, 2),
        "bare_lemmas_processor_s": round(lemmas, 2),
        "ratio_to_surfaces": round(processor / surfaces, 1),
        "ratio_to_lemmas": round(processor / lemmas, 1),
        "further_week": further,
        "further_week_s": round(steps[1][0], 2),
        "peak_mb": peak,
        "peak_before_mb": before,
    }


def _analyse_until(database: Database, config: Config, week: str) -> None:
    monday = first_day(shift(week, 1))
    now = datetime(monday.year, monday.month, monday.day, 12, tzinfo=UTC)
    analyse(database, config.organisation, config.analysis, now=now)


def main() -> None:
    """Print the figures as one JSON line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--columns", type=Path, required=True)
    arguments.add_argument("--catalogue", default="auto")
    asked = arguments.parse_args()
    config = load_config()
    settings = config.analysis.model_copy(update={"catalogue": asked.catalogue})
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/benchmark.db")
        upgrade_schema(database)
        limits = Limits(config.organisation.zone, datetime.now(UTC), config.surveys.max_text_length)
        import_file(database, asked.file, read_map(asked.columns), limits)
        print(json.dumps(measure(database, config.model_copy(update={"analysis": settings}))))
        database.close()


if __name__ == "__main__":
    main()
