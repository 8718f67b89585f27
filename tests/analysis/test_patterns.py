"""Many patterns looked for in one pass."""

import pytest

from analysis.polarity.lexicon import lexicon
from analysis.reading.patterns import Patterns, longest, starts


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("もてなし", "もてな"),
        ("手放せな|やめられな", "手放せ やめら"),
        ("(勧|薦|すす)め(たい|ます)", "勧めた 勧めま 薦めた 薦めま すすめ"),
        ("[てで](くださ|下さ)", "てくだ で下さ て下さ でくだ"),
        ("[0-3]分", "0分 1分 2分 3分"),
        ("(お)?休み", "お休み 休み"),
        ("(お)?休", "お休 休"),
        ("お*休{1,2}み", "お 休"),
        ("休{2}み", "休"),
        ("休{1}み", "休み"),
        ("あ+い", "あ"),
        ("あ{0,2}い", "あ い"),
        ("(?<!こと)(?<!必要)(が|も)(?=ある)", "が も"),
        (r"(?:\A|[、。])(さす|流石)が", "、さす 。さす 、流石 。流石 さすが 流石が"),
        ("待.{0,3}た", "待"),
        (r"待\d", "待"),
        ("待[^た]", "待"),
        ("(あ|[|(]い(う|え)*)|お", "あ |い (い お"),
        (r"\$円", "$円"),
        ("[^あ]い", "\0い"),
        (".い", "\0い"),
        ("[ぁ-ん一-龥](ら|づ)い", "\0らい \0づい"),
        (r"\d分", "\0分"),
        (r"\d+分", None),
        (".", None),
        ("(あ|)", None),
        ("", None),
        ("(?P<name>あ)い", None),
        ("[ぁ-ん一-龥].い", "\0\0い"),
        (".{2}い", None),
    ],
)
def test_what_a_pattern_can_begin_with(pattern: str, found: str | None) -> None:
    assert starts(pattern) == (None if found is None else frozenset(found.split(" ")))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("何もない", []),
        ("よかった", [(0, 4, 1.0)]),
        ("よかったら", [(0, 5, 0.0)]),  # of two at one place the longer
        ("よかったらいい", [(0, 5, 0.0), (5, 7, 2.0)]),
        ("また12分待った", [(2, 8, -1.0)]),
        ("分待った、よかった", [(5, 9, 1.0)]),
        ("ったらいい", [(0, 3, 3.0), (3, 5, 2.0)]),  # the first one wins
        ("広い家", [(1, 3, 4.0)]),  # begins with any letter
        ("い家", []),
        ("家", []),
    ],
)
def test_what_is_found_stands_in_order_and_never_inside_another(text: str, found: list[tuple[int, int, float]]) -> None:
    patterns = Patterns(
        [
            ("よかった", 1.0),
            ("(良|よ)かったら", 0.0),
            ("いい|らいい", 2.0),
            (r"\d+分待った", -1.0),
            ("ったら", 3.0),
            ("(?<=広).家", 4.0),
        ]
    )
    assert longest(patterns.matches([text])[0]) == found


def test_of_two_equally_long_ones_the_smaller_value_counts() -> None:
    assert longest(Patterns([("すごい", 1.0), ("すご.", -1.0)]).matches(["すごい"])[0]) == [(0, 3, -1.0)]


def test_many_texts_are_looked_at_each_for_itself() -> None:
    patterns = Patterns([("もう少し", 1.0), (r"\d+円", 2.0), ("高い$", 3.0), ("(?<!い)円", 4.0)])
    texts = ["もう少し安く", "", "あと100円", "もう", "少し安い", "円が高い", "高い円", "👍高い"]
    assert [sorted(found) for found in patterns.matches(texts)] == [
        [(0, 4, 1.0)],
        [],
        [(2, 6, 2.0), (5, 6, 4.0)],
        [],
        [],
        [(0, 1, 4.0), (2, 4, 3.0)],
        [],
        [(1, 3, 3.0)],
    ]
    assert patterns.matches([]) == []


def test_what_else_changes_the_judgement_is_found_in_the_same_pass() -> None:
    assert sorted(lexicon().signs.matches(["とても少し高いですか"])[0]) == [
        (0, 3, "stressed"),
        (3, 5, "mild"),
        (7, 10, "question"),
    ]


def test_turns_of_speech_keep_their_look_behind() -> None:
    signs = lexicon().signs
    assert [bool(found) for found in signs.matches(["駐車場があるので", "行くことがあるので"])] == [True, False]
