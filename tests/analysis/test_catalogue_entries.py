"""Every entry of a catalogue can be found in what customers write."""

from collections.abc import Iterator
from importlib.resources import files

import pytest
import yaml

from analysis.reading.features import Vocabulary, entry_key, sentence_key
from analysis.reading.text import read_opinions
from analysis.themes.catalogues import catalogue_names

NOT_FOUND = {"salon": {"バレイヤージュ"}}
"""What the dictionary cuts in another way in each of the sentences: ballet is seen in it only where it stands alone."""


def _entries(catalogue: str) -> Iterator[str]:
    content = yaml.safe_load(files("analysis").joinpath(f"data/catalogues/{catalogue}.yaml").read_text("utf-8"))
    for theme in (theme for group in content["groups"] for theme in group["themes"]):
        for kind in ("words", "broad", "hints"):
            yield from theme.get(kind, [])


def _is_found(entry: str) -> bool:
    vocabulary = Vocabulary({entry_key(entry), sentence_key(entry)})
    sentences = [
        sentence
        for between in ("が", "", "に", "て", "、")
        for said in [between.join(order) for order in (entry.split(), entry.split()[::-1])]
        for sentence in (
            f"{said}が良かった。",
            f"この{said}は最高でした。",
            f"とても{said}ので困った。",
            f"{said}と思う。",
            f"{said}になる。",
        )
    ]
    return any(vocabulary.find(opinion.tokens) for said in dict.fromkeys(sentences) for opinion in read_opinions(said))


@pytest.mark.parametrize("catalogue", catalogue_names())
def test_every_entry_finds_itself_in_a_plain_sentence(catalogue: str) -> None:
    assert {entry for entry in _entries(catalogue) if not _is_found(entry)} == NOT_FOUND.get(catalogue, set())


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ("眺め", "眺め"),
        ("お参り", "参り"),
        ("レジ 着替え", "レジ 着替え"),
        ("並ぶ", "並ぶ"),
        ("早く", "早い"),
        ("美味しい", "美味しい"),
    ],
)
def test_an_entry_is_counted_as_in_a_sentence(entry: str, key: str) -> None:
    assert sentence_key(entry) == key
