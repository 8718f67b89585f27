"""What members bought after their answers, joined by promoter class."""

from collections import defaultdict
from collections.abc import Collection
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from analysis.figures.loyalty import Loyalty, MemberHistory, loyalty
from surveys.purchases import MemberAnswer, member_answers, purchases

_HUNDREDTHS = 100


def members_loyalty(
    session: Session, horizon: int, zone: ZoneInfo, seed: int, store_ids: Collection[int] | None = None
) -> Loyalty | None:
    """Compare classes of members whose first answer with a score was given at these stores (None: anywhere).

    A member counts by that first answer: whatever was bought later came after it, wherever it was bought. Purchases are
    taken as known until the last day that holds any. None where no purchase is known.
    """
    bought = purchases(session)
    if not bought:
        return None
    last, of_member = bought[-1].bought_on, defaultdict(list)
    for purchase in bought:
        of_member[purchase.digest].append(purchase)
    first: dict[str, MemberAnswer] = {}
    for answer in member_answers(session):
        first.setdefault(answer.digest, answer)
    histories = []
    for digest, answer in sorted(first.items()):
        if store_ids is None or answer.store_id in store_ids:
            day = answer.answered_at.astimezone(zone).date()
            later = [each for each in of_member[digest] if each.bought_on > day]
            spent = tuple(((each.bought_on - day).days, each.hundredths / _HUNDREDTHS) for each in later)
            histories.append(MemberHistory(answer.score, max(0, (last - day).days), spent))
    return loyalty(histories, horizon, seed)
