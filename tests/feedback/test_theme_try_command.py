"""`koebako theme try`: what a catalogue makes of a sentence, before anything is analysed."""

import json

import pytest
from click.testing import CliRunner

from feedback.cli import main

OWN_FILE = """
name: {ja: 自店, en: Own}
groups:
  - id: pets
    name: {ja: ペット, en: Pets}
    themes:
      - id: food
        name: {ja: ペットフード, en: Pet food}
        advice: {ja: 売れ筋を聞きましょう。, en: Ask what sells.}
        words: [ペットフード, 猫 餌, パン]
"""


@pytest.fixture
def koebako(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text(OWN_FILE, "utf-8")
    (tmp_path / "config.yaml").write_text("analysis: {catalogue: retail, catalogue_files: [own.yaml]}", "utf-8")
    return lambda *arguments: CliRunner().invoke(main, ["theme", *arguments], env={"KOEBAKO_CONFIG": ""})


def test_opinions_are_shown_with_their_themes_and_words(koebako, tmp_path):
    result = koebako(
        "try", "レジが遅いけど、猫の餌が安いとうれしい。", "きょうは三時に着いた", "特になし", "Nice shop, thank you"
    )
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        [
            "「レジが遅いけど」 negative",
            "  checkout.wait  レジの待ち時間  0.71",
            "  words: レジ / 遅い",
            "「猫の餌が安いとうれしい。」 neutral, a request",
            "  pets.food  ペットフード  0.71",
            "  words: 猫 / 餌 / 安い / 嬉しい",
            "「きょうは三時に着いた」 neutral",
            "  その他: no theme fits clearly",
            "  words: 今日 / #時 / 着く",
            "「特になし」",
            "  nothing to say",
            "「Nice shop, thank you」",
            "  another language",
        ],
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.yaml", "own.yaml"]


def test_another_catalogue_can_be_tried_with_the_own_file(koebako):
    output = koebako("try", "--catalogue", "hotel", "朝食のパンが美味しい", "ペットフードがない").output
    assert "food.breakfast" in output
    assert output.count("pets.food") == 2


def test_the_own_file_is_listed_with_the_catalogue(koebako):
    found = json.loads(koebako("list", "--catalogue", "salon", "--format", "json").output)
    assert found[-1]["id"] == "pets.food"


def test_a_catalogue_must_be_named_where_the_settings_leave_it_open(koebako, tmp_path):
    (tmp_path / "config.yaml").write_text("{}", "utf-8")
    result = koebako("try", "レジが遅い")
    assert result.exit_code == 2
    assert "say which catalogue: --catalogue NAME" in result.output


@pytest.mark.parametrize("comment", ["", " \u3000"])
def test_an_empty_comment_is_refused(koebako, comment):
    result = koebako("try", "レジが遅い", comment)
    assert result.exit_code == 2
    assert "a comment is empty; write what a customer would" in result.output
    assert "レジ" not in result.output
