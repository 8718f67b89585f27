"""Catalogues: what ships is whole, and a wrong file is refused with its place."""

from collections import Counter
from pathlib import Path

import pytest
from pydantic import ValidationError

from analysis.errors import CatalogueError
from analysis.reading.features import entry_key
from analysis.settings import AnalysisSettings, catalogue_names
from analysis.themes.catalogues import load_catalogue

OWN_FILE = """
name: {ja: 自店, en: Own}
groups:
  - id: pets
    name: {ja: ペット, en: Pets}
    themes:
      - id: food
        name: {ja: ペットフード, en: Pet food}
        advice: {ja: 売れ筋を聞きましょう。, en: Ask what sells.}
        words: [ペットフード, 猫 餌]
        hints: [犬]
"""


def test_the_catalogues_that_ship() -> None:
    assert catalogue_names() == ("clinic", "hotel", "restaurant", "retail", "salon", "sightseeing")


@pytest.mark.parametrize("name", catalogue_names())
def test_a_shipped_catalogue_is_whole(name: str) -> None:
    themes = load_catalogue(name).themes
    assert len({theme.id for theme in themes}) == len(themes) >= 18
    assert [theme.id for theme in themes if theme.general] == ["overall.overall"]
    for theme in themes:
        assert theme.origin == "catalogue"
        assert {*theme.name} == {*theme.group} == {*theme.advice} == {"ja", "en"}
        assert all([*theme.name.values(), *theme.group.values(), *theme.advice.values()])
        assert max(theme.words.values()) >= 1


@pytest.mark.parametrize("name", catalogue_names())
def test_no_number_with_a_unit_speaks_for_a_theme(name: str) -> None:
    # 十分 (enough) alone reads as ten minutes: as a word of a theme it would catch 「10分待った」
    words = {
        key for theme in load_catalogue(name).themes for key in theme.words if key.startswith("#") and " " not in key
    }
    money_and_age = {"#円", "#円以内", "#円以下", "#円台", "#円程度", "#歳"}
    numbered = {"#品料理", "#段ベッド", "#重予約", "#棟貸し", "#軒屋"}  # 一品料理, 二段ベッド, 一軒家
    assert words <= money_and_age | numbered | {"#時間営業", "#世代", "#湖", "#泊", "#日乗車券", "#次交通", "#分診療"}


@pytest.mark.parametrize("name", catalogue_names())
def test_names_of_themes_are_told_apart(name: str) -> None:
    for language in ("ja", "en"):
        names = Counter(theme.name[language] for theme in load_catalogue(name).themes)
        assert [shown for shown, count in names.items() if count > 1] == []


def test_entries_become_keys_and_phrases() -> None:
    assert [entry_key(entry) for entry in ("待ち時間", "レジ 遅い", "コスパ", "を")] == [
        "待つ時間",
        "レジ 遅い",
        "コスパ",
        "",
    ]


def test_an_own_file_adds_its_themes(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN_FILE, "utf-8")
    catalogue = load_catalogue("retail", [tmp_path / "own.yaml"])
    added = catalogue.themes[-1]
    assert (added.id, added.name, added.words) == (
        "pets.food",
        {"ja": "ペットフード", "en": "Pet food"},
        {"犬": 0.4, "ペットフード": 1.0, entry_key("猫 餌"): 1.2},
    )
    assert catalogue.digest != load_catalogue("retail").digest


def test_an_own_theme_replaces_the_one_of_the_same_name(tmp_path: Path) -> None:
    own = OWN_FILE.replace("id: pets", "id: checkout").replace("id: food", "id: wait")
    (tmp_path / "own.yaml").write_text(own, "utf-8")
    catalogue = load_catalogue("retail", [tmp_path / "own.yaml"])
    assert len(catalogue.themes) == len(load_catalogue("retail").themes)
    assert next(theme for theme in catalogue.themes if theme.id == "checkout.wait").name["ja"] == "ペットフード"


def test_the_digest_stays_while_nothing_changes() -> None:
    assert load_catalogue("hotel").digest == load_catalogue("hotel").digest


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("id: food", "id: Food", "pets.Food: id: must be small letters, digits and _, and begin with a letter"),
        ("id: food", "id: 12", "pets.12: id: must be text; put it in quotation marks"),
        ("words:", "wrods:", "pets.food: words: is missing; "),
        ("words:", "wrods:", "pets.food: wrods: unknown key"),
        (
            "en: Pet food",
            "en: Cats, dogs",
            "pets.food: name, dogs: unknown key (a text with a comma or a colon in it needs",
        ),
        ("en: Pets", "de: Tiere", "pets: name, en: is missing"),
        ("en: Pets", 'en: ""', "pets: name, en: must not be empty"),
        ("[ペットフード, 猫 餌]", "[]", "pets.food: words: needs at least one entry"),
        ("[ペットフード, 猫 餌]", "ペットフード", "pets.food: words: must be a list, such as [レジ, 会計]"),
        (
            "[ペットフード, 猫 餌]",
            "[ペットフード, 24]",
            "pets.food: words, entry 2: must be text; put it in quotation marks",
        ),
        (
            "[ペットフード, 猫 餌]",
            "[ペットフード、猫]",
            "pets.food: 'ペットフード、猫' holds several words; part them with a half-width",
        ),
        ("[犬]", "[を]", "pets.food.hints: 'を' is no word that a theme can stand on"),
        ("猫 餌", "猫 を", "pets.food.words: '猫 を' is no word that a theme can stand on"),
        (
            "        hints: [犬]",
            "        words: [犬]",
            "'words' stands twice in the same place, the second time in line 11",
        ),
        (
            "        hints: [犬]",
            "        hints: [犬]\n        general: 多分",
            "pets.food: general: must be true or false",
        ),
        ("themes:", "themes: [", "not valid YAML"),
        ("themes:", "themes: 2025-02-30", "not valid YAML"),
        (OWN_FILE, "", "the file: must hold keys and values"),
        (OWN_FILE, "- pets", "the file: must hold keys and values"),
        (OWN_FILE, "name: {ja: 自店, en: Own}\ngroups: [犬]", "groups, entry 1: must hold keys and values"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, old: str, new: str, fault: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN_FILE.replace(old, new), "utf-8")
    with pytest.raises(CatalogueError) as raised:
        load_catalogue("retail", [path])
    assert str(raised.value).startswith(f"{path}: ")
    assert fault in str(raised.value)


THEME = OWN_FILE[OWN_FILE.index("      - id: food") :]
GROUP = OWN_FILE[OWN_FILE.index("  - id: pets") :]


@pytest.mark.parametrize(
    ("added", "fault"),
    [
        (THEME, "pets.food: stands twice; join the two"),
        (GROUP, "pets: the group stands twice; put its themes into one"),
    ],
)
def test_what_stands_twice_in_a_file_is_refused(tmp_path: Path, added: str, fault: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN_FILE + added, "utf-8")
    with pytest.raises(CatalogueError) as raised:
        load_catalogue("retail", [path])
    assert str(raised.value) == f"{path}: {fault}"


def test_a_file_in_another_encoding_is_refused_and_a_mark_of_utf_8_is_read_over(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN_FILE, "cp932")
    with pytest.raises(CatalogueError, match=r"own\.yaml: cannot be read: it is not in UTF-8; save it again as UTF-8"):
        load_catalogue("retail", [path])
    path.write_text(OWN_FILE, "utf-8-sig")
    assert load_catalogue("retail", [path]).themes[-1].id == "pets.food"


def test_an_own_theme_takes_its_words_from_the_shipped_ones(tmp_path: Path) -> None:
    shipped = {theme.id: theme.words for theme in load_catalogue("retail").themes}
    path = tmp_path / "own.yaml"
    path.write_text(OWN_FILE.replace("[ペットフード, 猫 餌]", "[パン, レジ 遅い]").replace("[犬]", "[弁当]"), "utf-8")
    mended = {theme.id: theme.words for theme in load_catalogue("retail", [path]).themes}
    assert shipped["goods.deli"].keys() - mended["goods.deli"].keys() == {"パン"}
    assert shipped["checkout.wait"].keys() - mended["checkout.wait"].keys() == {"レジ 遅い"}
    assert [theme for theme in shipped if shipped[theme] != mended[theme]] == ["checkout.wait", "goods.deli"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"nowhere\.yaml: cannot be read"):
        load_catalogue("retail", [tmp_path / "nowhere.yaml"])


@pytest.mark.parametrize("key", ["catalogue_files", "word_files"])
def test_a_file_that_is_not_there_is_refused_when_settings_are_read(tmp_path: Path, key: str) -> None:
    there, nowhere = tmp_path / "own.yaml", tmp_path / "nowhere.yaml"
    there.write_text(OWN_FILE, "utf-8")
    assert getattr(AnalysisSettings(**{key: [str(there)]}), key) == (str(there),)
    with pytest.raises(
        ValidationError, match=f"there is no file {str(nowhere)!r}; a name is looked up from {Path.cwd()}"
    ):
        AnalysisSettings(**{key: [str(there), str(nowhere)]})


def test_an_unknown_catalogue_is_refused_with_the_known_ones() -> None:
    known = "clinic, hotel, restaurant, retail, salon, sightseeing"
    with pytest.raises(CatalogueError, match=f"'bank' is unknown; there are: {known}"):
        load_catalogue("bank")
