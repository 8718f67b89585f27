"""Words as unidic-lite 1.0.8 reads them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple

import pytest

from surveys.tokens import dictionary_version, parse


def test_a_word_carries_lemma_and_plain_form() -> None:
    assert _words("狭く") == [("狭く", "狭い", "狭い", "形容詞", "一般-*", "連用形-一般", True)]


@pytest.mark.parametrize(
    ("text", "lemmas"),
    [
        ("レジが混む", ["レジ", "が", "混む"]),  # the origin of a loan word (レジ-register) is cut off
        ("トイレ", ["トイレ"]),
        ("待ちました", ["待つ", "ます", "た"]),
        ("", []),
        (" ", []),
    ],
)
def test_lemmas(text: str, lemmas: list[str]) -> None:
    assert [word.lemma for word in parse(text)] == lemmas


def test_a_word_outside_the_dictionary_is_kept_as_written() -> None:
    assert _words("zqxj") == [("zqxj", "zqxj", "zqxj", "名詞", "普通名詞-一般", "*", False)]


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("　レジ　混む　", ["　", "レジ", "　", "混む", "　"]),
        (" レジ\t混む\n店\n", ["レジ", "混む", "店"]),
        ("1,000円\\n", ["1", ",", "000", "円", "\\", "n"]),
        ('"店"', ['"', "店", '"']),
    ],
)
def test_spaces_and_marks_of_the_tagger_s_own_lines_do_no_harm(text: str, surfaces: list[str]) -> None:
    assert [word.surface for word in parse(text)] == surfaces


def test_a_word_that_occurs_again_is_the_same_object() -> None:
    assert parse("レジ")[0] is parse("レジが混む")[0]


def test_threads_do_not_disturb_each_other() -> None:
    texts = ["レジの列が長い", "駐車場が狭くて停めにくい", "店員さんが親切でした", "品揃えが豊富"] * 50
    alone = [_words(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(_words, texts)) == alone


def test_the_dictionary_names_its_version() -> None:
    assert dictionary_version().startswith("fugashi ")
    assert "unidic-lite" in dictionary_version()


def _words(text: str) -> list[tuple[object, ...]]:
    return [astuple(word) for word in parse(text)]
