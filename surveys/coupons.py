"""Coupons: a thank-you for each response, issued together with it and taken once; what was answered plays no part."""

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.orm import Session

from surveys.database import insert_or_skip
from surveys.errors import InputError
from surveys.offers import CouponOffer
from surveys.places import CODE_ALPHABET
from surveys.tables import Coupon, Response, Survey
from surveys.texts import pick

_LENGTH = 9
_GROUP = 3
_LONGEST_TYPED = 200


class CouponState(StrEnum):
    """Whether a coupon can still be taken."""

    GOOD = "good"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class CouponInfo:
    """One coupon. It does not name its response: who shows it at the till stays as anonymous as the answer.

    `code` is written as people read it; `valid_until` is the first moment at which it is no longer taken.
    """

    code: str
    survey_key: str
    survey_title: Mapping[str, str]
    wording: Mapping[str, str]
    issued_at: datetime
    valid_until: datetime
    redeemed_at: datetime | None
    redeemed_by: str | None

    def state(self, now: datetime) -> CouponState:
        """Tell whether it can be taken at this moment; one that was used stays used after its last day."""
        if self.redeemed_at is not None:
            return CouponState.USED
        return CouponState.GOOD if now < self.valid_until else CouponState.EXPIRED

    def last_day(self, zone: ZoneInfo) -> date:
        """Return the last day on which it is taken."""
        return (self.valid_until - timedelta(microseconds=1)).astimezone(zone).date()


@dataclass(frozen=True, slots=True)
class CouponTotals:
    """How many coupons of one survey are out. `offer` None: it offers none any more."""

    survey_key: str
    survey_title: Mapping[str, str]
    offer: CouponOffer | None
    issued: int
    redeemed: int

    @property
    def left(self) -> int | None:
        """How many may still be issued; None without a limit."""
        if self.offer is None:
            return 0
        return None if self.offer.limit is None else max(self.offer.limit - self.issued, 0)

    def text(self, language: str) -> str:
        """Return what the coupon is good for, in a language; '' when none is offered any more."""
        return pick(self.offer.text, language) if self.offer else ""


class CouponRefusedError(InputError):
    """A coupon cannot be redeemed; `coupon` is None where nobody issued such a code."""

    def __init__(self, message: str, coupon: CouponInfo | None) -> None:
        super().__init__(message)
        self.coupon = coupon


def issue_coupon(
    session: Session, external_id: str, offer: CouponOffer, now: datetime, zone: ZoneInfo
) -> CouponInfo | None:
    """Issue the coupon of a response, in the transaction that stores it; None when no more may be issued.

    A response has one coupon at most, however often this is called. Call it last: on PostgreSQL it holds the row of the
    survey, and other customers wait for it until the commit.
    """
    coupon = coupon_of(session, external_id)
    if coupon is not None:
        return coupon
    response = session.execute(select(Response.id, Response.survey_id).where(Response.external_id == external_id)).one()
    if not _take_one(session, response.survey_id, offer.limit):
        return None
    last_day = now.astimezone(zone).date() + timedelta(days=offer.days)
    values = {
        "survey_id": response.survey_id,
        "response_id": response.id,
        "wording": offer.text,
        "issued_at": now,
        "valid_until": datetime.combine(last_day + timedelta(days=1), time(), zone),
    }
    while coupon is None:  # a clash of codes: ask again
        session.execute(insert_or_skip(session, Coupon).values(code=_new_code(), **values))
        coupon = coupon_of(session, external_id)
    return coupon


def coupon_of(session: Session, external_id: str) -> CouponInfo | None:
    """Return the coupon of a response; None when it has none."""
    of_response = _coupons().join(Response, Coupon.response_id == Response.id)
    found = session.execute(of_response.where(Response.external_id == external_id)).one_or_none()
    return _info(found) if found else None


def find_coupon(session: Session, typed: str) -> CouponInfo | None:
    """Look up a code as somebody types or pastes it, in any case and width, with any marks between; None: unknown."""
    found = session.execute(_coupons().where(Coupon.code == _plain(typed))).one_or_none()
    return _info(found) if found else None


def redeem_coupon(session: Session, typed: str, who: str, now: datetime, zone: ZoneInfo) -> CouponInfo:
    """Take a coupon, once: of two people at the same moment one wins.

    Error: `CouponRefusedError` when nobody issued it, when it was used, or when its last day is over.
    """
    free = update(Coupon).where(Coupon.code == _plain(typed), Coupon.redeemed_at.is_(None), Coupon.valid_until > now)
    taken = session.scalar(free.values(redeemed_at=now, redeemed_by=who).returning(Coupon.id))
    coupon = find_coupon(session, typed)
    if coupon is None:
        raise CouponRefusedError(f"no coupon has the code {typed[:_LONGEST_TYPED]!r}", None)
    if taken is not None:
        return coupon
    if coupon.redeemed_at is not None:
        moment = f"{coupon.redeemed_at.astimezone(zone):%Y-%m-%d %H:%M}"
        raise CouponRefusedError(f"coupon {coupon.code} was used already: {moment} by {coupon.redeemed_by}", coupon)
    raise CouponRefusedError(f"coupon {coupon.code} has expired: {coupon.last_day(zone)} was its last day", coupon)


def coupons_are_gone(session: Session, survey_key: str, offer: CouponOffer) -> bool:
    """Tell whether as many coupons of a survey were issued as its offer allows."""
    issued = session.scalars(select(Survey.coupons_issued).where(Survey.key == survey_key)).one()
    return offer.limit is not None and issued >= offer.limit


def coupon_totals(session: Session) -> tuple[CouponTotals, ...]:
    """Count the coupons of every survey that offers or has issued some, ordered by the survey's key."""
    counted = (
        select(Coupon.survey_id, func.count().label("issued"), func.count(Coupon.redeemed_at).label("redeemed"))
        .group_by(Coupon.survey_id)
        .subquery()
    )
    query = select(Survey.key, Survey.title, Survey.settings, counted.c.issued, counted.c.redeemed)
    rows = session.execute(query.outerjoin(counted, counted.c.survey_id == Survey.id))
    found = (
        CouponTotals(
            row.key,
            row.title,
            CouponOffer.model_validate(row.settings["coupon"]) if "coupon" in row.settings else None,
            row.issued or 0,
            row.redeemed or 0,
        )
        for row in rows
    )
    return tuple(sorted((each for each in found if each.offer or each.issued), key=lambda each: each.survey_key))


def _take_one(session: Session, survey_id: int, limit: int | None) -> bool:
    """Count one more coupon of a survey, unless the limit is reached: one statement, so that no two take the last."""
    counted = update(Survey).where(Survey.id == survey_id)
    if limit is not None:
        counted = counted.where(Survey.coupons_issued < limit)
    one_more = counted.values(coupons_issued=Survey.coupons_issued + 1).returning(Survey.id)
    return session.scalar(one_more) is not None


def _coupons() -> Select[Coupon, str, dict[str, str]]:
    return select(Coupon, Survey.key, Survey.title).join(Survey, Coupon.survey_id == Survey.id)


def _info(row: Row[Coupon, str, dict[str, str]]) -> CouponInfo:
    coupon, survey_key, survey_title = row
    return CouponInfo(
        code=_written(coupon.code),
        survey_key=survey_key,
        survey_title=survey_title,
        wording=coupon.wording,
        issued_at=coupon.issued_at,
        valid_until=coupon.valid_until,
        redeemed_at=coupon.redeemed_at,
        redeemed_by=coupon.redeemed_by,
    )


def _new_code() -> str:
    """Draw one of 28 to the power of 9 codes: with a million of them out, ten million guesses find one."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(_LENGTH))


def _plain(typed: str) -> str:
    """Keep what can be part of a code: marks between its groups and words pasted with it fall away."""
    known = unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED]).lower()
    return "".join(sign for sign in known if sign in CODE_ALPHABET)


def _written(code: str) -> str:
    """Write a code as people read it aloud: 7KM-2PX-9TD."""
    groups = (code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
    return "-".join(groups).upper()
