import runpy
from pathlib import Path

from weekly_answers import make_answers, record_answers

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "analyse.py"


def test_the_benchmark_of_the_backlog_still_runs(config, sqlite):
    record_answers(sqlite, make_answers(weeks=6, a_week=5))
    found = runpy.run_path(str(SCRIPT))["measure"](sqlite, config)
    assert (found["weeks"], found["further_week"]) == (6, "2025-W38")
    assert found["comments"] <= 30
    assert all(found[key] > 0 for key in ("backlog_s", "ratio_to_surfaces", "comments_per_s", "peak_mb"))
