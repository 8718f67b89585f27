"""The benchmark of capture still runs, against both servers."""

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "capture.py"


def test_both_servers_are_measured_beside_the_bare_one():
    command = [sys.executable, str(SCRIPT), "--seconds", "0.3", "--rounds", "1", "--clients", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["server"], line["clients"]) for line in lines] == [("waitress", 2), ("gunicorn", 2)]
    for line in lines:
        assert line["of_bare"] > 0
        assert 0 < line["p50_ms"] <= line["p99_ms"]
        assert set(line) == {
            *("server", "clients", "per_s", "p50_ms", "p99_ms", "bare_per_s", "bare_p50_ms", "bare_p99_ms", "of_bare")
        }
