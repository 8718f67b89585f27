"""What staff renamed or hid, as reports, exports and lists show it at once."""

import csv
import io
from datetime import UTC, datetime

import pytest
from analysed_chain import WEEK, store_analysed_chain
from factories import TOKYO

from analysis.corrections import correcting
from feedback.exports import Selection, export_tags
from feedback.report import build_report

NOW = datetime(2025, 10, 8, 3, 0, tzinfo=UTC)


@pytest.fixture
def session(database):
    with database.session() as session:
        store_analysed_chain(session)
        yield session


def names(report):
    return {theme.id: theme.name["ja"] for theme in report.themes}


def worst(report):
    return {store.worst_theme["ja"] for store in report.stores if store.worst_theme}


def test_a_new_name_stands_in_the_report_and_in_exports(session, config):
    correcting.rename(session, "queue", {"ja": "列", "en": "Line"}, "suzuki", NOW)
    report = build_report(session, config, WEEK)
    assert names(report)["queue"] == "列"
    assert [item.name for item in report.improvements] == [{"ja": "列", "en": "Line"}]
    assert worst(report) == {"列"}
    stream = io.BytesIO()
    export_tags(session, Selection(TOKYO, theme_id="queue", language="en"), "csv", stream)
    rows = csv.DictReader(io.StringIO(stream.getvalue().decode("utf-8-sig")))
    assert {row["theme"] for row in rows} == {"Line"}


def test_a_hidden_theme_is_left_out_and_stays_explained(session, config):
    before = build_report(session, config, WEEK)
    for theme_id in ("queue", "d-park"):
        correcting.hide(session, theme_id, "suzuki", NOW)
    after = build_report(session, config, WEEK)
    assert names(before).keys() - names(after).keys() == {"queue", "d-park"}
    assert ([item.theme_id for item in before.improvements], after.improvements) == (["queue"], ())
    assert (worst(before), worst(after)) == ({"レジの待ち時間"}, set())
    assert after.other_share == before.other_share
    assert after.opinions == before.opinions


def test_until_the_next_analysis_a_merged_theme_keeps_its_figures(session, config):
    before = build_report(session, config, WEEK)
    correcting.merge(session, ["d-park"], "queue", "suzuki", NOW)
    assert build_report(session, config, WEEK) == before
