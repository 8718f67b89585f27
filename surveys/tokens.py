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
_LINES = r'-O "" -F "%m\t%H\n" -U "%m\t%H\n" -E ""'
"""One word a line, surface and features: a whole line is looked up at once, and no object is made for each word."""
_thread = threading.local()


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One short-unit word as unidic-lite reads it.

    `lemma` is for counting only (帰る has the lemma 返る); `base` is the plain form as written, for showing.
    `pos` is the part of speech, `detail` its second and third level joined by "-", `form` the inflected form.
    `known` is False for words that do not stand in the dictionary.

    A word that occurs again is mostly the same object, and words compare by identity: so a cache of what the rules
    say of a word is cheap to ask.
    """

    surface: str
    lemma: str
    base: str
    pos: str
    detail: str
    form: str
    known: bool


class _Words(dict[str, Word]):
    """What the tagger's lines mean; a line that is new is read once."""

    def __missing__(self, line: str) -> Word:
        word = self[line] = _read(*line.split("\t", 1))
        return word


def parse(text: str) -> Sequence[Word]:
    """The words of one line of text, in order. White space other than U+3000 is dropped; any text is taken."""
    words, tagger = _own_tools()
    # unknown words have no end, memory has
    if len(words) >= _CACHE_SIZE:
        words.clear()
    lines = tagger.parse(text)
    return [words[line] for line in lines.split("\n")] if lines else []


def dictionary_version() -> str:
    """Tagger and dictionary, for the provenance of a run."""
    return f"fugashi {version('fugashi')}, unidic-lite {version('unidic-lite')}"


def _own_tools() -> tuple[_Words, Tagger]:
    try:
        tools: tuple[_Words, Tagger] = _thread.tools
    except AttributeError:
        tools = _thread.tools = (_Words(), Tagger(_LINES))
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
