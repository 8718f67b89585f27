"""What the page of thanks holds: the coupon of the answer, the newest notices, and the invitation to a review."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from surveys.coupons import CouponInfo, coupon_of, coupons_are_gone
from surveys.entries import Entry
from surveys.notices import NoticeInfo, latest_notices
from surveys.queries import ResponseInfo
from surveys.questions import SurveyDefinition


@dataclass(frozen=True, slots=True)
class Thanks:
    """What stands beside the thanks. Nothing of it depends on what was answered.

    `coupons_gone`: the answer came after the last coupon; `quotes`: notices show what was said, not how often alone.
    """

    coupon: CouponInfo | None
    coupons_gone: bool
    notices: tuple[NoticeInfo, ...]
    quotes: bool
    review_address: str | None


def thanks_for(session: Session, entry: Entry, survey: SurveyDefinition, response: ResponseInfo | None) -> Thanks:
    """Gather it for one answer; `response` None: the page does not know whose it is, and holds what is for everyone."""
    coupon = coupon_of(session, response.external_id) if response else None
    missed = survey.coupon if response and not coupon else None
    return Thanks(
        coupon=coupon,
        coupons_gone=missed is not None and coupons_are_gone(session, survey.key, missed),
        notices=latest_notices(session, entry.store.id),
        quotes=not survey.health,
        review_address=survey.review.address(entry.store.key) if survey.review else None,
    )
