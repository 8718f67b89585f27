"""A correction in the reader's words."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext

from analysis.corrections.log import Correction
from analysis.errors import CorrectionError, Fault
from analysis.results import Theme, Wording
from feedback.house import staff_language
from surveys.texts import pick

Content = Mapping[str, Any]
Names = Callable[[Iterable[str]], str]


def words_of(event: Correction, themes: Mapping[str, Theme], before: Mapping[int, Wording]) -> str:
    """Say what a correction changed. `themes`: those that are known; a theme that went is named by its id.

    `before`: how a renamed theme was called until then, by the number of the correction.
    """

    def names(theme_ids: Iterable[str]) -> str:
        found = [pick(themes[each].name, staff_language()) if each in themes else each for each in theme_ids]
        quoted = (gettext("「%(name)s」", name=name) for name in found)
        return str(gettext("、")).join(quoted) or str(gettext("テーマなし"))

    if event.kind == "rename":
        old = _quoted(before[event.number]) if event.number in before else names([event.content["theme"]])
        return str(gettext("%(old)sの名前を%(name)sにしました", old=old, name=_quoted(event.content["name"])))
    return str(_WORDS[event.kind](event.content, names))


def fault_words(error: CorrectionError) -> str:
    """Say why a correction was refused, and what to do."""
    words: Mapping[Fault, str] = {
        "gone": gettext("ほかの人が先に変えたようです。いまの内容を確かめて、もう一度お試しください。"),
        "name": gettext("名前は1〜60文字で書いてください。"),
        "letters": gettext("使えない文字があります。書きなおしてください。"),
        "same": gettext("すでにそのとおりになっています。"),
        "itself": gettext("まとめる先には、ほかのテーマを選んでください。"),
        "words": gettext("新しいテーマに移す語を、1つ以上選んでください。"),
        "all": gettext("すべての語を移すことはできません。名前だけを変えるときは「名前を変える」をお使いください。"),
        "last": gettext("最後の1語は外せません。テーマを見せたくないときは「一覧から隠す」をお使いください。"),
        "word": gettext("この語だけではテーマを見分けられません。ほかの語を書いてください。"),
        "other": gettext("内容を確かめて、もう一度お試しください。"),
    }
    return words[error.fault]


def _quoted(name: Wording) -> str:
    return str(gettext("「%(name)s」", name=pick(name, staff_language())))


_WORDS: Mapping[str, Callable[[Content, Names], str]] = {
    "merge": lambda content, names: gettext(
        "%(parts)sを%(into)sにまとめました", parts=names(content["themes"]), into=names([content["into"]])
    ),
    "split": lambda content, names: gettext(
        "%(theme)sから%(name)sを分けました（%(words)s）",
        theme=names([content["theme"]]),
        name=_quoted(content["name"]),
        words=str(gettext("、")).join(word.replace(" ", " ＋ ") for word in content["words"]),
    ),
    "move": lambda content, names: gettext("意見を1つ、%(themes)sに移しました", themes=names(content["themes"])),
    "set": lambda content, names: gettext("コメントを1つ、%(themes)sにしました", themes=names(content["themes"])),
    "pin": lambda content, names: gettext(
        "語「%(word)s」を%(theme)sに加えました",
        word=content["word"].replace(" ", " ＋ "),
        theme=names([content["theme"]]),
    ),
    "ban": lambda content, names: gettext(
        "語「%(word)s」を%(theme)sから外しました",
        word=content["word"].replace(" ", " ＋ "),
        theme=names([content["theme"]]),
    ),
    "hide": lambda content, names: gettext("%(theme)sを一覧から隠しました", theme=names([content["theme"]])),
}
