"""Purchases from files: of members who agreed alone, each once, every bad line named and nothing else lost."""

from datetime import date

import pytest
from factories import MEMBERS, NOW, TOKYO, make_place, make_submission
from sqlalchemy import select

from surveys.errors import InputError
from surveys.importing import PurchaseColumns, PurchaseLimits, import_purchases, write_notes
from surveys.members import keep_member
from surveys.responses import record
from surveys.tables import Purchase

TODAY = date(2025, 10, 3)
LIMITS = PurchaseLimits(TOKYO, TODAY, MEMBERS)
HEAD = "会員番号,購入日,金額,店舗\n"


@pytest.fixture
def chain(database):
    """One member, 1001, has answered and agreed."""
    place = make_place(database)
    with database.session() as session:
        record(session, make_submission(place), NOW, TOKYO)
        keep_member(session, "r-1", "1001", MEMBERS, NOW)
    return database


def load(database, path, text, encoding="utf-8-sig", **columns):
    path.write_bytes(text.encode(encoding))
    return import_purchases(database, path, PurchaseColumns(**columns), LIMITS)


def stored(database):
    with database.reading() as session:
        rows = session.scalars(select(Purchase).order_by(Purchase.bought_on, Purchase.hundredths))
        return [(row.digest, row.bought_on, row.hundredths) for row in rows]


def test_the_same_file_twice_adds_nothing_and_two_alike_lines_are_two(chain, tmp_path):
    text = HEAD + '10-01,2025/9/1,"￥1,980",ginza\n1001,R7.9.1,"\\1,980",銀座店\n１００１,20250902,0,ginza\n'
    first = load(chain, tmp_path / "p.csv", text)
    assert (first.rows, first.added, first.known, first.refused) == (3, 3, 0, [])
    for encoding in ("utf-8-sig", "utf-8", "cp932"):
        again = load(chain, tmp_path / "p.csv", text, encoding)
        assert (again.added, again.known, again.refused) == (0, 3, [])
    digest = MEMBERS.digest("1001")
    assert stored(chain) == [
        (digest, date(2025, 9, 1), 198_000),
        (digest, date(2025, 9, 1), 198_000),
        (digest, date(2025, 9, 2), 0),
    ]


def test_who_never_agreed_leaves_no_trace_and_may_be_imported_later(chain, tmp_path):
    text = HEAD + "1001,2025-09-01,100,ginza\n2002,2025-09-01,100,ginza\n1001,2023-10-03,100,ginza\n"
    text += "1001,2023-10-04,100,ginza\n"
    report = load(chain, tmp_path / "p.csv", text)
    assert (report.added, report.not_members, report.too_old) == (2, 1, 1)
    with chain.session() as session:
        keep_member(session, "r-1", "2002", MEMBERS, NOW)
    report = load(chain, tmp_path / "p.csv", text)
    assert (report.added, report.known, report.not_members) == (1, 0, 3)
    assert [row[0] for row in stored(chain)] == [MEMBERS.digest("2002")]


BAD = {
    " ,2025-09-01,100,ginza": "the member is empty",
    "-,2025-09-01,100,ginza": "the member code has no letter or digit",
    "9" * 101 + ",2025-09-01,100,ginza": "the member code is longer than 100 characters or holds control characters",
    "1001,きのう,100,ginza": "the date 'きのう' is not a date",
    "1001,,100,ginza": "the date is empty",
    "1001,2025-09-01,,ginza": "the amount is empty",
    "1001,2025-09-01,100,": "the store is empty",
    "1001,2025-10-04,100,ginza": "the date '2025-10-04' lies in the future",
    "1001,1980-01-01,100,ginza": "the date '1980-01-01' is impossible",
    "1001,2025-09-01,-100,ginza": "the amount '-100' is negative; returns are not taken, leave them out of the file",
    "1001,2025-09-01,▲100,ginza": "the amount '▲100' is negative; returns are not taken, leave them out of the file",
    "1001,2025-09-01,(10),ginza": "the amount '(10)' is negative; returns are not taken, leave them out of the file",
    "1001,2025-09-01,百円,ginza": "the amount '百円' is not a number",
    "1001,2025-09-01,1e9,ginza": "the amount '1e9' is not a number",
    "1001,2025-09-01,0.001,ginza": "the amount '0.001' is too large, or finer than a hundredth",
    "1001,2025-09-01,99999999999,ginza": "the amount '99999999999' is too large, or finer than a hundredth",
    "1001,2025-09-01,100,shibuya": "there is no store 'shibuya'; see: koebako store list",
    "1001,2025-09-01": "the row has fewer cells than the header",
}


def test_bad_lines_are_named_with_their_reasons_and_the_good_ones_go_in(chain, tmp_path):
    lines = "\n".join(["1001,2025-09-01,100,ginza", *BAD, "1001,2025-09-02,100.5,ginza"])
    report = load(chain, tmp_path / "p.csv", HEAD + lines)
    assert (report.rows, report.added) == (len(BAD) + 2, 2)
    assert [(note.line, note.reason) for note in report.refused] == list(enumerate(BAD.values(), start=3))
    assert [row[2] for row in stored(chain)] == [10_000, 10_050]
    write_notes(report, tmp_path / "refused.csv")
    assert len((tmp_path / "refused.csv").read_text(encoding="utf-8-sig").splitlines()) == len(BAD) + 1


def test_columns_are_found_by_their_usual_names_or_named(chain, tmp_path):
    own = "card,day,yen,shop\n1001,2025-09-01,100,ginza\n"
    with pytest.raises(
        InputError, match=r"no column for the member; name it with --member, .* --delimiter \(there are: card, day"
    ):
        load(chain, tmp_path / "p.csv", own)
    with pytest.raises(InputError, match=r"p\.csv: --member names a missing column 'karte'"):
        load(chain, tmp_path / "p.csv", own, member="karte")
    with pytest.raises(InputError, match="'日付' is there twice"):
        load(chain, tmp_path / "p.csv", "会員番号,日付,日付,金額,店舗\n1001,2025-09-01,2025-09-01,1,ginza\n")
    assert load(chain, tmp_path / "p.csv", own, member="card", date="day", amount="yen", store="shop").added == 1
