import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from factories import NOW, TOKYO, make_place, make_submission
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import analysis.tables  # noqa: F401 - imported for its tables
import feedback.tables  # noqa: F401 - the same
import surveys.tables  # noqa: F401 - the same
from feedback.errors import SchemaError
from feedback.schema import alembic_config, check_schema, revisions, upgrade_schema
from surveys.database import Base, Database
from surveys.errors import DatabaseBusyError, DatabaseUnreachableError
from surveys.responses import record
from surveys.tables import Comment, Store


def test_a_session_commits_at_its_end_and_a_reading_sees_it(database):
    with database.session() as session:
        session.add(Store(key="ginza", name="銀座店"))
    with database.reading() as session:
        assert [store.name for store in session.query(Store)] == ["銀座店"]


def test_a_session_that_raises_leaves_nothing_behind(database):
    with pytest.raises(ZeroDivisionError), database.session() as session:
        session.add(Store(key="ginza", name="銀座店"))
        session.flush()
        raise ZeroDivisionError
    with database.reading() as session:
        assert session.query(Store).count() == 0


def test_sqlite_is_durable_strict_and_lets_readers_in_beside_a_writer(sqlite):
    with sqlite.reading() as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("synchronous", "foreign_keys", "journal_mode")
        }
    assert pragmas == {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal"}


def test_a_reading_goes_on_while_another_session_writes(database):
    with database.session() as writer:
        writer.add(Store(key="ginza", name="銀座店"))
        writer.flush()
        with database.reading() as reader:
            assert reader.query(Store).count() == 0


def test_upgrading_twice_changes_nothing_and_the_schema_is_accepted(database):
    upgrade_schema(database)
    check_schema(database)


@pytest.mark.parametrize(
    ("revision", "message"),
    [("9999", "newer"), (None, "koebako init")],
)
def test_another_schema_than_this_codes_is_refused(database, revision, message):
    with database.session() as session:
        session.execute(text("DELETE FROM alembic_version"))
        if revision:
            session.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
    with pytest.raises(SchemaError, match=message):
        check_schema(database)


def test_a_database_of_the_first_version_is_refused_until_init_upgrades_it_and_keeps_its_comments(database):
    place = make_place(database)
    with database.session() as session:
        record(session, make_submission(place, comments={"reason": "駅から近い"}), NOW, TOKYO)
        schema = alembic_config()
        schema.attributes["connection"] = session.connection()
        command.downgrade(schema, "0001")
    with pytest.raises(SchemaError, match=r"older \(0001\) than this version .* run: koebako init"):
        check_schema(database)
    upgrade_schema(database)
    check_schema(database)
    with database.reading() as session:
        kept = [(row.response.store.name, row.text, row.response.counted) for row in session.query(Comment)]
    assert kept == [("銀座店", "駅から近い", True)]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody:himitsu@127.0.0.1:1/none",
        "postgresql+psycopg2://nobody:himitsu@127.0.0.1:1/none",
        "://nobody:himitsu@127.0.0.1",
        "sqlite:////proc/nowhere/koebako.db",
        "oracle://nobody:himitsu@x/y",
    ],
)
def test_a_database_that_cannot_be_reached_is_named_without_its_password(url):
    with pytest.raises(DatabaseUnreachableError) as fault:
        Database(url).ping()
    assert "himitsu" not in str(fault.value)


def test_a_reading_and_the_check_of_the_schema_need_no_lock(sqlite):
    with sqlite.session() as writer:
        writer.add(Store(key="ginza", name="銀座店"))
        writer.flush()
        check_schema(sqlite)


def test_a_table_that_another_holds_makes_a_writer_give_up_in_time(database, monkeypatch):
    monkeypatch.setattr("surveys.database.BUSY_SECONDS", 0.2)
    waiting = Database(database.engine.url.render_as_string(hide_password=False))
    with database.session() as holder:
        is_postgresql = holder.get_bind().dialect.name == "postgresql"
        holder.execute(text("LOCK TABLE stores IN ACCESS EXCLUSIVE MODE" if is_postgresql else "SELECT 1"))
        with pytest.raises(DatabaseBusyError), waiting.session() as session:
            session.add(Store(key="ginza", name="銀座店"))
    waiting.close()


def test_a_database_of_something_else_is_left_alone(database):
    with database.session() as session:
        session.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(SchemaError, match="'areas' that is not ours"):
        upgrade_schema(database)


def test_a_schema_that_cannot_be_made_leaves_nothing_behind(tmp_path):
    full = Database(f"sqlite:///{tmp_path}/full.db")
    with full.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 10")  # this is the connection that is used again
    with pytest.raises(DatabaseBusyError, match="full"):
        upgrade_schema(full)
    full.close()
    with pytest.raises(SchemaError, match="empty"):
        check_schema(full)
    upgrade_schema(full)
    full.close()


def test_the_migrations_make_exactly_the_tables_of_the_code(database):
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_migrations_are_one_line_in_the_order_of_their_numbers():
    history = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    assert [script.revision for script in history] == revisions()[::-1]


def test_a_wrong_statement_is_our_fault_and_no_busy_database(database):
    with pytest.raises(DBAPIError), database.reading() as session:
        session.execute(text("SELECT nothing_of_this_name FROM stores"))
