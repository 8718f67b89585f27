from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from factories import NOW, TOKYO, make_place, make_submission
from sqlalchemy import event, func, select

from surveys.database import Database
from surveys.errors import DatabaseBusyError, InputError
from surveys.group_commit import GroupCommit
from surveys.responses import Outcome, record
from surveys.tables import Response

WRITERS = 16


def recorder(place, number):
    return lambda session: record(session, make_submission(place, f"r-{number}"), NOW, TOKYO).outcome


def stored(database):
    with database.reading() as session:
        return sorted(session.scalars(select(Response.external_id)))


def test_writes_at_once_are_all_stored_with_fewer_commits(database):
    place, group, together, commits = make_place(database), GroupCommit(database), Barrier(WRITERS), []
    event.listen(database.engine, "commit", commits.append)

    def write(number):
        together.wait()
        return group.write(recorder(place, number))

    with database.session() as holder, ThreadPoolExecutor(WRITERS) as pool:
        holder.execute(select(func.count()).select_from(Response))  # the first of them has to wait, the others gather
        outcomes = [pool.submit(write, number) for number in range(WRITERS)]
        together_stored = stored(database)
        holder.commit()
        assert [outcome.result() for outcome in outcomes] == [Outcome.ADDED] * WRITERS
    assert len(stored(database)) == WRITERS
    if database.has_one_writer:
        assert together_stored == []
        assert len(commits) - 1 < WRITERS


def test_one_that_fails_takes_no_other_with_it(database):
    place, group, together = make_place(database), GroupCommit(database), Barrier(4)

    def fail(session):
        record(session, make_submission(place, "half-done"), NOW, TOKYO)
        raise InputError("no")

    def write(work):
        together.wait()
        return group.write(work)

    with ThreadPoolExecutor(4) as pool:
        works = [recorder(place, 1), fail, recorder(place, 2), recorder(place, 3)]
        found = [pool.submit(write, work) for work in works]
        assert [future.exception() for future in found if future.exception()] == [found[1].exception()]
        assert isinstance(found[1].exception(), InputError)
    assert stored(database) == ["r-1", "r-2", "r-3"]


def test_a_commit_that_fails_is_told_to_each(sqlite, monkeypatch):
    place, group = make_place(sqlite), GroupCommit(sqlite)
    monkeypatch.setattr("surveys.database.BUSY_SECONDS", 0.1)
    impatient = Database(sqlite.engine.url.render_as_string())
    group = GroupCommit(impatient)
    with sqlite.session() as holder, ThreadPoolExecutor(3) as pool:
        record(holder, make_submission(place, "held"), NOW, TOKYO)
        for future in [pool.submit(group.write, recorder(place, number)) for number in range(3)]:
            with pytest.raises(DatabaseBusyError):
                future.result()
    impatient.close()
    assert stored(sqlite) == ["held"]
    assert GroupCommit(sqlite).write(recorder(place, 9)) is Outcome.ADDED
