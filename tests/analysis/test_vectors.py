"""Word vectors: found by the hash of a word, zeros for what is unknown, and nothing lost without them."""

import numpy as np
import pytest

from analysis.reading.text import read_opinions
from analysis.reading.vectors import WordVectors, load_vectors, vocabulary_folder, word_hash
from analysis.results import Token

WORDS = ("椅子", "机", "棚")


@pytest.fixture
def furniture() -> WordVectors:
    """Three words; the second and third share a row."""
    hashes = np.array([word_hash(word) for word in WORDS], np.uint64)
    order = np.argsort(hashes)
    table = np.array([[1, 0], [0, 2]], np.float32)
    return WordVectors(hashes[order], np.array([0, 1, 1], np.int32)[order], table)


@pytest.fixture(scope="module")
def installed() -> WordVectors:
    vectors = load_vectors()
    if vectors is None:
        pytest.skip("ja-ginza is not installed")
    return vectors


@pytest.mark.parametrize(
    ("word", "found"),
    # lengths in bytes: 0, 1, 6, 9, 16 (two whole blocks)
    [
        ("", 0xC6A4A7935BD064DC),
        ("a", 0xA52BE5B3F6674B2A),
        ("料理", 0x68655B8B1E83AB25),
        ("駐車場", 0xDD884832AB8D3A22),
        ("parking lot open", 0x390426DB1D6AAB89),
    ],
)
def test_a_word_has_the_hash_that_its_vector_is_kept_under(word: str, found: int) -> None:
    assert word_hash(word) == found


def test_known_words_have_their_row_and_unknown_ones_zeros(furniture: WordVectors) -> None:
    assert furniture.of(["棚", "", "椅子", "zzz", "机"]).tolist() == [[0, 2], [0, 0], [1, 0], [0, 0], [0, 2]]
    assert furniture.of([]).shape == (0, 2)


def test_a_token_is_looked_up_as_written_then_by_key_then_by_its_parts(furniture: WordVectors) -> None:
    tokens = [
        Token("棚", "椅子", "noun"),
        Token("棚", "たな", "noun"),
        Token("椅子棚", "椅子棚", "noun", parts=("椅子", "棚")),
        Token("新棚", "新棚", "noun", parts=("新", "棚")),
        Token("新", "新", "noun"),
    ]
    assert furniture.of_tokens(tokens).tolist() == [[1, 0], [0, 2], [0.5, 1], [0, 2], [0, 0]]


def test_without_the_wheel_there_are_no_vectors() -> None:
    assert vocabulary_folder("no_such_package") is None


def test_words_that_mean_nearly_the_same_lie_near_each_other(installed: WordVectors) -> None:
    groups = [["朝食", "夕食", "料理"], ["温泉", "風呂", "浴槽"], ["店員", "スタッフ", "従業員"]]
    vectors = installed.of([word for group in groups for word in group])
    assert vectors.shape == (9, 300)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    near = vectors @ vectors.T
    np.fill_diagonal(near, 0)
    assert [int(other) // 3 for other in near.argmax(axis=1)] == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_what_customers_write_is_known(installed: WordVectors) -> None:
    tokens = [
        token for opinion in read_opinions("セルフレジの列がおいしくて帰るのがとても遅い") for token in opinion.tokens
    ]
    assert installed.of_tokens(tokens).any(axis=1).all()
