"""What the invented chain gives back to its customers: a coupon, and what became of their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from feedback import thanks
from surveys.notices import NewNotice
from surveys.offers import CouponOffer
from surveys.weeks import first_day

COUPON = CouponOffer(
    text={"ja": "次回のお買い物で、焼きたてパン1個をプレゼント", "en": "A freshly baked bread roll on your next visit"},
    days=30,
    limit=500,
)


@dataclass(frozen=True, slots=True)
class DemoNotice:
    """A notice that was published on the Wednesday of week `week` (1 to 26) by `who`."""

    week: int
    who: str
    notice: NewNotice


NOTICES: tuple[DemoNotice, ...] = (
    DemoNotice(
        12,
        "大橋店 店長",
        NewNotice(
            {"ja": "買い物かごを戻す場所が分かりにくい", "en": "It is hard to see where baskets go back"},
            {
                "ja": "出入口に大きな案内をつけ、戻す場所を2か所に増やしました。",
                "en": "We put up large signs at the doors and made a second place for baskets.",
            },
            "ohashi",
        ),
    ),
    DemoNotice(
        14,
        "駅前店 店長",
        NewNotice(
            {"ja": "お惣菜の種類が少ない", "en": "Too little choice at the deli counter"},
            {
                "ja": "惣菜売場を新しくし、量り売りを始めました。",
                "en": "We renewed the deli counter and now sell by weight.",
            },
            "ekimae",
            theme="goods.deli",
        ),
    ),
    DemoNotice(
        18,
        "本部",
        NewNotice(
            {"ja": "セルフレジの使い方が分からない", "en": "I can't work the self-checkout"},
            {
                "ja": "大きな字の説明をつけ、夕方は係が1人つくようにしました。",
                "en": "There are instructions in large print now, and in the evening somebody helps.",
            },
            theme="checkout.self_checkout",
        ),
    ),
    DemoNotice(
        22,
        "本部",
        NewNotice(
            {"ja": "特売がいつまでか分からない", "en": "I can't tell until when an offer lasts"},
            {
                "ja": "ちらしと値札に、特売の終わる日と時刻を書くようにしました。",
                "en": "Leaflets and price tags now say on which day and at what time an offer ends.",
            },
            theme="price.campaign",
        ),
    ),
)


def publish_all(session: Session, weeks: Sequence[str], zone: ZoneInfo) -> None:
    """Publish every notice in its week, through the door that staff take."""
    for each in NOTICES:
        day = first_day(weeks[each.week - 1]) + timedelta(days=2)
        thanks.publish(session, each.notice, each.who, datetime.combine(day, time(15), zone))
