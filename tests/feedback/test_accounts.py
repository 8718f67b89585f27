"""Accounts: one-time passwords, roles, scope, and what a wrong password costs."""

from datetime import timedelta

import pytest
from staff_site import NOW, fill_chain

from feedback import accounts
from feedback.accounts import Credentials, Member, MemberInfo, NewMember
from feedback.errors import StaffError, TooManyAttemptsError
from feedback.passwords import hash_password, matches, one_time_password
from feedback.results import Scope
from feedback.tables import AuditEntry
from surveys.database import Database


def add(database: Database, name: str = "佐藤", role: str = "viewer", **scope: str) -> str:
    with database.session() as session:
        return accounts.add_member(session, NewMember(name, role, **scope), NOW)


def tried(database: Database, name: str, password: str, now=NOW) -> Member | None:
    """Try to sign in as the page does."""
    with database.reading() as session:
        credentials = accounts.credentials(session, name, now)
    member = credentials.check(password)
    with database.session() as session:
        accounts.record_sign_in(session, credentials, succeeded=member is not None, now=now)
    return member


def trail(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(entry.who, entry.action) for entry in session.query(AuditEntry).order_by(AuditEntry.id)]


def test_a_one_time_password_signs_in_and_must_be_changed(database):
    password = add(database)
    assert tried(database, "佐藤", password) == Member(
        1, "佐藤", "viewer", None, None, must_change=True, session_version=1
    )
    assert tried(database, "佐藤", password + "x") is None
    assert trail(database) == [("佐藤", "account made"), ("佐藤", "signed in"), ("佐藤", "sign-in failed")]


def test_full_width_typing_signs_in_too(sqlite):
    password = add(sqlite, "sato")
    full_width = password.translate({ord(c): ord(c) + 0xFEE0 for c in "abcdefghjkmnpqrstuvwxyz23456789-"})
    assert full_width != password
    assert tried(sqlite, "ｓａｔｏ", full_width) is not None


def test_the_stored_hash_is_argon2_and_never_the_password(sqlite):
    password = add(sqlite)
    with sqlite.reading() as session:
        stored = accounts.credentials(session, "佐藤", NOW).password_hash
    assert stored.startswith("$argon2id$")
    assert password not in stored
    assert matches(stored, password)


def test_an_unknown_name_is_checked_too_and_leaves_no_trail(sqlite):
    with sqlite.reading() as session:
        unknown = accounts.credentials(session, "my password, typed in the wrong box", NOW)
    assert unknown == Credentials("my password, typed in the wrong box", None, None)
    assert tried(sqlite, "nobody", "something") is None
    assert trail(sqlite) == []


def test_ten_wrong_passwords_close_the_door_for_a_quarter_of_an_hour(database):
    password = add(database)
    for _ in range(accounts.ATTEMPTS):
        assert tried(database, "佐藤", "wrong") is None
    with pytest.raises(TooManyAttemptsError):
        tried(database, "佐藤", password)
    later = NOW + accounts.ATTEMPTS_WINDOW + timedelta(seconds=1)
    assert tried(database, "佐藤", password, later) is not None


def test_a_reset_gives_a_new_password_and_ends_sessions(database):
    old = add(database)
    before = tried(database, "佐藤", old)
    with database.session() as session:
        new = accounts.reset_password(session, "佐藤", NOW)
    assert tried(database, "佐藤", old) is None
    assert tried(database, "佐藤", new) is not None
    with database.reading() as session:
        assert accounts.find_member(session, before.id, before.session_version) is None


def test_a_closed_account_cannot_sign_in_until_it_is_reset(sqlite):
    password = add(sqlite)
    with sqlite.session() as session:
        accounts.close_account(session, "佐藤", NOW)
    assert tried(sqlite, "佐藤", password) is None
    with sqlite.session() as session:
        again = accounts.reset_password(session, "佐藤", NOW)
    assert tried(sqlite, "佐藤", again) is not None


def test_a_chosen_password_replaces_the_one_time_one(database):
    member = tried(database, "佐藤", add(database))
    with database.session() as session:
        changed = accounts.change_password(session, member, "わたしのながい合言葉", NOW)
    assert changed == Member(1, "佐藤", "viewer", None, None, must_change=False, session_version=2)
    assert tried(database, "佐藤", "わたしのながい合言葉") == changed


@pytest.mark.parametrize("password", ["short", "x" * 201, "yamada-tarou1", "the one in use"])
def test_a_weak_password_is_refused(sqlite, password):
    add(sqlite, "yamada-tarou")
    with sqlite.session() as session:
        staff = accounts._existing(session, "yamada-tarou")
        staff.password_hash = hash_password("the one in use")
    with sqlite.session() as session:
        member = accounts.credentials(session, "yamada-tarou", NOW).member
        with pytest.raises(StaffError):
            accounts.change_password(session, member, password, NOW)


@pytest.mark.parametrize(
    ("new", "fault"),
    [
        (NewMember(" "), "1 to 100"),
        (NewMember("a\nb"), "printable"),
        (NewMember("鈴木", "owner"), "unknown role 'owner'"),
        (NewMember("鈴木", area="north"), "no area 'north'"),
        (NewMember("鈴木", store="north"), "no store 'north'"),
        (NewMember("鈴木", area="east", store="ginza"), "not both"),
        (NewMember("佐藤"), "an account '佐藤' already"),
    ],
)
def test_an_account_that_cannot_be_made_is_refused_by_name(sqlite, new, fault):
    fill_chain(sqlite)
    add(sqlite)
    with sqlite.session() as session, pytest.raises(StaffError, match=fault):
        accounts.add_member(session, new, NOW)


def test_accounts_are_listed_with_what_they_see(database):
    fill_chain(database)
    add(database)
    add(database, "鈴木", "manager", store="ginza")
    add(database, "田中", "analyst", area="west")
    with database.reading() as session:
        assert accounts.members(session) == (
            MemberInfo("佐藤", "viewer", "", active=True, must_change=True),
            MemberInfo("田中", "analyst", "西エリア", active=True, must_change=True),
            MemberInfo("鈴木", "manager", "銀座店", active=True, must_change=True),
        )


def scopes(database: Database, member: Member) -> dict[str, Scope | None]:
    """What a member gets for everything that can be asked for."""
    with database.reading() as session:
        stores = accounts.visible_stores(session, member)
        asked = ("", "store-ginza", "store-ueno", "area-1", "area-2", "store-nowhere", "area-", "area-None", "nonsense")
        return {wanted: accounts.narrowed(stores, member, wanted) for wanted in asked}


def test_a_scope_is_never_wider_than_the_members_own(database):
    fill_chain(database)
    nothing = dict.fromkeys(("store-nowhere", "area-", "area-None", "nonsense"))
    ginza, ueno = Scope(1, None, "銀座店"), Scope(2, None, "上野店")
    east, west = Scope(None, 1, "東エリア"), Scope(None, 2, "西エリア")
    everywhere = {"": Scope(), "store-ginza": ginza, "store-ueno": ueno, "area-1": east, "area-2": west}
    in_east = {"": east, "store-ginza": ginza, "store-ueno": None, "area-1": east, "area-2": None}
    in_ginza = {"": ginza, "store-ginza": ginza, "store-ueno": None, "area-1": None, "area-2": None}
    who = {"id": 1, "name": "佐藤", "role": "admin", "must_change": False, "session_version": 1}
    assert scopes(database, Member(store_id=None, area_id=None, **who)) == everywhere | nothing
    assert scopes(database, Member(store_id=None, area_id=1, **who)) == in_east | nothing
    assert scopes(database, Member(store_id=1, area_id=None, **who)) == in_ginza | nothing


def test_each_role_includes_those_before_it():
    who = {"id": 1, "name": "佐藤", "store_id": None, "area_id": None, "must_change": False, "session_version": 1}
    may = {role: [other for other in accounts.ROLES if Member(role=role, **who).may(other)] for role in accounts.ROLES}
    assert may == {
        "viewer": ["viewer"],
        "manager": ["viewer", "manager"],
        "analyst": ["viewer", "manager", "analyst"],
        "admin": ["viewer", "manager", "analyst", "admin"],
    }


def test_one_time_passwords_differ_and_read_well_from_paper():
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("il1o0")
