"""Japanese text into dictionary words: the only file that imports fugashi.

A Tagger that several threads share gives wrong words without any error, so each thread keeps its own.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from fugashi import Tagger

_FEATURES_OF_KNOWN_WORDS = 11
_CACHE_SIZE = 50_000
_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Word:
    """One short-unit word as unidic-lite reads it.

    `lemma` is for counting only (帰る has the lemma 返る); `base` is the plain form as written, for showing.
    `pos` is the part of speech, `detail` its second and third level joined by "-", `form` the inflected form.
    `known` is False for words that do not stand in the dictionary.
    """

    surface: str
    lemma: str
    base: str
    pos: str
    detail: str
    form: str
    known: bool


def parse(text: str) -> Sequence[Word]:
    """The words of one line of text, in order. White space other than U+3000 is dropped; any text is taken."""
    cache, tagger = _own_tools()
    words = []
    for node in tagger(text):
        key = (node.surface, node.feature_raw)
        word = cache.get(key)
        if word is None:
            # unknown words have no end, memory has
            if len(cache) >= _CACHE_SIZE:
                cache.clear()
            word = cache[key] = _read(*key)
        words.append(word)
    return words


def dictionary_version() -> str:
    """Tagger and dictionary, for the provenance of a run."""
    return f"fugashi {version('fugashi')}, unidic-lite {version('unidic-lite')}"


def _own_tools() -> tuple[dict[tuple[str, str], Word], Tagger]:
    try:
        tools: tuple[dict[tuple[str, str], Word], Tagger] = _thread.tools
    except AttributeError:
        tools = _thread.tools = ({}, Tagger())
    return tools


def _read(surface: str, feature: str) -> Word:
    fields = feature.split(",")
    known = len(fields) >= _FEATURES_OF_KNOWN_WORDS
    # loan words carry their origin behind a hyphen: トイレ-toilet
    lemma = fields[7].partition("-")[0] if known else ""
    base = fields[10] if known else ""
    return Word(
        surface=surface,
        lemma=lemma or surface,
        base=base or surface,
        pos=fields[0],
        detail="-".join(fields[1:3]),
        form=fields[5] if len(fields) > 5 else "*",  # noqa: PLR2004  (the sixth field of unidic is the form)
        known=known,
    )
