"""Two fits side by side: what became of each theme, what is let happen, and what tags afterwards."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.discovery.lineage import Fate, compare, ground, settled, split_off, standing, version
from analysis.results import Theme, ThemeEvent

FIRST, SECOND, THIRD = "2025-W04", "2025-W08", "2025-W12"
OPINIONS = st.sets(st.integers(0, 30).map(str))
GROUPS = st.lists(st.integers(-1, 5), min_size=31, max_size=31).map(
    lambda places: [{str(number) for number, at in enumerate(places) if at == place} for place in range(6)]
)


def ids(*ranges):
    return {str(number) for start, end in ranges for number in range(start, end)}


def theme(theme_id, *words, since=None):
    return Theme(theme_id, {"ja": theme_id}, "discovered", dict.fromkeys(words, 1.0), {}, {}, since=since)


def fates(old, groups, smallest=3):
    return {
        fate.theme_id: (fate.kind, fate.other_id, round(fate.share, 2), fate.groups)
        for fate in compare(old, groups, smallest)
    }


def test_themes_found_again_are_the_same():
    assert fates({"a": ids((0, 10)), "b": ids((10, 15))}, [ids((10, 16)), ids((0, 9))]) == {
        "a": ("same", None, 0.9, (1,)),
        "b": ("same", None, 1.0, (0,)),
    }


def test_two_themes_in_one_group_are_merged_into_the_bigger_one():
    assert fates({"a": ids((0, 5)), "b": ids((5, 20)), "c": ids((20, 30))}, [ids((0, 20)), ids((20, 30))]) == {
        "a": ("merged", "b", 1.0, (0,)),
        "b": ("same", None, 1.0, (0,)),
        "c": ("same", None, 1.0, (1,)),
    }


def test_equal_themes_are_merged_into_the_one_whose_id_comes_first():
    assert fates({"b": ids((0, 5)), "a": ids((5, 10))}, [ids((0, 10))])["b"] == ("merged", "a", 1.0, (0,))


def test_a_group_of_odds_and_ends_joins_nothing():
    found = fates({"a": ids((0, 5)), "b": ids((5, 10))}, [ids((0, 30))])
    assert [kind for kind, *_ in found.values()] == ["same", "same"]


def test_a_theme_in_several_groups_of_its_own_is_split_and_the_biggest_part_is_its_own():
    assert fates({"a": ids((0, 20))}, [ids((0, 8), (40, 42)), ids((8, 20))]) == {"a": ("split", None, 0.6, (1, 0))}


def test_small_parts_and_parts_that_others_fill_split_nothing():
    assert fates({"a": ids((0, 20))}, [ids((0, 16)), ids((16, 20))])["a"][0] == "same"  # under a quarter
    assert fates({"a": ids((0, 8))}, [ids((0, 5)), ids((5, 8))], smallest=4)["a"][0] == "same"
    assert fates({"a": ids((0, 20))}, [ids((0, 12)), ids((12, 20), (50, 70))])["a"][0] == "same"


def test_a_theme_that_no_group_holds_is_gone():
    assert fates({"a": ids((0, 20)), "b": set()}, [ids((0, 4)), ids((50, 60))]) == {
        "a": ("gone", None, 0.0, ()),
        "b": ("gone", None, 0.0, ()),
    }


def test_what_takes_another_theme_in_does_not_fall_apart_at_the_same_time():
    found = fates({"a": ids((0, 12)), "b": ids((20, 24))}, [ids((0, 8), (20, 24)), ids((8, 12))])
    assert (found["a"][0], found["b"][:2]) == ("same", ("merged", "a"))


@given(st.dictionaries(st.sampled_from("abcdef"), OPINIONS), GROUPS)
def test_every_theme_has_one_fate_and_successors_stay(old, groups):
    found = compare(old, groups, 3)
    assert [fate.theme_id for fate in found] == sorted(old)
    kinds = {fate.theme_id: fate.kind for fate in found}
    for fate in found:
        assert 0 <= fate.share <= 1
        assert (fate.kind == "merged") == (fate.other_id is not None)
        assert fate.other_id is None or (kinds[fate.other_id] == "same" and fate.other_id != fate.theme_id)
        assert (len(fate.groups) > 1) == (fate.kind == "split")
    assert found == compare(dict(reversed(old.items())), groups, 3)


@given(GROUPS)
def test_the_same_groups_again_change_nothing(groups):
    old = {f"t{place}": group for place, group in enumerate(groups) if group}
    assert {fate.kind for fate in compare(old, groups, 1)} <= {"same"}


@given(GROUPS, st.permutations(range(6)))
def test_the_order_of_new_groups_changes_no_verdict(groups, order):
    old = {"a": ids((0, 12)), "b": ids((12, 20)), "c": ids((18, 31))}
    # parts of one size may change places; nothing else may
    straight, turned = compare(old, groups, 2), compare(old, [groups[place] for place in order], 2)
    same_sizes = any(
        len(members & one) == len(members & other) for members in old.values() for one, other in combinations(groups, 2)
    )
    if not same_sizes:
        assert [(f.kind, f.other_id, f.share) for f in straight] == [(f.kind, f.other_id, f.share) for f in turned]


MERGED = Fate("b", "merged", 0.9, (0,), "a")
SPLIT = Fate("a", "split", 0.6, (1, 0))


def before(*events):
    return {theme_id: ThemeEvent(FIRST, theme_id, kind, other) for theme_id, kind, other in events}


@pytest.mark.parametrize("fate", [MERGED, SPLIT])
def test_a_first_sign_changes_nothing_and_is_remembered(fate):
    (found,) = settled([fate], before(("a", "same", None), ("b", "same", None)), ())
    assert (found.kind, found.groups, found.other_id) == ("same", fate.groups[:1], "a")


def test_a_second_sign_makes_it_so():
    assert settled([MERGED], before(("b", "same", "a")), ()) == (MERGED,)
    assert settled([SPLIT], before(("a", "same", "a")), ()) == (SPLIT,)


def test_a_second_sign_holds_whichever_of_two_themes_was_bigger_first():
    assert settled([MERGED], before(("a", "same", "b")), ()) == (MERGED,)


def test_a_sign_of_something_else_is_a_first_sign():
    assert settled([MERGED], before(("b", "same", "c")), ())[0].kind == "same"
    assert settled([SPLIT], before(("a", "same", "b")), ())[0].kind == "same"


@pytest.mark.parametrize(
    ("fate", "touched"), [(MERGED, "a"), (MERGED, "b"), (SPLIT, "a"), (Fate("a", "gone", 0.0), "a")]
)
def test_what_people_touched_stays_as_it_is(fate, touched):
    signs = before(("b", "same", "a"), ("a", "same", "a"))
    assert settled([fate], signs, ()) == (fate,)
    (found,) = settled([fate], signs, {touched})
    assert (found.theme_id, found.kind, found.other_id, len(found.groups) < 2) == (fate.theme_id, "same", None, True)


def test_a_split_theme_keeps_the_words_of_its_biggest_part():
    old = theme("d-old", "風船", "色", "抽選会", "景品")
    parts = [theme("g1", "風船", "色"), theme("g2", "抽選会", "景品", "列", "レジ")]
    (part,) = split_off(old, parts, {"レジ"}, SECOND)
    assert (set(part.words), part.name) == ({"抽選会", "景品", "列"}, {"ja": "g2"})
    assert part.id.startswith("d-")
    assert part.id not in {"d-old", "g2"}
    assert split_off(old, parts, {"レジ"}, THIRD)[0].id != part.id


def test_words_that_can_not_be_divided_split_nothing():
    old = theme("d-old", "風船")
    assert split_off(old, [theme("g1", "割れる"), theme("g2", "風船")], frozenset(), SECOND) == ()
    assert split_off(old, [theme("g1", "風船"), theme("g2", "風船", "色")], frozenset(), SECOND) == ()
    several = theme("d-old", "風船", "色", "列")
    parts = [theme("g1", "風船"), theme("g2", "色", "レジ", "会計")]
    assert split_off(several, parts, {"会計"}, SECOND) != ()
    assert split_off(several, parts, {"レジ", "会計"}, SECOND) == ()  # most of its words are another theme's


FOUND = [
    theme("d-a", "風船", "色", since=FIRST),
    theme("d-b", "くじ", since=FIRST),
    theme("d-c", "傘", since=SECOND),
    theme("d-part", "色", since=SECOND),
]
SPLIT_OFF = ThemeEvent(SECOND, "d-part", "split", "d-a")
JOINED = ThemeEvent(THIRD, "d-b", "merged", "d-c", 0.9)


def described(themes):
    return {each.id: (sorted(each.words), each.since, each.merged_into) for each in themes}


def test_merged_themes_keep_their_words_and_splits_divide_them_and_history_goes_with_the_parts():
    events = [JOINED, SPLIT_OFF, ThemeEvent(THIRD, "d-a", "same", "d-c", 0.9)]
    assert described(standing(FOUND, events)) == {
        "d-a": (["風船"], FIRST, None),
        "d-b": (["くじ"], FIRST, "d-c"),
        "d-c": (["傘"], SECOND, None),
        "d-part": (["色"], FIRST, None),
    }
    assert standing(reversed(FOUND), reversed(events)) == standing(FOUND, events)


def test_a_theme_that_was_merged_twice_ends_in_the_last_one():
    found = described(standing(FOUND, [ThemeEvent(SECOND, "d-part", "merged", "d-b"), JOINED]))
    assert found["d-c"] == (["傘"], SECOND, None)
    assert (found["d-part"][2], found["d-b"][2]) == ("d-b", "d-c")


def test_what_splits_off_takes_its_words_from_merged_themes_too():
    events = [ThemeEvent(FIRST, "d-b", "merged", "d-a"), ThemeEvent(SECOND, "d-part", "split", "d-a")]
    found = described(standing([*FOUND[:1], theme("d-b", "くじ", "色", since=FIRST), FOUND[3]], events))
    assert {key: words for key, (words, *_) in found.items()} == {"d-a": ["風船"], "d-b": ["くじ"], "d-part": ["色"]}


def test_events_of_themes_that_are_gone_are_passed_over():
    assert standing(FOUND[2:3], [JOINED, SPLIT_OFF]) == tuple(FOUND[2:3])


def test_a_fit_goes_back_to_before_its_week():
    again = [SPLIT_OFF, ThemeEvent(SECOND, "d-b", "same", "d-c"), JOINED, ThemeEvent(THIRD, "d-a", "gone")]
    found = ground(FOUND, again, THIRD, ())
    assert described(found.themes)["d-b"] == (["くじ"], FIRST, None)
    assert described(found.themes)["d-a"] == (["風船"], FIRST, None)
    assert (set(found.last), found.kept, found.replaceable) == ({"d-part", "d-b"}, (), ())
    found = ground(FOUND, again, SECOND, ())
    assert described(found.themes) == {"d-a": (["色", "風船"], FIRST, None), "d-b": (["くじ"], FIRST, None)}
    assert (found.last, found.kept, [each.id for each in found.replaceable]) == ({}, (), ["d-c", "d-part"])


def test_what_people_built_upon_stays_when_its_fit_is_done_again():
    called = ThemeEvent(SECOND, "d-a", "same", name={"ja": "色のない風船"})
    for touched in ("d-a", "d-part"):
        found = ground(FOUND, [SPLIT_OFF, called, ThemeEvent(SECOND, "d-b", "gone")], SECOND, {touched})
        assert (found.kept, [each.id for each in found.replaceable]) == ((called, SPLIT_OFF), ["d-c"])
        assert described(found.themes)["d-part"] == (["色"], FIRST, None)
        assert found.themes[0].name == {"ja": "色のない風船"}
    found = ground(FOUND, [ThemeEvent(SECOND, "d-c", "new")], SECOND, {"d-c"})
    assert [each.id for each in found.replaceable] == ["d-part"]
    assert "d-c" in described(found.themes)


def test_the_version_names_merges_and_splits_alone():
    kept = [ThemeEvent(SECOND, "d-a", "same"), ThemeEvent(SECOND, "d-c", "new"), ThemeEvent(SECOND, "d-b", "gone")]
    assert version(kept) == ""
    assert version([*kept, JOINED]) == version([JOINED]) != version([SPLIT_OFF]) != ""
