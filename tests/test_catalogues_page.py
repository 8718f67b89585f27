"""What docs/catalogues.md shows is what happens: its files load, its sentences are read as it says."""

import re
import shlex
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedback.cli import main

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "catalogues.md").read_text(encoding="utf-8")
BLOCKS = [
    (language, textwrap.dedent(block))
    for language, block in re.findall(r"^ *```(\w+)\n(.*?)^ *```", PAGE, re.MULTILINE | re.DOTALL)
]
FILES = [block for language, block in BLOCKS if language == "yaml" and block.startswith("name:")]
SETTINGS = [block for language, block in BLOCKS if language == "yaml" and block.startswith("analysis:")]
SHOWN = [block for language, block in BLOCKS if language == "text"]
TYPED = [line for language, block in BLOCKS if language == "sh" for line in block.splitlines() if " try " in line]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(typed, file, settings):
        (tmp_path / "own-themes.yaml").write_text(file, encoding="utf-8")
        (tmp_path / "config.yaml").write_text(settings, encoding="utf-8")
        result = CliRunner().invoke(main, shlex.split(typed)[1:], env={"KOEBAKO_CONFIG": ""})
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_the_page_has_two_files_two_settings_and_four_trials():
    assert (len(FILES), len(SETTINGS), len(TYPED), len(SHOWN)) == (2, 2, 4, 2)


def test_the_english_trials_print_what_the_page_shows(run):
    assert [run(typed, FILES[0], SETTINGS[0]) for typed in TYPED[:2]] == SHOWN


def test_the_japanese_trials_find_the_themes_they_speak_of(run):
    plain, own = (run(typed, FILES[1], SETTINGS[1]) for typed in TYPED[2:])
    assert re.findall(r"^  (\w+\.\w+) ", plain, re.MULTILINE) == ["checkout.wait", "goods.deli", "goods.range"]
    assert "farm.growers" in own
