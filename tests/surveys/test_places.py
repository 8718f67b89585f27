from datetime import timedelta

import pytest
from factories import NOW, make_place, make_survey

from surveys.errors import InputError
from surveys.places import (
    CODE_ALPHABET,
    EntryState,
    areas,
    create_area,
    create_spot,
    create_store,
    entry_code,
    find_entry,
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
