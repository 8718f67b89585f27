"""What is wrong with a survey that is being edited, in plain words and beside the field that it concerns."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext

from feedback.config import Config
from feedback.privacy import contact_box
from surveys.drafts import DraftFault
from surveys.questions import SurveyDefinition

_WRITING = {"missing", "string_type", "dict_type"}


def placed(faults: Iterable[DraftFault]) -> Mapping[str, list[str]]:
    """Sort faults by the name of the form's field; '' holds those of the whole survey."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(".".join(map(str, fault.where)), []).append(fault_words(fault))
    return found


def cannot_ask(definition: SurveyDefinition, config: Config) -> Mapping[str, list[str]]:
    """Say what a survey asks for that this server cannot or must not keep, as `placed` does."""
    found = {}
    if definition.contact and contact_box(config) is None:
        found["contact"] = [
            gettext(
                "連絡先を暗号にする鍵が、このサーバーにありません（docs/privacy.md）。鍵を用意するまで、連絡先はたずねられません。"
            )
        ]
    if definition.member and not config.privacy.member_codes:
        found["member"] = [gettext("会員番号をたずねない設定になっています（privacy.member_codes）。")]
    return found


def fault_words(fault: DraftFault) -> str:
    """Say what is wrong and what to do; a rule that has no words here is told as it is."""
    if fault.kind in _WRITING:
        return str(gettext("ここを書いてください。"))
    if fault.kind.startswith(("int_", "greater_", "less_")):
        return str(gettext("範囲の中の整数を書いてください。"))
    for part, words in _rules().items():
        if part in fault.said:
            return words
    return str(gettext("この内容では使えません（%(said)s）。", said=fault.said))


def _rules() -> Mapping[str, str]:
    return {
        "is empty or cannot be stored": gettext("空欄か、使えない文字があります。書きなおしてください。"),
        "must be a text": gettext("ここを書いてください。"),
        "needs options": gettext("選択肢を1つ以上つくってください。"),
        "every question is retired": gettext("たずねる設問が1つもありません。"),
        "at least 1 item": gettext("設問を1つ以上加えてください。"),
        "at most one nps question": gettext("おすすめ度の設問は1つだけにしてください。"),
        "at most one option can be the other": gettext("「その他」は、1つの設問に1つだけにしてください。"),
        "is asked by score": gettext("おすすめ度によってたずねる設問は、おすすめ度の設問よりあとに置いてください。"),
        "cannot ask for a member code": gettext("健康のことをたずねるアンケートでは、会員番号をたずねられません。"),
        "cannot invite to a public review": gettext("健康のことをたずねるアンケートでは、口コミのお願いは使えません。"),
        "is no https address": gettext("https:// で始まるアドレスを書いてください。"),
        "closes comes before opens": gettext("受付の終わりが、始まりより前になっています。"),
    }
