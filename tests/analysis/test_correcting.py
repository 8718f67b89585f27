"""Corrections that are asked for: what is stored, and what is refused with a word on what to do."""

from datetime import UTC, datetime

import pytest
from stored_rows import stored_comment, stored_response, stored_store, stored_theme

from analysis import records
from analysis.corrections import correcting
from analysis.corrections.log import active, events, undo
from analysis.errors import CorrectionError

NOW = datetime(2025, 10, 8, 3, 0, tzinfo=UTC)
LATER = datetime(2025, 10, 9, 3, 0, tzinfo=UTC)


@pytest.fixture
def session(database):
    with database.session() as session:
        stored_theme(session, "shop.queue", "待ち時間", "Waiting", words={"レジ": 1.0, "行列": 0.4})
        stored_theme(session, "shop.parking", "駐車場", "Parking", words={"駐車場": 1.0})
        stored_theme(session, "d-1", "風船", "風船", words={"風船": 1.0}, origin="discovered", first_week="2025-W20")
        response = stored_response(session, "r1", stored_store(session, "ginza", "銀座店"))
        stored_comment(session, response, "レジが遅いけど、駐車場は広い", "reason")
        stored_comment(session, response, "特になし", "wish", 1)
        yield session


def content(event):
    return event.kind, dict(event.content)


def test_every_kind_is_stored_with_who_and_when(session):
    made = [
        correcting.rename(session, "shop.queue", {"ja": "列"}, " 鈴木 ", NOW),
        correcting.split(session, "shop.queue", {"ja": "行列"}, ["行列"], "鈴木", NOW),
        correcting.merge(session, ["d-1", "d-1"], "shop.parking", "鈴木", NOW),
        correcting.pin(session, "shop.queue", "会計 遅い", None, "鈴木", NOW),
        correcting.ban(session, "shop.parking", "風船", "鈴木", NOW),
        correcting.hide(session, "shop.parking", "鈴木", NOW),
        correcting.set_themes(session, "r1/reason", ["shop.queue", "shop.parking"], "鈴木", NOW),
        correcting.move(session, ("r1/reason", 1), [], "鈴木", NOW),
    ]
    new = made[1].content["id"]
    assert [content(event) for event in made] == [
        ("rename", {"theme": "shop.queue", "name": {"ja": "列"}}),
        ("split", {"theme": "shop.queue", "id": new, "name": {"ja": "行列", "en": "行列"}, "words": ["行列"]}),
        ("merge", {"themes": ["d-1"], "into": "shop.parking"}),
        ("pin", {"theme": "shop.queue", "word": "会計 遅い", "weight": 1.2}),
        ("ban", {"theme": "shop.parking", "word": "風船"}),
        ("hide", {"theme": "shop.parking"}),
        ("set", {"comment": "r1/reason", "text": made[6].content["text"], "themes": ["shop.parking", "shop.queue"]}),
        (
            "move",
            {
                "comment": "r1/reason",
                "text": made[6].content["text"],
                "position": 1,
                "clause": made[7].content["clause"],
                "start": 8,
                "themes": [],
            },
        ),
    ]
    assert [event.number for event in made] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert {(event.made_by, event.made_at, event.is_undone) for event in made} == {("鈴木", NOW, False)}
    assert active(session) == tuple(made)
    assert events(session, 2) == (made[7], made[6])


def test_no_customers_words_are_stored(session):
    correcting.move(session, ("r1/reason", 0), ["shop.queue"], "鈴木", NOW)
    correcting.set_themes(session, "r1/reason", ["shop.queue"], "鈴木", NOW)
    assert "遅い" not in "".join(str(event.content) for event in events(session))


def test_themes_are_read_as_they_were_amended_and_found_again_after_an_undo(session):
    before = records.themes(session)
    correcting.rename(session, "d-1", {"ja": "風船配り"}, "鈴木", NOW)
    merge = correcting.merge(session, ["d-1"], "shop.queue", "鈴木", NOW)
    amended = records.themes(session)
    assert amended["d-1"].merged_into == "shop.queue"
    assert amended["d-1"].name == {"ja": "風船配り", "en": "風船配り"}
    assert amended["shop.queue"].words == {"レジ": 1.0, "行列": 0.4, "風船": 1.0}
    undone = undo(session, merge.number, "田中", LATER)
    assert (undone.undone_by, undone.undone_at) == ("田中", LATER)
    assert records.themes(session)["d-1"].merged_into is None
    undo(session, 1, "田中", LATER)
    assert records.themes(session) == before
    assert active(session) == ()
    assert [event.is_undone for event in events(session)] == [True, True]


def test_an_undone_merge_leaves_a_later_one_its_ground(session):
    correcting.merge(session, ["d-1"], "shop.queue", "鈴木", NOW)
    correcting.merge(session, ["shop.queue"], "shop.parking", "鈴木", NOW)
    assert {theme.merged_into for theme in records.themes(session).values()} == {None, "shop.queue", "shop.parking"}
    undo(session, 1, "鈴木", NOW)
    themes = records.themes(session)
    assert (themes["d-1"].merged_into, themes["shop.queue"].merged_into) == (None, "shop.parking")


def test_a_report_of_an_earlier_week_does_not_know_a_discovered_theme(session):
    assert sorted(records.themes(session, known_at="2025-W19")) == ["shop.parking", "shop.queue"]
    assert sorted(records.themes(session, known_at="2025-W20")) == ["d-1", "shop.parking", "shop.queue"]


def refused(correct, *arguments):
    with pytest.raises(CorrectionError) as caught:
        correct(*arguments, "鈴木", NOW)
    return str(caught.value)


@pytest.mark.parametrize(
    ("correct", "arguments", "fault"),
    [
        (correcting.rename, ("x", {"ja": "列"}), "there is no theme 'x'; koebako theme list shows all"),
        (correcting.rename, ("shop.queue", {"ja": " "}), "a name has 1 to 60 letters, '' has 0"),
        (correcting.rename, ("shop.queue", {"ja": "あ" * 61}), "has 61"),
        (correcting.rename, ("shop.queue", {"ja": "列\x07"}), r"the name '列\x07' holds U+0007 (a control character)"),
        (correcting.rename, ("shop.queue", {"ja": "列\n順"}), r"the name '列\n順' holds U+000A (a control character)"),
        (correcting.rename, ("shop.queue", {"ja": "列\u202e"}), "holds U+202E (RIGHT-TO-LEFT OVERRIDE); leave it out"),
        (correcting.rename, ("shop.queue", {"ja": "列\ud800"}), "holds U+D800 (a control character)"),
        (
            correcting.rename,
            ("shop.queue", {"ja": "あ" * 10_000}),
            f"a name has 1 to 60 letters, '{'あ' * 40}'… has 10000",
        ),
        (correcting.rename, ("x" * 41, {"ja": "列"}), f"there is no theme '{'x' * 40}'…; koebako"),
        (correcting.rename, ("shop.queue", {}), "a theme needs a name"),
        (correcting.rename, ("shop.queue", {"ja": "待ち時間"}), "theme 'shop.queue' has this name already"),
        (correcting.merge, (["shop.queue"], "shop.queue"), "theme 'shop.queue' cannot be merged into itself"),
        (correcting.merge, (["shop.queue"], "x"), "there is no theme 'x'"),
        (correcting.merge, ([], "shop.queue"), "name at least one theme to merge"),
        (
            correcting.split,
            ("shop.queue", {"ja": "列"}, ["駐車場"]),
            "theme 'shop.queue' has no word '駐車場'; koebako",
        ),
        (correcting.split, ("shop.queue", {"ja": "列"}, ["レジ", "行列"]), "these are all words of 'shop.queue'"),
        (correcting.split, ("shop.queue", {"ja": "列"}, []), "name at least one word"),
        (correcting.split, ("shop.queue", {"en": "Line"}, ["行列"]), "the new theme needs a Japanese name"),
        (correcting.pin, ("shop.queue", "。。", None), "'。。' is no word that a theme can stand on"),
        (correcting.pin, ("shop.queue", " ", None), "a word has 1 to 60 letters, '' has 0"),
        (correcting.pin, ("shop.queue", "会計\x07遅い", None), "holds U+0007 (a control character)"),
        (correcting.pin, ("shop.queue", "あ" * 10_000, None), f"a word has 1 to 60 letters, '{'あ' * 40}'… has 10000"),
        (
            correcting.ban,
            ("shop.queue", "無" * 50),
            f"theme 'shop.queue' has no word '{'無' * 40}'…; koebako theme show",
        ),
        (correcting.pin, ("shop.queue", "レジ は", None), "'レジ は' is no word that a theme can stand on"),
        (correcting.pin, ("shop.queue", "会計", 0.0), "a weight lies above 0 and is 5 at most, not 0"),
        (correcting.pin, ("shop.queue", "会計", float("nan")), "a weight lies above 0"),
        (correcting.pin, ("shop.queue", "レジ", 1.0), "'レジ' speaks for 'shop.queue' already"),
        (correcting.ban, ("shop.queue", "会計"), "theme 'shop.queue' has no word '会計'"),
        (correcting.ban, ("shop.parking", "駐車場"), "'駐車場' is the only word of 'shop.parking'"),
        (correcting.set_themes, ("r9/reason", ["shop.queue"]), "there is no comment 'r9/reason'; koebako export tags"),
        (correcting.set_themes, ("r1/reason", ["x"]), "there is no theme 'x'"),
        (correcting.set_themes, ("r1/wish", ["shop.queue"]), "comment 'r1/wish' says nothing"),
        (correcting.set_themes, ("r1\x00", ["shop.queue"]), "there is no comment"),
        (correcting.move, (("r1/reason", 2), ["shop.queue"]), "has no opinion 2; its opinions are 0 to 1"),
        (correcting.move, (("r1/reason", -1), ["shop.queue"]), "has no opinion -1"),
    ],
)
def test_what_cannot_be_done_is_refused(session, correct, arguments, fault):
    assert fault in refused(correct, session, *arguments)
    assert events(session) == ()


def test_who_corrects_must_have_a_name(session):
    for name in (" ", "あ" * 101, "a\x00"):
        with pytest.raises(CorrectionError, match="who corrects"):
            correcting.hide(session, "shop.queue", name, NOW)


def test_a_merged_theme_is_named_by_what_it_is_a_part_of(session):
    correcting.merge(session, ["d-1"], "shop.queue", "鈴木", NOW)
    assert refused(correcting.merge, session, ["shop.queue"], "d-1") == (
        "theme 'd-1' was merged into 'shop.queue'; name that one"
    )
    assert "was merged into 'shop.queue'" in refused(correcting.merge, session, ["d-1"], "shop.parking")


def test_what_is_hidden_or_undone_is_not_so_again(session):
    correcting.hide(session, "shop.queue", "鈴木", NOW)
    assert "is hidden already" in refused(correcting.hide, session, "shop.queue")
    undo(session, 1, "鈴木", NOW)
    with pytest.raises(CorrectionError, match="correction 1 was undone before, by 鈴木"):
        undo(session, 1, "田中", NOW)
    with pytest.raises(CorrectionError, match="there is no correction 2; koebako theme log shows all"):
        undo(session, 2, "田中", NOW)
    correcting.hide(session, "shop.queue", "鈴木", NOW)


@pytest.mark.parametrize(
    ("written", "found"),
    [("a:b/0", ("a:b", 0)), ("a/b/12", ("a/b", 12)), ("2025-W40-0001:reason#3", ("2025-W40-0001:reason", 3))],
)
def test_an_opinion_is_named_by_its_comment_and_its_number(written, found):
    assert correcting.opinion_reference(written) == found


@pytest.mark.parametrize("written", ["a", "a/", "/1", "a/-1", "a/one", "", "a/" + "9" * 5000])
def test_what_names_no_opinion_is_refused(written):
    with pytest.raises(CorrectionError, match="names no opinion"):
        correcting.opinion_reference(written)
