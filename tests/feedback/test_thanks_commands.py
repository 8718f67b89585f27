"""`koebako coupon` and `koebako notice`."""

import re
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from factories import TOKYO, make_place, make_submission, make_survey
from sqlalchemy import select

from feedback.cli import main
from feedback.tables import AuditEntry
from surveys.coupons import issue_coupon
from surveys.offers import CouponOffer
from surveys.responses import record
from surveys.tables import Survey

OFFER = CouponOffer(text={"ja": "コーヒー1杯"}, days=30, limit=500)


@pytest.fixture
def koebako(sqlite, sqlite_url):
    make_survey(sqlite, coupon=OFFER.model_dump())

    def run(*arguments):
        return CliRunner().invoke(main, list(arguments), env={"KOEBAKO_DATABASE_URL": sqlite_url, "COLUMNS": "120"})

    return run


@pytest.fixture
def code(koebako, sqlite):  # noqa: ARG001 - the survey stands first
    place = make_place(sqlite)
    with sqlite.session() as session:
        now = datetime.now(UTC)
        record(session, make_submission(place, survey_id=session.scalars(select(Survey.id)).one()), now, TOKYO)
        return issue_coupon(session, "r-1", OFFER, now, TOKYO).code


def rows(output):
    return [re.split(r"\s*│\s*", line)[1:-1] for line in output.splitlines() if line.startswith("│")]


def trail(database):
    with database.reading() as session:
        return [(row.who, row.action, row.subject) for row in session.scalars(select(AuditEntry))]


def test_a_coupon_is_redeemed_once_and_counted(koebako, code, sqlite):
    first = koebako("coupon", "redeem", code.lower(), "--by", "佐藤")
    second = koebako("coupon", "redeem", code, "--by", "鈴木")
    assert (first.exit_code, first.output) == (0, f"Coupon {code} redeemed: コーヒー1杯\n")
    assert second.exit_code == 2
    assert re.fullmatch(rf"Error: coupon {code} was used already: [\d-]+ [\d:]+ by 佐藤\n", second.output)
    assert rows(koebako("coupon", "list").output) == [["store", "コーヒー1杯", "1", "1", "499"]]
    assert trail(sqlite) == [("佐藤", "coupon redeemed", code)]


def test_an_unknown_coupon_is_bad_input(koebako):
    result = koebako("coupon", "redeem", "K7M-2PX-9TD")
    assert (result.exit_code, result.output) == (2, "Error: no coupon has the code 'K7M-2PX-9TD'\n")


def test_a_notice_is_published_listed_and_withdrawn(koebako, sqlite):
    make_place(sqlite)
    texts = ("--heard", "列が長い", "--heard", "en=Long queue", "--done", "レジを増やした")
    made = koebako("notice", "publish", *texts, "--store", "ginza", "--mentions", "13", "--by", "佐藤")
    assert made.output == "Notice 1 published for ginza; koebako notice withdraw 1 takes it back.\n"
    day = f"{datetime.now(TOKYO):%Y-%m-%d}"
    assert rows(koebako("notice", "list").output) == [["1", day, "ginza", "列が長い", "レジを増やした", "published"]]
    assert koebako("notice", "withdraw", "1", "--by", "鈴木").output == "Notice 1 withdrawn, by 鈴木\n"
    assert koebako("notice", "withdraw", "1", "--by", "高橋").output == "Notice 1 withdrawn, by 鈴木\n"
    assert rows(koebako("notice", "list").output)[0][-1] == "withdrawn"
    assert trail(sqlite) == [("佐藤", "notice published", "1 ginza"), ("鈴木", "notice withdrawn", "1 ginza")]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("publish", "--heard", "x", "--done", "y", "--store", "kobe"), "no store has the key 'kobe'"),
        (("publish", "--heard", " ", "--done", "y"), "heard: the text is missing"),
        (("publish", "--heard", "x"), "Missing option '--done'"),
        (("publish", "--heard", "x", "--done", "y", "--by", " "), "who does it?"),
        (("withdraw", "7"), "there is no notice 7"),
    ],
)
def test_what_cannot_be_done_is_refused(koebako, arguments, fault):
    result = koebako("notice", *arguments)
    assert (result.exit_code, fault in result.output) == (2, True)
