"""The benchmark of a first visit still runs; what it counts in a real browser is what we promise."""

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.browser
@pytest.mark.usefixtures("chromium")
def test_a_first_visit_on_a_slow_phone_is_measured():
    spec = importlib.util.spec_from_file_location("benchmark_first_visit", ROOT / "benchmarks" / "first_visit.py")
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    survey = ROOT / "docs" / "surveys" / "store.yaml"
    with ThreadPoolExecutor(1) as apart:  # Playwright runs once in a thread, and in this one it may run already
        [line] = apart.submit(lambda: list(benchmark.measure([survey], ["ko"], rounds=1))).result()
    assert (line["survey"], line["language"], line["requests"]) == ("store", "ko", 3)
    assert line["bytes"] <= 20 * 1024
    # the network alone takes two waits of 400 ms, one for the page and one for style and script
    assert 800 < line["paint_ms"]["median"] <= line["usable_ms"]["median"]
