"""A small chain whose two weeks were analysed, with figures that can be worked out by hand."""

from sqlalchemy.orm import Session
from stored_rows import (
    stored_comment,
    stored_event,
    stored_impact,
    stored_opinion,
    stored_response,
    stored_run,
    stored_store,
    stored_store_week,
    stored_theme,
    stored_theme_week,
)

from surveys.tables import Area, Store

BEFORE, WEEK = "2025-W39", "2025-W40"


def store_analysed_chain(session: Session) -> None:
    """The queue at Ginza worsened, Ueno has few answers, Zama none; one theme is new, one is not known yet."""
    east = Area(key="east", name="東")
    session.add(east)
    session.flush()
    ginza = stored_store(session, "ginza", "銀座店", east.id)
    ueno = stored_store(session, "ueno", "上野店", east.id)
    stored_store(session, "zama", "座間店")
    stored_theme(session, "queue", "レジの待ち時間", "Waiting at the till", advice={"ja": "レジを増やす"})
    stored_theme(session, "staff", "接客", "Service")
    stored_theme(session, "again", "満足・また来たい", "Satisfaction", general=True)
    stored_theme(session, "d-park", "駐車場が狭い", "Narrow car park", origin="discovered", first_week=WEEK)
    stored_theme(session, "d-late", "あとから", "Later", origin="discovered", first_week="2025-W41")
    stored_event(session, WEEK, "d-park", "new")
    stored_run(session, BEFORE)
    run = stored_run(session, WEEK, revision=2, impact_window=4)
    stored_impact(
        session, run, "queue", impact=[-6.0, -9.0, -3.0], negative=[-60.0, -90.0, -30.0],
        responses=160, left_out_negative=[-7.5, -11.0, -4.0],
    )  # fmt: skip
    stored_impact(session, run, "again", impact=[4.0, 1.0, 7.0], negative=[-50.0, -80.0, -20.0])
    _store_counts(session, ginza, ueno)
    _store_words(session, ginza)


def _store_counts(session: Session, ginza: Store, ueno: Store) -> None:
    for week, promoters, waiting in ((BEFORE, 40, 5), (WEEK, 20, 10)):
        stored_store_week(
            session, ginza, week, {10: promoters, 8: 40, 3: 60 - promoters}, responses=110,
            with_text=50, none_answers=3, opinions=40, unexplained=12,
        )  # fmt: skip
        stored_theme_week(session, ginza, week, "queue", opinions=waiting + 1, negative=waiting, requests=2)
        stored_theme_week(session, ginza, week, "again", opinions=4, positive=3, negative=1)
    stored_store_week(session, ueno, WEEK, {9: 5}, with_text=5, opinions=10, unexplained=3)
    stored_theme_week(session, ueno, WEEK, "staff", opinions=3, positive=3)
    stored_theme_week(session, ginza, WEEK, "d-park", opinions=5, negative=4, responses=3, responses_negative=3)
    stored_theme_week(session, ginza, WEEK, "d-late", opinions=2)


def _store_words(session: Session, ginza: Store) -> None:
    for number, (text, wish) in enumerate(
        (("レジが混んでいて待たされました", False), ("レジをもう一台増やしてほしいです", True))
    ):
        response = stored_response(session, f"r{number}", ginza)
        comment = stored_comment(session, response, text)
        stored_opinion(session, comment, text, {"queue": 0.9 - number / 10}, polarity="negative", is_request=wish)
