"""A correction in the reader's words."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext

from analysis.corrections import Correction
from analysis.results import Theme
from feedback.house import staff_language
from surveys.texts import pick

Content = Mapping[str, Any]
Names = Callable[[Iterable[str]], str]


def words_of(event: Correction, themes: Mapping[str, Theme]) -> str:
    """Say what a correction changed. `themes`: those that are known; a theme that went is named by its id."""

    def names(theme_ids: Iterable[str]) -> str:
        found = [pick(themes[each].name, staff_language()) if each in themes else each for each in theme_ids]
        return "、".join(f"「{name}」" for name in found) or str(gettext("テーマなし"))

    return _WORDS[event.kind](event.content, names)


def _quoted(name: Mapping[str, str]) -> str:
    return f"「{pick(name, staff_language())}」"


_WORDS: Mapping[str, Callable[[Content, Names], str]] = {
    "rename": lambda content, _names: gettext("テーマの名前を%(name)sにしました", name=_quoted(content["name"])),
    "merge": lambda content, names: gettext(
        "%(parts)sを%(into)sにまとめました", parts=names(content["themes"]), into=names([content["into"]])
    ),
    "split": lambda content, names: gettext(
        "%(theme)sから%(name)sを分けました（%(words)s）",
        theme=names([content["theme"]]),
        name=_quoted(content["name"]),
        words="、".join(content["words"]),
    ),
    "move": lambda content, names: gettext("意見を1つ、%(themes)sに移しました", themes=names(content["themes"])),
    "set": lambda content, names: gettext("コメントを1つ、%(themes)sにしました", themes=names(content["themes"])),
    "pin": lambda content, names: gettext(
        "語「%(word)s」を%(theme)sに加えました", word=content["word"], theme=names([content["theme"]])
    ),
    "ban": lambda content, names: gettext(
        "語「%(word)s」を%(theme)sから外しました", word=content["word"], theme=names([content["theme"]])
    ),
    "hide": lambda content, names: gettext("%(theme)sを一覧から隠しました", theme=names([content["theme"]])),
}
