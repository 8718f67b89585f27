"""An organisation's own words: kept whole wherever they stand, read from checked files, part of the model version."""

from pathlib import Path

import pytest
from weekly_answers import NOW, ORGANISATION, SETTINGS, make_answers, record_answers

from analysis.errors import WordFileError
from analysis.reading.spellings import NO_OWN_WORDS, OwnWords, normalise
from analysis.reading.text import read_opinions
from analysis.themes.catalogues import load_catalogue
from analysis.themes.model import ThemeModel
from analysis.themes.own_words import load_own_words
from analysis.weeks.runs import analyse
from surveys.masking import MARKS

OWN_FILE = """
words:
  ふくまる便: [ふくまるびん, フクマル便]
  もちもちロール:
  ロール: []
  待ち時間: [待ちじかん]
  きらぽん:
  ＦＰ: [Fukumaru Pay]
  大名:
"""
READ = [
    ("ふくまる便が遅い", ["ふくまる便", "遅い"]),
    ("フクマル便は便利、ふくまるびんは安い", ["ふくまる便", "便利", "ふくまる便", "安い"]),
    ("ふくまる便受取カウンター", ["ふくまる便受け取りカウンター"]),
    ("ふくまる便りが届いた", ["含まる", "便り", "届く"]),  # another word
    ("もちもちロールがもちもち", ["もちもちロール", "もちもち"]),
    ("もちもちロールパン売り場", ["もちもちロールパン売り場"]),
    ("ロールが好き", ["ロール", "好き"]),
    ("コントロールが好き", ["コントロール", "好き"]),
    ("待ちじかんが長い", ["待つ時間", "長い"]),
    ("きらぽんは美味しい", ["きらぽん", "美味しい"]),
    ("きらぽんがない", ["きらぽん!", "無い"]),
    ("fpが使えない", ["fp", "使う!"]),
    ("ＦＰＳのゲーム", ["fps", "ゲーム"]),
    ("Fukumaru Payで払った", ["fp", "払う"]),
    ("大名古屋展が良い", ["大名古屋展", "良い"]),
    ("大名の接客", ["大名", "接客"]),
]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> OwnWords:
    path = tmp_path_factory.mktemp("own") / "words.yaml"
    path.write_text(OWN_FILE, "utf-8")
    return load_own_words([path])


@pytest.mark.parametrize(("text", "keys"), READ)
def test_own_words_are_read_as_one(own: OwnWords, text: str, keys: list[str]) -> None:
    tokens = [token for opinion in read_opinions(text, own) for token in opinion.tokens]
    assert [token.key + ("!" if token.negated else "") for token in tokens] == keys


def test_an_own_word_is_shown_as_the_customer_wrote_it(own: OwnWords) -> None:
    (opinion,) = read_opinions("フクマル便、最高", own)
    assert opinion.text == "フクマル便、最高"
    assert [(token.surface, token.pos) for token in opinion.tokens] == [("フクマル便", "noun"), ("最高", "adjective")]


def test_a_comment_of_own_latin_names_is_japanese(own: OwnWords) -> None:
    assert [opinion.kind for opinion in read_opinions("Fukumaru Pay good", own)] == ["opinion"]
    assert [opinion.kind for opinion in read_opinions("Fukumaru Pay good")] == ["foreign"]


def test_an_own_catalogue_may_stand_on_own_words(own: OwnWords, tmp_path: Path) -> None:
    path = tmp_path / "themes.yaml"
    path.write_text(
        """
name: {ja: 自店, en: Ours}
groups:
  - id: ours
    name: {ja: 自店, en: Ours}
    themes:
      - id: delivery
        name: {ja: ふくまる便, en: Fukumaru delivery}
        advice: {ja: 便を増やす, en: More of them}
        words: [ふくまる便]
""",
        "utf-8",
    )
    model = ThemeModel(load_catalogue("retail", [path], own).themes)
    (tags,) = model.tag(read_opinions("ふくまるびんがなかなか来ない", own))
    assert [tag.theme_id for tag in tags] == ["ours.delivery"]


def test_no_files_are_no_words() -> None:
    assert load_own_words([]) == NO_OWN_WORDS


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    for name, word in (("a", "ふくまる便"), ("b", "きらぽん")):
        (tmp_path / name).write_text(f"words: {{{word}: []}}", "utf-8")
    assert load_own_words([tmp_path / "a", tmp_path / "b"]) == load_own_words([tmp_path / "b", tmp_path / "a"])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("words: {}", "words: needs at least one word"),
        ("- ふくまる便", "the file: must hold the key words"),
        ("words: [ふくまる便]", "words: must hold words, each with a list of its other spellings"),
        ("wrods: {ふくまる便: []}", "words: is missing"),
        ("words: {便: []}", "words: 便: needs two letters or more"),
        ("words: {ふくまる便: ふく}", "words: ふくまる便: its other spellings must be a list, such as [フクマル便]"),
        ("words: {ふくまる便: [3]}", "words: ふくまる便: entry 1: must be text"),
        ("words: {ふくまる便: [], ふくまる便: [丸便]}", "'ふくまる便' stands twice in the same place"),
        ("words: {'100': []}", "words: '100' is no word; write letters, on one line"),
        ("words: {ふくまる便: [丸便], 丸便: []}", "words: '丸便' stands for two words; leave it at one of them"),
        ("words: [", "not valid YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "words.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(WordFileError) as raised:
        load_own_words([path])
    assert str(raised.value).startswith(f"{path}: ")
    assert fault in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WordFileError, match=r"nowhere\.yaml: cannot be read"):
        load_own_words([tmp_path / "nowhere.yaml"])


def test_new_own_words_make_old_weeks_stale_once(sqlite, tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text("words: {ふくまる便: []}", "utf-8")
    record_answers(sqlite, make_answers())
    weeks = len(analyse(sqlite, ORGANISATION, SETTINGS, now=NOW))
    with_words = SETTINGS.model_copy(update={"word_files": (str(path),)})
    assert len(analyse(sqlite, ORGANISATION, with_words, now=NOW)) == weeks
    assert analyse(sqlite, ORGANISATION, with_words, now=NOW) == ()


@pytest.mark.parametrize("mark", MARKS.values())
def test_what_masking_left_is_no_word_and_stays_readable(mark: str) -> None:
    (opinion,) = read_opinions(f"レジの{mark}さんの接客が良かった")
    assert [token.key for token in opinion.tokens] == ["レジ", "接客", "良い"]
    assert normalise(mark) in opinion.text
