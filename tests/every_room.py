"""The one list of staff pages that tests walk, and a house with something in every room of them.

A new page is walked by itself. One that needs a query says in `QUERIES` how it is reached.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from factories import SURVEY, TOKYO, make_survey
from flask import Flask
from sqlalchemy.orm import Session
from staff_site import LONG_NAME, WEEK, fill_chain
from stored_rows import stored_comment, stored_opinion, stored_response

from analysis.corrections import correcting
from analysis.tables import RivalStoreWeek, RivalThemeWeek
from feedback.config import Config
from feedback.improvement_changes import add_improvement, add_note
from feedback.improvements import Details
from feedback.pages.downloads import EXPORTS
from feedback.pilots.conduct import start_pilot
from feedback.pilots.plans import NewPilot, plan_pilot
from feedback.privacy import contact_keeping, member_keeping
from feedback.tables import CriticalFinding, PilotRow, PilotStore
from surveys import contacts
from surveys.contact_box import ContactDetails
from surveys.database import Database
from surveys.members import MemberKeeping, keep_member
from surveys.notices import NewNotice, publish_notice
from surveys.places import create_spot, create_store, entry_code
from surveys.purchases import Bought, add_purchases
from surveys.rights import record_event
from surveys.tables import Store
from surveys.weeks import week_of

QUERIES = {
    "staff.store": ["store=ginza"],
    "staff.survey": ["", "survey=store"],
    "staff.survey_file": ["survey=store"],
    "staff.preview": ["survey=store&show=ja", "survey=store&show=en"],
    "staff.theme": ["theme=queue", "theme=parking"],
    "staff.opinion": ["comment=r-ginza/reason", "comment=r-ginza/reason&position=0"],
    "staff.comments": ["", "theme=queue"],
    "staff.doubts": ["", "decided=1", "done=1"],
    "staff.critical": ["", "seen=1", "done=1"],
    "staff.coupons": ["", "code=K7M-2PX-9TD"],
    "staff.new_notice": ["", "theme=queue"],
    "staff.improvements": ["", "theme=queue&title=レジ"],
    "staff.improvement": ["number=1"],
    "staff.new_pilot": ["improvement=1"],
    "staff.pilot": ["number=1", "number=2"],
    "staff.download": [f"kind={kind}&format=csv" for kind in EXPORTS],
}
OTHER = {"key": "else", "text": {"ja": "その他", "en": "Other"}, "other": True}
EVERY_KIND = {
    "questions": [
        *(
            {**one, "low": "すすめない", "high": "すすめる"} if one["kind"] == "nps" else one
            for one in SURVEY["questions"]
        ),
        {"key": "faces", "kind": "csat", "text": {"ja": "お食事はいかがでしたか。"}, "hint": {"ja": "今日のことを。"}},
        {"key": "times", "kind": "visits", "text": {"ja": "何回目ですか。"}},
        {"key": "how", "kind": "multiple", "text": {"ja": "どうやって来ましたか。"}, "options": [OTHER]},
        {"key": "liked", "kind": "text", "scores": "9-10", "text": {"ja": "よかった点は。"}},
        {"key": "improve", "kind": "text", "scores": "0-6", "required": True, "text": {"ja": "改善してほしい点は。"}},
    ],
    "contact": True,
}
OFFERS = {
    "member": True,
    "coupon": {"text": "百円引き", "days": 30},
    "review": {"text": "口コミもお待ちしています。", "url": "https://reviews.example.jp/"},
}


def staff_addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield endpoint and address of everything that a browser gets from the staff pages, with every known query."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff/") and "GET" in (rule.methods or ()) and not rule.arguments:
            for query in QUERIES.get(rule.endpoint, [""]):
                yield rule.endpoint, f"{rule.rule}?{query}"


def fill_every_room(database: Database, config: Config, now: datetime) -> None:
    """Put something into every room. `config` allows member codes and knows a key for contacts."""
    fill_chain(database)
    make_survey(database, **EVERY_KIND, **OFFERS)
    with database.session() as session:
        store = session.query(Store).filter_by(key="ginza").one()
        store.name = LONG_NAME
        create_spot(session, "ginza", "register", "レジ横")
        entry_code(session, "store", "ginza", "register")
        _doubts(session, store, now)
        hanako = ContactDetails("山田花子", "090-1234-5678", "a.rather.long.address.of.hanako@mail.example.com")
        contacts.keep(session, "r-ginza", hanako, contact_keeping(config), now)
        contacts.keep(session, "r-ueno", hanako, contact_keeping(config), now)
        notice = NewNotice({"ja": "レジが遅い" * 20}, {"ja": "レジを増やしました。" * 10}, "ginza", "queue", 13)
        publish_notice(session, notice, "佐藤", now)
        add_improvement(session, Details("レジを増やす" * 20, "鈴木", now.date(), 5), "佐藤", now, theme="queue")
        add_note(session, 1, "業者に見積もりを頼みました。", "佐藤", now)
        _pilots(session, now)
        correcting.rename(session, "parking", {"ja": "駐車場の広さ", "en": "Room to park"}, "佐藤", now)
        _members_who_bought(session, store, member_keeping(config), now)
        _critical(session, store, now)
        record_event(session, contacts.VIEWED, now, "佐藤", count=1)
        rival = create_store(session, "rival", "駅前店", operator=LONG_NAME)
        session.add(RivalStoreWeek(week=WEEK, store_id=rival.id, responses=40, with_text=40))
        said = {"theme_id": "queue", "responses": 20, "responses_negative": 15}
        session.add(RivalThemeWeek(week=WEEK, store_id=rival.id, **said))


def _doubts(session: Session, store: Store, now: datetime) -> None:
    """One that waits for a decision, and one that was decided."""
    for number, counted in enumerate((False, True)):
        doubt = stored_response(session, f"doubt-{number}", store, score=1, doubt="hidden_field", counted=counted)
        stored_opinion(session, stored_comment(session, doubt, "安い薬" * 30), "安い薬" * 30, {"queue": 1.0})
    doubt.decided_at = now


def _critical(session: Session, store: Store, now: datetime) -> None:
    """Two of today: one that waits, about two things, and one that was seen."""
    today = {"answered_at": now, "received_at": now, "week": week_of(now, TOKYO)}
    for number, (kinds, seen_by) in enumerate(((("mould", "injury"), None), (("mould",), "佐藤"))):
        response = stored_response(
            session, f"critical-{number}", store, score=0, attributes={"visits": "again"}, **today
        )
        comment = stored_comment(session, response, "棚のカビで滑って転んで怪我をしました。" * 5)
        found = {"comment_id": comment.id, "found_at": now, "seen_at": now if seen_by else None, "seen_by": seen_by}
        session.add_all(CriticalFinding(kind=kind, **found) for kind in kinds)


def _pilots(session: Session, now: datetime) -> None:
    """One that is over, in all stores at once, and one that compares two stores and still runs."""
    asked = NewPilot(1, start_week=WEEK, weeks=1, everywhere=True)
    start_pilot(session, plan_pilot(session, asked, now, TOKYO), "佐藤", now)
    seen = {"improvement_id": 1, "metric": "theme", "expected": 5.0, "looks": 1, "made_at": now, "made_by": "佐藤"}
    session.add(PilotRow(id=2, start_week=WEEK, end_week="2025-W48", chosen="drawn", seed=7, weeks_needed=9, **seen))
    session.flush()
    session.add_all(
        PilotStore(pilot_id=2, store_id=store.id, group=0, tries=store.key == "ginza")
        for store in session.query(Store).filter(Store.key.in_(["ginza", "ueno"]))
    )


def _members_who_bought(session: Session, store: Store, keeping: MemberKeeping, now: datetime) -> None:
    """Twelve promoters who came back."""
    answered = now - timedelta(days=300)
    for number in range(12):
        given = {"score": 10, "answered_at": answered, "counted": True, "attributes": {"visits": "first"}}
        stored_response(session, f"member-{number}", store, **given)
        keep_member(session, f"member-{number}", f"{number}", keeping, answered)
        for days in (0, 10 + number, 290):
            day = (answered + timedelta(days=days)).date()
            bought = Bought(f"{number} {days}", keeping.digest(f"{number}"), store.id, day, 198_000 + number)
            add_purchases(session, [bought])
