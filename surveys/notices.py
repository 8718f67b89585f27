"""Notices (ご意見への対応): what customers said and what became of it, shown to customers until it is withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, or_, select, update
from sqlalchemy.orm import Session

from surveys.errors import InputError
from surveys.tables import Notice, Store
from surveys.texts import LANGUAGE_NAMES, is_storable, is_storable_number, tidy

SHOWN = 3
"""So many of the newest notices a customer is shown."""
LONGEST = 300
"""The longest text of a notice in one language, in characters: it is read on a phone, on the way out."""
_LONGEST_THEME = 100


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to be published. `heard` and `done` map languages to texts; empty ones are left out.

    `store_key` None: for every store. `theme`: the id of the theme it answers; `mentions`: how many said it.
    """

    heard: Mapping[str, str]
    done: Mapping[str, str]
    store_key: str | None = None
    theme: str | None = None
    mentions: int | None = None


@dataclass(frozen=True, slots=True)
class NoticeInfo:
    """A notice as customers and staff see it. `store_id`, `store_key` and `store_name` None: for every store."""

    id: int
    store_id: int | None
    store_key: str | None
    store_name: str | None
    heard: Mapping[str, str]
    done: Mapping[str, str]
    theme: str | None
    mentions: int | None
    published_at: datetime
    published_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None

    @property
    def is_published(self) -> bool:
        """Whether customers are shown it."""
        return self.withdrawn_at is None


class NoticeError(InputError):
    """A notice cannot be published; `field` names what is wrong: heard, done, store, theme, mentions or repeated."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def checked_notice(new: NewNotice) -> NewNotice:
    """Return a notice with tidy texts, fit to be published. Error: `NoticeError`."""
    if new.mentions is not None and (new.mentions < 1 or not is_storable_number(new.mentions)):
        raise NoticeError("mentions", f"{new.mentions} is no number of mentions; write 1 or more, or leave it out")
    if new.theme is not None and (not 0 < len(new.theme) <= _LONGEST_THEME or not is_storable(new.theme)):
        raise NoticeError("theme", f"a theme's id has 1 to {_LONGEST_THEME} characters")
    return NewNotice(_texts("heard", new.heard), _texts("done", new.done), new.store_key, new.theme, new.mentions)


def publish_notice(session: Session, new: NewNotice, who: str, now: datetime) -> NoticeInfo:
    """Publish a notice: customers see it from now on. Error: `NoticeError` names what cannot be published."""
    checked = checked_notice(new)
    store_id = None
    if new.store_key is not None:
        store_id = session.scalar(select(Store.id).where(Store.key == new.store_key))
        if store_id is None:
            raise NoticeError("store", f"no store has the key {new.store_key!r}; see: koebako store list")
    _refuse_repeated(session, checked, store_id)
    notice = Notice(
        store_id=store_id,
        heard=dict(checked.heard),
        done=dict(checked.done),
        theme=checked.theme,
        mentions=checked.mentions,
        published_at=now,
        published_by=who,
    )
    session.add(notice)
    session.flush()
    return find_notice(session, notice.id)


def withdraw_notice(session: Session, notice_id: int, who: str, now: datetime) -> NoticeInfo:
    """Show a notice to customers no longer; one that was withdrawn before stays as it is.

    Error: `InputError` when there is none of this number.
    """
    published = update(Notice).where(Notice.id == notice_id, Notice.withdrawn_at.is_(None))
    if is_storable_number(notice_id):
        session.execute(published.values(withdrawn_at=now, withdrawn_by=who))
    return find_notice(session, notice_id)


def find_notice(session: Session, notice_id: int) -> NoticeInfo:
    """Return one notice. Error: `InputError` when there is none of this number."""
    query = _notices().where(Notice.id == notice_id)
    found = session.execute(query).one_or_none() if is_storable_number(notice_id) else None
    if found is None:
        raise InputError(f"there is no notice {notice_id}; see: koebako notice list")
    return _info(found)


def notices(session: Session, store_ids: Sequence[int] | None = None) -> tuple[NoticeInfo, ...]:
    """Every notice, withdrawn ones too, newest first; with `store_ids` those for these stores and for every store."""
    query = _notices()
    if store_ids is not None:
        query = query.where(or_(Notice.store_id.is_(None), Notice.store_id.in_(store_ids)))
    return tuple(_info(row) for row in session.execute(query))


def latest_notices(session: Session, store_id: int, count: int = SHOWN) -> tuple[NoticeInfo, ...]:
    """Return the newest published notices for the customers of one store, newest first."""
    query = _notices().where(Notice.withdrawn_at.is_(None))
    query = query.where(or_(Notice.store_id.is_(None), Notice.store_id == store_id))
    return tuple(_info(row) for row in session.execute(query.limit(count)))


def _texts(field: str, texts: Mapping[str, str]) -> dict[str, str]:
    tidied = {language: tidy(text) for language, text in texts.items() if tidy(text)}
    if not tidied:
        raise NoticeError(field, f"{field}: the text is missing")
    for language, text in tidied.items():
        if language not in LANGUAGE_NAMES:
            raise NoticeError(field, f"{field}: {language!r} is no language of the pages")
        if len(text) > LONGEST:
            raise NoticeError(field, f"{field}: {len(text)} characters are too long; {LONGEST} at most")
        if not is_storable(text):
            raise NoticeError(field, f"{field}: the text holds control characters")
    return tidied


def _refuse_repeated(session: Session, new: NewNotice, store_id: int | None) -> None:
    """Refuse what customers are shown already: a form that was sent twice, for the most part."""
    published = _notices().where(Notice.withdrawn_at.is_(None), Notice.store_id.is_not_distinct_from(store_id))
    for row in session.execute(published):
        standing = _info(row)
        if (standing.heard, standing.done) == (new.heard, new.done):
            raise NoticeError("repeated", f"notice {standing.id} says the same already")


def _notices() -> Select[Notice, str, str]:
    query = select(Notice, Store.key, Store.name).outerjoin(Store, Notice.store_id == Store.id)
    return query.order_by(Notice.published_at.desc(), Notice.id.desc())


def _info(row: Row[Notice, str, str]) -> NoticeInfo:
    notice, store_key, store_name = row
    return NoticeInfo(
        id=notice.id,
        store_id=notice.store_id,
        store_key=store_key,
        store_name=store_name,
        heard=notice.heard,
        done=notice.done,
        theme=notice.theme,
        mentions=notice.mentions,
        published_at=notice.published_at,
        published_by=notice.published_by,
        withdrawn_at=notice.withdrawn_at,
        withdrawn_by=notice.withdrawn_by,
    )
