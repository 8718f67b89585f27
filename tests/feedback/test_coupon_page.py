"""Coupons at the till: what staff see of a code, and that each is taken once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from factories import TOKYO, make_survey
from sqlalchemy import select, update
from staff_site import fill_chain, signed_in
from stored_rows import stored_response

from feedback.tables import AuditEntry
from surveys.coupons import issue_coupon
from surveys.offers import CouponOffer
from surveys.tables import Coupon, Store, Survey

OFFER = CouponOffer(text={"ja": "コーヒー1杯", "en": "One coffee"}, days=30, limit=5)


def offer(database):
    fill_chain(database)
    make_survey(database, coupon=OFFER.model_dump())
    return database


@pytest.fixture
def chain(sqlite):
    return offer(sqlite)


@pytest.fixture
def manager(config, chain):
    return signed_in(config, chain, "銀座店長", "manager", store="ginza")


def issue(database, external_id="c-1"):
    """A coupon of one more answer; its code."""
    with database.session() as session:
        store = session.scalars(select(Store).where(Store.key == "ueno")).one()
        stored_response(session, external_id, store, survey_id=session.scalars(select(Survey.id)).one())
        return issue_coupon(session, external_id, OFFER, datetime.now(UTC), TOKYO).code


def take(visitor, code):
    return visitor.post("/staff/coupons", form_from="/staff/coupons", code=code)


def trail(database):
    with database.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == "coupon redeemed"))
        return [(row.who, row.subject) for row in rows]


def test_a_code_is_looked_up_as_typed_taken_once_and_left_in_the_trail(manager, chain):
    code = issue(chain)
    found = manager.page(f"/staff/coupons?code={code.lower().replace('-', '+')}")
    assert ("使えます" in found, "コーヒー1杯" in found, code in found) == (True, True, True)
    answer = take(manager, code)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/staff/coupons?code={code}&done=1")
    done = manager.page(answer.headers["Location"])
    assert "使用済みにしました" in done
    assert "使用済みにする</button>" not in done
    assert trail(chain) == [("銀座店長", code)]


def test_who_comes_second_is_told_when_it_was_used_and_by_whom(config, chain, manager):
    code = issue(chain)
    take(manager, code)
    second = take(signed_in(config, chain, "本部", "admin"), code)
    assert second.status_code == 409
    assert "すでに使われています" in second.text
    assert f"{datetime.now(TOKYO):%Y-%m-%d}" in second.text
    assert "銀座店長" in second.text
    assert trail(chain) == [("銀座店長", code)]


def test_of_two_tills_at_once_one_takes_it(config, database):
    code = issue(offer(database))
    tills = [signed_in(config, database, f"店員{number}", "manager") for number in range(2)]
    tokens = [till.page("/staff/coupons").split('name="form_token" value="')[1].split('"')[0] for till in tills]
    barrier = Barrier(2)

    def press(number):
        barrier.wait()
        return tills[number].client.post("/staff/coupons", data={"form_token": tokens[number], "code": code})

    with ThreadPoolExecutor(2) as pool:
        ends = [answer.status_code for answer in pool.map(press, range(2))]
    assert sorted(ends) == [303, 409]
    assert trail(database) == [(f"店員{ends.index(303)}", code)]


def test_an_expired_and_an_unknown_code_say_so_and_take_nothing(manager, chain):
    code = issue(chain)
    with chain.session() as session:
        session.execute(update(Coupon).values(valid_until=datetime.now(UTC) - timedelta(days=2)))
    expired, unknown = take(manager, code), take(manager, "K7QM-2XPD-9RT0")
    assert (expired.status_code, "有効期限が切れています" in expired.text) == (409, True)
    assert (unknown.status_code, "「K7QM-2XPD-9RT0」というクーポンは見つかりません" in unknown.text) == (404, True)
    assert "使用済みにする</button>" not in expired.text + unknown.text
    assert trail(chain) == []


@pytest.mark.parametrize("typed", ["%00", "x" * 3000, "<script>alert(1)</script>"])
def test_whatever_is_typed_the_page_stands(config, sqlite, typed):
    fill_chain(sqlite)
    page = signed_in(config, sqlite, "本部", "manager").get(f"/staff/coupons?code={typed}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_issued_and_used_and_left_are_counted(manager, chain):
    take(manager, issue(chain, "c-1"))
    issue(chain, "c-2")
    page = manager.page("/staff/coupons")
    assert '<td>コーヒー1杯</td><td class="n">2</td><td class="n">1</td><td class="n">3</td>' in page


def test_without_a_coupon_the_page_says_how_to_offer_one(config, sqlite):
    fill_chain(sqlite)
    assert "アンケートの設定に coupon を書くと" in signed_in(config, sqlite, "本部", "manager").page("/staff/coupons")


def test_who_only_reads_takes_no_coupon(config, chain):
    code = issue(chain)
    viewer = signed_in(config, chain, "見る人", "viewer")
    sent = viewer.post("/staff/coupons", form_from="/staff/password", code=code)
    assert (viewer.get("/staff/coupons").status_code, sent.status_code) == (403, 403)
    assert trail(chain) == []


def test_a_coupon_leads_to_no_answer(manager, chain):
    code = issue(chain, "secret-answer")
    page = manager.page(f"/staff/coupons?code={code}")
    assert [word for word in ("secret-answer", "上野店", "comment") if word in page] == []
