from factories import NOW, TOKYO, make_place, make_submission, make_survey
from sqlalchemy import delete, event

from surveys.queries import scores_of_weeks, stores, week_fingerprints, weeks_with_answers
from surveys.responses import record, record_many
from surveys.tables import Response, Store


def _fingerprint(database) -> str:
    with database.reading() as session:
        return week_fingerprints(session)["2025-W40"]


def test_adding_replacing_and_removing_an_answer_each_change_the_fingerprint_of_its_week(database):
    place = make_place(database)
    seen = []
    steps = (
        lambda session: record(session, make_submission(place, "r-1"), NOW, TOKYO),
        lambda session: record(session, make_submission(place, "r-2"), NOW, TOKYO),
        lambda session: record_many(
            session, [make_submission(place, "r-1", score=3)], NOW, TOKYO, replace_changed=True
        ),
        lambda session: session.execute(delete(Response).where(Response.external_id == "r-2")),
    )
    for step in steps:
        with database.session() as session:
            step(session)
        seen.append(_fingerprint(database))
    assert len(set(seen)) == len(steps)


def test_the_same_answer_again_leaves_the_fingerprint_as_it_is(database):
    place = make_place(database)
    seen = set()
    for _ in range(2):
        with database.session() as session:
            record(session, make_submission(place, "r-1"), NOW, TOKYO)
        seen.add(_fingerprint(database))
    assert len(seen) == 1


def test_exchanging_the_newest_answer_for_another_changes_the_fingerprint(database):
    """A database that gave the freed id out again would hide the exchange."""
    place = make_place(database)
    with database.session() as session:
        record(session, make_submission(place, "r-1"), NOW, TOKYO)
    before = _fingerprint(database)
    with database.session() as session:
        session.execute(delete(Response))
        record(session, make_submission(place, "r-2"), NOW, TOKYO)
    assert _fingerprint(database) != before


def test_weeks_with_answers_are_named_once_oldest_first(database):
    place = make_place(database)
    moments = [NOW, NOW.replace(year=2024), NOW]
    with database.session() as session:
        for number, moment in enumerate(moments):
            record(session, make_submission(place, f"r-{number}", answered_at=moment), NOW, TOKYO)
    with database.reading() as session:
        assert weeks_with_answers(session) == ("2024-W40", "2025-W40")


def test_stores_stand_in_the_order_of_code_points_whatever_the_language_of_the_database(database):
    statements = []
    with database.session() as session:
        session.add_all(Store(key=key, name=key) for key in ("い", "b", "ア", "B", "a"))
        session.flush()
        event.listen(session.get_bind(), "before_cursor_execute", lambda *about: statements.append(about[2]))
        assert [store.key for store in stores(session)] == ["B", "a", "b", "い", "ア"]
    assert [statement for statement in statements if "ORDER BY" in statement] == []


def test_the_number_of_visits_is_found_under_the_key_of_its_question(database):
    place = make_place(database)
    questions = [{"key": "recommend", "kind": "nps", "text": {"ja": "おすすめ度"}}, {"key": "times", "kind": "visits"}]
    make_survey(database, questions=questions)
    told = [{"times": "first"}, {"visits": "2回目"}, {"年代": "30代"}, {}]
    with database.session() as session:
        for number, attributes in enumerate(told):
            record(session, make_submission(place, f"r-{number}", attributes=attributes, channel="kiosk"), NOW, TOKYO)
    with database.reading() as session:
        found = scores_of_weeks(session, ["2025-W40"])
    assert [(info.channel, info.visits) for info in found] == [
        ("kiosk", "first"),
        ("kiosk", "2回目"),
        ("kiosk", None),
        ("kiosk", None),
    ]
