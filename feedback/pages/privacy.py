"""What was done with personal data, for head office."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from feedback.house import house
from feedback.pages.gate import needs
from surveys import contacts, members, retention, rights

READER = "admin"
_SHOWN = 500


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/privacy", "privacy", privacy)


@needs(READER)
def privacy() -> ResponseReturnValue:
    """Show the trail, newest first, and the rules that hold."""
    with house().database.reading() as reading:
        found = rights.events(reading, _SHOWN)
    return render_template(
        "staff/privacy.html",
        events=found,
        words=_words(),
        makers=_makers(),
        rules=house().config.privacy,
        shown=_SHOWN,
        zone=house().config.organisation.zone,
    )


def _words() -> dict[str, str]:
    return {
        rights.ERASED: gettext("回答を削除"),
        rights.REPLAYED: gettext("控えから戻った回答を、もう一度削除"),
        rights.SHOWN: gettext("保存されている内容を表示"),
        retention.CLEARED: gettext("保存期間が過ぎたものを消去"),
        contacts.VIEWED: gettext("連絡先を表示"),
        contacts.DONE: gettext("連絡ずみにした"),
        contacts.EXPIRED: gettext("期限が過ぎた連絡先を消去"),
        members.EXPIRED: gettext("期限が過ぎた会員番号と購入の記録を消去"),
        members.FORGOTTEN: gettext("会員の求めで、会員番号と購入の記録を消去"),
    }


def _makers() -> dict[str, str]:
    return {
        rights.CUSTOMER: gettext("お客さま"),
        "schedule": gettext("夜の自動処理"),
        "replay": gettext("起動のとき"),
    }
