"""Rows as collecting and analysis leave them in the database, for tests of what is given back."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from analysis.tables import ImpactRow, LineageRow, OpinionRow, Run, StoreWeek, TagRow, ThemeRow, ThemeWeek
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
            "known_from": fields.get("first_week"),
            **fields,
        }
    )
    session.add(theme)
    session.flush()
    return theme


def stored_event(session: Session, week: str, theme_id: str, kind: str, other_id: str | None = None) -> None:
    """What became of a discovered theme at the fit of a week."""
    session.add(LineageRow(week=week, theme_id=theme_id, kind=kind, other_id=other_id))
    session.flush()


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


def stored_run(session: Session, week: str, revision: int = 1, **fields: Any) -> Run:
    moment = datetime(2025, 12, 1, tzinfo=UTC)
    run = Run(
        **{
            "week": week,
            "revision": revision,
            "state": "done",
            "requested_at": moment,
            "finished_at": moment,
            "provenance": {"settings": "abc", "counts": {"comments": 3, "answers": 5}},
            **fields,
        }
    )
    session.add(run)
    session.flush()
    return run


def stored_impact(session: Session, run: Run, theme_id: str, **figures: Any) -> None:
    """The impact of a theme; each figure is [value, low, high], and `responses` their number."""
    unknown = [None, None, None]
    session.add(
        ImpactRow(
            run_id=run.id,
            theme_id=theme_id,
            mentions_negative=20,
            mentions_positive=20,
            figures={"impact": unknown, "negative": unknown, "positive": unknown, **figures},
        )
    )
    session.flush()


def stored_store_week(session: Session, store: Store, week: str, scores: dict[int, int], **counts: int) -> None:
    """The counts of one store and week; `scores` says how often each score was given. Written at the next flush."""
    scored = sum(scores.values())
    session.add(
        StoreWeek(
            week=week,
            store_id=store.id,
            histogram=[scores.get(score, 0) for score in range(11)],
            **{
                "responses": scored,
                "with_text": 0,
                "none_answers": 0,
                "foreign": 0,
                "opinions": 0,
                "unexplained": 0,
                **counts,
            },
        )
    )


def stored_theme_week(session: Session, store: Store, week: str, theme_id: str, **counts: int) -> None:
    """The counts of one theme; responses are as many as opinions where nothing else is said. Written likewise."""
    opinions = counts.get("opinions", 0)
    positive, negative = counts.get("positive", 0), counts.get("negative", 0)
    session.add(
        ThemeWeek(
            week=week,
            store_id=store.id,
            theme_id=theme_id,
            **{
                "opinions": opinions,
                "positive": positive,
                "negative": negative,
                "requests": 0,
                "responses": opinions,
                "responses_positive": positive,
                "responses_negative": negative,
                **counts,
            },
        )
    )
