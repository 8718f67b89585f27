import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.submission_keys import (
    ALPHABET,
    CODE_LENGTH,
    code_of,
    digest,
    is_submission_key,
    new_submission_key,
    read_code,
    written_code,
)


def test_keys_are_unique_and_of_one_shape():
    keys = {new_submission_key() for _ in range(200)}
    assert len(keys) == 200
    assert [key for key in keys if not is_submission_key(key)] == []


@pytest.mark.parametrize(
    "other", ["", "k", "0" * 31, "0" * 33, "0" * 31 + "U", "0" * 31 + "u", "0" * 31 + "\n", "０" * 32]
)
def test_what_no_page_of_ours_makes_is_no_key(other):
    assert is_submission_key(other) is False


def test_the_code_is_shown_in_groups_and_read_back_however_it_is_typed():
    key = "k7qm2xpd9rt0" + "a" * 20
    assert written_code(code_of(key)) == "K7QM-2XPD-9RT0"
    for typed in ("K7QM-2XPD-9RT0", "k7qm2xpd9rto", " Ｋ７ＱＭ　２ＸＰＤ－９ＲＴＯ\n", "k7qm 2xpd‐9rt0"):
        assert read_code(typed) == key[:CODE_LENGTH]
    assert read_code("ilo" + "0" * 9) == "110" + "0" * 9


@pytest.mark.parametrize("typed", ["", "K7QM-2XPD", "K7QM-2XPD-9RTAA", "U" * 12, "わすれました", "\x00" * 12])
def test_what_is_no_code_reads_as_none(typed):
    assert read_code(typed) is None


@given(st.text(alphabet=ALPHABET, min_size=32, max_size=32))
def test_every_key_shows_a_code_that_leads_back_to_it(key):
    assert read_code(written_code(code_of(key))) == key[:CODE_LENGTH]


@given(st.text(max_size=40))
def test_any_typed_text_is_a_code_or_none(typed):
    code = read_code(typed)
    assert code is None or (len(code) == CODE_LENGTH and set(code) <= set(ALPHABET))


def test_a_digest_is_as_long_as_its_column_and_differs():
    assert len(digest("k7qm2xpd9rt0")) == 64
    assert digest("a") != digest("b")
