import pytest

from feedback.errors import ConfigError, SchemaError
from feedback.wsgi import make_app


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path, sqlite_url):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KOEBAKO_CONFIG", raising=False)
    monkeypatch.setenv("KOEBAKO_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("KOEBAKO_SECRET_KEY", "a secret key for tests only, long enough")


def test_a_wsgi_server_serves_what_koebako_serves():
    response = make_app().test_client().get("/staff/")
    assert (response.status_code, response.location) == (303, "/staff/sign-in?next=/staff/")


def test_it_does_not_start_without_a_secret_key(monkeypatch):
    monkeypatch.delenv("KOEBAKO_SECRET_KEY")
    with pytest.raises(ConfigError, match="KOEBAKO_SECRET_KEY is missing"):
        make_app()


def test_it_does_not_start_on_an_empty_database(monkeypatch, tmp_path):
    monkeypatch.setenv("KOEBAKO_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(SchemaError, match="run: koebako init"):
        make_app()
