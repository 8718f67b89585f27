"""Pages seen and begun are counted without a write while a customer waits, and without losing a count."""

import time
from threading import Barrier, Thread

import pytest
from customers import client_of
from factories import make_entry, make_place, make_survey
from sqlalchemy import select

import surveys.database
import surveys.tally
from surveys.database import Database
from surveys.errors import DatabaseBusyError
from surveys.reception import EXTENSION
from surveys.tables import FormDay, Survey
from surveys.tally import FormOnDay, Step, Tally
from surveys.web import write_counts

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148"}


def form_of(database: Database, day: str = "2025-10-03") -> FormOnDay:
    place = make_place(database)
    make_survey(database)
    with database.reading() as session:
        return FormOnDay(session.scalars(select(Survey.id)).one(), place.spot_id, day)


def counted(database: Database) -> dict[str, tuple[int, int]]:
    with database.reading() as session:
        return {row.day: (row.seen, row.started) for row in session.scalars(select(FormDay))}


def test_counts_are_added_to_what_stands_there_by_day(database):
    form, tally = form_of(database), Tally()
    for _ in range(3):
        tally.count(database, form, Step.SEEN)
    tally.count(database, form, Step.STARTED)
    assert counted(database) == {}
    tally.write(database)
    tally.count(database, form, Step.SEEN)
    tally.count(database, form._replace(day="2025-10-04"), Step.STARTED)
    tally.write(database)
    tally.write(database)
    assert counted(database) == {"2025-10-03": (4, 1), "2025-10-04": (0, 1)}


def test_two_processes_add_up_whatever_the_order_of_their_counts(database):
    form = form_of(database)
    days = [form._replace(day=f"2025-10-{day:02}") for day in range(1, 20)]
    barrier = Barrier(2)

    def process(forms):
        tally = Tally()
        for one in forms:
            tally.count(database, one, Step.SEEN)
        barrier.wait()
        tally.write(database)

    threads = [Thread(target=process, args=[forms]) for forms in (days, days[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted(database) == {one.day: (2, 0) for one in days}


def test_a_count_is_written_by_itself_a_moment_later(sqlite, monkeypatch):
    monkeypatch.setattr(surveys.tally, "PAUSE_SECONDS", 0.01)
    form, tally = form_of(sqlite), Tally()
    for expected in (1, 2):  # the second one needs a timer of its own
        tally.count(sqlite, form, Step.SEEN)
        deadline = time.monotonic() + 10
        while counted(sqlite) != {form.day: (expected, 0)}:
            assert time.monotonic() < deadline
            time.sleep(0.005)


def test_a_busy_database_neither_fails_nor_delays_a_page_and_loses_no_count(sqlite, monkeypatch):
    code = make_entry(sqlite)
    monkeypatch.setattr(surveys.database, "BUSY_SECONDS", 0.05)
    impatient = Database(str(sqlite.engine.url))
    client = client_of(impatient)
    with sqlite.session() as writer:
        writer.execute(select(1))  # holds the only lock
        assert client.get(f"/s/{code}", headers=PHONE).status_code == 200
        assert client.post(f"/s/{code}/started", headers=PHONE).status_code == 204
        tally = client.application.extensions[EXTENSION].tally
        with pytest.raises(DatabaseBusyError):
            tally.write(impatient)
        write_counts(client.application)
    write_counts(client.application)
    assert list(counted(sqlite).values()) == [(1, 1)]


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "facebookexternalhit/1.1"},
        PHONE | {"Sec-Purpose": "prefetch;prerender"},
        PHONE | {"Purpose": "prefetch"},
    ],
)
def test_robots_and_browsers_that_look_ahead_are_not_counted(sqlite, headers):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    client.get(f"/s/{code}", headers=headers)
    client.head(f"/s/{code}", headers=PHONE)
    client.get(f"/s/{code}", headers=PHONE)
    write_counts(client.application)
    assert list(counted(sqlite).values()) == [(1, 0)]


def test_a_page_that_comes_back_filled_in_says_nothing_of_a_start(sqlite):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    assert f'data-started="/s/{code}/started"' in client.get(f"/s/{code}").text
    empty = client.post(f"/s/{code}", data={"text-reason": ""})
    filled = client.post(f"/s/{code}", data={"text-reason": "よい店です。"})
    assert ["data-started" in answer.text for answer in (empty, filled)] == [True, False]


def test_a_start_of_an_unknown_or_closed_form_is_not_counted(sqlite):
    code = make_entry(sqlite, closes="2025-01-01T00:00:00+09:00")
    client = client_of(sqlite)
    assert client.post(f"/s/{code}/started").status_code == 204
    assert client.post("/s/bbbbbbbb/started").status_code == 404
    write_counts(client.application)
    assert counted(sqlite) == {}
