import re
import time
from urllib.parse import urlencode

import pytest
from customers import ANSWERS, FORM, REASON, client_of, send, stored
from factories import SECRET_KEY, make_entry, sealed
from limits import RateLimitItemPerMinute

from surveys.errors import InputError
from surveys.limits import Limiter, client_hash

HERE = {"environ_base": {"REMOTE_ADDR": "203.0.113.7"}}
TWO = RateLimitItemPerMinute(2)


def forwarded(*addresses):
    return {"headers": {"X-Forwarded-For": ", ".join(addresses)}, "environ_base": {"REMOTE_ADDR": "10.0.0.1"}}


@pytest.fixture
def shop(sqlite):
    return sqlite, client_of(sqlite, answers_per_minute=2), make_entry(sqlite)


def test_over_the_limit_an_answer_is_held_and_can_be_sent_later(shop):
    database, client, code = shop
    answers = [send(client, code, ANSWERS | {"text-reason": f"{REASON}{n}"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert (REASON in answers[2].text, answers[2].headers["Cache-Control"]) == (True, "no-store")
    assert len(stored(database)) == 2
    fields = [*re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answers[2].text), ("text-reason", REASON)]
    elsewhere = {"environ_base": {"REMOTE_ADDR": "203.0.113.8"}}
    later = client.post(f"/s/{code}", data=urlencode(fields), content_type=FORM, **elsewhere)
    assert (later.status_code, len(stored(database))) == (303, 3)


def test_pages_are_opened_five_times_as_often_as_answers_are_sent(shop):
    _, client, code = shop
    pages = [client.get(f"/s/{code}") for _ in range(11)]
    assert [page.status_code for page in pages] == [200] * 10 + [429]
    assert "Retry-After" in pages[-1].headers
    style = re.search(r'href="([^"]+\.css[^"]*)"', pages[0].text)[1]
    assert {client.get(style).status_code for _ in range(12)} == {200}


def test_the_limit_can_be_turned_off(sqlite):
    code = make_entry(sqlite)
    client = client_of(sqlite, answers_per_minute=0)
    assert {client.get(f"/s/{code}").status_code for _ in range(30)} == {200}


@pytest.mark.parametrize(
    ("proxies", "first", "second", "apart"),
    [
        (0, forwarded("203.0.113.1"), forwarded("203.0.113.2"), False),
        (1, forwarded("203.0.113.1"), forwarded("203.0.113.2"), True),
        (1, forwarded("1.1.1.1", "203.0.113.1"), forwarded("2.2.2.2", "203.0.113.1"), False),
        (2, forwarded("203.0.113.1", "10.0.0.2"), forwarded("203.0.113.2", "10.0.0.2"), True),
        # fewer addresses than proxies: somebody came past one of them, and the header is not believed
        (2, forwarded("203.0.113.1"), forwarded("203.0.113.2"), False),
    ],
)
def test_the_clients_address_is_what_trusted_proxies_say(sqlite, proxies, first, second, apart):
    code = make_entry(sqlite)
    client = client_of(sqlite, answers_per_minute=1, trusted_proxies=proxies)
    seal = sealed(client.get(f"/s/{code}").text)
    statuses = [client.post(f"/s/{code}", data=ANSWERS | {"seal": seal}, **who).status_code for who in (first, second)]
    assert statuses == [303, 303 if apart else 429]


def test_a_client_is_known_by_a_hash_that_changes_within_the_hour():
    begun = 1_760_000_400  # a whole hour
    now = client_hash(SECRET_KEY, "203.0.113.7", begun)
    assert now == client_hash(SECRET_KEY, "203.0.113.7", begun + 3599)
    others = [
        client_hash(SECRET_KEY, "203.0.113.7", begun + 3600),
        client_hash(SECRET_KEY, "203.0.113.8", begun),
        client_hash("another secret", "203.0.113.7", begun),
    ]
    assert len({now, *others}) == 4


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("", "unix:", False),
    ],
)
def test_the_devices_of_one_network_are_one_client(one, other, same):
    now = time.time()
    assert (client_hash(SECRET_KEY, one, now) == client_hash(SECRET_KEY, other, now)) is same


def test_what_is_counted_holds_no_address():
    limiter = Limiter(SECRET_KEY)
    assert [bool(limiter.wait(TWO, "send", "203.0.113.7")) for _ in range(3)] == [False, False, True]
    assert limiter.is_over(TWO, "send", "203.0.113.7")
    assert not limiter.is_over(TWO, "look", "203.0.113.7")
    assert "203.0.113.7" not in str(limiter._memory.storage.storage)


def test_while_redis_is_away_each_process_counts_for_itself():
    limiter = Limiter(SECRET_KEY, "redis://127.0.0.1:1/0")
    began = time.monotonic()
    assert [bool(limiter.wait(TWO, "send", "203.0.113.7")) for _ in range(3)] == [False, False, True]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("url", ["nonsense", "memcached://x", "redis://[bad"])
def test_a_storage_that_cannot_be_used_is_refused_by_name(url):
    with pytest.raises(InputError, match="KOEBAKO_REDIS_URL cannot be used"):
        Limiter(SECRET_KEY, url)
