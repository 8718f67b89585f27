"""What the survey editor knows of a survey: a kind of question, or a field, is one line here.

What stands in a definition and not here, the editor carries along untouched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from surveys.drafts import Draft
from surveys.questions import Kind

Form = MultiDict[str, str]


class Shape(StrEnum):
    """How a field is typed in: a line or a text in each language, a tick, a whole number, a plain word, a choice."""

    LINE = "line"
    TEXT = "text"
    FLAG = "flag"
    NUMBER = "number"
    WORD = "word"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `path`: its keys, joined by dots; `kinds`: the kinds of question that it fits (empty: every one)."""

    path: str
    label: str
    shape: Shape
    note: str = ""
    kinds: frozenset[str] = frozenset()
    choices: tuple[tuple[str, str], ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields of the survey that stand together; without a label they head the page, with one they are folded away."""

    label: str
    fields: tuple[Field, ...]

    @property
    def root(self) -> str:
        """The key of the survey under which its fields stand."""
        return self.fields[0].path.partition(".")[0]

    @property
    def names(self) -> frozenset[str]:
        """The names under which the form knows its fields, and the group itself."""
        return frozenset({self.root, *(field.path for field in self.fields)})


def kind_names() -> Mapping[str, str]:
    """Name the kinds of question, in the order in which they are offered."""
    return {
        Kind.NPS: gettext("おすすめ度（0〜10）"),
        Kind.RATING: gettext("5段階（1〜5）"),
        Kind.CSAT: gettext("顔の絵で5段階"),
        Kind.SINGLE: gettext("1つ選ぶ"),
        Kind.MULTIPLE: gettext("いくつでも選ぶ"),
        Kind.TEXT: gettext("自由に書く"),
        Kind.VISITS: gettext("来店の回数"),
    }


def survey_groups() -> tuple[FieldGroup, ...]:
    """Return the fields of a survey itself."""
    return (
        FieldGroup(
            "",
            (
                Field("title", gettext("題名"), Shape.LINE, needed=True),
                Field("introduction", gettext("はじめの言葉"), Shape.TEXT),
                Field(
                    "purpose",
                    gettext("利用目的"),
                    Shape.TEXT,
                    gettext("回答を何に使うか。送信ボタンの上に出ます。"),
                    needed=True,
                ),
                Field("thanks", gettext("お礼の言葉"), Shape.TEXT, gettext("送信したあとの画面に出ます。")),
                Field("health", gettext("健康や病気のことをたずねる（医療機関など）"), Shape.FLAG),
            ),
        ),
        FieldGroup(
            gettext("返事のための連絡先"),
            (
                Field(
                    "contact",
                    gettext("返事がほしい方に、連絡先を書いていただく"),
                    Shape.FLAG,
                    gettext("書くかどうかはお客さまが選べます。連絡先は暗号にしてしまい、日がたつと消します。"),
                ),
            ),
        ),
        _member(),
        _coupon(),
        FieldGroup(
            gettext("口コミのお願い"),
            (
                Field("review.text", gettext("お願いの言葉"), Shape.LINE, gettext("点数に関係なく、全員に出ます。")),
                Field(
                    "review.url", gettext("口コミを書くページのアドレス"), Shape.WORD, gettext("https:// で始まるもの")
                ),
            ),
        ),
    )


def _member() -> FieldGroup:
    return FieldGroup(
        gettext("会員番号"),
        (
            Field(
                "member",
                gettext("会員番号をたずねて、購入の記録と結びつける"),
                Shape.FLAG,
                gettext(
                    "書くかどうかはお客さまが選べます。番号そのものは保存しません。個人情報なので、利用目的にも書いてください。"
                ),
            ),
            Field(
                "member.text", gettext("会員番号の説明"), Shape.LINE, gettext("例：会員番号はカードの裏にあります。")
            ),
            Field(
                "member.consent",
                gettext("同意の言葉"),
                Shape.TEXT,
                gettext("番号を書く方に、チェックを入れていただく言葉です。空欄なら、用意した言葉が出ます。"),
            ),
        ),
    )


def _coupon() -> FieldGroup:
    return FieldGroup(
        gettext("お礼のクーポン"),
        (
            Field("coupon.text", gettext("クーポンの内容"), Shape.LINE, gettext("例：次回のお会計から100円引き")),
            Field(
                "coupon.days",
                gettext("使える日数"),
                Shape.NUMBER,
                gettext("回答した日のあと、何日使えるか。0はその日だけ。"),
            ),
            Field("coupon.limit", gettext("枚数"), Shape.NUMBER, gettext("空欄なら全員にお渡しします。")),
        ),
    )


def question_fields() -> tuple[Field, ...]:
    """Return the fields of a question."""
    scales = frozenset({Kind.NPS, Kind.RATING})
    asks = (
        ("", gettext("とくに決めない")),
        ("praise", gettext("よかった点")),
        ("faults", gettext("困った点")),
        ("wishes", gettext("要望")),
    )
    scores = (
        ("", gettext("全員にたずねる")),
        ("0-6", gettext("おすすめ度が0〜6の方だけ")),
        ("7-8", gettext("おすすめ度が7〜8の方だけ")),
        ("9-10", gettext("おすすめ度が9〜10の方だけ")),
    )
    return (
        Field("text", gettext("質問"), Shape.LINE, needed=True),
        Field("hint", gettext("小さな説明"), Shape.LINE),
        Field("low", gettext("低いほうの端の言葉"), Shape.LINE, kinds=scales),
        Field("high", gettext("高いほうの端の言葉"), Shape.LINE, kinds=scales),
        Field("asks", gettext("たずねていること"), Shape.CHOICE, kinds=frozenset({Kind.TEXT}), choices=asks),
        Field("scores", gettext("だれにたずねるか"), Shape.CHOICE, kinds=frozenset(Kind) - {Kind.NPS}, choices=scores),
        Field("required", gettext("必須にする"), Shape.FLAG),
        Field("attribute", gettext("お客さまの分類に使う"), Shape.FLAG, kinds=frozenset({Kind.SINGLE})),
        Field("retired", gettext("もうたずねない（これまでの回答は残ります）"), Shape.FLAG),
    )


def option_fields() -> tuple[Field, ...]:
    """Return the fields of an option."""
    return (
        Field("text", gettext("選択肢"), Shape.LINE, needed=True),
        Field("other", gettext("「その他」として、言葉も書ける"), Shape.FLAG),
        Field("retired", gettext("もう出さない"), Shape.FLAG),
    )


def fields_of(question: Mapping[str, Any]) -> list[Field]:
    """Return the fields that fit the kind of a question."""
    return [field for field in question_fields() if not field.kinds or question.get("kind") in field.kinds]


def value_of(holder: Mapping[str, Any], field: Field, language: str = "") -> Any:
    """Look up what stands in a field, for a wording in one language; '' where nothing does."""
    value: Any = holder
    for key in (*field.path.split("."), *([language] if language else [])):
        value = value.get(key, "") if isinstance(value, Mapping) else ""
    return value


def take_over(draft: Draft, form: Form, languages: Sequence[str]) -> None:
    """Write what was typed into a draft. What the form does not hold stays as it is."""
    for holder, prefix, fields in _parts(draft):
        # ticks last: one that is taken away takes the wordings below it along
        for field in sorted(fields, key=lambda field: field.shape is Shape.FLAG):
            _take(holder, field, f"{prefix}{field.path}", form, languages)


def _parts(draft: Draft) -> Iterator[tuple[dict[str, Any], str, Sequence[Field]]]:
    yield draft, "", [field for group in survey_groups() for field in group.fields]
    for number, question in enumerate(draft["questions"]):
        yield question, f"questions.{number}.", fields_of(question)
        for place, option in enumerate(question.get("options", ())):
            yield option, f"questions.{number}.options.{place}.", option_fields()


def _take(holder: dict[str, Any], field: Field, name: str, form: Form, languages: Sequence[str]) -> None:
    if field.shape in {Shape.LINE, Shape.TEXT}:
        for language in languages:
            if (typed := form.get(f"{name}.{language}")) is not None:
                _put(holder, [*field.path.split("."), language], typed.replace("\r\n", "\n").strip() or None)
    elif name in form:
        value = _plain(field.shape, form.getlist(name)[-1].strip())
        if value is not True or not value_of(holder, field):  # a tick may stand for more than the page shows
            _put(holder, field.path.split("."), value)


def _plain(shape: Shape, typed: str) -> Any:
    if shape is Shape.FLAG:
        return typed == "on" or None
    if shape is Shape.NUMBER and typed.isdecimal():
        return int(typed)
    return typed or None


def _put(holder: dict[str, Any], way: Sequence[str], value: Any) -> None:
    """Put a value at the end of its way; None takes it away, and with it what is empty then."""
    first, *rest = way
    if rest:
        inner = holder.get(first)
        if not isinstance(inner, dict):  # a tick has no wordings yet
            if value is None:
                return
            inner = holder[first] = {}
        _put(inner, rest, value)
        if not inner:
            del holder[first]
    elif value is None:
        holder.pop(first, None)
    else:
        holder[first] = value
