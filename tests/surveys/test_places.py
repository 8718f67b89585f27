from datetime import timedelta

import pytest
from factories import NOW, make_entry, make_place, make_survey

from surveys.entries import EntryState, find_entry, way_on
from surveys.errors import InputError
from surveys.places import (
    CODE_ALPHABET,
    areas,
    create_area,
    create_spot,
    create_store,
    entry_code,
    move_store,
    rename_area,
    rename_spot,
    rename_store,
    renew_code,
    reopen_spot,
    retire_spot,
    spots,
)
from surveys.queries import StoreInfo, stores


def test_areas_stores_and_spots_are_listed_by_key(database):
    with database.session() as session:
        create_area(session, "west", "西エリア")
        create_store(session, "b", "二号店", "west")
        create_store(session, "a", "一号店")
        create_spot(session, "b", "toilet", "お手洗い")
        create_spot(session, "b", "register", "レジ横")
    with database.reading() as session:
        assert [(area.key, area.name) for area in areas(session)] == [("west", "西エリア")]
        assert [(store.key, store.area_name) for store in stores(session)] == [("a", None), ("b", "西エリア")]
        assert [(spot.store.key, spot.key, spot.name) for spot in spots(session)] == [
            ("b", "register", "レジ横"),
            ("b", "toilet", "お手洗い"),
        ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda session: create_store(session, "ginza", "もう一つ"), "store 'ginza' exists already"),
        (lambda session: create_store(session, "x", "店", "nowhere"), "no area has the key 'nowhere'"),
        (lambda session: create_store(session, " x", "店"), "store key ' x' must be"),
        (lambda session: create_store(session, "x", "店\n店"), "store name '店\\\\n店' must be"),
        (lambda session: create_store(session, "x" * 101, "店"), "1 to 100 characters"),
        (lambda session: create_spot(session, "ginza", "register", "レジ"), "spot ginza/register exists already"),
        (lambda session: create_spot(session, "ginza", "a/b", "レジ"), "must not hold '/'"),
        (lambda session: create_spot(session, "nowhere", "a", "レジ"), "no store has the key 'nowhere'"),
        (lambda session: rename_store(session, "nowhere", "店"), "no store has the key 'nowhere'"),
        (lambda session: rename_store(session, "ginza", " "), "store name ' ' must be"),
        (lambda session: rename_area(session, "nowhere", "エリア"), "no area has the key 'nowhere'"),
        (lambda session: move_store(session, "ginza", "nowhere"), "no area has the key 'nowhere'"),
        (lambda session: rename_spot(session, "ginza", "none", "レジ"), "store 'ginza' has no spot 'none'"),
        (lambda session: retire_spot(session, "ginza", "none", NOW), "store 'ginza' has no spot 'none'"),
        (lambda session: renew_code(session, "store", ("ginza", "none"), NOW), "store 'ginza' has no spot 'none'"),
        (lambda session: entry_code(session, "none", "ginza", "register"), "no survey has the key 'none'"),
        (lambda session: entry_code(session, "store", "ginza", "none"), "store 'ginza' has no spot 'none'"),
    ],
)
def test_what_cannot_be_made_is_named(sqlite, make, message):
    make_place(sqlite)
    make_survey(sqlite)
    with sqlite.session() as session, pytest.raises(InputError, match=message):
        make(session)


def test_a_code_is_made_once_and_found_in_any_case(database):
    place = make_place(database)
    make_survey(database)
    with database.session() as session:
        code = entry_code(session, "store", "ginza", "register")
    with database.session() as session:
        assert entry_code(session, "store", "ginza", "register") == code
        entry = find_entry(session, f" {code.upper()} ")
    assert len(code) == 8
    assert set(code) <= set(CODE_ALPHABET)
    assert entry is not None
    assert (entry.survey_key, entry.spot_id, entry.spot_name) == ("store", place.spot_id, "レジ横")
    assert entry.store == StoreInfo(place.store_id, "ginza", "銀座店", None, None)


@pytest.mark.parametrize("code", ["", "bbbbbbbb", "a\x00b", "\ud800", "x" * 500])
def test_an_unknown_code_finds_nothing(database, code):
    with database.reading() as session:
        assert find_entry(session, code) is None


@pytest.mark.parametrize(
    ("opens", "closes", "state"),
    [
        (None, None, EntryState.OPEN),
        (-1, 1, EntryState.OPEN),
        (0, None, EntryState.OPEN),
        (1, None, EntryState.NOT_YET_OPEN),
        (None, 0, EntryState.CLOSED),
        (-2, -1, EntryState.CLOSED),
    ],
)
def test_a_survey_takes_answers_from_its_opening_until_its_closing(sqlite, opens, closes, state):
    def moment(days):
        return None if days is None else NOW + timedelta(days=days)

    make_place(sqlite)
    make_survey(sqlite, opens=moment(opens), closes=moment(closes))
    with sqlite.session() as session:
        entry = find_entry(session, entry_code(session, "store", "ginza", "register"))
        assert entry.state(NOW) is state


def test_names_and_areas_change_and_keys_stay(database):
    make_place(database)
    with database.session() as session:
        create_area(session, "west", "西エリア")
        rename_area(session, "west", "西日本")
        rename_store(session, "ginza", "銀座本店")
        move_store(session, "ginza", "west")
        rename_spot(session, "ginza", "register", "南口レジ")
    with database.reading() as session:
        (spot,) = spots(session)
        assert (spot.key, spot.name, spot.store.key, spot.store.name) == ("register", "南口レジ", "ginza", "銀座本店")
        assert spot.store.area_name == "西日本"
    with database.session() as session:
        move_store(session, "ginza", None)
        assert stores(session)[0].area_id is None


def test_a_retired_spot_takes_no_answers_until_it_is_reopened(database):
    code = make_entry(database)
    with database.session() as session:
        retire_spot(session, "ginza", "register", NOW)
        retire_spot(session, "ginza", "register", NOW + timedelta(days=1))
        assert [spot.retired_at for spot in spots(session)] == [NOW]
        assert find_entry(session, code).state(NOW) is EntryState.RETIRED
        reopen_spot(session, "ginza", "register")
        assert find_entry(session, code).state(NOW) is EntryState.OPEN


def test_a_renewed_code_is_another_one_and_the_old_one_is_still_known(database):
    old = make_entry(database)
    with database.session() as session:
        new = renew_code(session, "store", ("ginza", "register"), NOW)
        third = renew_code(session, "store", ("ginza", "register"), NOW)
        assert len({old, new, third}) == 3
        assert entry_code(session, "store", "ginza", "register") == third
        states = [find_entry(session, code).state(NOW) for code in (old, new, third)]
        assert states == [EntryState.RETIRED, EntryState.RETIRED, EntryState.OPEN]


def test_an_old_code_leads_to_the_nearest_open_survey_of_its_store(database):
    old = make_entry(database)
    make_survey(database, key="autumn")
    make_survey(database, key="over", closes=NOW)
    with database.session() as session:
        create_spot(session, "ginza", "toilet", "お手洗い")
        entry_code(session, "over", "ginza", "register")

        def leads(code):
            found = way_on(session, find_entry(session, code), NOW)
            return found and (find_entry(session, found).survey_key, find_entry(session, found).spot_key)

        retire_spot(session, "ginza", "register", NOW)
        assert leads(old) is None  # no other code hangs in this store
        entry_code(session, "autumn", "ginza", "toilet")
        assert leads(old) == ("autumn", "toilet")
        entry_code(session, "store", "ginza", "toilet")
        assert leads(old) == ("store", "toilet")
        reopen_spot(session, "ginza", "register")
        renew_code(session, "store", ("ginza", "register"), NOW)
        assert leads(old) == ("store", "register")
        spread = renew_code(session, "store", ("ginza", "register"), NOW)
        renew_code(session, "store", ("ginza", "register"), NOW, leads_on=False)
        assert leads(spread) is None
