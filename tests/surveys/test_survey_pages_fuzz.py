from urllib.parse import urlencode

import pytest
from effort import examples
from factories import make_entry, make_reception, sealed
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from surveys.database import Database
from surveys.tables import Response
from surveys.texts import is_storable
from surveys.web import create_survey_app

FORM = "application/x-www-form-urlencoded"
FIELDS = ["choice-recommend", "text-reason", "choice-satisfaction", "choice-visits", "choice-bought", "seal", "x"]
FIELDS += ["key", "waited", "change", "another", "website"]
VALUES = st.one_of(
    st.integers(-3, 13).map(str),
    st.sampled_from(["first", "again", "food", "daily", "", " ", "５", "\x00", "None", "[]", "%", "1e1"]),
    st.text(max_size=60),
    st.text(st.characters(codec=None), max_size=20),
)
FORMS = st.lists(st.tuples(st.sampled_from(FIELDS), VALUES), max_size=10)
FUZZ = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def shop(sqlite: Database):
    code = make_entry(sqlite)
    app = create_survey_app(make_reception(sqlite))
    app.testing = True  # an error of ours flies instead of becoming a page
    return sqlite, code, app.test_client()


def assert_all_fit(database: Database) -> None:
    """Every stored answer is one that the form offers."""
    with database.session() as session:
        for row in session.scalars(select(Response)):
            assert row.score in range(11)
            assert row.satisfaction in {None, 1, 2, 3, 4, 5}
            assert set(row.answers) <= {"visits", "bought"}
            assert row.answers.get("visits") in {None, "first", "again"}
            assert set(row.answers.get("bought", [])) <= {"food", "daily"}
            assert row.attributes == {key: value for key, value in row.answers.items() if key == "visits"}
            assert all(0 < len(comment.text) <= 2000 and is_storable(comment.text) for comment in row.comments)
            session.delete(row)


@FUZZ
@example([("choice-recommend", "9"), ("text-reason", "\ud800")])
@example([("choice-recommend", "10"), ("choice-bought", "food"), ("choice-bought", "food")])
@given(fields=FORMS)
def test_any_form_is_taken_whole_or_refused_with_a_page(shop, fields):
    database, code, client = shop
    if "seal" not in dict(fields):
        fields = [*fields, ("seal", sealed(client.get(f"/s/{code}").text))]
    body = urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in fields])
    answer = client.post(f"/s/{code}", data=body, content_type=FORM)
    assert answer.status_code in {303, 400}
    if answer.status_code == 400:
        assert "まだ送信されていません" in answer.text
    assert_all_fit(database)


@FUZZ
@given(body=st.binary(max_size=400), kind=st.sampled_from([FORM, f"{FORM}; charset=shift_jis", "text/plain", "x"]))
def test_any_bytes_are_refused_with_a_page(shop, body, kind):
    database, code, client = shop
    answer = client.post(f"/s/{code}", data=body, content_type=kind)
    assert answer.status_code in {400, 413, 415}
    assert answer.text.startswith("<!doctype html>")
    assert_all_fit(database)


@FUZZ
@given(
    code=st.text(st.characters(codec="utf-8", exclude_characters="/?#"), min_size=1, max_size=30).filter(
        lambda code: code not in {".", ".."}
    ),
    language=st.text(max_size=8),
)
def test_any_code_and_language_get_a_page(shop, code, language):
    _, _, client = shop
    answer = client.get(f"/s/{code}", query_string={"lang": language}, headers={"Accept-Language": "x;q=a,;,en"})
    assert answer.status_code in {404, 308}
