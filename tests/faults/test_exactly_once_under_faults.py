"""Every acknowledged answer is stored exactly once, whatever breaks."""

import random

import pytest
from effort import examples
from factories import make_entry
from lossy_proxy import lossy_proxy
from server_process import Crowd, Server, assert_each_stored_once
from sqlalchemy import text

CUSTOMERS = 6
SETTINGS = "organisation: {name: みなと商店}\nsurveys: {answers_per_minute: 0}\n"


@pytest.fixture
def server(tmp_path, database_url):
    started = Server(tmp_path, database_url, SETTINGS)
    yield started
    started.kill()


def test_a_server_killed_under_load_has_every_acknowledged_answer_once(server, database):
    code = make_entry(database)
    server.start()
    crowd = Crowd(lambda: server.port, code, server.form_seal(code))
    crowd.begin(CUSTOMERS)
    dice, kills = random.Random(7), min(30, examples(2))
    for _ in range(kills):
        crowd.wait_for(len(crowd.acknowledged) + dice.randrange(5, 60))
        server.kill()
        server.start()
    crowd.wait_for(len(crowd.acknowledged) + 20)
    crowd.end()
    assert crowd.tries >= len(crowd.acknowledged) + kills
    assert crowd.refused == []
    assert_each_stored_once(database, crowd.acknowledged)


def test_an_answer_whose_reply_is_lost_is_stored_once(server, database):
    code = make_entry(database)
    server.start()
    with lossy_proxy(server.port, 0.5) as proxy:
        crowd = Crowd(lambda: proxy.server_address[1], code, server.form_seal(code))
        crowd.begin(CUSTOMERS)
        crowd.wait_for(examples(40))
        crowd.end()
        assert proxy.lost > 10
        assert crowd.tries == len(crowd.acknowledged) + proxy.lost
    assert crowd.refused == []
    assert_each_stored_once(database, crowd.acknowledged)


def test_every_connection_waits_for_the_disk(database):
    """A kill does not test the disk, so what makes a commit durable is looked at on several connections at once."""
    with database.session() as one, database.reading() as two, database.reading() as three:
        for session in (one, two, three):
            if session.get_bind().dialect.name == "sqlite":
                assert session.scalar(text("PRAGMA synchronous")) == 2
                assert session.scalar(text("PRAGMA journal_mode")) == "wal"
            else:
                # `fsync` is the server's alone
                assert session.scalar(text("SHOW synchronous_commit")) == "on"
