"""How quickly, and in how little memory, tagged comments are exported: one JSON line a format.

    python benchmarks/export.py --rows 1000000

It fills a database with generated rows (SQLite in a temporary folder, or the empty, migrated one of --url), then
exports it in processes of their own, beside a bare csv.writer over the same query.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import insert
from sqlalchemy.orm import Session

from analysis.tables import OpinionRow, TagRow, ThemeRow
from feedback.exports import ROWS_AT_ONCE, Selection, export_tags, tags_query
from feedback.schema import upgrade_schema
from surveys.database import Database
from surveys.settings import Organisation
from surveys.tables import Comment, Response, Store
from surveys.weeks import week_of

OPINIONS_EACH = 2
CHUNK = 20_000
START = datetime(2025, 1, 1, tzinfo=UTC)
PHRASES = ("レジの待ち時間が長いです", "店員さんが親切でした", "品ぞろえが良い", "=駐車場が狭い", "トイレがきれい")


def fill(session: Session, rows: int) -> None:
    """Store so many tagged opinions, two to a comment, of 50 stores and 20 themes."""
    zone = Organisation().zone
    session.execute(insert(Store), [{"id": n, "key": f"s{n}", "name": f"店舗{n}"} for n in range(1, 51)])
    themes = [
        {"id": f"t{n}", "origin": "catalogue", "name": {"ja": f"テーマ{n}"}, "group": {}, "advice": {}, "words": {}}
        for n in range(20)
    ]
    session.execute(insert(ThemeRow), themes)
    for first in range(0, rows // OPINIONS_EACH, CHUNK):
        numbers = range(first + 1, min(first + CHUNK, rows // OPINIONS_EACH) + 1)
        session.execute(insert(Response), [_response(n, START + timedelta(seconds=40 * n), zone) for n in numbers])
        session.execute(insert(Comment), [_comment(n) for n in numbers])
        session.execute(insert(OpinionRow), list(_opinions(numbers)))
        session.execute(insert(TagRow), list(_tags(numbers)))


def _response(number: int, at: datetime, zone: Any) -> dict[str, Any]:
    return {
        "id": number,
        "external_id": f"r{number:08}",
        "content_digest": "",
        "store_id": number % 50 + 1,
        "channel": "qr",
        "answered_at": at,
        "received_at": at,
        "week": week_of(at, zone),
        "score": number % 11,
        "answers": {},
        "attributes": {},
    }


def _text(number: int) -> str:
    return PHRASES[number % len(PHRASES)] + f"。{number}回目の来店です。"


def _comment(number: int) -> dict[str, Any]:
    text = f"{_text(number)}{_text(number + 1)}"
    return {
        "id": number,
        "response_id": number,
        "external_id": f"r{number:08}/reason",
        "field": "reason",
        "position": 0,
        "text": text,
    }


def _opinions(numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        for position in range(OPINIONS_EACH):
            yield {
                "id": number * OPINIONS_EACH + position,
                "comment_id": number,
                "position": position,
                "week": "2025-W01",
                "store_id": number % 50 + 1,
                "kind": "opinion",
                "text": _text(number + position),
                "polarity": "neutral",
                "is_request": False,
                "model_version": "words-1-0123456789ab",
            }


def _tags(numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        for position in range(OPINIONS_EACH):
            opinion = number * OPINIONS_EACH + position
            yield {"opinion_id": opinion, "theme_id": f"t{opinion % 20}", "weight": 0.75, "source": "model"}


def bare(session: Session, path: Path) -> int:
    """Write the same query with a bare csv.writer: what any export has to pay."""
    selection = Selection(zone=Organisation().zone)
    result = session.execute(tags_query(session, selection).execution_options(yield_per=ROWS_AT_ONCE))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        count = 0
        for count, row in enumerate(result, start=1):  # noqa: B007 - the last number is the answer
            writer.writerow(row)
    return count


def measured(url: str, what: str, path: Path) -> dict[str, Any]:
    """Export in this process; peak memory growth counts from where the first row is asked for."""
    database = Database(url)
    with database.reading() as session:
        session.execute(tags_query(session, Selection(zone=Organisation().zone)).limit(1)).all()
        before, start, start_computed = _peak_megabytes(), time.perf_counter(), time.process_time()
        if what == "bare":
            rows = bare(session, path)
        else:
            with path.open("wb") as stream:
                rows = export_tags(session, Selection(zone=Organisation().zone), what, stream)  # type: ignore[arg-type]
        seconds, computed = time.perf_counter() - start, time.process_time() - start_computed
    grown = _peak_megabytes() - before
    size = path.stat().st_size / 1e6
    return {
        "what": what,
        "rows": rows,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(max(computed, 0.0001), 4),
        "rows_per_second": round(rows / seconds),
        "peak_growth_mb": round(grown, 1),
        "file_mb": round(size, 1),
    }


def _peak_megabytes() -> float:
    """Tell the peak of this process, elsewhere than in getrusage: there Linux hands the parent's peak to a child."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def compare(url: str, rows: int, folder: Path, formats: list[str]) -> Iterator[dict[str, Any]]:
    """Fill the database, then measure every format in a process of its own, the bare one first.

    `of_bare` compares rows a second as they passed, `of_bare_cpu` as they were computed: beside other work on the same
    machine only the second is steady.
    """
    database = Database(url)
    upgrade_schema(database)
    with database.session() as session:
        fill(session, rows)
    database.close()
    speed, computed = 0, 0.0
    for what in ("bare", *formats):
        command = [sys.executable, __file__, "--url", url, "--measure", what, "--out", str(folder / f"out.{what}")]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        speed, computed = speed or found["rows_per_second"], computed or found["cpu_seconds"]
        ratios = {"of_bare": found["rows_per_second"] / speed, "of_bare_cpu": computed / found["cpu_seconds"]}
        yield found | {name: round(ratio, 2) for name, ratio in ratios.items()}


def main() -> None:
    """Print one JSON line a format."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--formats", nargs="+", default=["csv", "jsonl", "xlsx"], choices=["csv", "jsonl", "xlsx"])
    arguments.add_argument("--url", help="An empty database. Default: a new SQLite file.")
    arguments.add_argument("--measure", help=argparse.SUPPRESS)
    arguments.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.measure:
        print(json.dumps(measured(asked.url, asked.measure, asked.out)))
        return
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{folder}/export.db"
        for line in compare(url, asked.rows, Path(folder), asked.formats):
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
