"""The page of thanks: what is on it for whom, and that nothing of it depends on what was answered."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from customers import ANSWERS, client_of, seen
from factories import TOKYO, make_entry, make_survey, sealed
from sqlalchemy import select, update

from surveys.coupons import find_coupon, redeem_coupon
from surveys.held import held_for
from surveys.notices import NewNotice, publish_notice
from surveys.tables import Coupon, Response, Survey

COUPON = {"text": {"ja": "コーヒー1杯", "en": "One coffee"}, "days": 30, "limit": 2}
REVIEW = {"text": "口コミもどうぞ。", "url": "https://reviews.example.jp/x?place=1&lang=ja"}
NUMBER = re.compile(r'<p class="number" translate="no">([^<]+)</p>')
LINK = re.compile(r'<a class="leave"[^>]*>')


def shop(database, **changes):
    """The code of a survey, and a browser."""
    code = make_entry(database, **changes)
    return code, client_of(database)


def answer(client, code, **changes):
    """Fill the form in and send it; the address of the thanks."""
    typed = {"seal": sealed(client.get(f"/s/{code}").text)} | ANSWERS | changes
    sent = client.post(f"/s/{code}", data=typed)
    assert sent.status_code == 303
    return sent.location


def thanks(client, code, **changes):
    return client.get(answer(client, code, **changes)).text


def number_on(page):
    found = NUMBER.search(page)
    return found[1] if found else None


def publish(database, heard="レジが遅い", mentions=None):
    new = NewNotice({"ja": heard}, {"ja": "レジを増やしました。"}, "ginza", mentions=mentions)
    with database.session() as session:
        publish_notice(session, new, "佐藤", datetime.now(UTC))


def test_the_coupon_stands_there_with_its_last_day(database):
    code, client = shop(database, coupon=COUPON)
    page = thanks(client, code)
    with database.reading() as session:
        coupon = find_coupon(session, number_on(page))
        last = coupon.last_day(TOKYO)
    assert (datetime.now(TOKYO).date() + timedelta(days=30)) == last
    assert f"コーヒー1杯 {coupon.code} {last.year}年{last.month}月{last.day}日 まで使えます" in seen(page)
    assert "この画面は閉じてかまいません" not in page


def test_a_reload_a_second_sending_and_a_changed_answer_show_the_same_coupon(database):
    code, client = shop(database, coupon=COUPON)
    typed = {"seal": sealed(client.get(f"/s/{code}").text)} | ANSWERS
    first, again = (client.post(f"/s/{code}", data=typed).location for _ in range(2))
    changed = client.post(f"/s/{code}", data=typed | {"choice-recommend": "1", "change": "1"}).location
    numbers = {number_on(client.get(place).text) for place in (first, first, again, changed)}
    assert len(numbers) == 1
    with database.reading() as session:
        assert session.scalars(select(Coupon.code)).one()
        assert session.scalar(select(Survey.coupons_issued)) == 1


def test_everybody_gets_the_same_thanks_whatever_they_answered(sqlite):
    code, client = shop(sqlite, coupon=COUPON | {"limit": None}, review=REVIEW)
    publish(sqlite)
    given = [{"choice-recommend": "0", "text-reason": "最悪でした。"}, {"choice-recommend": "10", "text-reason": ""}]
    pages = [
        NUMBER.sub("", re.sub(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", "", thanks(client, code, **each))) for each in given
    ]
    own = re.compile(r"receipt=[^&\"]+")
    assert own.sub("", pages[0]) == own.sub("", pages[1])
    assert "https://reviews.example.jp/x" in pages[0]


def test_when_all_coupons_are_gone_it_says_so_and_the_answer_is_stored(sqlite):
    code, client = shop(sqlite, coupon=COUPON)
    pages = [thanks(client, code) for _ in range(3)]
    assert [number_on(page) is not None for page in pages] == [True, True, False]
    gone = "クーポンは、ご用意した枚数をすべてお渡ししました。"
    assert [gone in page for page in pages] == [False, False, True]
    with sqlite.reading() as session:
        assert len(session.scalars(select(Response)).all()) == 3


def test_a_used_and_an_expired_coupon_say_so(sqlite):
    code, client = shop(sqlite, coupon=COUPON)
    used, expired = (answer(client, code) for _ in range(2))
    number = number_on(client.get(used).text)
    with sqlite.session() as session:
        redeem_coupon(session, number, "佐藤", datetime.now(UTC), TOKYO)
        over = datetime.now(UTC) - timedelta(days=1)
        session.execute(update(Coupon).where(Coupon.redeemed_at.is_(None)).values(valid_until=over))
    pages = [client.get(place).text for place in (used, expired)]
    today = datetime.now(TOKYO).date()
    assert f"{number} {today.year}年{today.month}月{today.day}日 に使われました" in seen(pages[0])
    assert "佐藤" not in pages[0]
    assert "で期限が切れました" in seen(pages[1])
    assert ["スタッフにお見せください" in page for page in pages] == [False, False]


def test_without_a_coupon_notices_and_a_review_only_thanks_stand_there(sqlite):
    code, client = shop(sqlite)
    page = thanks(client, code)
    assert [word for word in ("クーポン", "ご意見への対応", "口コミ") if word in page] == []
    assert "この画面は閉じてかまいません" in page


def test_who_comes_without_a_receipt_sees_what_is_for_everyone_and_no_coupon(sqlite):
    code, client = shop(sqlite, coupon=COUPON | {"limit": 1}, review=REVIEW)
    publish(sqlite)
    answer(client, code)
    page = client.get(f"/s/{code}/thanks").text
    assert "クーポン" not in page
    assert "レジを増やしました。" in page
    assert LINK.search(page)


def test_a_switch_of_language_keeps_the_coupon(sqlite):
    code, client = shop(sqlite, coupon=COUPON)
    page = thanks(client, code)
    english = re.search(r'<a href="(\?[^"]*lang=en[^"]*)"', page)[1].replace("&amp;", "&")
    switched = client.get(f"/s/{code}/thanks{english}").text
    assert number_on(switched) == number_on(page)
    assert "One coffee" in switched


def test_the_invitation_leads_to_another_site_says_so_and_tells_it_nothing(sqlite):
    code, client = shop(sqlite, review=REVIEW | {"stores": {"ginza": "https://ginza.example.jp/"}})
    shown = client.get(answer(client, code))
    (link,) = LINK.findall(shown.text)
    assert 'href="https://ginza.example.jp/"' in link
    assert 'rel="noopener noreferrer external"' in link
    assert "ほかのサイト（ginza.example.jp）が新しい画面で開きます。" in shown.text
    assert shown.headers["Referrer-Policy"] == "same-origin"


def test_notices_show_what_was_said_and_done_newest_first_three_at_most(sqlite):
    code, client = shop(sqlite)
    for number in range(4):
        publish(sqlite, f"ご意見その{number}", mentions=number + 1)
    shown = seen(thanks(client, code))
    assert [number for number in range(4) if f"ご意見その{number}" in shown] == [1, 2, 3]
    assert shown.index("ご意見その3") < shown.index("同じご意見 4件") < shown.index("ご意見その2")


def test_a_survey_on_health_shows_how_many_said_it_and_never_what_they_said(sqlite):
    code, client = shop(sqlite, health=True, purpose="健康に関するご回答も、診療をよくするためだけに使います。")
    publish(sqlite, "順番が分からない", mentions=12)
    shown = seen(thanks(client, code))
    assert "同じご意見 12件" in shown
    assert "レジを増やしました。" in shown
    assert "順番が分からない" not in shown


@pytest.mark.parametrize("bad", ["<script>alert(1)</script>", '"><img src=x>'])
def test_what_staff_wrote_cannot_become_a_script(sqlite, bad):
    code, client = shop(sqlite, coupon=COUPON | {"text": bad})
    publish(sqlite, bad)
    assert bad not in thanks(client, code)


def test_a_coupon_that_is_offered_later_is_for_later_answers(sqlite):
    code, client = shop(sqlite)
    place = answer(client, code)
    make_survey(sqlite, coupon=COUPON)
    assert "クーポン" not in client.get(place).text
    assert number_on(thanks(client, code)) is not None


def test_what_is_held_of_an_answer_names_its_coupon_as_the_customer_knows_it(sqlite):
    code, client = shop(sqlite, coupon=COUPON)
    number = number_on(thanks(client, code))
    with sqlite.reading() as session:
        held = held_for(session, session.scalars(select(Response.code_digest)).one(), lambda *_: (), None)
        last_day = find_coupon(session, number).last_day(TOKYO)
    assert (held.coupon.code, held.coupon.wording) == (number, COUPON["text"])
    assert held.coupon.valid_until.astimezone(TOKYO).date() == last_day
