"""NPS by segment, and the table of spots, times of day and themes: on both databases, within the member's scope."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from factories import TOKYO, make_survey
from sqlalchemy import select
from staff_site import NOW, fill_chain, signed_in
from stored_rows import stored_comment, stored_opinion, stored_response

from feedback.cli import main
from feedback.exports import Selection
from feedback.segments import segments
from feedback.spot_table import SpotRow, spot_table
from surveys.places import create_spot
from surveys.tables import Store, Survey

NINE = NOW.replace(day=1, hour=0)
"""A Wednesday morning at nine in Tokyo, in the week that the chain's counts are of."""


@pytest.fixture
def chain(database):
    """Ginza: twelve first-time customers in the morning, eleven others at noon a day later; and Ueno."""
    fill_chain(database)
    make_survey(database)
    with database.session() as session:
        spot = create_spot(session, "ginza", "register", "レジ横").id
        ginza, ueno = (session.scalars(select(Store).where(Store.key == key)).one() for key in ("ginza", "ueno"))
        survey = session.scalars(select(Survey.id)).one()
        for number in range(23):
            first = number < 12
            moment = NINE if first else NINE + timedelta(days=1, hours=3)
            response = stored_response(
                session, f"s-{number}", ginza, score=10 if first else 3, answered_at=moment, spot_id=spot,
                survey_id=survey, attributes={"visits": ("first" if number else " 初めて") if first else "again"},
            )  # fmt: skip
            if number in {0, 1, 12}:
                comment = stored_comment(session, response, "レジが混んでいた。レジは親切")
                stored_opinion(session, comment, "レジが混んでいた", {"queue": 1.0}, polarity="negative")
                stored_opinion(session, comment, "レジは親切", {"queue": 1.0}, polarity="positive", position=1)
        stored_response(session, "u-1", ueno, score=9, answered_at=NINE, channel="kiosk", attributes={"age": "30代"})
        stored_response(session, "u-2", ueno, answered_at=NINE, attributes={"age": "30代"})
        stored_response(session, "u-3", ueno, score=0, answered_at=NINE, counted=False, doubt="too_fast")
    return database


def divided(database, **narrowed):
    with database.reading() as session:
        return {each.key: each for each in segments(session, Selection(TOKYO, **narrowed))}


def figures(segment):
    return [(each.key, each.nps.n, each.nps.estimate.value) for each in segment.values]


def test_answers_are_divided_by_customer_place_and_moment(chain):
    found = divided(chain, first_day=NINE.date(), last_day=NINE.date() + timedelta(days=1))
    assert list(found) == ["attribute.visits", "area", "channel", "hour", "weekday"]
    assert figures(found["attribute.visits"]) == [("first", 12, 100.0), ("again", 11, -100.0)]
    assert figures(found["area"]) == [("east", 23, pytest.approx(100 / 23)), ("west", 1, 100.0)]
    assert figures(found["channel"]) == [("kiosk", 1, 100.0), ("qr", 23, pytest.approx(100 / 23))]
    assert figures(found["hour"]) == [("09", 13, 100.0), ("12", 11, -100.0)]
    assert [each[:2] for each in figures(found["weekday"])] == [("2", 13), ("3", 11)]
    visits = found["attribute.visits"]
    assert (visits.name["ja"], [each.name["ja"] for each in visits.values]) == (
        "ご来店は何回目ですか。", ["はじめて", "二回目以上"]
    )  # fmt: skip
    low = [each.nps.estimate.low is None for segment in found.values() for each in segment.values if each.nps.n < 10]
    assert low == [True, True]


def test_one_store_and_a_time_without_answers_are_told_honestly(chain):
    with chain.reading() as session:
        ueno = session.scalar(select(Store.id).where(Store.key == "ueno"))
    assert list(divided(chain, store_ids=(ueno,))) == ["channel", "hour", "weekday"]
    assert divided(chain, last_day=NINE.date() - timedelta(days=7)) == {}


def test_the_table_says_where_and_when_which_theme_goes_with_which_score(chain):
    with chain.reading() as session:
        ginza = session.scalar(select(Store.id).where(Store.key == "ginza"))
        table = spot_table(session, Selection(TOKYO, store_ids=(ginza,)))
    assert [(row.spot_name, row.time, row.theme_id, row.responses, row.positive, row.negative) for row in table] == [
        (None, "midday", None, 1, 0, 0),
        (None, "midday", "queue", 1, 0, 1),
        ("レジ横", "morning", None, 12, 0, 0),
        ("レジ横", "morning", "queue", 2, 2, 2),
        ("レジ横", "midday", None, 11, 0, 0),
        ("レジ横", "midday", "queue", 1, 1, 1),
    ]
    assert isinstance(table[3], SpotRow)
    assert (table[2].nps.estimate.value, table[3].nps.n, table[3].nps.estimate.low) == (100.0, 2, None)
    assert table[3].theme == {"ja": "レジの待ち時間", "en": "Checkout queue"}


@pytest.mark.parametrize(
    ("hour", "time"), [(4, "evening"), (5, "morning"), (13, "midday"), (14, "afternoon"), (23, "evening")]
)
def test_every_hour_belongs_to_a_time_of_day(sqlite, hour, time):
    fill_chain(sqlite)
    with sqlite.session() as session:
        store = session.scalars(select(Store)).first()
        moment = NOW.astimezone(TOKYO).replace(day=20, hour=hour)
        stored_response(session, "late", store, score=9, answered_at=moment)
        assert [row.time for row in spot_table(session, Selection(TOKYO, first_day=moment.date()))] == [time]


@pytest.mark.usefixtures("chain")
def test_the_commands_write_both(database_url, monkeypatch):
    monkeypatch.setenv("KOEBAKO_DATABASE_URL", database_url)

    def lines(kind):
        found = CliRunner().invoke(main, ["export", kind, "--format", "jsonl", "--store", "ginza", "--language", "en"])
        assert found.exit_code == 0, found.output
        return [json.loads(line) for line in found.stdout.splitlines()]

    first = next(line for line in lines("segments") if line["value"] == "first")
    assert first | {"low": 0} == {
        "segment": "attribute.visits", "value": "first", "name": "はじめて", "answers": 12, "nps": 100.0, "low": 0,
        "high": 100.0, "promoters": 12, "passives": 0, "detractors": 0,
    }  # fmt: skip
    row = next(line for line in lines("spots") if line["spot"] and line["theme"])
    assert (row["store"], row["time"], row["theme"], row["responses"], row["nps"]) == (
        "銀座店", "morning", "Checkout queue", 2, 100.0
    )  # fmt: skip


def test_the_page_shows_both_within_the_scope_of_the_member(chain, config):
    page = signed_in(config, chain, "本部").page("/staff/segments")
    assert all(
        word in page for word in ("ご来店は何回目ですか。", "二回目以上", "レジ横", "朝（5〜10時台）", "レジの待ち時間")
    )
    own = signed_in(config, chain, "sato", store="ueno")
    assert "レジ横" not in own.page("/staff/segments")
    assert own.get("/staff/segments?scope=store-ginza").status_code == 404
    assert own.get("/staff/segments?window=3").status_code == 404
    assert "分けて比べられる回答がありません" in own.page("/staff/segments?week=2024-W01")


def test_an_attribute_with_very_many_values_does_not_flood_the_page(config, chain, monkeypatch):
    monkeypatch.setattr("feedback.pages.segments._MOST_VALUES", 15)
    with chain.session() as session:
        ginza = session.scalars(select(Store).where(Store.key == "ginza")).one()
        for number in range(17):
            attributes = {"receipt": f"R{number:02d}"}
            stored_response(session, f"m-{number}", ginza, score=9, answered_at=NINE, attributes=attributes)
    page = signed_in(config, chain, "本部", "admin").page("/staff/segments")
    assert [f"R{number:02d}" in page for number in range(17)] == [True] * 15 + [False] * 2
    assert "ほかの2項目は、ダウンロードで見られます。" in page
