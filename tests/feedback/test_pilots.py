"""Pilots from the plan to the verdict, on stored counts."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from pilot_chain import LAST, NOW, START, ZONE, fill_stores, run_on, started
from sqlalchemy import select
from stored_rows import stored_theme, stored_theme_week

from analysis.corrections.correcting import merge
from analysis.figures.experiments import draw
from analysis.tables import StoreWeek, ThemeRow, ThemeWeek
from feedback.improvement_changes import add_improvement, move_improvement
from feedback.improvements import Details, find_improvement, history, open_by_theme
from feedback.pilots.conduct import extend_pilot, start_pilot, stop_pilot
from feedback.pilots.plans import NewPilot, plan_pilot
from feedback.pilots.records import PilotError, find_pilot, pilots, visible_pilots
from feedback.pilots.results import pilot_result
from feedback.tables import AuditEntry
from surveys.errors import InputError
from surveys.places import set_operator
from surveys.queries import stores
from surveys.tables import Store
from surveys.weeks import shift


@pytest.fixture(autouse=True)
def _one_lot(monkeypatch):
    """The same stores are drawn each time: one draw in twenty is lucky, in tests too."""
    monkeypatch.setattr("secrets.randbelow", lambda _: 20251008)


@pytest.fixture
def chain(sqlite):
    fill_stores(sqlite)
    return sqlite


def planned(database, **asked):
    with database.reading() as session:
        return plan_pilot(session, NewPilot(**{"improvement": 1, "start_week": START} | asked), NOW, ZONE)


def result(database, number=1):
    with database.reading() as session:
        return pilot_result(session, find_pilot(session, number))


def test_a_plan_says_what_it_takes_before_anything_is_started(database):
    fill_stores(database)
    plan = planned(database, expected=20.0)
    assert (plan.trying, len(plan.stores), plan.draws, plan.weeks_before) == (5, 10, 120, 26)
    assert sorted(plan.groups.count(group) for group in set(plan.groups)) == [4, 6]
    assert 1 <= plan.weeks_needed <= 6
    assert (plan.weeks, plan.comparisons) == (plan.weeks_needed, None)
    assert planned(database, expected=14.0).weeks_needed > plan.weeks_needed
    with database.reading() as session:
        assert pilots(session) == ()


def test_too_few_stores_are_told_what_could_show_it(chain):
    plan = planned(chain, stores=("s0", "s1", "s2", "s3", "s4"), trying=2)
    assert (plan.draws, plan.weeks_needed, plan.weeks, plan.comparisons) == (10, None, None, 5)
    with pytest.raises(PilotError, match="no time up to a year is enough"):
        started(chain, stores=("s0", "s1", "s2", "s3"), weeks=None)


def test_the_draw_is_recorded_and_can_be_repeated(database):
    fill_stores(database)
    pilot = started(database, weeks=6)
    assert (pilot.start_week, pilot.end_week, pilot.weeks, pilot.chosen) == (START, "2025-W47", 6, "drawn")
    assert (len(pilot.trying), len(pilot.others), pilot.looks, pilot.made_by) == (5, 5, 1, "本部")
    again = draw(pilot.design.groups, 5, pilot.seed)
    assert (again.chosen == pilot.design.chosen).all()
    with database.reading() as session:
        assert find_improvement(session, 1).state == "pilot"
        assert [(each.field, each.after) for each in history(session, 1)][:2] == [
            ("pilot", "1 started"),
            ("state", "pilot"),
        ]
        trail = session.scalars(select(AuditEntry).where(AuditEntry.action == "pilot started")).one()
        assert (trail.who, trail.subject) == ("本部", "1 2025-W42 2025-W47")


def test_until_the_planned_end_there_are_weeks_and_no_verdict(chain):
    pilot = started(chain)
    assert result(chain).weeks_left == 5
    run_on(chain, pilot, 3, gain=5)
    found = result(chain)
    assert (found.weeks_left, found.is_over, found.verdict, found.effect, found.cautions) == (2, False, None, None, ())
    assert [each.week for each in found.weeks][-3:] == ["2025-W41", "2025-W42", "2025-W43"]
    assert len(found.weeks) == 13 + 2
    late = found.weeks[-1]
    assert late.trying.value > late.others.value + 20


def test_what_worked_is_said_to_have_worked(database):
    fill_stores(database)
    pilot = started(database)
    run_on(database, pilot, 5, gain=3)
    found = result(database)
    assert (found.is_over, found.verdict, found.more_weeks, found.cautions) == (True, "worked", None, ())
    # three of twenty answers became promoters instead of detractors: 30 points
    assert found.effect.estimate.value == pytest.approx(30, abs=4)
    assert found.effect.estimate.low < found.effect.least < 30 < found.effect.estimate.high
    assert found.effect.draws == 120
    # and so many fewer complain
    assert found.other.estimate.value == pytest.approx(15, abs=2)


def test_what_did_not_bring_what_was_expected_is_said_so(chain):
    run_on(chain, started(chain), 5)
    assert result(chain).verdict == "not_worked"


def test_complaints_about_the_theme_can_be_what_is_looked_at(chain):
    run_on(chain, started(chain, metric="theme", expected=10.0), 5, gain=3)
    found = result(chain)
    assert found.verdict == "worked"
    assert found.effect.estimate.value == pytest.approx(15, abs=2)
    assert found.other.estimate.value == pytest.approx(30, abs=4)
    assert 0 <= found.weeks[-1].trying.value < found.weeks[-1].others.value < 60


def test_an_unclear_pilot_is_told_how_long_and_may_go_on(chain):
    pilot = started(chain, expected=2.5, picked=("s1", "s3", "s5", "s7", "s9"))
    with chain.session() as session, pytest.raises(PilotError, match="only then does it go on"):
        extend_pilot(session, result(chain), 2, "本部", NOW)
    run_on(chain, pilot, 5)
    found = result(chain)
    assert (found.verdict, found.is_over) == ("unclear", True)
    # the bounds lie 5.1 points apart, and must come within 2.5
    assert found.effect.most - found.effect.least == pytest.approx(5.14, abs=0.01)
    assert 8 < found.more_weeks < 40
    with chain.session() as session:
        assert extend_pilot(session, found, found.more_weeks, "本部", NOW).weeks == 4 + found.more_weeks


def test_two_against_two_stay_unclear_and_go_on_only_as_far_as_two_years(chain):
    pilot = started(chain, stores=("s0", "s1", "s2", "s3"))
    run_on(chain, pilot, 5, gain=5)
    found = result(chain)
    assert (found.verdict, found.more_weeks, found.effect.draws) == ("unclear", None, 6)
    assert (found.effect.least, found.effect.estimate.low, found.cautions) == (None, None, ("few_draws",))
    with chain.session() as session:
        for weeks in (0, -1, 101):
            with pytest.raises(PilotError, match="1 week or more"):
                extend_pilot(session, found, weeks, "本部", NOW)
        longer = extend_pilot(session, found, 2, "本部", NOW)
    assert (longer.end_week, longer.looks) == ("2025-W47", 2)
    assert result(chain).weeks_left == 2
    run_on(chain, pilot, 2)
    assert result(chain).cautions == ("few_draws", "looked_again")


def test_picked_stores_are_warned_of_beside_the_verdict(chain):
    pilot = started(chain, picked=("s1", "s3", "s5", "s7"))
    assert (pilot.chosen, pilot.seed, [store.key for store in pilot.trying]) == (
        "picked",
        None,
        ["s1", "s3", "s5", "s7"],
    )
    run_on(chain, pilot, 5, gain=3)
    found = result(chain)
    assert (found.verdict, found.cautions, found.effect.draws) == ("worked", ("picked",), 210)


def test_picked_stores_that_drew_apart_before_the_start_have_shown_nothing(chain):
    with chain.session() as session:
        for row in session.scalars(select(StoreWeek).join(Store).where(Store.key.in_(["s1", "s3", "s5", "s7"]))):
            if row.week >= "2025-W28":
                row.histogram = [0] * 10 + [20]
    run_on(chain, started(chain, picked=("s1", "s3", "s5", "s7")), 5, gain=9)
    found = result(chain)
    assert (found.verdict, found.cautions) == ("unclear", ("picked", "drifted"))


def test_everywhere_at_once_is_told_before_and_after_with_a_warning(chain):
    pilot = started(chain, everywhere=True, start_week="2025-W38")
    assert (pilot.chosen, len(pilot.trying), pilot.others, pilot.end_week) == ("all", 10, (), "2025-W41")
    with chain.reading() as session:
        assert find_improvement(session, 1).state == "rollout"
    run_on(chain, pilot, 1, gain=3)
    found = result(chain)
    assert (found.verdict, found.effect, found.cautions) == (None, None, ("everywhere",))
    # one of the four weeks was 30 points better
    assert found.change.value == pytest.approx(7.5, abs=3)
    assert found.change.low < found.change.value < found.change.high


def test_before_and_after_need_answers_of_both(chain):
    pilot = started(chain, everywhere=True)
    run_on(chain, pilot, 5)
    with chain.session() as session:
        for row in session.scalars(select(StoreWeek).where(StoreWeek.week < START)):
            session.delete(row)
    found = result(chain)
    assert (found.verdict, found.change, found.cautions) == ("unclear", None, ("few_stores",))


def test_a_week_without_answers_is_a_gap_and_a_silent_store_is_left_out(chain):
    pilot = started(chain)
    run_on(chain, pilot, 5, gain=3)
    silent = pilot.others[0].id
    with chain.session() as session:
        for table in (StoreWeek, ThemeWeek):
            rows = session.scalars(select(table).where(table.week >= START)).all()
            for row in rows:
                if row.week == "2025-W43" or row.store_id == silent:
                    session.delete(row)
    found = result(chain)
    assert found.left_out == (pilot.others[0],)
    assert found.weeks[-3].week == "2025-W43"
    assert (found.weeks[-3].trying.value, found.weeks[-3].others.value) == (None, None)
    assert (found.verdict, found.effect.draws in {40, 60, 80}) == ("worked", True)


def test_a_theme_that_is_gone_leaves_no_verdict_about_it(chain):
    pilot = started(chain, metric="theme", expected=10.0)
    run_on(chain, pilot, 5, gain=3)
    assert result(chain).verdict == "worked"
    with chain.session() as session:
        for row in session.scalars(select(ThemeWeek).where(ThemeWeek.week >= START)):
            session.delete(row)
    found = result(chain)
    assert (found.verdict, found.cautions, found.effect, found.other) == ("unclear", ("no_complaints",), None, None)
    with chain.session() as session:
        for row in session.scalars(select(ThemeWeek)):
            session.delete(row)
        session.flush()
        session.delete(session.get_one(ThemeRow, "queue"))
    assert result(chain).cautions == ("no_complaints",)
    assert {each.trying.value for each in result(chain).weeks} == {None}


def test_a_theme_that_was_merged_meanwhile_counts_with_what_it_was_merged_into(chain):
    with chain.session() as session:
        stored_theme(session, "till", "レジ", "Till")
        (store,) = session.scalars(select(Store).where(Store.key == "s0"))
        stored_theme_week(session, store, LAST, "till", opinions=3, negative=3)
    pilot = started(chain, metric="theme", expected=10.0)
    run_on(chain, pilot, 5, gain=3)
    before = result(chain)
    with chain.session() as session:
        merge(session, ["queue"], "till", "本部", NOW)
        found = pilot_result(session, find_pilot(session, 1))
        assert find_improvement(session, 1).theme == "till"
        assert open_by_theme(session, stores(session)) == {"till": 1}
    # weeks that are not analysed again yet hold both themes
    assert found.effect.estimate.value == pytest.approx(before.effect.estimate.value, abs=0.5)
    later, earlier = ({week.week: week.trying.value for week in each.weeks} for each in (found, before))
    others = {week.week: week.others.value for week in found.weeks}
    assert {week for week in later if later[week] != earlier[week]} | {
        week.week for week in before.weeks if week.others.value != others[week.week]
    } == {LAST}


def test_more_than_all_complaints_cannot_go(chain):
    with pytest.raises(
        PilotError, match=r"4\d\.\d % of answers complain about the theme: not 60 points fewer can"
    ) as fault:
        planned(chain, metric="theme", expected=60.0)
    assert fault.value.field == "too_much"
    assert planned(chain, metric="theme", expected=20.0).weeks_needed >= 1


def test_complaints_that_go_everywhere_are_a_change_and_those_that_never_were_no_pilot(chain):
    with chain.session() as session:
        stored_theme(session, "bench", "ベンチ", "Bench")
        add_improvement(session, Details("ベンチを置く"), "本部", NOW, theme="bench")
    with pytest.raises(PilotError, match="nobody complained about the theme") as fault:
        planned(chain, improvement=2, metric="theme")
    assert fault.value.field == "complaints"
    pilot = started(chain, metric="theme", everywhere=True)
    run_on(chain, pilot, 5)
    with chain.session() as session:
        for row in session.scalars(select(ThemeWeek).where(ThemeWeek.week >= START)):
            session.delete(row)
    found = result(chain)
    assert (found.verdict, found.cautions) == (None, ("everywhere",))
    assert found.change.value == pytest.approx(40, abs=3)


def test_a_store_that_is_ours_no_longer_stays_in_the_record_and_is_left_out(database):
    fill_stores(database)
    pilot = started(database)
    gone = pilot.others[0]
    run_on(database, pilot, 2, gain=3)
    with database.session() as session:
        set_operator(session, gone.key, "よその会社")
        for row in session.scalars(select(StoreWeek).where(StoreWeek.store_id == gone.id)):
            session.delete(row)
    with database.reading() as session:
        (found,) = pilots(session)
        assert [each.store.key for each in found.stores if not each.ours] == [gone.key]
        assert visible_pilots([found], stores(session)) == (found,)
    run_on(database, pilot, 3, gain=3)
    with database.session() as session:
        for row in session.scalars(select(StoreWeek).where(StoreWeek.store_id == gone.id)):
            session.delete(row)
    assert [each.key for each in result(database).left_out] == [gone.key]


def test_stores_in_two_pilots_at_once_are_told_before_and_beside_the_verdict(chain):
    with chain.session() as session:
        add_improvement(session, Details("あいさつ"), "本部", NOW)
    first = started(chain, stores=("s0", "s1", "s2", "s3", "s4", "s5"))
    assert planned(chain, improvement=2, weeks=4).others == 1
    assert planned(chain, improvement=2, weeks=4, stores=("s6", "s7", "s8", "s9")).others == 0
    assert planned(chain, improvement=2, weeks=4, start_week=shift(first.end_week, 1)).others == 0
    started(chain, improvement=2)
    run_on(chain, first, 5, gain=3)
    assert [result(chain, number).cautions[-1:] for number in (1, 2)] == [("overlapping",)] * 2


def test_two_who_start_at_once_start_one_pilot(database):
    fill_stores(database)
    with database.session() as session:
        move_improvement(session, 1, "pilot", "本部", NOW)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: started(database).number, range(4)))
    assert found == [1] * 4


def test_two_who_extend_at_once_extend_once(database):
    fill_stores(database)
    run_on(database, started(database, stores=("s0", "s1", "s2", "s3")), 5)
    found = result(database)

    def extend(_):
        with database.session() as session:
            try:
                return extend_pilot(session, found, 2, "本部", NOW).end_week
            except PilotError as error:
                return error.field

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(extend, range(4))) == ["2025-W47", "extended", "extended", "extended"]
    with database.reading() as session:
        assert find_pilot(session, 1).looks == 2


def test_an_unclear_pilot_does_not_go_on_beside_another_of_its_improvement(chain):
    run_on(chain, started(chain, stores=("s0", "s1", "s2", "s3")), 5)
    found = result(chain)
    with chain.session() as session:
        later = NewPilot(1, start_week=shift(found.pilot.end_week, 2), weeks=4)
        now = NOW + timedelta(weeks=6)
        start_pilot(session, plan_pilot(session, later, now, ZONE), "本部", now)
        with pytest.raises(PilotError, match="not over; stop it first"):
            extend_pilot(session, found, 2, "本部", now)


def test_a_stopped_pilot_has_no_verdict(chain):
    pilot = started(chain)
    with chain.session() as session:
        stopped = stop_pilot(session, 1, "店長", NOW)
        assert (stopped.stopped_at, stopped.stopped_by) == (NOW, "店長")
        assert stop_pilot(session, 1, "店長", NOW + timedelta(days=1)) == stopped
        with pytest.raises(PilotError, match="over already"):
            stop_pilot(session, 1, "本部", NOW)
    run_on(chain, pilot, 5, gain=3)
    assert (result(chain).verdict, result(chain).is_over) == (None, False)
    with chain.reading() as session:
        assert history(session, 1)[0].after == "1 stopped"


def test_one_pilot_at_a_time_for_one_improvement(chain):
    first = started(chain)
    # a button pressed twice starts no second one
    assert started(chain) == first
    for other in ({"weeks": 5}, {"expected": 9.0}, {"trying": 4}, {"picked": ("s0", "s1")}, {"everywhere": True}):
        with pytest.raises(PilotError, match="has a pilot that is not over") as fault:
            started(chain, **other)
        assert fault.value.field == "running"
    with chain.session() as session:
        stop_pilot(session, 1, "店長", NOW)
    assert started(chain).number == 2


def test_an_improvement_of_one_store_is_looked_at_before_and_after_there(chain):
    with chain.session() as session:
        add_improvement(session, Details("ベンチを置く"), "店長", NOW, store="s3")
    with pytest.raises(PilotError, match="improvement 2 is for s3 alone") as fault:
        planned(chain, improvement=2)
    assert fault.value.field == "one_store"
    pilot = started(chain, improvement=2, everywhere=True)
    assert ([store.key for store in pilot.trying], pilot.others) == (["s3"], ())
    run_on(chain, pilot, 5, gain=3)
    found = result(chain)
    assert (found.verdict, found.cautions, found.change.value) == (None, ("everywhere",), pytest.approx(30, abs=8))


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"improvement": 9}, "there is no improvement 9"),
        ({"start_week": "2025-10-20"}, "is not an ISO week"),
        ({"start_week": ""}, "is not an ISO week"),
        ({"start_week": "2025-W40"}, "stores are drawn before they start: 2025-W41 or later"),
        ({"start_week": "2027-W01"}, "more than a year away"),
        ({"start_week": "0001-W01", "everywhere": True}, "more than five years ago"),
        ({"weeks": 0}, "a pilot runs 1 to 52 weeks, not 0"),
        ({"weeks": -3}, "does it end before it starts"),
        ({"expected": 0.0}, "above 0"),
        ({"expected": float("nan")}, "above 0"),
        ({"metric": "money"}, "nps or theme, not 'money'"),
        ({"stores": ("s0",)}, "0 of 1 stores can't try"),
        ({"stores": ("s0", "s1", "s2")}, "1 of 3 stores can't try: at least 2 try and 2 are compared with"),
        ({"trying": 9}, "9 of 10 stores can't try"),
        ({"picked": ("s0",)}, "1 of 10 stores can't try"),
        ({"stores": ("s0", "s1", "s2", "s0")}, "a store is named twice"),
        ({"stores": ("s0", "s1", "s2", "kobe")}, "no store has the key 'kobe'"),
        ({"picked": ("s0", "kobe")}, "no store has the key 'kobe'"),
    ],
)
def test_what_cannot_be_a_pilot_is_refused_by_name(few_weeks, asked, fault):
    with pytest.raises(InputError, match=re.escape(fault)):
        planned(few_weeks, **asked)


@pytest.fixture
def few_weeks(sqlite):
    fill_stores(sqlite, weeks=8)
    return sqlite


def test_without_a_past_a_silent_store_or_a_theme_there_is_no_pilot(sqlite):
    fill_stores(sqlite, weeks=7)
    with pytest.raises(PilotError, match="8 analysed weeks, not 7"):
        planned(sqlite)
    with sqlite.session() as session:
        session.add(Store(key="new", name="新店"))
        add_improvement(session, Details("あいさつ"), "本部", NOW)
        move_improvement(session, 1, "dropped", "本部", NOW)
    with pytest.raises(PilotError, match="improvement 2 has no theme"):
        planned(sqlite, improvement=2, metric="theme")
    with pytest.raises(PilotError, match="improvement 1 is dropped"):
        planned(sqlite)


def test_a_store_that_never_answered_is_left_out_unless_it_was_named(few_weeks):
    with few_weeks.session() as session:
        session.add(Store(key="new", name="新店"))
    assert len(planned(few_weeks).stores) == 10
    with pytest.raises(PilotError, match="nothing to compare: new"):
        planned(few_weeks, stores=("s0", "s1", "s2", "s3", "new"))


def test_a_pilot_is_seen_by_those_who_see_all_its_stores(few_weeks):
    started(few_weeks, stores=("s0", "s1", "s2", "s3"))
    with few_weeks.reading() as session:
        found, mine = pilots(session), stores(session)
        assert visible_pilots(found, mine[:4]) == found
        assert visible_pilots(found, mine[:3]) == ()
        with pytest.raises(PilotError, match="there is no pilot 2"):
            find_pilot(session, 2)


def test_a_start_that_fails_leaves_nothing(few_weeks):
    plan = planned(few_weeks, weeks=4)
    endless = planned(few_weeks, stores=("s0", "s1", "s2", "s3"))
    with few_weeks.session() as session:
        with pytest.raises(PilotError, match="no time up to a year is enough"):
            start_pilot(session, endless, "本部", NOW)
        move_improvement(session, 1, "dropped", "店長", NOW)
        # the plan was made before that
        with pytest.raises(PilotError, match="improvement 1 is dropped"):
            start_pilot(session, plan, "本部", NOW)
        assert pilots(session) == ()
        assert find_improvement(session, 1).state == "dropped"
