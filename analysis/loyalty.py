"""What members bought after their answers, joined by promoter class."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from analysis.figures.loyalty import Loyalty, MemberHistory, loyalty
from surveys.purchases import MemberAnswer, member_answers, purchase_days, purchases_by_member

_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class MembersLoyalty:
    """The classes of members who answered while purchases are known: from `first_day` to `last_day`.

    `earlier`: members who answered before, who are left out: what they bought next is not known.
    """

    loyalty: Loyalty
    first_day: date
    last_day: date
    earlier: int


def members_loyalty(
    session: Session, horizon: int, zone: ZoneInfo, store_ids: Collection[int] | None = None
) -> MembersLoyalty | None:
    """Compare classes of members whose first answer with a score was given at these stores (None: anywhere).

    A member counts by that first answer: whatever was bought later came after it, wherever it was bought. Purchases are
    taken as known from the first to the last day that holds any. None where no purchase is known.
    """
    days = purchase_days(session)
    if days is None:
        return None
    first: dict[str, MemberAnswer] = {}
    for answer in member_answers(session):
        first.setdefault(answer.digest, answer)
    answered = {
        digest: (answer.answered_at.astimezone(zone).date(), answer.score)
        for digest, answer in first.items()
        if store_ids is None or answer.store_id in store_ids
    }
    known = {digest: one for digest, one in answered.items() if (days[0] - one[0]).days <= 1}
    spent = {
        digest: _after(known[digest][0], bought) for digest, bought in purchases_by_member(session) if digest in known
    }
    histories = [
        MemberHistory(score, max(0, (days[1] - day).days), spent.get(digest, ()))
        for digest, (day, score) in sorted(known.items())
    ]
    return MembersLoyalty(loyalty(histories, horizon), *days, earlier=len(answered) - len(known))


def _after(day: date, bought: Sequence[tuple[date, int]]) -> tuple[tuple[int, float], ...]:
    """Give the days since an answer, and the amounts, of what was bought after its day."""
    return tuple(((each - day).days, hundredths / _HUNDREDTHS) for each, hundredths in bought if each > day)
