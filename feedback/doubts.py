"""What staff say of doubtful answers, with a trace of who said it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from feedback import accounts
from surveys import doubts
from surveys.doubts import DoubtfulResponse


def decide(
    session: Session,
    external_id: str,
    who: str,
    now: datetime,
    *,
    counted: bool,
    store_ids: Collection[int] | None = None,
) -> DoubtfulResponse:
    """Count a doubtful answer in figures, or leave it out. Error: `InputError` when these stores have no such one."""
    found = doubts.decide(session, external_id, now, counted=counted, store_ids=store_ids)
    accounts.record(session, who, "answer counted" if counted else "answer left out", found.external_id, now)
    return found
