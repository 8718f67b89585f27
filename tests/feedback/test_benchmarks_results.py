"""The benchmarks of reports and exports still run."""

import importlib.util
from pathlib import Path

from stored_rows import stored_run, stored_store, stored_store_week

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def loaded(name):
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", BENCHMARKS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_exports_are_measured_beside_a_bare_writer(tmp_path):
    found = list(loaded("export").compare(f"sqlite:///{tmp_path}/b.db", 60, tmp_path, ["csv"]))
    assert [(line["what"], line["rows"], line["of_bare"] > 0) for line in found] == [
        ("bare", 60, True),
        ("csv", 60, True),
    ]


def test_reports_are_measured_for_the_chain_and_its_largest_store(sqlite):
    with sqlite.session() as session:
        small, large = stored_store(session, "small", "小"), stored_store(session, "large", "大")
        stored_run(session, "2025-W40")
        stored_store_week(session, small, "2025-W40", {10: 1})
        stored_store_week(session, large, "2025-W40", {10: 3})
    found = loaded("report").measure(sqlite, None, rounds=1)
    assert (found["week"], found["stores"], found["themes"]) == ("2025-W40", 2, 0)
    assert set(found) == {"week", "stores", "themes", "chain", "chain_page", "store", "store_page"}
