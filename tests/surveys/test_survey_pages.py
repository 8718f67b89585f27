import re
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from urllib.parse import urlencode

import pytest
from customers import ANSWERS, FORM, REASON, client_of, seen, send, stored
from factories import make_entry, make_survey, sealed
from sqlalchemy import event, select

import surveys.database
from surveys.database import Database
from surveys.tables import Response


def test_an_answer_is_stored_masked_and_leads_to_thanks(database):
    code = make_entry(database)
    client = client_of(database)
    answer = send(client, code, ANSWERS)
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, f"/s/{code}/thanks")
    assert stored(database) == [
        (
            9,
            5,
            {"visits": "first", "bought": ["food", "daily"]},
            {"visits": "first"},
            ["レジの方が親切でした。電話は［電話番号］です。"],
        )
    ]
    with database.reading() as session:
        row = session.scalars(select(Response)).one()
        assert (row.channel, row.store.key, row.spot.key) == ("qr", "ginza", "register")
        assert row.external_id.startswith("web-")
        assert abs(row.answered_at - datetime.now(UTC)) < timedelta(minutes=1)
    thanks = client.get(answer.location)
    assert thanks.status_code == 200
    assert "ご回答ありがとうございました" in thanks.text


def test_the_same_form_sent_twice_is_one_answer(database):
    code = make_entry(database)
    client = client_of(database)
    data = {"seal": sealed(client.get(f"/s/{code}").text)} | ANSWERS
    assert [client.post(f"/s/{code}", data=data).status_code for _ in range(3)] == [303, 303, 303]
    assert len(stored(database)) == 1


def test_a_double_tap_is_one_answer(database):
    code = make_entry(database)
    client = client_of(database)
    data = {"seal": sealed(client.get(f"/s/{code}").text)} | ANSWERS
    barrier, statuses = Barrier(6), []

    def tap():
        own = client.application.test_client()
        barrier.wait()
        statuses.append(own.post(f"/s/{code}", data=data).status_code)

    threads = [Thread(target=tap) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 6
    assert len(stored(database)) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"choice-recommend": "11"}, "選択肢の中からお選びください。"),
        ({"choice-recommend": ""}, "お答えください。"),
        ({"text-reason": REASON + "あ" * 2000}, f"長すぎます。あと{len(REASON)}文字、短くしてください。"),
        ({"text-reason": REASON + "\x00"}, "表示できない文字を取り除きました。"),
        ({"text-reason": REASON + "\x1b[1m"}, "表示できない文字を取り除きました。"),
        ({"choice-visits": "<script>"}, "選択肢の中からお選びください。"),
    ],
)
def test_a_wrong_answer_is_named_and_everything_typed_still_stands(sqlite, changes, message):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    answer = send(client, code, ANSWERS | changes)
    assert answer.status_code == 400
    assert message in seen(answer.text)
    assert REASON in answer.text
    assert 'value="food" checked' in answer.text
    assert "<script>" not in answer.text
    assert stored(sqlite) == []


def test_bytes_that_are_no_utf8_are_refused(sqlite):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    seal = sealed(client.get(f"/s/{code}").text)
    body = urlencode({"seal": seal, "choice-recommend": "3"}).encode() + b"&text-reason=%ED%A0%80%FF"
    answer = client.post(f"/s/{code}", data=body, content_type=FORM)
    assert answer.status_code == 400
    assert "表示できない文字" in answer.text


def test_a_refused_form_is_sent_again_as_the_same_answer(sqlite):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    refused = send(client, code, ANSWERS | {"choice-recommend": ""})
    data = ANSWERS | {"seal": sealed(refused.text)}
    assert [client.post(f"/s/{code}", data=data).status_code for _ in range(2)] == [303, 303]
    assert len(stored(sqlite)) == 1


@pytest.mark.parametrize("seal", ["", "forged", "WyJ4IiwieSJd.aaaaaa.bbbbbb"])
def test_a_forged_form_is_refused_and_may_be_sent_again(sqlite, seal):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    forged = client.post(f"/s/{code}", data=ANSWERS | {"seal": seal})
    assert forged.status_code == 400
    assert "確かめられませんでした" in forged.text
    assert REASON in forged.text
    assert stored(sqlite) == []
    assert client.post(f"/s/{code}", data=ANSWERS | {"seal": sealed(forged.text)}).status_code == 303


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"closes": datetime(2025, 1, 1, tzinfo=UTC)}, 410, "このアンケートは終了しました"),
        ({"opens": datetime(2199, 1, 1, tzinfo=UTC)}, 403, "2199年1月1日 9:00 から回答できます。"),
    ],
)
def test_a_survey_that_takes_no_answers_says_so_and_keeps_what_was_written(sqlite, changes, status, message):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    seal = sealed(client.get(f"/s/{code}").text)
    make_survey(sqlite, **changes)
    assert (client.get(f"/s/{code}").status_code, stored(sqlite)) == (status, [])
    answer = client.post(f"/s/{code}", data=ANSWERS | {"seal": seal})
    assert (answer.status_code, stored(sqlite)) == (status, [])
    assert message in seen(answer.text)
    assert REASON in answer.text


@pytest.mark.parametrize("path", ["/s/zzzzzzzz", "/s/zzzzzzzz/thanks", "/s/%00", "/s/%ED%A0%80"])
def test_an_unknown_code_gets_a_friendly_page(database, path):
    answer = client_of(database).get(path)
    assert answer.status_code == 404
    assert "アンケートが見つかりません" in answer.text


def test_what_was_written_to_an_unknown_code_can_be_copied(sqlite):
    answer = client_of(sqlite).post("/s/zzzzzzzz", data=ANSWERS)
    assert (answer.status_code, REASON in answer.text) == (404, True)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_another_content_type_is_refused(sqlite, content_type):
    code = make_entry(sqlite)
    answer = client_of(sqlite).post(f"/s/{code}", data=b"{}", content_type=content_type)
    assert answer.status_code == 415
    assert "この形では受け取れません" in answer.text


def test_a_body_over_the_limit_is_refused(sqlite):
    code = make_entry(sqlite)
    answer = send(client_of(sqlite, max_body_kilobytes=16), code, ANSWERS | {"text-reason": "a" * 17_000})
    assert answer.status_code == 413
    assert "送られた内容が大きすぎます" in answer.text


def test_a_locked_database_hands_everything_back_to_be_sent_again(sqlite_url, monkeypatch):
    monkeypatch.setattr(surveys.database, "BUSY_SECONDS", 0)
    database = Database(sqlite_url)
    code = make_entry(database)
    client = client_of(database)
    seal = sealed(client.get(f"/s/{code}").text)
    with database.session() as session:
        session.execute(select(Response.id))
        held = client.post(f"/s/{code}", data=ANSWERS | {"seal": seal})
    assert (held.status_code, held.headers["Retry-After"]) == (503, "15")
    assert REASON in held.text
    assert stored(database) == []
    fields = [*re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', held.text), ("text-reason", REASON)]
    assert client.post(f"/s/{code}", data=urlencode(fields), content_type=FORM).status_code == 303
    assert stored(database)[0][:3] == (9, 5, {"visits": "first", "bought": ["food", "daily"]})
    database.close()


def test_a_full_disk_hands_everything_back(sqlite):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    seal = sealed(client.get(f"/s/{code}").text)
    sqlite.close()  # new connections only
    event.listen(sqlite.engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count=1"))
    long = {"text-reason": "広い店内でした。" * 200}
    answers = [client.post(f"/s/{code}", data=ANSWERS | long | {"seal": seal}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "広い店内でした。" * 200 in answers[0].text


def test_a_database_that_is_gone_keeps_what_was_typed():
    client = client_of(Database("postgresql://nobody@127.0.0.1:1/none"))
    assert client.get("/s/bbbbbbbb").status_code == 503
    held = client.post("/s/bbbbbbbb", data=ANSWERS)
    assert (held.status_code, REASON in held.text) == (503, True)


@pytest.mark.parametrize(
    ("query", "wished", "language", "title"),
    [
        ("", "", "ja", "お客様アンケート"),
        ("", "en-GB,en;q=0.9", "en", "Customer survey"),
        ("", "de,fr", "ja", "お客様アンケート"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans", "お客様アンケート"),
        ("", "zh-TW,en;q=0.8", "zh-Hans", "お客様アンケート"),
        ("", "de,ko-KR;q=0.9,en;q=0.8", "ko", "お客様アンケート"),
        ("", "zh;q=0, en", "en", "Customer survey"),
        ("?lang=en", "ja", "en", "Customer survey"),
        ("?lang=zh-Hans", "ja", "zh-Hans", "お客様アンケート"),
        ("?lang=zh_CN", "ja", "zh-Hans", "お客様アンケート"),
        ("?lang=xx", "en", "en", "Customer survey"),
    ],
)
def test_the_language_is_the_switch_else_the_browsers_wish_else_japanese(sqlite, query, wished, language, title):
    code = make_entry(sqlite)
    page = client_of(sqlite).get(f"/s/{code}{query}", headers={"Accept-Language": wished})
    assert page.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in page.text
    assert title in seen(page.text)


def test_a_wording_without_translation_says_its_language(sqlite):
    code = make_entry(sqlite)
    page = client_of(sqlite).get(f"/s/{code}?lang=en").text
    assert '<span lang="ja">食料品</span>' in page


def test_customers_get_no_cookie_and_no_copy_is_kept_anywhere(sqlite):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    answers = [client.get(f"/s/{code}"), send(client, code, ANSWERS), client.get(f"/s/{code}/thanks")]
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert {answer.headers.get("Cache-Control") for answer in (answers[0], answers[2])} == {"no-store"}


def test_nothing_stands_inline(sqlite):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    pages = [client.get(f"/s/{code}").text, send(client, code, {}).text, client.get(f"/s/{code}/thanks").text]
    inline = r'<script(?! src="[^"]+" [^>]*defer></script>)|<style|\sstyle=|\son\w+='
    assert [re.findall(inline, page) for page in pages] == [[], [], []]


def test_static_files_are_kept_by_browsers_under_their_content(sqlite):
    code = make_entry(sqlite)
    client = client_of(sqlite)
    address = re.search(r'href="([^"]+pages\.css[^"]*)"', client.get(f"/s/{code}").text)[1]
    assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in client.get(address.partition("?")[0]).headers.get("Cache-Control", "")
