"""`koebako report`: the same report as JSON, text and a page of its own."""

import pytest
from analysed_chain import WEEK, store_analysed_chain
from click.testing import CliRunner

from feedback.cli import main
from feedback.config import Config
from feedback.report import build_report
from feedback.report.json_file import to_json
from feedback.report.text_file import to_text
from feedback.scopes import store_scope


@pytest.fixture
def analysed(sqlite):
    with sqlite.session() as session:
        store_analysed_chain(session)
    return sqlite


def built(database, store=None):
    with database.reading() as session:
        return build_report(session, Config(), WEEK, *([store_scope(session, store)] if store else []))


def koebako(database, *arguments):
    url = database.engine.url.render_as_string(hide_password=False)
    return CliRunner().invoke(main, arguments, env={"KOEBAKO_DATABASE_URL": url})


def test_the_command_writes_the_json_file(analysed, tmp_path):
    out = tmp_path / "r.json"
    result = koebako(analysed, "report", "--week", WEEK, "--format", "json", "--out", str(out))
    assert (result.exit_code, result.output) == (0, "")
    assert out.read_bytes() == to_json(built(analysed))


MAIL = """\
お客さまの声・週報  2025年 第40週  銀座店
集計期間: 2025年9月29日〜10月5日（1週間）  改訂 2

NPS −20 (−34〜−5)
  推奨 20・中立 40・批判 40（点数のある回答 100件）
  前の期間との差 −40 (−60〜−19)
  この週の回答 110件、期間中にコメントのある回答 50件

改善項目（優先順、26週間の声から）
1. レジの待ち時間
   REASON
   「レジをもう一台増やしてほしいです」

テーマ（コメントのある回答に占める割合）
- レジの待ち時間  22%  良い 0・不満 10・要望 2
   「レジが混んでいて待たされました」
   「レジをもう一台増やしてほしいです」
- 満足・また来たい  8.0%  良い 3・不満 1・要望 0
- 駐車場が狭い（新しい話題）  6.0%  良い 0・不満 4・要望 0

どのテーマにも入らない意見 18%、「特になし」 3件
"""


def test_the_command_prints_a_text_that_can_be_mailed(analysed):
    result = koebako(analysed, "report", "--store", "ginza")
    reason = built(analysed, store="ginza").improvements[0].reason["ja"]
    assert (result.exit_code, result.output) == (0, MAIL.replace("REASON", reason))


def test_the_command_writes_a_page_that_stands_alone(analysed, tmp_path):
    out = tmp_path / "r.html"
    assert koebako(analysed, "report", "--format", "html", "--language", "en", "--out", str(out)).exit_code == 0
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "Waiting at the till" in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("--week", "2025-W30"), "week 2025-W30 has not been analysed; run: koebako analyse --week 2025-W30"),
        (("--week", "W30"), "'W30' is not an ISO week"),
        (("--week", ""), "'' is not an ISO week"),
        (("--store", "nowhere"), "no store has the key 'nowhere'"),
        (("--area", "nowhere"), "no area has the key 'nowhere'"),
        (("--store", "ginza", "--area", "x"), "exclude each other"),
        (("--out", "/proc/none/r.txt"), "/proc/none/r.txt: cannot be written"),
    ],
)
def test_a_wrong_request_ends_with_one_line_and_exit_code_2(analysed, arguments, fault):
    result = koebako(analysed, "report", *arguments)
    assert result.exit_code == 2
    assert fault in result.output.splitlines()[-1]


def test_the_english_text_says_the_same(analysed):
    lines = to_text(built(analysed), "en").splitlines()
    assert lines[:4] == [
        "What customers say  Week 40, 2025  All stores",
        "Figures cover: 29 Sep – 5 Oct 2025 (1 week)  revision 2",
        "",
        "NPS −14 (−28 to +1)",
    ]
    assert "1. Waiting at the till" in lines
