"""Loyalty by promoter class, against published and hand-computed figures."""

import random
from datetime import timedelta

import pytest
from factories import MEMBERS, NOW, TOKYO, make_place, make_submission

from analysis.figures.loyalty import Loyalty, MemberHistory, loyalty, promoter_class
from analysis.loyalty import members_loyalty
from analysis.results import Estimate
from surveys.members import keep_member
from surveys.places import create_store
from surveys.purchases import Bought, add_purchases
from surveys.responses import record

NOTHING = Estimate(None)
BACK = (6, 6, 6, 7, 10, 13, 16, 22, 23)
STILL_AWAY = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)


def remission(times: int = 5) -> list[MemberHistory]:
    """Freireich's 21 patients under 6-MP (weeks of remission), as members; days are weeks times five."""
    back = [MemberHistory(10, 40 * times, ((week * times, 1.0),)) for week in BACK]
    return back + [MemberHistory(10, week * times, ()) for week in STILL_AWAY]


def test_the_curve_is_kaplan_and_meiers_with_greenwoods_interval():
    """Freireich 1963; the intervals are those of R's survfit(conf.type = "log-log")."""
    found = loyalty(remission(), 180).classes[0]
    within_30, within_60, _, within_120, *_ = found.returned
    assert within_30.value == pytest.approx(1 - 0.857, abs=5e-4)
    assert (within_30.low, within_30.high) == pytest.approx((1 - 0.952, 1 - 0.620), abs=5e-4)
    assert within_60.value == pytest.approx(1 - 0.753, abs=5e-4)
    assert within_120.value == pytest.approx(1 - 0.448, abs=5e-4)
    assert (within_120.low, within_120.high) == pytest.approx((1 - 0.680, 1 - 0.188), abs=5e-4)


def member(score: int, *purchases: tuple[int, float], followed: int = 200) -> MemberHistory:
    return MemberHistory(score, followed, purchases)


def test_repeat_rate_and_value_are_those_of_members_followed_for_the_whole_horizon():
    promoters = [member(9, (10, 100.0), (60, 300.0), (61, 9999.0))] * 6 + [member(10)] * 4
    detractors = [member(0, (61, 100.0))] * 9 + [member(6, (1, 50.0))]
    too_short = [member(9, (1, 5000.0), followed=59)] * 5
    found = loyalty([*promoters, *detractors, *too_short], 60)
    first, passive, last = found.classes
    assert (first.name, first.members, first.followed) == ("promoter", 15, 10)
    assert (first.repeat_rate.value, last.repeat_rate.value) == (0.6, 0.1)
    assert (first.repeat_rate.low, first.repeat_rate.high) == pytest.approx((0.3127, 0.8318), abs=5e-5)  # Wilson
    assert (first.value.value, last.value.value) == (240, 5)
    assert 0 < first.value.low < 240 < first.value.high <= 400
    assert (passive.members, passive.repeat_rate, passive.value) == (0, NOTHING, NOTHING)
    assert found.difference.value == pytest.approx(0.5)
    assert found.difference.low == pytest.approx(0.0816, abs=5e-5)  # Newcombe's, by hand from both Wilson intervals


def test_nothing_is_told_of_under_ten_members_and_equal_amounts_have_no_interval():
    few = loyalty([member(9, (1, 10.0))] * 9, 60).classes[0]
    assert (few.members, few.repeat_rate, few.value, few.returned) == (9, NOTHING, NOTHING, (NOTHING, NOTHING))
    equal = loyalty([member(9, (1, 10.0))] * 10, 60).classes[0]
    assert equal.value == Estimate(10)
    assert equal.returned[0] == equal.repeat_rate == Estimate(1, pytest.approx(0.7225, abs=5e-5), 1)
    away = loyalty([member(9)] * 10, 60).classes[0]
    assert away.returned[1] == Estimate(0, 0, pytest.approx(0.2775, abs=5e-5))
    gone = loyalty([member(9, followed=40)] * 10, 60).classes[0]
    assert gone.returned == (Estimate(0, 0, pytest.approx(0.2775, abs=5e-5)), NOTHING)


def test_the_order_of_members_changes_nothing_and_a_horizon_has_a_month():
    chance = random.Random(3)
    members = [member(10, (chance.randrange(1, 90), chance.lognormvariate(7, 1))) for _ in range(40)]
    found = loyalty(members, 90)
    chance.shuffle(members)
    assert loyalty(members, 90) == found
    with pytest.raises(ValueError, match="at least 30 days"):
        loyalty(members, 29)
    assert [promoter_class(score) for score in (0, 6, 7, 8, 9, 10)] == [
        "detractor", "detractor", "passive", "passive", "promoter", "promoter",
    ]  # fmt: skip
    assert loyalty([], 60) == Loyalty(60, loyalty([], 60).classes, NOTHING)


def test_a_member_counts_by_the_first_answer_and_purchases_after_its_day(database):
    ginza = make_place(database)
    with database.session() as session:
        ueno = create_store(session, "ueno", "上野店").id
        assert members_loyalty(session, 30, TOKYO) is None
        for number in range(10):
            first, later = (f"r-{number}", 9, 0), (f"s-{number}", 0, 5)
            for name, score, days in (later, first):
                sent = make_submission(ginza, name, score=score, answered_at=NOW + timedelta(days=days))
                record(session, sent, NOW, TOKYO)
                keep_member(session, name, f"m{number}", MEMBERS, NOW)
            digest, today = MEMBERS.digest(f"m{number}"), NOW.astimezone(TOKYO).date()
            days = (-1, 0, 10, 40) if number < 5 else (0,)
            add_purchases(session, [Bought(f"{number}/{d}", digest, ueno, today + timedelta(d), 50_000) for d in days])
        found = members_loyalty(session, 30, TOKYO)
        here, elsewhere = (members_loyalty(session, 30, TOKYO, {place}) for place in (ginza.store_id, ueno))
    promoters = found.loyalty.classes[0]
    assert [each.members for each in found.loyalty.classes] == [10, 0, 0]
    assert (promoters.followed, promoters.repeat_rate.value, promoters.value.value) == (10, 0.5, 250)
    assert here == found
    assert [each.members for each in elsewhere.loyalty.classes] == [0, 0, 0]
    assert (found.first_day, found.last_day, found.earlier) == (today - timedelta(1), today + timedelta(40), 0)


def test_who_answered_before_the_first_known_purchase_is_left_out(database):
    ginza = make_place(database)
    today = NOW.astimezone(TOKYO).date()
    with database.session() as session:
        for number in range(12):
            sent = make_submission(ginza, f"r-{number}", answered_at=NOW - timedelta(days=number))
            record(session, sent, NOW, TOKYO)
            keep_member(session, f"r-{number}", f"m{number}", MEMBERS, NOW)
        for days in (-1, 40):
            bought = Bought(f"{days}", MEMBERS.digest("m2"), ginza.store_id, today + timedelta(days), 100)
            add_purchases(session, [bought])
        found = members_loyalty(session, 30, TOKYO)
    assert (found.loyalty.classes[0].members, found.earlier) == (3, 9)
