"""The way to every staff page: groups of pages, in one place. A new page is one line here."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext, pgettext

from feedback.accounts import Member


@dataclass(frozen=True, slots=True)
class Page:
    """A page that the navigation leads to. `role`: who may open it; `inside`: endpoints that are reached from it."""

    endpoint: str
    label: str
    role: str = "viewer"
    inside: tuple[str, ...] = ()

    def holds(self, endpoint: str | None) -> bool:
        """Tell whether that endpoint is this page or one that is reached from it."""
        return endpoint == self.endpoint or endpoint in self.inside


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together; its label leads to the first of them."""

    label: str
    pages: tuple[Page, ...]

    def holds(self, endpoint: str | None) -> bool:
        """Tell whether that endpoint belongs to this group."""
        return any(page.holds(endpoint) for page in self.pages)


_PILOTS = ("staff.pilot", "staff.change_pilot", "staff.new_pilot", "staff.begin_pilot")


def navigation(member: Member) -> Sequence[Group]:
    """Return the pages that a member may open, in the language of the page."""
    found = (
        Group(group.label, tuple(page for page in group.pages if member.may(page.role))) for group in _every_group()
    )
    return [group for group in found if group.pages]


def _every_group() -> tuple[Group, ...]:
    return (
        _reports(),
        Group(
            gettext("改善"),
            (
                Page(
                    "staff.improvements",
                    gettext("改善"),
                    inside=("staff.add_improvement", "staff.improvement", "staff.change_improvement", *_PILOTS),
                ),
            ),
        ),
        Group(
            pgettext("page", "テーマ"),
            (
                Page("staff.themes", pgettext("page", "テーマ"), inside=("staff.theme", "staff.opinion")),
                Page("staff.corrections", gettext("これまでの修正"), "analyst"),
                Page("staff.runs", gettext("分析の状況")),
            ),
        ),
        Group(
            pgettext("page", "アンケート"),
            (
                Page("staff.today", gettext("今日の回答")),
                Page("staff.doubts", gettext("確認が必要な回答"), "manager"),
                Page("staff.surveys", pgettext("page", "アンケート"), inside=("staff.survey", "staff.edit_survey")),
            ),
        ),
        Group(
            gettext("お店"),
            (
                Page("staff.stores", gettext("店舗と設置場所"), inside=("staff.store", "staff.change_store")),
                Page("staff.posters", gettext("ポスター")),
            ),
        ),
        _customers(),
    )


def _reports() -> Group:
    return Group(
        gettext("報告"),
        (
            Page("staff.report", gettext("週報")),
            Page("staff.comments", gettext("コメント")),
            Page("staff.segments", gettext("内訳")),
            Page("staff.critical", gettext("急ぎの確認"), inside=("staff.see_critical",)),
            Page("staff.loyalty", gettext("リピートと購入")),
            Page("staff.rivals", gettext("競合との比較")),
            Page("staff.downloads", gettext("ダウンロード"), "analyst"),
        ),
    )


def _customers() -> Group:
    return Group(
        gettext("お客さまへ"),
        (
            Page(
                "staff.notices",
                gettext("ご意見への対応"),
                "manager",
                inside=("staff.new_notice", "staff.publish_notice"),
            ),
            Page("staff.coupons", gettext("クーポン"), "manager", inside=("staff.redeem_coupon",)),
            Page("staff.contacts", gettext("連絡希望"), "manager", inside=("staff.use_contact",)),
            Page("staff.privacy", gettext("個人情報の記録"), "admin"),
        ),
    )
