import pytest

from surveys.texts import is_storable, is_storable_number, offered_language, pick, storable, tidy, worded


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ({"ja": "店", "en": "store"}, "en", ("store", "en")),
        ({"ja": "店", "en": "store"}, "ko", ("店", "ja")),
        ({"en": "store"}, "ko", ("store", "en")),
        ({"ja": "", "en": "store"}, "ja", ("store", "en")),
        ({}, "ja", ("", "ja")),
    ],
)
def test_a_wording_falls_back_to_japanese_and_says_in_which_language_it_is(text, language, expected):
    assert worded(text, language) == expected
    assert pick(text, language) == expected[0]


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("zh-Hans", "zh_Hans"),
        ("zh_hans", "zh_Hans"),
        ("zh", "zh_Hans"),
        ("zh-CN", "zh_Hans"),
        ("zh-Hant-TW", "zh_Hans"),
        ("ko-KR", "ko"),
        ("EN-gb", "en"),
        ("de", None),
        ("kok", None),
        ("", None),
        ("*", None),
    ],
)
def test_a_tag_of_a_browser_finds_the_offered_language(tag, found):
    assert offered_language(tag, ("ja", "en", "zh_Hans", "ko")) == found


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("よい店\n\tです👨‍👩‍👧", "よい店\n\tです👨‍👩‍👧"),
        ("a\x00b", "ab"),
        ("a\x1bb\x7fc\x85d", "abcd"),
        ("a\ud800b", "ab"),
        ("a\uffffb", "ab"),
    ],
)
def test_characters_that_a_store_cannot_hold_are_found_and_dropped(text, kept):
    assert (is_storable(text), storable(text)) == (text == kept, kept)


@pytest.mark.parametrize(("number", "storable"), [(0, True), (2**31 - 1, True), (2**31, False), (-(10**30), False)])
def test_numbers_that_no_column_holds_are_found(number, storable):
    assert is_storable_number(number) is storable


def test_tidying_unifies_line_ends_and_trims():
    assert tidy(" \r\n一行目\r\n二行目\r三行目　\n") == "一行目\n二行目\n三行目"
