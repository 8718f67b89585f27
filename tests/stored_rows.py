"""Rows as collecting and analysis leave them in the database, for tests of what is given back."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from analysis.tables import OpinionRow, TagRow, ThemeRow
from surveys.tables import Comment, Response, Store
from surveys.weeks import first_day

MODEL = "model-1"


def stored_store(session: Session, key: str, name: str, area_id: int | None = None) -> Store:
    store = Store(key=key, name=name, area_id=area_id)
    session.add(store)
    session.flush()
    return store


def stored_response(session: Session, external_id: str, store: Store, **fields: Any) -> Response:
    """A response of Wednesday noon (Tokyo) of `week`; any column may be given."""
    week = fields.setdefault("week", "2025-W40")
    monday = first_day(week)
    noon = datetime(monday.year, monday.month, monday.day, 3, tzinfo=UTC)
    response = Response(
        **{
            "external_id": external_id,
            "content_digest": external_id,
            "store_id": store.id,
            "channel": "qr",
            "answered_at": noon,
            "received_at": noon,
            "answers": {},
            "attributes": {},
            **fields,
        }
    )
    session.add(response)
    session.flush()
    return response


def stored_comment(
    session: Session, response: Response, text: str, field: str = "reason", position: int = 0
) -> Comment:
    comment = Comment(
        response_id=response.id,
        external_id=f"{response.external_id}/{field}",
        field=field,
        position=position,
        text=text,
    )
    session.add(comment)
    session.flush()
    return comment


def stored_theme(session: Session, theme_id: str, ja: str, en: str, **fields: Any) -> ThemeRow:
    theme = ThemeRow(
        **{
            "id": theme_id,
            "origin": "catalogue",
            "name": {"ja": ja, "en": en},
            "group": {},
            "advice": {},
            "words": {},
            "general": False,
            **fields,
        }
    )
    session.add(theme)
    session.flush()
    return theme


def stored_opinion(
    session: Session, comment: Comment, text: str, tags: dict[str, float] | None = None, **fields: Any
) -> OpinionRow:
    """An opinion of a comment with the weights of its themes."""
    opinion = OpinionRow(
        **{
            "comment_id": comment.id,
            "position": 0,
            "week": comment.response.week,
            "store_id": comment.response.store_id,
            "kind": "opinion",
            "text": text,
            "polarity": "neutral",
            "is_request": False,
            "model_version": MODEL,
            **fields,
        }
    )
    session.add(opinion)
    session.flush()
    for theme_id, weight in (tags or {}).items():
        session.add(TagRow(opinion_id=opinion.id, theme_id=theme_id, weight=weight))
    session.flush()
    return opinion
