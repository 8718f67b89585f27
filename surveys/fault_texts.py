"""What is wrong with an entry, said in the language of the page."""

from flask_babel import gettext

from surveys.contact_forms import ContactFault
from surveys.forms import Fault, FaultKind
from surveys.member_forms import MemberFault


def contact_fault_text(fault: ContactFault) -> str:
    """Say in the language of the page what is wrong with a contact."""
    texts: dict[ContactFault, str] = {
        ContactFault.UNREACHABLE: gettext("電話番号かメールアドレスのどちらかをご記入ください。"),
        ContactFault.NO_PHONE: gettext("電話番号の形をご確認ください（例：03-1234-5678）。"),
        ContactFault.NO_MAIL: gettext("メールアドレスの形をご確認ください（例：hanako@example.com）。"),
        ContactFault.UNREADABLE: gettext("長すぎるか、使えない文字があります。"),
        ContactFault.NOT_AGREED: gettext(
            "ご連絡を希望される方は、チェックを入れてください。希望されない方は、上の欄を空にしてください。"
        ),
    }
    return texts[fault]


def member_fault_text(fault: MemberFault) -> str:
    """Say in the language of the page what is wrong with a member code."""
    texts: dict[MemberFault, str] = {
        MemberFault.UNREADABLE: gettext("会員番号をご確認ください。"),
        MemberFault.NO_CODE: gettext("会員番号をご記入ください。書かない方は、チェックを外してください。"),
        MemberFault.NOT_AGREED: gettext(
            "会員番号を書かれた方は、チェックを入れてください。書かない方は、上の欄を空にしてください。"
        ),
    }
    return texts[fault]


def fault_text(fault: Fault) -> str:
    """Say in the language of the page what is wrong with an answer."""
    if fault.kind is FaultKind.TOO_LONG:
        return str(gettext("長すぎます。あと%(count)s文字、短くしてください。", count=f"{fault.excess:,}"))
    texts: dict[FaultKind, str] = {
        FaultKind.MISSING: gettext("お答えください。"),
        FaultKind.NOT_OFFERED: gettext("選択肢の中からお選びください。"),
        FaultKind.UNREADABLE: gettext("表示できない文字を取り除きました。内容を確かめて、もう一度送信してください。"),
        FaultKind.NOTHING: gettext("どれか一つだけでもお答えください。"),
    }
    return texts[fault.kind]
