"""Where a result goes: whole or not at all, and one line where it cannot go."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from feedback.errors import OutputError
from feedback.export_files import write_xlsx
from feedback.output import opened_output

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


def test_a_file_that_fails_half_way_leaves_the_earlier_one_and_nothing_else(tmp_path):
    out = tmp_path / "r.json"
    out.write_bytes(b"earlier")
    with pytest.raises(OutputError, match=r"r\.json: cannot be written: No space left"), opened_output(out) as stream:
        stream.write(b"half")
        raise OSError(28, "No space left on device")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("r.json", b"earlier")]


@pytest.mark.parametrize("path", [Path(), Path("/")])
def test_what_is_no_name_of_a_file_is_refused(path):
    with pytest.raises(OutputError, match="no name of a file"), opened_output(path):
        pytest.fail("there is nothing to write to")


def test_a_folder_or_a_missing_folder_is_named(tmp_path):
    for out in (tmp_path, tmp_path / "none" / "r.json"):
        with pytest.raises(OutputError, match=f"^{out}: cannot be written: "), opened_output(out) as stream:
            stream.write(b"whole")


@needs_full
def test_a_terminal_that_takes_nothing_more_is_one_line(sqlite_url):
    with FULL.open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-c", "from feedback.cli import main; main()", "export", "responses"],
            env=os.environ | {"KOEBAKO_DATABASE_URL": sqlite_url, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (2, "Error: -: cannot be written: No space left on device\n")


@needs_full
def test_a_workbook_on_a_full_disk_raises_once_and_leaves_no_late_complaint(recwarn, monkeypatch):
    late = []
    monkeypatch.setattr(sys, "unraisablehook", late.append)
    with pytest.raises(OSError, match="No space left"), FULL.open("wb", buffering=0) as full:
        write_xlsx(full, ("n",), [(n,) for n in range(1000)])
    gc.collect()
    assert (late, list(recwarn)) == ([], [])
