"""Erasing by deletion code, on both databases: what goes, what stays, and that it outlives a restore and a crash."""

import shutil
from contextlib import closing
from datetime import timedelta
from sqlite3 import connect

import pytest
from factories import NOW, TOKYO, make_place, make_submission
from sqlalchemy import inspect, select
from weekly_answers import failing_commit

from surveys import rights
from surveys.database import Base, Database
from surveys.erased_file import ErasedCodes, ErasedFile
from surveys.errors import ErasedFileError
from surveys.responses import record
from surveys.rights import Event, Replayed
from surveys.submission_keys import code_of, digest, new_submission_key
from surveys.tables import Comment, Contact, Coupon, PrivacyEvent, Response, Survey

LATER = NOW + timedelta(days=1)


@pytest.fixture
def erased(tmp_path):
    return ErasedFile(tmp_path / "deep" / "koebako.erased")


def answer(database, external_id="r-1", place=None):
    """Record an answer with a coupon and a contact; the digest of its deletion code."""
    key = new_submission_key()
    with database.session() as session:
        record(session, make_submission(place, external_id, submission_key=key), NOW, TOKYO)
        response = session.scalars(select(Response).where(Response.external_id == external_id)).one()
        survey = session.scalar(select(Survey.id)) or new_survey(session)
        session.add(
            Coupon(
                code=f"c-{external_id}", survey_id=survey, response_id=response.id, wording={"ja": "コーヒー"},
                issued_at=NOW, valid_until=LATER,
            )
        )  # fmt: skip
        session.add(Contact(response_id=response.id, sealed="sealed", given_at=NOW, erase_at=LATER))
    return digest(code_of(key))


def new_survey(session):
    survey = Survey(key="store", title={}, introduction={}, purpose={}, thanks={})
    session.add(survey)
    session.flush()
    return survey.id


def erase(database, code, erased):
    with database.session() as session:
        return rights.erase(session, code, erased, LATER)


def replay(database, erased):
    with database.session() as session:
        return rights.replay(session, erased, LATER, "start")


def held(database):
    """Which answers are there, and how many rows hang on answers."""
    with database.reading() as session:
        ids = sorted(session.scalars(select(Response.external_id)))
        return ids, len(session.scalars(select(Comment)).all()), len(session.scalars(select(Contact)).all())


def test_erasing_takes_everything_of_one_answer_but_an_unlinked_coupon(database, erased):
    place = make_place(database)
    mine, other = answer(database, "r-1", place), answer(database, "r-2", place)
    assert erase(database, mine, erased)
    assert held(database) == (["r-2"], 1, 1)
    with database.reading() as session:
        assert sorted(map(tuple, session.execute(select(Coupon.code, Coupon.response_id.is_(None))))) == [
            ("c-r-1", True),
            ("c-r-2", False),
        ]
        assert rights.events(session) == (Event(LATER, "erased", mine, 1, "customer"),)
        assert (rights.was_erased(session, mine), rights.was_erased(session, other)) == (True, False)
    assert erased.read() == ErasedCodes(frozenset({mine}), 0)


def test_every_table_that_points_at_an_answer_is_thought_of(sqlite):
    pointing = {
        (table, tuple(key["constrained_columns"]), key["options"].get("ondelete"))
        for table in Base.metadata.tables
        for key in inspect(sqlite.engine).get_foreign_keys(table)
        if key["referred_table"] in {"responses", "comments", "opinions"}
    }
    assert pointing == {
        ("comments", ("response_id",), "CASCADE"),
        ("contacts", ("response_id",), "CASCADE"),
        ("coupons", ("response_id",), "SET NULL"),
        ("critical_findings", ("comment_id",), "CASCADE"),
        ("members", ("response_id",), "CASCADE"),
        ("opinions", ("comment_id",), "CASCADE"),
        ("tags", ("opinion_id",), "CASCADE"),
    }


def test_an_unknown_code_and_one_erased_before_are_told_alike_and_leave_nothing(database, erased):
    mine = answer(database, place=make_place(database))
    unknown = digest("0" * 12)
    assert not erase(database, unknown, erased)
    assert not erased.path.exists()
    erase(database, mine, erased)
    assert (erase(database, mine, erased), erase(database, unknown, erased)) == (False, False)
    with database.reading() as session:
        assert len(rights.events(session)) == 1


def test_an_older_sqlite_file_that_comes_back_forgets_no_erasure(sqlite, tmp_path, erased):
    mine = answer(sqlite, place=make_place(sqlite))
    url = sqlite.engine.url
    with closing(connect(url.database)) as here, closing(connect(tmp_path / "copy.db")) as copy:
        here.backup(copy)
    erase(sqlite, mine, erased)
    sqlite.close()
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"koebako.db{suffix}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "copy.db", url.database)
    restored = Database(url.render_as_string())
    assert held(restored) == (["r-1"], 1, 1)
    assert replay(restored, erased) == Replayed(erased=1, known=1, unreadable=0)
    assert held(restored) == ([], 0, 0)
    assert replay(restored, erased) == Replayed(erased=0, known=1, unreadable=0)
    with restored.reading() as session:
        assert [(event.kind, event.count) for event in rights.events(session)] == [("replayed", 1)]
    restored.close()


def test_an_answer_that_was_rolled_back_by_hand_is_erased_again(database, erased):
    place = make_place(database)
    mine = answer(database, place=place)
    with database.reading() as session:
        row = session.scalars(select(Response)).one()
        columns = {column.name: getattr(row, column.name) for column in Response.__table__.columns}
    erase(database, mine, erased)
    with database.session() as session:
        session.add(Response(**columns))
    assert held(database)[0] == ["r-1"]
    assert replay(database, erased) == Replayed(erased=1, known=1, unreadable=0)
    assert held(database)[0] == []


def test_a_code_whose_answer_came_after_the_copy_is_remembered_too(database, erased):
    erased.add(digest("a" * 12))
    assert replay(database, erased) == Replayed(erased=0, known=1, unreadable=0)
    with database.reading() as session:
        assert rights.was_erased(session, digest("a" * 12))


def test_nothing_is_erased_where_the_file_cannot_be_written(database, tmp_path):
    mine = answer(database, place=make_place(database))
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(ErasedFileError, match="cannot be written"):
        erase(database, mine, ErasedFile(tmp_path / "file" / "koebako.erased"))
    assert held(database)[0] == ["r-1"]


def test_a_crash_between_file_and_commit_is_made_up_for_at_the_next_start(database, erased):
    mine = answer(database, place=make_place(database))
    with failing_commit(database, 0), pytest.raises(OSError, match="No space left"):
        erase(database, mine, erased)
    assert held(database)[0] == ["r-1"]  # nothing was acknowledged, and nothing is half done
    assert replay(database, erased).erased == 1
    assert held(database) == ([], 0, 0)
    with database.reading() as session:
        assert [row.kind for row in session.scalars(select(PrivacyEvent))] == ["replayed"]


def test_a_line_that_was_cut_off_swallows_none_after_it_and_is_told(erased):
    first, second = digest("a" * 12), digest("b" * 12)
    erased.add(first)
    with erased.path.open("a", encoding="ascii") as file:
        file.write(second[:20])
    erased.add(second)
    assert erased.read() == ErasedCodes(frozenset({first, second}), 1)
    assert erased.path.stat().st_mode & 0o777 == 0o600


def test_a_folder_in_place_of_the_file_is_one_clear_error(tmp_path):
    with pytest.raises(ErasedFileError, match="cannot be read"):
        ErasedFile(tmp_path).read()
