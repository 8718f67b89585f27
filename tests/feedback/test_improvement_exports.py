"""Improvements, pilots and their weekly counts as files for analysts."""

import csv
import io
import json

import numpy as np
import pytest
from click.testing import CliRunner
from pilot_chain import NOW, START, ZONE, fill_stores, run_on, started
from staff_site import signed_in

from analysis.figures.experiments import Design
from analysis.figures.store_changes import Series, measured
from feedback.cli import main
from feedback.exports import Selection
from feedback.improvement_changes import add_improvement, move_improvement
from feedback.improvement_exports import export_improvements, export_pilot_weeks, export_pilots
from feedback.improvements import Details
from feedback.pilots.conduct import stop_pilot
from feedback.pilots.records import find_pilot
from feedback.pilots.results import pilot_result
from surveys.database import Database
from surveys.queries import stores
from surveys.weeks import first_day

EXPORTS = {"improvements": export_improvements, "pilots": export_pilots, "pilot-weeks": export_pilot_weeks}


@pytest.fixture(autouse=True)
def _one_lot(monkeypatch):
    """The same stores are drawn each time."""
    monkeypatch.setattr("secrets.randbelow", lambda _: 20251008)


def fill(database):
    """A pilot of every store that is over and worked, and one of four picked stores that was stopped."""
    fill_stores(database, weeks=12)
    first = started(database)
    with database.session() as session:
        add_improvement(session, Details("ベンチを置く", effort=2), "店長", NOW)
        add_improvement(session, Details("店の話"), "店長", NOW, store="s3")
    picked = started(database, improvement=2, stores=("s0", "s1", "s2", "s3"), picked=("s0", "s3"))
    with database.session() as session:
        stop_pilot(session, picked.number, "店長", NOW)
    run_on(database, first, 5, gain=3)
    with database.session() as session:
        move_improvement(session, 1, "rollout", "本部", NOW)


@pytest.fixture
def chain(sqlite):
    fill(sqlite)
    return sqlite


def written(database, kind, format_="jsonl", **narrowed):
    stream = io.BytesIO()
    with database.reading() as session:
        count = EXPORTS[kind](session, Selection(ZONE, **narrowed), format_, stream)
    return count, stream.getvalue()


def rows(database, kind, **narrowed):
    count, found = written(database, kind, **narrowed)
    parsed = [json.loads(line) for line in found.splitlines()]
    assert len(parsed) == count
    return parsed


def test_an_improvement_has_its_state_owner_dates_and_pilots(chain):
    first, second, third = rows(chain, "improvements")
    assert first == {
        "improvement": 1,
        "title": "レジを増やす",
        "theme_id": "queue",
        "theme": "レジの待ち時間",
        "store": None,
        "state": "rollout",
        "since": "2025-10-08T12:00:00+09:00",
        "owner": "佐藤",
        "due": None,
        "effort": None,
        "made_at": "2025-10-08T12:00:00+09:00",
        "made_by": "本部",
        "pilots": 1,
    }
    assert (second["store"], second["state"], second["effort"], second["pilots"]) == (None, "pilot", 2, 1)
    assert (third["store"], third["state"], third["effort"], third["pilots"]) == ("3号店", "candidate", None, 0)
    assert rows(chain, "improvements", language="en")[0]["theme"] == "Checkout queue"


def test_a_pilot_has_its_stores_its_verdict_and_the_interval(chain):
    over, stopped = rows(chain, "pilots")
    with chain.reading() as session:
        pilot = find_pilot(session, 1)
        found = pilot_result(session, pilot)
    assert (over["verdict"], over["weeks_left"], over["seed"], over["draws"]) == ("worked", 0, 20251008, 120)
    assert over["trying"] == "; ".join(store.key for store in pilot.trying)
    effect = found.effect
    names = ("effect", "low", "high", "least", "most", "chance", "other_effect")
    exact = (
        *(effect.estimate.value, effect.estimate.low, effect.estimate.high),
        *(effect.least, effect.most, effect.chance, found.other.estimate.value),
    )
    assert tuple(over[name] for name in names) == pytest.approx(exact, abs=1e-6)
    assert (over["cautions"], over["left_out"], over["change"], over["stopped_at"]) == (None, None, None, None)
    assert (stopped["trying"], stopped["others"], stopped["chosen"]) == ("s0; s3", "s1; s2", "picked")
    assert (stopped["stopped_by"], stopped["verdict"], stopped["effect"]) == ("店長", None, None)


def test_the_verdict_can_be_worked_out_again_from_the_weekly_counts(chain):
    found = [row for row in rows(chain, "pilot-weeks") if row["pilot"] == 1]
    keys, weeks = sorted({row["store_key"] for row in found}), sorted({row["week"] for row in found})
    place = {(row["store_key"], row["week"]): row for row in found}
    assert (len(place), len(keys), [week >= START for week in weeks]) == (170, 10, [False] * 13 + [True] * 4)
    assert {row["started"] for row in found if row["week"] >= START} == {True}

    def table(value):
        return np.array([[value(place[key, week]) for week in weeks] for key in keys], dtype=np.float64)

    series = Series(
        table(lambda row: row["scores"]),
        table(lambda row: 100 * (row["promoters"] - row["detractors"])),
        table(lambda row: 10_000 * (row["promoters"] + row["detractors"])),
    )
    design = Design(*(np.array([place[key, START][name] for key in keys]) for name in ("group", "tries")))
    again = measured(design, series.weeks(0, 13), series.weeks(13, 17))
    assert again.estimate.value == pytest.approx(rows(chain, "pilots")[0]["effect"], abs=1e-6)
    # in this chain who scores low complains
    assert [row["complaints"] for row in found] == [row["detractors"] for row in found]


def test_days_and_stores_narrow_what_is_written(chain):
    before, start = NOW.date(), first_day(START)
    with chain.reading() as session:
        ids = {store.key: store.id for store in stores(session)}

    def kept(kind, **narrowed):
        return [row["pilot" if kind == "pilots" else "improvement"] for row in rows(chain, kind, **narrowed)]

    assert kept("improvements", first_day=before, last_day=before) == [1, 2, 3]
    assert kept("improvements", first_day=start) == []
    assert (kept("pilots", first_day=start), kept("pilots", last_day=before)) == ([1, 2], [])
    four = tuple(ids[key] for key in ("s0", "s1", "s2", "s3"))
    assert (kept("pilots", store_ids=four), kept("pilots", store_ids=four[:3])) == ([2], [])
    assert {row["pilot"] for row in rows(chain, "pilot-weeks", store_ids=four)} == {2}
    assert (kept("improvements", store_ids=four), kept("improvements", store_ids=four[:3])) == ([1, 2, 3], [1, 2])


def test_before_the_first_improvement_there_are_heads_alone(sqlite):
    for kind in EXPORTS:
        count, found = written(sqlite, kind, "csv")
        assert (count, len(found.decode("utf-8-sig").splitlines())) == (0, 1)


def test_both_databases_give_the_same_bytes(sqlite_url, postgresql_url):
    files = []
    for url in (sqlite_url, postgresql_url):
        database = Database(url)
        fill(database)
        files.append({(kind, form): written(database, kind, form) for kind in EXPORTS for form in ("csv", "jsonl")})
        database.close()
    assert [count for count, _ in files[0].values()] == [3, 3, 2, 2, 238, 238]
    assert files[0] == files[1]


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize(("kind", "count"), [("improvements", 3), ("pilots", 1), ("pilot-weeks", 68)])
def test_the_command_writes_the_file(sqlite_url, tmp_path, kind, count):
    file = tmp_path / "out.csv"
    own = [f"--store=s{number}" for number in range(4)]
    asked = ["export", kind, "--to", "2025-12-31", "--out", str(file), *own]
    result = CliRunner().invoke(main, asked, env={"KOEBAKO_DATABASE_URL": sqlite_url})
    assert (result.exit_code, result.output) == (0, f"{file}: {count} rows\n")
    assert len(reader(file.read_bytes())) == count


def test_the_page_sends_what_each_may_see(config, chain):
    chain_wide = signed_in(config, chain, "本部", "analyst")
    store = signed_in(config, chain, "店の分析", "analyst", store="s3")

    def sent(visitor, kind):
        with visitor.get(f"/staff/downloads/file?kind={kind}&format=csv") as answer:
            return reader(answer.data)

    page = chain_wide.page("/staff/downloads")
    assert [f'value="{kind}"' in page for kind in EXPORTS] == [True] * 3
    assert [len(sent(chain_wide, kind)) for kind in EXPORTS] == [3, 2, 238]
    assert [len(sent(store, kind)) for kind in EXPORTS] == [3, 0, 0]


def reader(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
