"""Improvements and pilots in the reader's words."""

from dataclasses import replace

from flask_babel import gettext, pgettext

from analysis.results import Estimate
from feedback.house import staff_language
from feedback.improvements import LONGEST_NOTE, LONGEST_OWNER, LONGEST_TITLE, Change
from feedback.pilots.records import PilotInfo
from feedback.pilots.results import Caution, PilotResult
from feedback.wording import between, points


def state_words(state: str) -> str:
    """Name a state."""
    words: dict[str, str] = {
        "candidate": pgettext("state", "候補"),
        "pilot": pgettext("state", "試行"),
        "rollout": pgettext("state", "展開"),
        "measuring": pgettext("state", "効果確認"),
        "done": pgettext("state", "完了"),
        "dropped": pgettext("state", "見送り"),
    }
    return words[state]


def change_words(change: Change) -> str:
    """Say what was changed."""
    before, after = change.before or gettext("なし"), change.after or gettext("なし")
    if change.field == "state":
        before, after = state_words(change.before), state_words(change.after)
    words: dict[str, str] = {
        "made": gettext("「%(title)s」を書きました", title=after),
        "state": gettext("%(before)s → %(after)s", before=before, after=after),
        "title": gettext("内容: %(before)s → %(after)s", before=before, after=after),
        "owner": gettext("担当: %(before)s → %(after)s", before=before, after=after),
        "due": gettext("期限: %(before)s → %(after)s", before=before, after=after),
        "effort": gettext("手間: %(before)s → %(after)s", before=before, after=after),
        "note": after,
        "pilot": _pilot_words(change.after) if change.field == "pilot" else "",
    }
    return words[change.field]


def _pilot_words(told: str) -> str:
    number, _, what = told.partition(" ")
    words: dict[str, str] = {
        "started": gettext("試行 %(number)s を始めました", number=number),
        "extended": gettext("試行 %(number)s を延ばしました", number=number),
        "stopped": gettext("試行 %(number)s をやめました", number=number),
    }
    return words[what]


def fault_words(field: str) -> str:
    """Say what is wrong with a form, and what to do."""
    words: dict[str, str] = {
        "title": gettext("内容を1〜%(count)s文字で、改行なしで書いてください。", count=LONGEST_TITLE),
        "owner": gettext("担当の名前は%(count)s文字までで書いてください。", count=LONGEST_OWNER),
        "due": gettext("期限の日付を確かめてください。"),
        "effort": gettext("手間は1〜5から選んでください。"),
        "theme": gettext("テーマを選び直してください。"),
        "note": gettext("メモは1〜%(count)s文字で書いてください。", count=LONGEST_NOTE),
        "state": gettext("いまの状態からは、そこへ進められません。いまの状態を確かめてください。"),
        "meanwhile": gettext("ほかの人が先に変えました。いまの内容を確かめて、必要ならもう一度変えてください。"),
        "running": gettext("この改善には、続いている試行があります。終わるのを待つか、途中でやめてください。"),
        "picked": gettext("試す店舗を選んでください。"),
        "more_weeks": gettext("延ばす週の数を、1以上で書いてください。試行は全部で104週までです。"),
        "extended": gettext("延ばせるのは、予定の終わりに「まだ分からない」となった試行だけです。"),
        "over": gettext("この試行は、もう終わっています。"),
        "improvement": gettext(
            "試行を始められるのは、「候補」か「試行」の改善だけです。いまの状態を確かめてください。"
        ),
        "one_store": gettext("1店舗だけの改善では、くらべる店舗がありません。前と後の変化を見てください。"),
        "metric": gettext("テーマのない改善では、不満の割合は調べられません。NPSを選んでください。"),
        "complaints": gettext("これまでの回答に、このテーマへの不満がありません。NPSを選んでください。"),
        "too_much": gettext(
            "期待する変化が、いまの不満の割合より大きくなっています。いまの割合より小さい数を書いてください。"
        ),
        "expected": gettext("期待する変化は、0より大きく100以下のポイントで書いてください。"),
        "start_week": gettext("始める週を選び直してください。始める前に、8週以上の回答の記録が必要です。"),
        "weeks": gettext("続ける週の数を、1〜52で書いてください。"),
        "stores": gettext(
            "店舗を選び直してください。試す店舗と、くらべる店舗が、それぞれ2店舗以上必要です。回答のない店舗は選べません。"
        ),
    }
    return words.get(field, gettext("内容を確かめて、もう一度お試しください。") if field else "")


def status_of(field: str) -> int:
    """Return the status of a form with this fault: 409 where something else was done meanwhile."""
    return 409 if field in {"meanwhile", "running", "over"} else 400


def amount(pilot: PilotInfo, value: float | None) -> str:
    """Write a gain: NPS points with their sign, complaints as percentage points fewer or more."""
    if pilot.metric == "nps" or value is None:
        return str(gettext("%(value)sポイント", value=points(value, 1)))
    written = f"{abs(value):.1f}"
    return str(
        gettext("%(value)sポイント減", value=written) if value >= 0 else gettext("%(value)sポイント増", value=written)
    )


def interval(pilot: PilotInfo, found: Estimate) -> str:
    """Write the interval of a gain; empty where there is none."""
    if found.low is None or found.high is None:
        return ""
    return between(staff_language(), amount(pilot, found.low), amount(pilot, found.high))


def verdict_words(found: PilotResult) -> tuple[str, str]:
    """Say how a pilot stands: in a word or two, and in one sentence."""
    pilot = found.pilot
    if pilot.stopped_at:
        return gettext("途中でやめました"), gettext("最後まで続けなかったので、判定はありません。")
    if found.weeks_left:
        left = gettext("あと%(count)s週", count=found.weeks_left)
        return left, gettext("判定は予定の終わりに出ます。それまでの上下には、偶然の動きも含まれます。")
    if found.change is not None:
        said = gettext("始める前と後で、%(value)s変わりました。", value=amount(pilot, found.change.value))
        return gettext("前後の変化"), said
    words = {"worked": _worked, "not_worked": _not_worked, "unclear": _unclear}
    return words[found.verdict or "unclear"](found)


def next_words(found: PilotResult, state: str) -> str:
    """Say what to do with the result; empty where there is nothing to do, or it was done."""
    if not found.is_over or state != "pilot":
        return ""
    if found.verdict == "worked":
        return str(gettext("ほかの店舗にも広げましょう。改善のページで「展開」に進められます。"))
    if found.verdict == "not_worked":
        return str(gettext("やり方を変えてもう一度試すか、「見送り」にしましょう。改善のページで選べます。"))
    return ""


def other_words(found: PilotResult) -> tuple[str, str, str] | None:
    """Name the figure that was not asked about, with its difference and interval; None where there is none."""
    if found.other is None:
        return None
    pilot = replace(found.pilot, metric="theme" if found.pilot.metric == "nps" else "nps")
    name = gettext("参考: NPSの差") if pilot.metric == "nps" else gettext("参考: 不満の割合の差")
    return name, amount(pilot, found.other.estimate.value), interval(pilot, found.other.estimate)


def caution_words(found: PilotResult, caution: Caution) -> str:
    """Say what to keep in mind beside a verdict."""
    words: dict[Caution, str] = {
        "picked": gettext(
            "試す店舗をくじでなく人が選んだため、割り引いて見てください。数字の悪いときに選ばれた店舗は、何もしなくても元に戻ることがあります。"
        ),
        "drifted": gettext("始める前から、2つのグループの動きが違っていました。その続きかもしれません。"),
        "few_draws": gettext(
            "店舗が少なすぎて、「効いた」とは言えません。3店舗と3店舗、または2店舗と5店舗からなら言えます。"
        ),
        "few_stores": gettext("始める前と後の両方に回答のある店舗が、足りません。"),
        "looked_again": gettext(
            "延ばしたあとの、%(count)s回目の判定です。偶然「効いた」と出る見込みが、少し高くなります。",
            count=found.pilot.looks,
        ),
        "overlapping": gettext(
            "同じ店舗で、同じ時期にほかの試行もありました。どちらによる変化か、分けにくいことがあります。"
        ),
        "no_complaints": gettext(
            "このテーマへの不満が見つからず、くらべられません。テーマの分け方が変わったのかもしれません。"
        ),
        "everywhere": gettext(
            "くらべる店舗がないため、季節やほかの出来事による変化と見分けられません。効いたかどうかの判定はありません。"
        ),
    }
    return words[caution]


def _worked(found: PilotResult) -> tuple[str, str]:
    least = amount(found.pilot, found.effect.least if found.effect else None)
    return gettext("効いた"), gettext("くらべた店舗より、はっきりよくなりました（少なくとも%(least)s）。", least=least)


def _not_worked(found: PilotResult) -> tuple[str, str]:
    return gettext("効いていない"), gettext(
        "期待した%(expected)sには届きません。よくても%(most)sと見られます。",
        expected=amount(found.pilot, found.pilot.expected),
        most=amount(found.pilot, found.effect.most if found.effect else None),
    )


def _unclear(found: PilotResult) -> tuple[str, str]:
    if found.effect is None:
        return gettext("まだ分からない"), gettext("くらべるための回答がそろいませんでした。")
    if found.more_weeks:
        word = gettext("まだ分からない（あと約%(count)s週）", count=found.more_weeks)
        return word, gettext("いまの差は、偶然でも起こる大きさです。延ばせば、どちらか分かる見込みです。")
    return gettext("まだ分からない"), gettext(
        "いまの差は、偶然でも起こる大きさです。延ばしても分かりそうにありません。店舗を増やすか、もっと大きく変えてみてください。"
    )
