"""Words found in opinions depend on the opinion alone, not on what was read before it."""

import pytest

from analysis.reading.features import Vocabulary
from analysis.results import Token

ONE_WORD = Token("昼御飯", "昼ご飯", "noun", parts=("昼御飯",))
TWO_WORDS = Token("昼御飯", "昼ご飯", "noun", parts=("昼", "御飯"))


@pytest.mark.parametrize("order", [(ONE_WORD, TWO_WORDS), (TWO_WORDS, ONE_WORD)])
def test_a_compound_cut_in_two_ways_is_two_compounds_whichever_comes_first(order):
    vocabulary = Vocabulary(["昼"])
    assert {token.parts: vocabulary.find([token]) for token in order} == {
        ("昼御飯",): set(),
        ("昼", "御飯"): {"昼"},
    }
