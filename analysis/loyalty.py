"""What members bought after their answers, joined by promoter class."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from analysis.figures.loyalty import Loyalty, MemberHistory, loyalty
from surveys.purchases import MemberAnswer, member_answers, purchase_days, purchases

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
    spent = _spent(session, {digest: day for digest, (day, _) in known.items()})
    histories = [
        MemberHistory(score, max(0, (days[1] - day).days), tuple(sorted(spent[digest])))
        for digest, (day, score) in sorted(known.items())
    ]
    return MembersLoyalty(loyalty(histories, horizon), *days, earlier=len(answered) - len(known))


def _spent(session: Session, answered: Mapping[str, date]) -> Mapping[str, list[tuple[int, float]]]:
    """Return the days since the answer, and the amounts, of what each of these members bought after its day."""
    found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for digest, day, hundredths in purchases(session):
        begun = answered.get(digest)
        if begun and day > begun:
            found[digest].append(((day - begun).days, hundredths / _HUNDREDTHS))
    return found
