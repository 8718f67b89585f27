"""Corrections replayed over themes: pure, in the order of the events."""

from datetime import UTC, datetime

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corrections.amendments import amended_themes, split_id
from analysis.corrections.log import Correction, corrected_ids, digest
from analysis.results import Theme

QUEUE = Theme(
    "shop.queue", {"ja": "待ち時間", "en": "Waiting"}, "catalogue", {"レジ": 1.0, "行列": 0.4}, {"ja": "会計"}, {}
)
PARKING = Theme("shop.parking", {"ja": "駐車場", "en": "Parking"}, "catalogue", {"駐車場": 1.0}, {"ja": "場所"}, {})
BALLOON = Theme("d-1", {"ja": "風船", "en": "風船"}, "discovered", {"風船": 1.0, "レジ": 0.5}, {}, {}, since="2025-W20")
THEMES = (QUEUE, PARKING, BALLOON)


def events(*made):
    now = datetime(2025, 10, 8, tzinfo=UTC)
    return [Correction(number, kind, content, "suzuki", now) for number, (kind, content) in enumerate(made, 1)]


def replayed(*made):
    return amended_themes(THEMES, events(*made))


def words(amended):
    return {theme_id: dict(theme.words) for theme_id, theme in amended.themes.items()}


def merge(into, *themes):
    return "merge", {"themes": list(themes), "into": into}


def split(theme, new, *taken):
    return "split", {"theme": theme, "id": new, "name": {"ja": "列", "en": "Line"}, "words": list(taken)}


def ban(theme, word):
    return "ban", {"theme": theme, "word": word}


def pin(theme, word, weight=1.0):
    return "pin", {"theme": theme, "word": word, "weight": weight}


def test_without_corrections_themes_are_as_they_were_found():
    assert replayed().themes == {theme.id: theme for theme in THEMES}


def test_a_name_changes_in_the_languages_that_are_given():
    amended = replayed(("rename", {"theme": "shop.queue", "name": {"en": "Queue"}}))
    assert amended.themes["shop.queue"].name == {"ja": "待ち時間", "en": "Queue"}
    assert words(amended) == words(replayed())


def test_a_merged_theme_gives_its_words_and_is_found_under_the_other_one():
    amended = replayed(merge("shop.queue", "d-1"))
    assert amended.themes["shop.queue"].words == {"レジ": 1.0, "行列": 0.4, "風船": 1.0}
    assert list(amended.themes) == ["shop.queue", "shop.parking"]
    assert amended.merged["d-1"].merged_into == "shop.queue"
    assert (amended.resolve("d-1"), amended.resolve("shop.queue"), amended.resolve("x")) == (
        "shop.queue",
        "shop.queue",
        None,
    )


def test_a_merged_theme_goes_on_finding_what_it_found_for_the_other_one():
    amended = replayed(
        merge("d-1", "shop.queue"), merge("shop.parking", "d-1"), pin("d-1", "列"), ban("shop.parking", "風船")
    )
    found = {member.id: (dict(member.words), member.since, member.merged_into) for member in amended.members}
    assert found == {
        "shop.queue": ({"レジ": 1.0, "行列": 0.4}, None, "shop.parking"),
        "shop.parking": ({"駐車場": 1.0, "列": 1.0}, None, None),
        "d-1": ({"レジ": 0.5}, "2025-W20", "shop.parking"),
    }
    assert amended.later == frozenset()
    assert replayed().later == {"d-1"}


def test_what_is_split_off_is_no_longer_found_for_the_whole():
    amended = replayed(merge("shop.queue", "d-1"), split("shop.queue", "s-1", "風船", "行列"))
    found = {member.id: dict(member.words) for member in amended.members}
    assert found == {
        "shop.queue": {"レジ": 1.0},
        "shop.parking": {"駐車場": 1.0},
        "d-1": {"レジ": 0.5},
        "s-1": {"風船": 1.0, "行列": 1.0},
    }


def test_a_theme_that_was_always_known_makes_the_discovered_one_it_joins_known_always():
    assert replayed(merge("d-1", "shop.queue")).themes["d-1"].since is None
    assert replayed(merge("shop.queue", "d-1")).themes["shop.queue"].since is None


def test_later_events_follow_a_merge():
    amended = replayed(
        merge("shop.queue", "d-1"),
        merge("shop.parking", "d-1"),
        ("rename", {"theme": "shop.queue", "name": {"ja": "すべて"}}),
        ban("d-1", "風船"),
    )
    assert words(amended) == {"shop.parking": {"レジ": 1.0, "行列": 0.4, "駐車場": 1.0}}
    assert amended.themes["shop.parking"].name["ja"] == "すべて"
    assert amended.resolve("d-1") == "shop.parking"


def test_merges_in_a_circle_end_with_the_first():
    assert list(replayed(merge("d-1", "shop.queue"), merge("shop.queue", "d-1")).themes) == ["shop.parking", "d-1"]


def test_a_split_takes_words_and_lifts_hints():
    new = split_id("shop.queue", {"ja": "列"}, ["行列"])
    amended = replayed(split("shop.queue", new, "行列"))
    assert words(amended)["shop.queue"] == {"レジ": 1.0}
    assert amended.themes[new] == Theme(
        new, {"ja": "列", "en": "Line"}, "staff", {"行列": 1.0}, QUEUE.group, QUEUE.advice
    )
    assert new.startswith("s-")


def test_a_theme_split_from_a_discovered_one_is_as_old_as_that():
    assert replayed(split("d-1", "s-1", "風船")).themes["s-1"].since == "2025-W20"


def test_a_split_theme_can_be_merged_and_split_again():
    amended = replayed(
        split("shop.queue", "s-1", "行列"), merge("shop.parking", "s-1"), split("shop.parking", "s-2", "行列")
    )
    assert words(amended) == {
        "shop.queue": {"レジ": 1.0},
        "shop.parking": {"駐車場": 1.0},
        "d-1": dict(BALLOON.words),
        "s-2": {"行列": 1.0},
    }


def test_a_split_that_lost_its_ground_is_passed_over():
    assert words(replayed(split("gone", "s-1", "行列"), split("shop.queue", "s-1", "駐車場"))) == words(replayed())
    assert words(replayed(ban("shop.queue", "行列"), split("shop.queue", "s-1", "行列", "レジ")))["s-1"] == {
        "レジ": 1.0
    }


def test_pins_and_bans_change_weights_in_their_order():
    assert words(replayed(pin("shop.queue", "列", 2.0), ban("shop.queue", "レジ")))["shop.queue"] == {
        "行列": 0.4,
        "列": 2.0,
    }
    assert words(replayed(ban("shop.queue", "レジ"), pin("shop.queue", "レジ", 0.7)))["shop.queue"]["レジ"] == 0.7


def test_a_merge_does_not_bring_back_what_was_banned_and_a_pin_does():
    banned = (ban("shop.queue", "レジ"), merge("shop.queue", "d-1"))
    assert words(replayed(*banned))["shop.queue"] == {"行列": 0.4, "風船": 1.0}
    assert words(replayed(*banned, pin("shop.queue", "レジ")))["shop.queue"]["レジ"] == 1.0


def test_a_hidden_theme_keeps_its_words():
    amended = replayed(("hide", {"theme": "shop.queue"}))
    assert (amended.themes["shop.queue"].hidden, amended.themes["shop.queue"].is_listed) == (True, False)
    assert words(amended) == words(replayed())


IDS = st.sampled_from(["shop.queue", "shop.parking", "d-1", "s-1", "s-2", "gone"])
WORDS = st.sampled_from(["レジ", "行列", "駐車場", "風船", "列"])
EVENTS = st.one_of(
    st.builds(merge, IDS, IDS),
    st.builds(split, IDS, st.sampled_from(["s-1", "s-2"]), WORDS, WORDS),
    st.builds(pin, IDS, WORDS),
    st.builds(ban, IDS, WORDS),
    st.builds(lambda theme: ("hide", {"theme": theme}), IDS),
)


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(EVENTS, max_size=12))
def test_whatever_is_corrected_in_whatever_order_every_theme_lives_or_is_a_part_of_one_that_lives(made):
    amended = replayed(*made)
    assert {"shop.queue", "shop.parking", "d-1"} <= amended.themes.keys() | amended.merged.keys()
    assert not amended.themes.keys() & amended.merged.keys()
    assert all(theme.merged_into is None for theme in amended.themes.values())
    assert all(amended.resolve(theme_id) in amended.themes for theme_id in amended.merged)
    for theme_id, theme in amended.themes.items():
        members = [member for member in amended.members if (member.merged_into or member.id) == theme_id]
        assert {word for member in members for word in member.words} == theme.words.keys()
        assert theme.since is None or all(member.since is not None for member in members)
    assert replayed(*made) == amended


@pytest.mark.parametrize("kind", ["rename", "hide"])
def test_what_is_only_shown_does_not_change_the_digest(kind):
    assert digest(events((kind, {"theme": "shop.queue", "name": {"ja": "x"}}))) == ""


def test_the_digest_changes_with_content_and_order_not_with_who_and_when():
    made = [ban("shop.queue", "レジ"), pin("shop.queue", "レジ")]
    later = [
        Correction(event.number + 7, event.kind, event.content, "tanaka", datetime(2026, 1, 1, tzinfo=UTC))
        for event in events(*made)
    ]
    assert digest(events(*made)) == digest(later)
    assert len({digest(events(*made)), digest(events(*made[::-1])), digest(events(*made[:1])), ""}) == 4


def test_every_theme_that_a_correction_names_is_kept_from_fits():
    made = events(
        merge("a", "b"), split("c", "s-1", "x"), ban("d", "x"), ("set", {"comment": "r:1", "text": "", "themes": ["e"]})
    )
    assert corrected_ids(made) == {"a", "b", "c", "s-1", "d", "e"}
