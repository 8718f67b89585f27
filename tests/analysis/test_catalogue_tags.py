"""Invented comments of each trade get the themes that a reader would give them."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from analysis.reading.text import read_opinions
from analysis.themes.catalogues import load_catalogue
from analysis.themes.model import ThemeModel

FILES = sorted(Path(__file__).with_name("tagged").glob("*.yaml"))
ROWS = [
    pytest.param(file.stem, comment, set(themes.split()), id=f"{file.stem}-{row}")
    for file in FILES
    for row, (comment, themes) in enumerate(yaml.safe_load(file.read_text("utf-8")).items(), start=1)
]


@cache
def _model(catalogue: str) -> ThemeModel:
    return ThemeModel(load_catalogue(catalogue).themes)


@pytest.mark.parametrize(("catalogue", "comment", "themes"), ROWS)
def test_the_themes_of_a_comment(catalogue: str, comment: str, themes: set[str]) -> None:
    assert {tag.theme_id for tags in _model(catalogue).tag(read_opinions(comment)) for tag in tags} == themes


@pytest.mark.parametrize("catalogue", ["clinic", "salon"])
def test_every_theme_of_a_new_trade_is_found_in_some_comment(catalogue: str) -> None:
    found = {theme for row in ROWS if row.values[0] == catalogue for theme in row.values[2]}
    assert {theme.id for theme in load_catalogue(catalogue).themes} == found
