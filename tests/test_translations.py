"""Every page text is translated and current: whoever adds a Japanese one is told here."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
NAMES = re.compile(r"%\(\w+\)s")
OUR_PACKAGES = {"en": ("surveys", "analysis", "feedback"), "zh_Hans": ("surveys",), "ko": ("surveys",)}
"""Customers' pages (surveys) come in four languages, staff pages in Japanese and English."""


def file_of(language: str) -> Path:
    return ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module", params=OUR_PACKAGES)
def written(request: pytest.FixtureRequest) -> Catalog:
    with file_of(request.param).open("rb") as file:
        return read_po(file, locale=request.param)


def texts_in_pages(language: str) -> set[str]:
    with (ROOT / "translations" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = (
        message
        for package in OUR_PACKAGES[language]
        for _, _, message, _, _ in extract_from_dir(ROOT / package, methods, options)
    )
    return {message if isinstance(message, str) else message[0] for message in found}


def test_every_text_of_a_page_is_translated(written):
    translated = {message.id for message in written if message.id and message.string}
    # `make translations`, then fill in what it left empty
    assert sorted(texts_in_pages(str(written.locale)) - translated) == []


def test_no_translation_outlives_its_page(written):
    assert sorted({message.id for message in written if message.id} - texts_in_pages(str(written.locale))) == []


def test_translations_name_the_same_values_as_the_japanese_texts(written):
    assert [m.id for m in written if m.id and set(NAMES.findall(m.id)) != set(NAMES.findall(m.string))] == []


def test_the_compiled_texts_are_current(written):
    compiled = io.BytesIO()
    write_mo(compiled, written)
    assert file_of(str(written.locale)).with_suffix(".mo").read_bytes() == compiled.getvalue()
