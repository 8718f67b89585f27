"""The customers' page of the deletion code: what it shows, that it erases, and that a guess learns nothing."""

import json
import re

import pytest
from factories import make_entry, make_reception, sealed
from sqlalchemy import select

from surveys import rights
from surveys.submission_keys import digest, read_code
from surveys.tables import Response
from surveys.web import create_survey_app

FORM = "application/x-www-form-urlencoded"
UNKNOWN = "0000-0000-0000"


@pytest.fixture
def site(database):
    """A client, the code of a form, and the reception behind it."""
    code, reception = make_entry(database), make_reception(database)
    app = create_survey_app(reception)
    app.testing = True
    yield app.test_client(), code, reception
    reception.rights.erased.path.unlink(missing_ok=True)


def give(client, code, **answers):
    """Answer as a customer does: the posted fields, and the deletion code of the thank-you page."""
    form = {"seal": sealed(client.get(f"/s/{code}").text), "choice-recommend": "9", "text-reason": "レジが速いです。"}
    thanks = client.get(client.post(f"/s/{code}", data=form | answers).location)
    return form | answers, re.search(r'class="code"[^>]*>([^<]+)<', thanks.text)[1]


def press(client, action, code, **options):
    return client.post("/delete?lang=ja", data={"code": code, "action": action}, **options)


def answers(database):
    with database.reading() as session:
        return len(session.scalars(select(Response)).all())


def trail(database):
    with database.reading() as session:
        return [(event.kind, event.digest, event.made_by) for event in rights.events(session)]


def test_thanks_lead_to_the_page_of_the_deletion_code(site):
    client, code, _ = site
    form = {"seal": sealed(client.get(f"/s/{code}").text), "choice-recommend": "9"}
    thanks = client.get(client.post(f"/s/{code}", data=form).location).text
    assert 'href="/delete?lang=ja"' in thanks
    page = client.get("/delete?lang=ja")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "Set-Cookie" not in page.headers


def test_a_code_as_people_type_it_shows_all_that_is_held(site, database):
    client, code, _ = site
    _, own = give(client, code)
    shown = press(client, "show", f"  {own.lower().replace('-', ' ')} ")
    assert shown.status_code == 200
    for held in ("銀座店 レジ横", "レジが速いです。", "この店をすすめたいですか。", ">9<", "web-"):
        assert held in shown.text
    assert trail(database) == [("shown", digest(read_code(own)), "customer")]


def test_the_same_comes_as_a_file(site, database):
    client, code, _ = site
    _, own = give(client, code)
    answer = press(client, "json", own)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/json", "no-store")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="koebako-answer.json"'
    held = json.loads(answer.text)
    assert [(each["key"], each["given"]) for each in held["answers"]] == [
        ("recommend", [{"": "9"}]),
        ("reason", [{"": "レジが速いです。"}]),
    ]
    assert (held["store"], held["channel"], held["contact"]) == ("銀座店", "qr", None)
    assert [kind for kind, *_ in trail(database)] == ["shown"]


def test_erasing_is_asked_once_more_and_then_done(site, database):
    client, code, reception = site
    _, own = give(client, code)
    asked = press(client, "confirm", own)
    assert "この回答を削除しますか" in asked.text
    assert (answers(database), trail(database)) == (1, [])
    done = press(client, "erase", own)
    assert (done.status_code, done.location) == (303, "/delete/done?lang=ja")
    assert "もう保存されていません" in client.get(done.location).text
    assert answers(database) == 0
    assert trail(database) == [("erased", digest(read_code(own)), "customer")]
    assert reception.rights.erased.read().digests == {digest(read_code(own))}


@pytest.mark.parametrize("action", ["show", "confirm", "json", "erase", "nonsense"])
def test_an_erased_code_and_one_that_never_was_get_the_same_reply(site, database, action):
    client, code, _ = site
    _, own = give(client, code)
    press(client, "erase", own)
    before = trail(database)
    replies = [press(client, action, typed) for typed in (own, UNKNOWN)]
    assert replies[0].status_code == replies[1].status_code == (303 if action == "erase" else 404)
    assert replies[0].text.replace(own, "CODE") == replies[1].text.replace(UNKNOWN, "CODE")
    assert trail(database) == before


def test_what_is_no_code_is_told_beside_the_field_and_kept(site):
    client, _, _ = site
    answer = press(client, "erase", "<b>K7QM")
    assert answer.status_code == 400
    assert 'value="&lt;b&gt;K7QM"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert client.post("/delete", data="{}", content_type="application/json").status_code == 415
    assert press(client, "erase", "").status_code == 400


def test_a_late_repetition_of_an_erased_answer_is_not_taken(site, database):
    client, code, _ = site
    form, own = give(client, code)
    press(client, "erase", own)
    again = client.post(f"/s/{code}?lang=ja", data=form)
    assert again.status_code == 410
    assert "この回答は削除されています" in again.text
    assert answers(database) == 0


def test_nothing_is_said_to_be_erased_where_the_file_cannot_be_written(site, database, caplog):
    client, code, reception = site
    _, own = give(client, code)
    reception.rights.erased.path.mkdir()
    answer = press(client, "erase", own)
    assert (answer.status_code, answers(database)) == (503, 1)
    assert f'name="code" value="{own}"' in answer.text  # the button on that page tries again
    assert "could not be erased" in caplog.text
    reception.rights.erased.path.rmdir()


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ja", "回答の確認と削除"),
        ("en", "See or delete your answer"),
        ("zh-Hans", "查看和删除回答"),
        ("ko", "답변 확인과 삭제"),
    ],
)
def test_the_page_speaks_four_languages(database, language, title):
    reception = make_reception(database)
    app = create_survey_app(reception)
    page = app.test_client().get("/delete", query_string={"lang": language}).text
    assert f"<h1>{title}</h1>" in page
    assert f'<html lang="{language}">' in page
