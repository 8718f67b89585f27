"""What staff do about thanks: take coupons, publish and withdraw notices. Each leaves a line in the trail."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from feedback import accounts
from feedback.accounts import Member
from surveys.coupons import CouponInfo, redeem_coupon
from surveys.notices import NewNotice, NoticeError, NoticeInfo, notices, publish_notice, withdraw_notice
from surveys.queries import StoreInfo

ROLE = "manager"
"""Who may take coupons, and publish for the own stores."""


def redeem(session: Session, typed: str, who: str, now: datetime, zone: ZoneInfo) -> CouponInfo:
    """Take a coupon, once. Errors: `CouponRefusedError`; `StaffError` when `who` is no name."""
    who = accounts.checked_name(who)
    coupon = redeem_coupon(session, typed, who, now, zone)
    accounts.record(session, who, "coupon redeemed", coupon.code, now)
    return coupon


def publish(session: Session, new: NewNotice, who: str, now: datetime) -> NoticeInfo:
    """Publish a notice. Errors: `NoticeError`; `StaffError` when `who` is no name."""
    who = accounts.checked_name(who)
    notice = publish_notice(session, new, who, now)
    accounts.record(session, who, "notice published", _subject(notice), now)
    return notice


def withdraw(session: Session, notice_id: int, who: str, now: datetime) -> NoticeInfo:
    """Withdraw a notice; once is enough, and the first one stays on record.

    Errors: `InputError` when there is none of this number; `StaffError` when `who` is no name.
    """
    who = accounts.checked_name(who)
    notice = withdraw_notice(session, notice_id, who, now)
    if (notice.withdrawn_at, notice.withdrawn_by) == (now, who):
        accounts.record(session, who, "notice withdrawn", _subject(notice), now)
    return notice


def may_publish(member: Member, stores: Sequence[StoreInfo], store_key: str | None) -> bool:
    """Tell whether a member may publish or withdraw for one store, or (None) for the whole chain.

    `stores`: those that the member may see. The chain speaks through members who see all of it.
    """
    return member.may(ROLE) and accounts.acts_for(member, stores, store_key)


def check_scope(member: Member, stores: Sequence[StoreInfo], store_key: str | None) -> None:
    """Refuse a notice for customers whom the member may not speak to. Error: `NoticeError`."""
    if not may_publish(member, stores, store_key):
        raise NoticeError("store", f"{member.name!r} may not publish for {store_key or 'every store'}")


def visible_notices(session: Session, stores: Sequence[StoreInfo]) -> tuple[NoticeInfo, ...]:
    """Every notice for these stores and for the whole chain, withdrawn ones too, newest first."""
    return notices(session, [store.id for store in stores])


def _subject(notice: NoticeInfo) -> str:
    return f"{notice.id} {notice.store_key or 'every store'}"
