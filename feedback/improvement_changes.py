"""What staff do with improvements: put one down, change it, take it on, write a note; all of it leaves a history."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from analysis import records
from feedback import accounts
from feedback.improvements import (
    EFFORTS,
    LONGEST_NOTE,
    LONGEST_OWNER,
    LONGEST_TITLE,
    Change,
    Details,
    ImprovementError,
    ImprovementInfo,
    find_improvement,
    history,
)
from feedback.scopes import find_store
from feedback.tables import ImprovementChange, ImprovementRow
from surveys.texts import is_storable, tidy

_AT_ONCE = timedelta(minutes=1)
"""What one person asks for twice within this time was a button pressed twice."""


def add_improvement(
    session: Session, details: Details, who: str, now: datetime, *, theme: str | None = None, store: str | None = None
) -> ImprovementInfo:
    """Put an improvement down as a candidate; the same one from the same person within a minute is that one.

    Errors: `ImprovementError`; `InputError` for an unknown store.
    """
    checked, who = _checked(details), accounts.checked_name(who)
    if theme is not None and theme not in records.themes(session):
        raise ImprovementError("theme", f"there is no theme {theme!r}; see: koebako theme list")
    store_id = find_store(session, store).id if store else None
    row = ImprovementRow(**asdict(checked), theme=theme, store_id=store_id, state="candidate", made_at=now, made_by=who)
    if (made := _made_before(session, row)) is not None:
        return find_improvement(session, made)
    session.add(row)
    session.flush()
    note_change(session, row.id, Change(now, who, "made", "", checked.title))
    accounts.record(session, who, "improvement made", f"{row.id} {checked.title}"[:200], now)
    return find_improvement(session, row.id)


def change_improvement(
    session: Session, number: int, details: Details, who: str, now: datetime, *, seen: Details | None = None
) -> ImprovementInfo:
    """Change what is written of an improvement; each field that differs leaves a line.

    `seen`: what it was changed from, None: what is written now. A field that was left as it was seen stays as somebody
    else has written it meanwhile; one that both changed is refused. Error: `ImprovementError`.
    """
    lock_improvement(session, number)
    before, checked, who = find_improvement(session, number).details, _checked(details), accounts.checked_name(who)
    for field in Details.__dataclass_fields__:
        old, new, was = (getattr(each, field) for each in (before, checked, seen or before))
        if new not in {was, old} and was != old:
            raise ImprovementError("meanwhile", f"improvement {number}: somebody else made {field} {_told(old)!r}")
        if new not in {was, old}:
            session.execute(update(ImprovementRow).where(ImprovementRow.id == number).values({field: new}))
            note_change(session, number, Change(now, who, field, _told(old), _told(new)))
    return find_improvement(session, number)


def move_improvement(
    session: Session, number: int, state: str, who: str, now: datetime, *, seen: str | None = None
) -> ImprovementInfo:
    """Take an improvement on to another state; where it is there already, nothing is done.

    `seen`: the state that it was moved from, None: the one it is in now; two people who decide at once don't both win.
    Error: `ImprovementError` names where it may go from here.
    """
    lock_improvement(session, number)
    found, who = find_improvement(session, number), accounts.checked_name(who)
    if state == found.state:
        return found
    if seen not in {None, found.state}:
        raise ImprovementError("meanwhile", f"improvement {number} was made {found.state} by somebody else; look again")
    if state not in found.next_states:
        ways = ", ".join(found.next_states)
        raise ImprovementError("state", f"improvement {number} is {found.state}; it may become {ways}, not {state!r}")
    session.execute(update(ImprovementRow).where(ImprovementRow.id == number).values(state=state))
    note_change(session, number, Change(now, who, "state", found.state, state))
    accounts.record(session, who, "improvement moved", f"{number} {found.state} {state}", now)
    return find_improvement(session, number)


def add_note(session: Session, number: int, text: str, who: str, now: datetime) -> None:
    """Write a note into the history of an improvement; the same one within a minute is that one.

    Error: `ImprovementError`.
    """
    lock_improvement(session, number)
    text, who = tidy(text), accounts.checked_name(who)
    if not 0 < len(text) <= LONGEST_NOTE or not is_storable(text):
        raise ImprovementError("note", f"a note has 1 to {LONGEST_NOTE} characters")
    latest = next(iter(history(session, number)))
    if (latest.field, latest.after, latest.who) == ("note", text, who) and now - latest.at < _AT_ONCE:
        return
    note_change(session, number, Change(now, who, "note", "", text))


def lock_improvement(session: Session, number: int) -> None:
    """Let nobody else change an improvement until this session ends. Error: `ImprovementError` when there is none."""
    find_improvement(session, number)
    # SQLite's one writer has the whole file to itself anyway
    session.execute(select(ImprovementRow.id).where(ImprovementRow.id == number).with_for_update())
    session.expire_all()


def note_change(session: Session, number: int, change: Change) -> None:
    """Leave one line in the history of an improvement."""
    session.add(
        ImprovementChange(
            improvement_id=number,
            at=change.at,
            who=change.who,
            field=change.field,
            before=change.before,
            after=change.after,
        )
    )
    session.flush()


def _made_before(session: Session, row: ImprovementRow) -> int | None:
    """Return the number of the same improvement from the same person within the last minute."""
    alike = ("title", "owner", "due", "effort", "theme", "store_id", "state", "made_by")
    same = [getattr(ImprovementRow, name) == getattr(row, name) for name in alike]
    return session.scalar(select(ImprovementRow.id).where(*same, ImprovementRow.made_at > row.made_at - _AT_ONCE))


def _checked(details: Details) -> Details:
    title, owner = tidy(details.title), tidy(details.owner)
    if not 0 < len(title) <= LONGEST_TITLE or not title.isprintable():
        raise ImprovementError("title", f"a title has 1 to {LONGEST_TITLE} characters on one line")
    if len(owner) > LONGEST_OWNER or not owner.isprintable():
        raise ImprovementError("owner", f"an owner's name has at most {LONGEST_OWNER} characters")
    if details.effort is not None and details.effort not in EFFORTS:
        raise ImprovementError("effort", f"effort is 1 (small) to 5 (large), not {details.effort}")
    return Details(title, owner, details.due, details.effort)


def _told(value: object) -> str:
    return "" if value is None else str(value)
