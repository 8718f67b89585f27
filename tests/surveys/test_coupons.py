import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from factories import NOW, TOKYO, make_place, make_submission, make_survey
from sqlalchemy import func, select

from surveys.coupons import (
    CouponRefusedError,
    CouponState,
    coupon_of,
    coupon_totals,
    coupons_are_gone,
    find_coupon,
    issue_coupon,
    redeem_coupon,
)
from surveys.offers import CouponOffer
from surveys.responses import Outcome, record
from surveys.tables import Coupon, Response, Survey

OFFER = CouponOffer(text={"ja": "コーヒー1杯", "en": "One coffee"}, days=30)
TEN = CouponOffer(text=OFFER.text, days=30, limit=10)
WRITTEN = re.compile(r"([2-9B-DF-HJKMNP-TV-Z]{3}-){2}[2-9B-DF-HJKMNP-TV-Z]{3}")


@pytest.fixture
def place(database):
    make_survey(database)
    return make_place(database)


def survey_id(session):
    return session.scalars(select(Survey.id).where(Survey.key == "store")).one()


def answer(database, place, external_id="r-1", offer=OFFER, now=NOW, **changes):
    """Store a response as the page does, its coupon in the same transaction; what the customer is given."""
    with database.session() as session:
        submission = make_submission(place, external_id, survey_id=survey_id(session), **changes)
        recorded = record(session, submission, now, TOKYO)
        if recorded.outcome is Outcome.ADDED:
            issue_coupon(session, external_id, offer, now, TOKYO)
        return coupon_of(session, external_id)


def redeem(database, code, who="佐藤", now=NOW):
    with database.session() as session:
        return redeem_coupon(session, code, who, now, TOKYO)


def refused(database, code, now=NOW):
    with pytest.raises(CouponRefusedError) as refusal:
        redeem(database, code, "鈴木", now)
    return str(refusal.value), refusal.value.coupon


def at_once(count, work):
    """Let `count` threads begin together; what each returned or raised."""
    barrier = Barrier(count)

    def begin(number):
        barrier.wait()
        try:
            return work(number)
        except CouponRefusedError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def test_a_response_is_given_a_coupon_that_says_what_it_is_good_for_and_until_when(database, place):
    coupon = answer(database, place)
    assert WRITTEN.fullmatch(coupon.code)
    assert (coupon.wording, coupon.survey_key, coupon.issued_at) == (OFFER.text, "store", NOW)
    assert coupon.valid_until == datetime(2025, 11, 2, 15, 0, tzinfo=UTC)
    assert coupon.last_day(TOKYO) == date(2025, 11, 2)
    assert (coupon.redeemed_at, coupon.redeemed_by, coupon.state(NOW)) == (None, None, CouponState.GOOD)


def test_the_same_response_again_keeps_its_coupon(database, place):
    first = answer(database, place)
    again = answer(database, place, now=NOW + timedelta(days=3))
    with database.session() as session:
        issue_coupon(session, "r-1", OFFER, NOW, TOKYO)
        assert session.scalar(select(Survey.coupons_issued)) == 1
    assert again == first


def test_a_coupon_keeps_what_was_promised_when_the_offer_changes(sqlite):
    make_survey(sqlite)
    promised = answer(sqlite, make_place(sqlite))
    make_survey(sqlite, coupon={"text": "お茶1杯", "days": 1})
    with sqlite.reading() as session:
        assert find_coupon(session, promised.code) == promised


@pytest.mark.parametrize("answers", [{"score": 0}, {"score": 10}, {"score": None, "comments": {}}])
def test_what_was_answered_plays_no_part(sqlite, answers):
    make_survey(sqlite)
    assert answer(sqlite, make_place(sqlite), **answers) is not None


def test_a_response_that_is_not_stored_takes_no_coupon(database, place):
    with pytest.raises(ZeroDivisionError), database.session() as session:
        record(session, make_submission(place, survey_id=survey_id(session)), NOW, TOKYO)
        issue_coupon(session, "r-1", OFFER, NOW, TOKYO)
        _ = 1 / 0
    with database.reading() as session:
        assert session.scalar(select(Survey.coupons_issued)) == 0
        assert session.scalar(select(func.count()).select_from(Coupon)) == 0


def test_of_many_customers_at_once_as_many_get_a_coupon_as_there_are(database, place):
    given = at_once(24, lambda number: answer(database, place, f"r-{number}", TEN))
    codes = [coupon.code for coupon in given if coupon]
    assert (len(codes), len(set(codes))) == (10, 10)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 24
        assert session.scalar(select(Survey.coupons_issued)) == 10
        assert coupons_are_gone(session, "store", TEN)
        assert not coupons_are_gone(session, "store", OFFER)


def test_one_form_that_is_sent_many_times_at_once_gets_one_coupon(database, place):
    given = at_once(12, lambda _: answer(database, place))
    assert len({coupon.code for coupon in given}) == 1
    with database.reading() as session:
        assert session.scalar(select(Survey.coupons_issued)) == 1


def test_a_raised_limit_gives_more_and_a_lowered_one_takes_none_back(sqlite):
    make_survey(sqlite)
    place = make_place(sqlite)
    two, three, one = (OFFER.model_copy(update={"limit": limit}) for limit in (2, 3, 1))
    given = [answer(sqlite, place, f"r-{number}", two) is not None for number in range(3)]
    given.append(answer(sqlite, place, "r-3", three) is not None)
    given.append(answer(sqlite, place, "r-4", one) is not None)
    assert given == [True, True, False, True, False]
    with sqlite.reading() as session:
        assert coupons_are_gone(session, "store", one)


def test_a_coupon_is_redeemed_once_and_says_by_whom(database, place):
    code = answer(database, place).code
    taken = redeem(database, code)
    assert (taken.redeemed_by, taken.redeemed_at, taken.state(NOW)) == ("佐藤", NOW, CouponState.USED)
    assert taken.state(NOW + timedelta(days=99)) is CouponState.USED
    message, coupon = refused(database, code, NOW + timedelta(hours=1))
    assert message == f"coupon {code} was used already: 2025-10-03 12:00 by 佐藤"
    assert coupon == taken


def test_of_two_people_at_once_one_redeems(database, place):
    code = answer(database, place).code
    ends = at_once(8, lambda number: redeem(database, code, f"店員{number}"))
    (winner,) = [end for end in ends if not isinstance(end, CouponRefusedError)]
    assert [end.coupon for end in ends if isinstance(end, CouponRefusedError)] == [winner] * 7
    with database.reading() as session:
        assert find_coupon(session, code) == winner


def test_a_coupon_is_taken_until_the_end_of_its_last_day(sqlite):
    make_survey(sqlite)
    place = make_place(sqlite)
    midnight = datetime(2025, 11, 2, 15, 0, tzinfo=UTC)
    late, in_time = (answer(sqlite, place, name).code for name in ("late", "in-time"))
    assert refused(sqlite, late, midnight)[0] == f"coupon {late} has expired: 2025-11-02 was its last day"
    assert redeem(sqlite, in_time, now=midnight - timedelta(seconds=1)).redeemed_by == "佐藤"


def test_a_coupon_of_the_day_ends_at_midnight(sqlite):
    make_survey(sqlite)
    coupon = answer(sqlite, make_place(sqlite), offer=OFFER.model_copy(update={"days": 0}))
    assert coupon.last_day(TOKYO) == date(2025, 10, 3)


def test_an_unknown_code_is_refused(sqlite):
    assert refused(sqlite, "K7QM-2XPD") == ("no coupon has the code 'K7QM-2XPD'", None)


@pytest.mark.parametrize(
    "typed",
    [
        str,
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: f"  {code.replace('-', ' ー ')}\n",
        lambda code: f"クーポン: {code}",
        lambda code: "".join(chr(ord(sign) + 0xFEE0) for sign in code),
    ],
)
def test_a_code_is_found_however_it_is_typed(sqlite, typed):
    make_survey(sqlite)
    coupon = answer(sqlite, make_place(sqlite))
    with sqlite.reading() as session:
        assert find_coupon(session, typed(coupon.code)) == coupon


@pytest.mark.parametrize("typed", ["", "-", "\x00", "K7Q" * 10_000, "😀"])
def test_what_is_no_code_is_unknown(sqlite, typed):
    with sqlite.reading() as session:
        assert find_coupon(session, typed) is None


def test_a_coupon_outlives_its_response(database, place):
    coupon = answer(database, place)
    with database.session() as session:
        session.delete(session.scalars(select(Response)).one())
    with database.reading() as session:
        assert find_coupon(session, coupon.code) == coupon


def test_issued_and_redeemed_are_counted_for_each_survey(database, place):
    make_survey(database, coupon=TEN.model_dump())
    make_survey(database, key="second", title="もう一つ")
    redeem(database, answer(database, place, "r-1").code)
    answer(database, place, "r-2")
    with database.reading() as session:
        (counted,) = coupon_totals(session)
    assert (counted.survey_key, counted.offer, counted.issued, counted.redeemed) == ("store", TEN, 2, 1)


def test_coupons_of_an_offer_that_has_ended_are_still_counted(sqlite):
    make_survey(sqlite)
    answer(sqlite, make_place(sqlite))
    with sqlite.reading() as session:
        (counted,) = coupon_totals(session)
    assert (counted.offer, counted.issued, counted.redeemed) == (None, 1, 0)
