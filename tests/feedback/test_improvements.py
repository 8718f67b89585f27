"""Improvements: states, details, history, and who may change which."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from staff_site import fill_chain

from feedback.accounts import NewMember, add_member, find_member, visible_stores
from feedback.errors import StaffError
from feedback.improvement_changes import add_improvement, add_note, change_improvement, move_improvement
from feedback.improvements import (
    NEXT,
    Change,
    Details,
    ImprovementError,
    efforts,
    find_improvement,
    history,
    improvements,
    may_change,
    open_by_theme,
    visible_improvements,
)
from feedback.scopes import CHAIN, store_scope, stores_in
from feedback.tables import AuditEntry, Staff
from surveys.errors import InputError
from surveys.queries import stores

NOW = datetime(2025, 10, 8, 3, 0, tzinfo=UTC)
QUEUE = Details("レジを増やす", "佐藤", date(2025, 11, 30), 2)


@pytest.fixture
def chain(database):
    fill_chain(database)
    return database


def added(database, details=QUEUE, **more):
    with database.session() as session:
        return add_improvement(session, details, "本部", NOW, **more).number


def test_an_improvement_begins_as_a_candidate(chain):
    number = added(chain, theme="queue", store="ginza")
    with chain.reading() as session:
        found = find_improvement(session, number)
        assert (found.details, found.theme, found.store_key, found.store_name) == (QUEUE, "queue", "ginza", "銀座店")
        assert (found.state, found.made_at, found.made_by) == ("candidate", NOW, "本部")
        assert history(session, number) == (Change(NOW, "本部", "made", "", "レジを増やす"),)
        trail = session.scalars(select(AuditEntry).where(AuditEntry.action == "improvement made")).one()
        assert (trail.who, trail.subject) == ("本部", "1 レジを増やす")


def test_it_goes_from_candidate_to_done_and_each_step_is_kept(chain):
    number = added(chain)
    way = ["pilot", "rollout", "measuring", "done"]
    with chain.session() as session:
        assert [move_improvement(session, number, state, "店長", NOW).state for state in way] == way
        kept = [(each.before, each.after) for each in history(session, number) if each.field == "state"]
        steps = [("candidate", "pilot"), ("pilot", "rollout"), ("rollout", "measuring"), ("measuring", "done")]
        assert kept == steps[::-1]


@pytest.mark.parametrize("state", NEXT)
def test_a_step_that_leads_nowhere_is_refused_by_name(sqlite, state):
    number = added(sqlite)
    ways = {"candidate": [], "pilot": ["pilot"], "rollout": ["rollout"], "measuring": ["rollout", "measuring"]}
    ways |= {"done": ["rollout", "measuring", "done"], "dropped": ["dropped"]}
    with sqlite.session() as session:
        for step in ways[state]:
            move_improvement(session, number, step, "店長", NOW)
        for wrong in {*NEXT, "gone"} - {*NEXT[state], state}:
            with pytest.raises(ImprovementError, match=rf"is {state}; it may become .*, not '{wrong}'") as fault:
                move_improvement(session, number, wrong, "店長", NOW)
            assert fault.value.field == "state"
        assert find_improvement(session, number).state == state


def test_only_what_differs_is_changed_and_kept(chain):
    number = added(chain)
    with chain.session() as session:
        changed = change_improvement(session, number, Details("レジを増やす", "鈴木", None, 2), "店長", NOW)
        assert changed.details == Details("レジを増やす", "鈴木", None, 2)
        add_note(session, number, " 工事は月曜\r\n ", "店長", NOW)
        assert [(each.field, each.before, each.after) for each in history(session, number)] == [
            ("note", "", "工事は月曜"),
            ("due", "2025-11-30", ""),
            ("owner", "佐藤", "鈴木"),
            ("made", "", "レジを増やす"),
        ]


def test_what_is_asked_for_twice_is_done_once(chain):
    numbers = {added(chain, theme="queue", store="ginza") for _ in range(2)}
    assert numbers == {1}
    with chain.session() as session:
        for _ in range(2):
            add_note(session, 1, "工事は月曜", "店長", NOW)
        for _ in range(2):
            move_improvement(session, 1, "rollout", "店長", NOW)
        assert [each.field for each in history(session, 1)] == ["state", "note", "made"]
        # an hour later it is meant, and so is another person's
        assert add_improvement(session, QUEUE, "本部", NOW + timedelta(hours=1)).number == 2
        assert add_improvement(session, QUEUE, "店長", NOW + timedelta(hours=1)).number == 3
        add_note(session, 1, "工事は火曜", "店長", NOW)
        add_note(session, 1, "工事は月曜", "店長", NOW)
        assert len(history(session, 1)) == 5


def test_two_who_edit_at_once_both_count_and_where_they_disagree_the_second_is_told(chain):
    number = added(chain)
    with chain.session() as session:
        change_improvement(session, number, replace(QUEUE, owner="鈴木"), "店長", NOW, seen=QUEUE)
        both = change_improvement(session, number, replace(QUEUE, due=date(2026, 1, 31)), "本部", NOW, seen=QUEUE)
        assert both.details == replace(QUEUE, owner="鈴木", due=date(2026, 1, 31))
        before = history(session, number)
        with pytest.raises(ImprovementError, match="somebody else made owner '鈴木'") as fault:
            change_improvement(session, number, replace(QUEUE, owner="高橋"), "本部", NOW, seen=QUEUE)
        assert (fault.value.field, history(session, number)) == ("meanwhile", before)
        # who wants the same is no trouble
        change_improvement(session, number, replace(QUEUE, owner="鈴木"), "本部", NOW, seen=QUEUE)
        assert history(session, number) == before


def test_a_state_that_somebody_else_has_changed_is_looked_at_again(chain):
    number = added(chain)
    with chain.session() as session:
        move_improvement(session, number, "pilot", "店長", NOW, seen="candidate")
        with pytest.raises(ImprovementError, match="made pilot by somebody else") as fault:
            move_improvement(session, number, "dropped", "本部", NOW, seen="candidate")
        assert (fault.value.field, find_improvement(session, number).state) == ("meanwhile", "pilot")
        assert move_improvement(session, number, "dropped", "本部", NOW, seen="pilot").state == "dropped"


def test_a_theme_leads_to_its_first_open_improvement(sqlite):
    fill_chain(sqlite)
    for title, theme, store in (("a", "queue", "ginza"), ("b", "queue", None), ("c", None, None), ("d", "queue", None)):
        added(sqlite, Details(title), theme=theme, store=store)
    with sqlite.session() as session:
        ginza, ueno = stores(session)
        assert (open_by_theme(session, [ginza, ueno]), open_by_theme(session, [ueno])) == ({"queue": 1}, {"queue": 2})
        move_improvement(session, 1, "dropped", "本部", NOW)
        assert open_by_theme(session, [ginza, ueno]) == {"queue": 2}


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (Details(" "), "title"),
        (Details("あ" * 201), "title"),
        (Details("二\n行"), "title"),
        (Details("x", owner="あ" * 101), "owner"),
        (Details("x", effort=0), "effort"),
        (Details("x", effort=6), "effort"),
    ],
)
def test_details_that_are_none_are_refused(sqlite, details, field):
    with sqlite.session() as session, pytest.raises(ImprovementError) as fault:
        add_improvement(session, details, "本部", NOW)
    assert fault.value.field == field


def test_what_does_not_exist_is_named(sqlite):
    with sqlite.session() as session:
        for number in (7, 10**30):
            with pytest.raises(ImprovementError, match=f"there is no improvement {number}"):
                find_improvement(session, number)
        with pytest.raises(ImprovementError, match="no theme 'x'"):
            add_improvement(session, QUEUE, "本部", NOW, theme="x")
        with pytest.raises(InputError, match="no store has the key 'kobe'"):
            add_improvement(session, QUEUE, "本部", NOW, store="kobe")
        with pytest.raises(StaffError, match="who does it"):
            add_improvement(session, QUEUE, " ", NOW)
        assert improvements(session) == ()
        number = add_improvement(session, QUEUE, "本部", NOW).number
        for note in ("", "あ" * 2001):
            with pytest.raises(ImprovementError, match="a note has 1 to 2000"):
                add_note(session, number, note, "本部", NOW)


def test_the_list_is_by_state_and_what_is_due_first(sqlite):
    for title, due in (("いつか", None), ("あと", date(2025, 12, 1)), ("さき", date(2025, 11, 1)), ("試す", None)):
        added(sqlite, Details(title, due=due))
    with sqlite.session() as session:
        move_improvement(session, 4, "pilot", "店長", NOW)
        assert [each.details.title for each in improvements(session)] == ["さき", "あと", "いつか", "試す"]
        found = find_improvement(session, 3)
        assert [found.is_late(day) for day in (date(2025, 11, 1), date(2025, 11, 2))] == [False, True]
        move_improvement(session, 3, "dropped", "店長", NOW)
        assert not find_improvement(session, 3).is_late(date(2026, 1, 1))


def test_the_effort_of_a_theme_is_the_newest_estimate(chain):
    for effort in (2, 4, None):
        added(chain, Details("x", effort=effort), theme="queue")
    added(chain, Details("y", effort=1))
    added(chain, Details("z", effort=5), theme="queue", store="ueno")
    with chain.reading() as session:
        everywhere, ginza = (stores_in(session, scope) for scope in (CHAIN, store_scope(session, "ginza")))
        assert (efforts(session, everywhere), efforts(session, ginza)) == ({"queue": 5}, {"queue": 4})


def test_who_sees_and_who_may_change_follows_role_and_scope(sqlite):
    fill_chain(sqlite)
    for store in ("ginza", "ueno", None):
        added(sqlite, Details(store or "全店"), store=store)
    seen, may = {}, {}
    scopes = {"本部": {}, "銀座": {"store": "ginza"}, "西": {"area": "west"}, "見る人": {"role": "viewer"}}
    with sqlite.session() as session:
        for name, scope in scopes.items():
            add_member(session, NewMember(name, **{"role": "manager"} | scope), NOW)
            row = session.scalars(select(Staff).where(Staff.name == name)).one()
            member = find_member(session, row.id, row.session_version)
            stores = visible_stores(session, member)
            visible = visible_improvements(session, stores)
            seen[name] = [each.details.title for each in visible]
            may[name] = [each.details.title for each in visible if may_change(member, stores, each.store_key)]
    assert seen == {
        "本部": ["ginza", "ueno", "全店"],
        "銀座": ["ginza", "全店"],
        "西": ["ueno", "全店"],
        "見る人": ["ginza", "ueno", "全店"],
    }
    assert may == {"本部": ["ginza", "ueno", "全店"], "銀座": ["ginza"], "西": ["ueno"], "見る人": []}
