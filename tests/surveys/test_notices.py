from datetime import timedelta

import pytest
from factories import NOW

from surveys.errors import InputError
from surveys.notices import LONGEST, NewNotice, NoticeError, latest_notices, notices, publish_notice, withdraw_notice
from surveys.places import create_store

QUEUE = NewNotice({"ja": "レジに並ぶ場所が分からない"}, {"ja": "床に目印をつけました。", "en": "We marked the floor."})


@pytest.fixture
def stores(database):
    with database.session() as session:
        return {key: create_store(session, key, name).id for key, name in (("ginza", "銀座店"), ("ueno", "上野店"))}


def publish(database, heard="列が長い", days=0, **changes):
    new = NewNotice({"ja": heard}, {"ja": "直しました。"}, **changes)
    with database.session() as session:
        return publish_notice(session, new, "佐藤", NOW + timedelta(days=days)).id


def shown(database, store_id):
    with database.reading() as session:
        return [notice.heard["ja"] for notice in latest_notices(session, store_id)]


def test_a_notice_is_kept_as_it_was_written_with_who_and_when(database, stores):
    with database.session() as session:
        new = NewNotice({"ja": " 列が長い\r\n", "en": ""}, QUEUE.done, "ginza", "queue", 13)
        made = publish_notice(session, new, "佐藤", NOW)
        (found,) = notices(session)
    assert made == found
    assert (found.heard, found.done, found.theme, found.mentions) == ({"ja": "列が長い"}, QUEUE.done, "queue", 13)
    assert (found.store_id, found.store_key, found.store_name) == (stores["ginza"], "ginza", "銀座店")
    assert (found.published_at, found.published_by, found.is_published) == (NOW, "佐藤", True)


def test_a_customer_is_shown_the_three_newest_of_the_store_and_of_the_chain(database, stores):
    for day, (heard, store) in enumerate([("古い", None), ("全店", None), ("上野", "ueno"), ("銀座", "ginza")]):
        publish(database, heard, day, store_key=store)
    publish(database, "全店の新しい話", 5)
    assert shown(database, stores["ginza"]) == ["全店の新しい話", "銀座", "全店"]
    assert shown(database, stores["ueno"]) == ["全店の新しい話", "上野", "全店"]


def test_a_withdrawn_notice_is_shown_to_no_customer_and_stays_on_record(database, stores):
    number = publish(database)
    with database.session() as session:
        first = withdraw_notice(session, number, "鈴木", NOW)
        again = withdraw_notice(session, number, "高橋", NOW + timedelta(days=1))
        listed = notices(session)
    assert shown(database, stores["ginza"]) == []
    assert (first.withdrawn_by, first.withdrawn_at, first.is_published) == ("鈴木", NOW, False)
    assert (again, listed) == (first, (first,))


def test_a_list_for_some_stores_holds_theirs_and_those_of_the_chain(database, stores):
    for heard, store in (("全店", None), ("上野", "ueno"), ("銀座", "ginza")):
        publish(database, heard, store_key=store)
    with database.reading() as session:
        assert [each.heard["ja"] for each in notices(session, [stores["ueno"]])] == ["上野", "全店"]
        assert [each.heard["ja"] for each in notices(session, [])] == ["全店"]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"heard": {"ja": "  "}}, "heard", "heard: the text is missing"),
        ({"done": {}}, "done", "done: the text is missing"),
        ({"done": {"ja": "あ" * (LONGEST + 1)}}, "done", "done: 301 characters are too long; 300 at most"),
        ({"heard": {"ja": "あ\x00"}}, "heard", "heard: the text holds control characters"),
        ({"heard": {"de": "Schlange"}}, "heard", "heard: 'de' is no language of the pages"),
        ({"store_key": "kobe"}, "store", "no store has the key 'kobe'; see: koebako store list"),
        ({"theme": "x" * 101}, "theme", "a theme's id has 1 to 100 characters"),
        ({"mentions": 0}, "mentions", "0 is no number of mentions; write 1 or more, or leave it out"),
        ({"mentions": 2**31}, "mentions", f"{2**31} is no number of mentions; write 1 or more, or leave it out"),
    ],
)
def test_what_cannot_be_published_is_refused_with_the_reason(sqlite, changes, field, message):
    values = {"heard": QUEUE.heard, "done": QUEUE.done} | changes
    with pytest.raises(NoticeError) as refusal, sqlite.session() as session:
        publish_notice(session, NewNotice(**values), "佐藤", NOW)
    assert (refusal.value.field, str(refusal.value)) == (field, message)
    with sqlite.reading() as session:
        assert notices(session) == ()


@pytest.mark.usefixtures("stores")
def test_a_form_that_is_sent_twice_publishes_once(database):
    number = publish(database, store_key="ginza")
    with pytest.raises(NoticeError, match=f"notice {number} says the same already"):
        publish(database, store_key="ginza")
    publish(database)
    publish(database, store_key="ueno")
    with database.session() as session:
        withdraw_notice(session, number, "佐藤", NOW)
    publish(database, store_key="ginza")
    with database.reading() as session:
        assert len(notices(session)) == 4


@pytest.mark.parametrize("number", [0, 7, 2**70])
def test_a_notice_that_does_not_exist_is_not_withdrawn(sqlite, number):
    with pytest.raises(InputError, match=f"there is no notice {number}; see"), sqlite.session() as session:
        withdraw_notice(session, number, "佐藤", NOW)
