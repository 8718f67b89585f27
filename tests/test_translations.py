"""The English texts are complete and current: whoever adds a Japanese page text is told here."""

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
ENGLISH = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
NAMES = re.compile(r"%\(\w+\)s")
OUR_PACKAGES = ("surveys", "analysis", "feedback")


@pytest.fixture(scope="module")
def written() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def texts_in_pages() -> set[str]:
    with (ROOT / "translations" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = (
        message
        for package in OUR_PACKAGES
        for _, _, message, _, _ in extract_from_dir(ROOT / package, methods, options)
    )
    return {message if isinstance(message, str) else message[0] for message in found}


def test_every_text_of_a_page_has_its_english(written):
    english = {message.id for message in written if message.id and message.string}
    assert sorted(texts_in_pages() - english) == []  # `make translations`, then fill in what it left empty


def test_no_english_text_outlives_its_page(written):
    assert sorted({message.id for message in written if message.id} - texts_in_pages()) == []


def test_english_texts_name_the_same_values_as_the_japanese_ones(written):
    assert [m.id for m in written if m.id and set(NAMES.findall(m.id)) != set(NAMES.findall(m.string))] == []


def test_the_compiled_texts_are_current(written):
    compiled = io.BytesIO()
    write_mo(compiled, written)
    assert ENGLISH.with_suffix(".mo").read_bytes() == compiled.getvalue()
