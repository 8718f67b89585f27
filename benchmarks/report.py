"""How quickly a report is put together and drawn from stored counts: one JSON line.

    koebako init && koebako import FILE --columns MAP && koebako analyse
    python benchmarks/report.py --week 2025-W40

It reads the database that the settings name, changes nothing, and measures on one core: the report of the chain, and
that of its largest store, each built and drawn as a whole HTML page.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from feedback.config import load_config
from feedback.report import build_report, newest_week
from feedback.report_html import render
from feedback.results import Report, Scope
from feedback.scopes import CHAIN
from surveys.database import Database


def milliseconds(work: Callable[[], object], rounds: int) -> dict[str, float]:
    """Time a piece of work after one round to warm up: medians of what passed and of what this process computed.

    Both are the same on a quiet machine; beside others only the second says what one core needs.
    """
    work()
    passed, computed = [], []
    for _ in range(rounds):
        start, start_computed = time.perf_counter(), time.process_time()
        work()
        passed.append(1000 * (time.perf_counter() - start))
        computed.append(1000 * (time.process_time() - start_computed))
    return {"median_ms": round(statistics.median(passed), 1), "median_cpu_ms": round(statistics.median(computed), 1)}


def measure(database: Database, week: str | None, rounds: int) -> dict[str, object]:
    """Measure reports of one week on an analysed database."""
    config = load_config()

    def built(scope: Scope) -> Report:
        with database.reading() as session:
            return build_report(session, config, chosen, scope)

    with database.reading() as session:
        chosen = week or newest_week(session)
    chain = built(CHAIN)
    largest = max(chain.stores, key=lambda store: (store.responses, store.key))
    store = Scope(store_id=largest.store_id, name=largest.name)
    return {
        "week": chosen,
        "stores": len(chain.stores),
        "themes": len(chain.themes),
        "chain": milliseconds(lambda: built(CHAIN), rounds),
        "chain_page": milliseconds(lambda: render(built(CHAIN), "ja"), rounds),
        "store": milliseconds(lambda: built(store), rounds),
        "store_page": milliseconds(lambda: render(built(store), "ja"), rounds),
    }


def main() -> None:
    """Print the figures as one JSON line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--week")
    arguments.add_argument("--rounds", type=int, default=50)
    asked = arguments.parse_args()
    database = Database(load_config().database_url)
    print(json.dumps(measure(database, asked.week, asked.rounds)))
    database.close()


if __name__ == "__main__":
    main()
