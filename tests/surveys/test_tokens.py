"""Words as unidic-lite 1.0.8 reads them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from surveys.tokens import Word, dictionary_version, parse


def test_a_word_carries_lemma_and_plain_form() -> None:
    assert list(parse("狭く")) == [Word("狭く", "狭い", "狭い", "形容詞", "一般-*", "連用形-一般", known=True)]


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
    assert list(parse("zqxj")) == [Word("zqxj", "zqxj", "zqxj", "名詞", "普通名詞-一般", "*", known=False)]


def test_threads_do_not_disturb_each_other() -> None:
    texts = ["レジの列が長い", "駐車場が狭くて停めにくい", "店員さんが親切でした", "品揃えが豊富"] * 50
    alone = [parse(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(parse, texts)) == alone


def test_the_dictionary_names_its_version() -> None:
    assert dictionary_version().startswith("fugashi ")
    assert "unidic-lite" in dictionary_version()
