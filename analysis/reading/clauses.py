"""Where one opinion ends and the next begins."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.reading.remembered import Remembered
from surveys.tokens import Word

FACE = re.compile(
    r"[mｍ][(（]_[ 　]_[)）][mｍ]"
    r"|[(（](?:[^ぁ-んァ-ヶ一-龥A-Za-z0-9０-９()（）]|[oOTmdvVxXwqpbuU](?![A-Za-z])){2,12}[)）]ﾉ?"
    r"|\^[_.\-o]?\^;*"
)
_EMOJI = "\U0001f000-\U0001faff☀-➿⬀-⯿\ufe0f\u200d"
_SENTENCE = re.compile(rf"[^。！？!?\n♪♡♥★☆…‥{_EMOJI}]+(?:[。！？!?♪♡♥★☆…‥{_EMOJI}]|\.(?=\s|$))*|[^\n]+")
_QUOTING = re.compile(
    "[」』”]?(?:と|って)(?:思|おも|感[じず]|考え|い[うわ]|いっ(?!ても)|言[いうわ]|言っ(?!ても)|書[いかき]|聞[いかき]|の(?:こと|声|意見))"
)
"""What goes on with the sentence that it quotes: 「また来たい！と思える」."""
_POINT = re.compile(r"[①-⑳❶-❿]")
_BULLETS = re.compile(r"^・.*", re.MULTILINE)
_CONTRAST = frozenset(["が", "けれど", "けれども", "し", "ものの"])
_LINK = frozenset(["て", "で", "ので", "から", "ため"])
_NEW_START = frozenset(
    [
        "しかし",
        "然し",
        "けれども",
        "けれど",
        "でも",
        "但し",
        "唯",
        "一方",
        "又",
        "尚",
        "そして",
        "其れから",
        "其れに",
        "後",
        "逆に",
        "なのに",
        "だが",
        "ですが",
    ]
)
_WHILE = "ながら"
_BEFORE_TOO = frozenset([_WHILE, "けれど"])
"""も belongs to them: 狭いながらも, 高いけれども."""
_EXPECTED = frozenset(["筈", "積り"])
_TOPIC = frozenset(["が", "は", "も"])
Ending = Literal["", "contrast", "while", "although", "otherwise", "subject", "link", "pause", "stem"]
_ENDINGS: dict[str, Ending] = {
    _WHILE: "while",
    "も": "while",
    "に": "although",
    "が": "subject",
}


@dataclass(frozen=True, slots=True)
class _Turn:
    """What a word can mean for the place where an opinion ends; made once for each word of the dictionary.

    `ending`: how an opinion may end with it, if what stands around it agrees ("pause", "stem": only before a pause).
    """

    is_mark: bool
    starts: bool
    ending: Ending


def sentences(text: str) -> Iterator[str]:
    """Sentences of a normalised text, each with its own punctuation, emoji and faces."""
    text = _POINT.sub(r"\n\g<0>", FACE.sub(lambda found: found[0] + "\n", text))
    if "・" in text:
        text = _BULLETS.sub(lambda found: found[0].replace("・", "\n・"), text)
    start = 0
    for found in _SENTENCE.finditer(text):
        if not _QUOTING.match(text, found.end()):
            if said := text[start : found.end()].strip():
                yield said
            start = found.end()


def clauses(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The words of a sentence cut where another opinion begins. A piece that says nothing stays with its neighbour."""
    start = last = 0
    ending: Ending = ""
    for at, word in enumerate(words):
        turn = _TURNS[word]
        if turn.is_mark:
            continue
        if (
            (ending or turn.starts)
            and _cuts(words, start, last, at)
            and _says_something(words[start:at])
            and _says_something(words[at:])
        ):
            yield words[start:at]
            start = at
        last, ending = at, turn.ending
        if ending == "subject":
            # 広いはずが ends what was expected; any other が only marks the subject
            ending = "otherwise" if at and words[at - 1].lemma in _EXPECTED else ""
    if start < len(words):
        yield words[start:]


def _turn_of(word: Word) -> _Turn:
    return _Turn(
        is_mark=word.pos in {"補助記号", "空白"},
        starts=word.pos == "接続詞" and word.lemma in _NEW_START,
        ending=_ending(word),
    )


def _ending(word: Word) -> Ending:
    if word.detail.startswith("接続助詞") and word.lemma in _CONTRAST | _LINK:
        return "contrast" if word.lemma in _CONTRAST else "link"
    if word.lemma == "た" and word.form.startswith("仮定形"):
        return "otherwise"
    if known := _ENDINGS.get(word.lemma) or _ENDINGS.get(word.surface):
        return known
    if word.lemma == "だ" and word.surface == "で":
        return "link"
    if word.form.startswith(("終止形", "命令形")) or word.detail.startswith("終助詞"):
        return "pause"
    return "stem" if word.pos in {"形容詞", "動詞"} and word.form.startswith("連用形") else ""


_TURNS = Remembered(_turn_of)


def _cuts(words: Sequence[Word], start: int, last: int, at: int) -> bool:
    """Whether a new opinion begins with the word `at`; `last` is the place of the last word before it, marks aside."""
    before, word = words[at - 1], words[at]
    if before.lemma in _BEFORE_TOO and word.surface == "も":
        return False
    if _TURNS[word].starts:
        return True
    paused = before.pos == "空白" or before.detail.startswith("読点") or before.surface in {"/", "／"}
    if not paused and word.detail.startswith("非自立可能"):
        # 開いていて, 増やしてほしい: one predicate
        return False
    return _ends_opinion(words, last, paused=paused) or (
        _links(words[last], paused=paused) and _has_topic(words[start:last]) and _has_topic(words[at : at + 8])
    )


def _ends_opinion(words: Sequence[Word], last: int, *, paused: bool) -> bool:
    ending = _TURNS[words[last]].ending
    if ending == "while" and words[last - 1].lemma == "けれど":
        return True
    if ending == "while":
        before = _before_while(words, last)
        return before is not None and before.pos == "形容詞"  # 狭いながらも, but not 歩きながら
    if (
        ending == "although"
        and last > 1
        and words[last - 1].lemma == "の"
        and words[last - 1].detail.startswith("準体")
    ):
        # 高いのに, 混んでいたのに; but 停めるのに苦労した speaks of one thing
        return words[last - 2].pos in {"形容詞", "助動詞", "接尾辞"}
    if ending in {"otherwise", "subject"}:
        return _turns_out_otherwise(words, last)
    return ending == "contrast" or (paused and ending == "pause")


def _turns_out_otherwise(words: Sequence[Word], last: int) -> bool:
    """Whether what came otherwise ends here: 美味しいかと思ったら, 広いはずが."""
    if words[last].lemma == "が":
        return words[last - 1].lemma in _EXPECTED
    return last > 1 and words[last - 1].lemma == "思う" and words[last - 2].lemma in {"と", "って"}


def _before_while(words: Sequence[Word], last: int) -> Word | None:
    """Return the word before a ながら or ながらも that ends at `last`; None where there is none."""
    at = last - 1 if words[last].surface == "も" and last else last
    return words[at - 1] if at and words[at].lemma == _WHILE else None


def _links(word: Word, *, paused: bool) -> bool:
    ending = _TURNS[word].ending
    return ending == "link" or (paused and ending == "stem")


def _has_topic(words: Sequence[Word]) -> bool:
    return any(
        word.pos == "助詞" and word.lemma in _TOPIC and words[at - 1].pos in {"名詞", "接尾辞", "代名詞"}
        for at, word in enumerate(words)
        if at
    )


def _says_something(words: Sequence[Word]) -> bool:
    return any(word.pos in {"名詞", "動詞", "形容詞", "形状詞"} for word in words)
