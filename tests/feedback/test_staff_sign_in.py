"""Signing in to the staff pages: sessions, cookies, forged forms, headers, what each role may open."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from staff_site import NOW, PASSWORD, Visitor, add_staff, fill_chain, signed_in, visitor

from feedback import accounts
from feedback.app import create_app
from feedback.errors import ConfigError
from feedback.security import COOKIE_PATH

PAGES = ["/staff/", "/staff/report", "/staff/comments", "/staff/runs", "/staff/runs.json", "/staff/password"]
THEME_PAGES = ["/staff/themes", "/staff/theme", "/staff/opinion", "/staff/corrections"]
ANALYST_PAGES = ["/staff/downloads", "/staff/downloads/file?kind=tags&format=csv"]


@pytest.fixture
def guest(config, sqlite):
    fill_chain(sqlite)
    return visitor(config, sqlite)


def test_every_staff_page_asks_for_a_sign_in(config, sqlite):
    app = create_app(config, sqlite)
    closed = {
        rule.rule: app.test_client().get(rule.rule).headers.get("Location", "")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("staff.") and "GET" in rule.methods and rule.endpoint != "staff.sign_in"
    }
    assert set(closed) >= {path.partition("?")[0] for path in PAGES + THEME_PAGES + ANALYST_PAGES}
    assert closed == {path: f"/staff/sign-in?next={path}" for path in closed}


def test_signing_in_leads_to_the_page_that_was_asked_for(guest, sqlite):
    add_staff(sqlite, "佐藤")
    form = guest.get("/staff/comments?week=2025-W40&theme=queue").headers["Location"]
    answer = guest.post(form, form_from=form, name="佐藤", password=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/comments?week=2025-W40&theme=queue")
    assert "レジが長蛇の列でした" in guest.page(answer.headers["Location"])


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/staff/",
        "/staff/../\\evil",
        "javascript:alert(1)",
        "/staff/sign-out",
        "",
    ],
)
def test_signing_in_never_leads_off_the_site(guest, sqlite, elsewhere):
    add_staff(sqlite, "佐藤")
    answer = guest.post("/staff/sign-in", form_from="/staff/sign-in", name="佐藤", password=PASSWORD, next=elsewhere)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/")


@pytest.mark.parametrize(
    ("name", "password"), [("佐藤", "wrong"), ("nobody", PASSWORD), ("", ""), ("佐藤", "x" * 5000)]
)
def test_wrong_names_and_passwords_get_the_same_answer(guest, sqlite, name, password):
    add_staff(sqlite, "佐藤")
    answer = guest.sign_in(name, password)
    assert answer.status_code == 401
    assert "お名前かパスワードが違います。" in answer.text
    assert guest.get("/staff/report").status_code == 303


def test_a_guessed_at_account_waits(guest, sqlite):
    add_staff(sqlite, "佐藤")
    for _ in range(accounts.ATTEMPTS):
        assert guest.sign_in("佐藤", "wrong").status_code == 401
    answer = guest.sign_in("佐藤")
    assert answer.status_code == 429
    assert "15分ほど待ってから" in answer.text


def test_a_name_without_an_account_waits_like_one_that_has_one(guest, sqlite):
    add_staff(sqlite, "佐藤")
    tries = [[guest.sign_in(name, "wrong") for _ in range(accounts.ATTEMPTS + 1)] for name in ("佐藤", "nobody")]
    assert [[answer.status_code for answer in answers] for answers in tries] == [[401] * 10 + [429]] * 2
    told = [answers[-1].text.replace(name, "") for answers, name in zip(tries, ("佐藤", "nobody"), strict=True)]
    tokens = [re.sub(r'value="[^"]{20,}"', "", text) for text in told]
    assert tokens[0] == tokens[1]


def test_failures_from_one_address_make_it_wait_and_no_other(guest, sqlite):
    add_staff(sqlite, "佐藤")
    for number in range(5 * accounts.ATTEMPTS):
        assert guest.sign_in(f"name {number}", "wrong").status_code == 401
    here = guest.sign_in("佐藤")
    assert (here.status_code, "この場所からのサインインの誤り" in here.text) == (429, True)
    guest.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert guest.sign_in("佐藤").status_code == 303


def test_right_passwords_are_not_counted_against_an_address(config, sqlite):
    add_staff(sqlite, "佐藤")
    app = create_app(config, sqlite)
    visits = (Visitor(app.test_client()).sign_in("佐藤").status_code for _ in range(accounts.ATTEMPTS + 2))
    assert set(visits) == {303}


def test_an_account_waits_for_a_quarter_of_an_hour_and_no_longer(guest, sqlite, monkeypatch):
    add_staff(sqlite, "佐藤")
    for _ in range(accounts.ATTEMPTS):
        guest.sign_in("佐藤", "wrong")
    later = datetime.now(UTC) + accounts.ATTEMPTS_WINDOW + timedelta(minutes=1)
    monkeypatch.setattr("feedback.pages.sign_in.now", lambda: later)
    monkeypatch.setattr("limits.storage.memory.time.time", later.timestamp)
    assert guest.sign_in("佐藤").status_code == 303


def test_signing_in_begins_a_new_session(guest, sqlite):
    add_staff(sqlite, "佐藤")
    guest.page("/staff/sign-in")
    with guest.client.session_transaction(base_url="http://localhost/staff/") as planted:
        planted["planted"] = "by whoever had this browser before"
        before = planted["form_token"]
    assert guest.sign_in("佐藤").status_code == 303
    with guest.client.session_transaction(base_url="http://localhost/staff/") as session:
        assert "planted" not in session
        assert session["form_token"] != before


def test_plain_http_inside_a_shop_promises_no_https(config, sqlite):
    inside = config.model_copy(update={"site": config.site.model_copy(update={"public_url": ""})})
    client = visitor(inside, sqlite).client
    assert "Strict-Transport-Security" not in client.get("/s/nowhere", base_url="http://192.168.1.5").headers
    assert "Strict-Transport-Security" in client.get("/s/nowhere", base_url="https://192.168.1.5").headers


def test_the_first_sign_in_asks_for_an_own_password_before_anything_else(guest, sqlite):
    with sqlite.session() as session:
        password = accounts.add_member(session, accounts.NewMember("佐藤"), NOW)
    guest.sign_in("佐藤", password)
    assert [guest.get(path).headers.get("Location") for path in PAGES[:-1]] == ["/staff/password"] * 5
    differ = guest.post("/staff/password", form_from="/staff/password", new=PASSWORD, again=PASSWORD + "x")
    assert (differ.status_code, "2回で一致していません" in differ.text) == (400, True)
    done = guest.post("/staff/password", form_from="/staff/password", new=PASSWORD, again=PASSWORD)
    assert (done.status_code, done.headers["Location"]) == (303, "/staff/")
    assert "まず取り組むこと" in guest.page("/staff/report")


def test_changing_a_password_later_needs_the_one_in_use(config, sqlite):
    fill_chain(sqlite)
    member = signed_in(config, sqlite, "佐藤")
    new = {"new": "あたらしい合言葉にしました", "again": "あたらしい合言葉にしました"}
    wrong = member.post("/staff/password", form_from="/staff/password", current="wrong", **new)
    assert (wrong.status_code, "いまのパスワードが違います。" in wrong.text) == (400, True)
    weak = member.post("/staff/password", form_from="/staff/password", current=PASSWORD, new="x", again="x")
    assert (weak.status_code, "このパスワードは使えません。" in weak.text) == (400, True)
    right = member.post("/staff/password", form_from="/staff/password", current=PASSWORD, **new)
    assert right.status_code == 303
    assert member.get("/staff/report").status_code == 200


def test_changing_a_password_signs_other_browsers_out(config, sqlite):
    fill_chain(sqlite)
    here = signed_in(config, sqlite, "佐藤")
    elsewhere = visitor(config, sqlite)
    elsewhere.sign_in("佐藤")
    assert elsewhere.get("/staff/report").status_code == 200
    new = {"new": "あたらしい合言葉にしました", "again": "あたらしい合言葉にしました"}
    here.post("/staff/password", form_from="/staff/password", current=PASSWORD, **new)
    assert elsewhere.get("/staff/report").status_code == 303


def test_a_copied_cookie_is_dead_after_signing_out(config, sqlite):
    fill_chain(sqlite)
    member = signed_in(config, sqlite, "佐藤")
    thief = visitor(config, sqlite)
    thief.client.set_cookie(
        "koebako_staff", member.client.get_cookie("koebako_staff", path=COOKIE_PATH).value, path="/staff"
    )
    assert thief.get("/staff/report").status_code == 200
    answer = member.post("/staff/sign-out", form_from="/staff/report")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/sign-in")
    assert [member.get("/staff/report").status_code, thief.get("/staff/report").status_code] == [303, 303]


def test_a_session_ends_after_its_hours(config, sqlite, monkeypatch):
    fill_chain(sqlite)
    member = signed_in(config, sqlite, "佐藤")
    from feedback.pages import gate

    real = gate.now
    limit = timedelta(hours=config.feedback.session_hours)
    monkeypatch.setattr(gate, "now", lambda: real() + limit - timedelta(seconds=60))
    assert member.get("/staff/report").status_code == 200
    monkeypatch.setattr(gate, "now", lambda: real() + limit + timedelta(seconds=60))
    assert member.get("/staff/report").status_code == 303


def test_a_reset_account_is_signed_out_at_once(config, sqlite):
    fill_chain(sqlite)
    member = signed_in(config, sqlite, "佐藤")
    with sqlite.session() as session:
        accounts.reset_password(session, "佐藤", NOW)
    assert member.get("/staff/report").status_code == 303


def posting_pages(app) -> set[str]:
    return {
        rule.rule for rule in app.url_map.iter_rules() if "POST" in rule.methods and rule.endpoint.startswith("staff.")
    }


def test_every_form_is_refused_without_its_token(config, sqlite):
    fill_chain(sqlite)
    member = signed_in(config, sqlite, "佐藤")
    paths = posting_pages(member.client.application)
    assert paths >= {
        "/staff/sign-in",
        "/staff/sign-out",
        "/staff/password",
        "/staff/theme",
        "/staff/corrections",
        "/staff/opinion",
        "/staff/opinion/undo",
    }
    for path in paths:
        for forged in ({}, {"form_token": ""}, {"form_token": "guessed"}):
            answer = member.client.post(path, data={**forged, "new": PASSWORD * 2, "again": PASSWORD * 2})
            assert (path, answer.status_code) == (path, 400)
            assert "画面の有効期限が切れました" in answer.text
    assert member.get("/staff/report").status_code == 200


def test_the_token_of_another_session_is_no_token(config, sqlite):
    fill_chain(sqlite)
    attacker, member = signed_in(config, sqlite, "攻撃者"), signed_in(config, sqlite, "佐藤")
    with attacker.client.session_transaction(base_url="http://localhost/staff/") as session:
        token = session["form_token"]
    assert member.client.post("/staff/sign-out", data={"form_token": token}).status_code == 400


def test_a_forged_cookie_signs_nobody_in(config, sqlite):
    fill_chain(sqlite)
    add_staff(sqlite, "佐藤")
    other = config.model_copy(update={"secret_key": type(config.secret_key)("another secret key, long enough")})
    forger = visitor(other, sqlite)
    forger.sign_in("佐藤")
    stolen = visitor(config, sqlite)
    stolen.client.set_cookie(
        "koebako_staff", forger.client.get_cookie("koebako_staff", path=COOKIE_PATH).value, path="/staff"
    )
    assert stolen.get("/staff/report").status_code == 303


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("manager", 403), ("analyst", 200), ("admin", 200)])
def test_downloads_are_for_analysts(config, sqlite, role, status):
    fill_chain(sqlite)
    member = signed_in(config, sqlite, "佐藤", role)
    assert [member.get(path).status_code for path in ANALYST_PAGES] == [status, status]
    assert ("/staff/downloads" in member.page("/staff/report")) is (status == 200)


HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=31536000",
}


@pytest.mark.parametrize("path", ["/", "/staff/sign-in", "/staff/report", "/staff/nowhere", "/nowhere", "/s/nowhere"])
def test_every_answer_carries_the_security_headers(guest, path):
    headers = guest.get(path).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS


def test_nothing_in_a_page_is_inline(config, sqlite):
    fill_chain(sqlite)
    member = signed_in(config, sqlite, "佐藤", "analyst")
    for path in ["/staff/report", "/staff/comments", "/staff/runs", "/staff/downloads", "/staff/password"]:
        page = member.page(path)
        assert [bad for bad in (" style=", "<style", " onclick=", " onchange=", "javascript:") if bad in page] == []
        assert page.count("<script") == page.count("<script src=")


def cookie_line(visited: Visitor, url: str) -> str:
    return visited.client.get("/staff/sign-in", base_url=url).headers["Set-Cookie"].split("; ", 1)[1]


def test_the_cookie_is_strict_and_secure_where_the_site_is_published(config, sqlite):
    published = visitor(config, sqlite)  # https://koe.example.jp, as it stands behind its proxy
    assert cookie_line(published, "http://koe.example.jp") == "Secure; HttpOnly; Path=/staff; SameSite=Lax"
    assert cookie_line(published, "http://127.0.0.1:8765") == "HttpOnly; Path=/staff; SameSite=Lax"
    inside = config.model_copy(update={"site": config.site.model_copy(update={"public_url": ""})})
    assert cookie_line(visitor(inside, sqlite), "http://192.168.1.5:8765") == "HttpOnly; Path=/staff; SameSite=Lax"
    assert "Secure" in cookie_line(visitor(inside, sqlite), "https://192.168.1.5")


def test_customers_pages_set_no_cookie(guest):
    assert [guest.get(path).headers.get("Set-Cookie") for path in ("/", "/s/nowhere", "/nowhere")] == [None] * 3


@pytest.mark.parametrize("secret", [None, "", "short"])
def test_without_a_secret_key_there_is_no_server(config, sqlite, secret):
    wrapped = None if secret is None else type(config.secret_key)(secret)
    with pytest.raises(ConfigError, match="KOEBAKO_SECRET_KEY is missing or shorter than 16 characters"):
        create_app(config.model_copy(update={"secret_key": wrapped}), sqlite)


def test_the_language_switch_stays_for_the_session(config, sqlite):
    fill_chain(sqlite)
    member = signed_in(config, sqlite, "佐藤")
    assert '<html lang="ja">' in member.page("/staff/report")
    assert '<html lang="en">' in member.page("/staff/runs?lang=en")
    assert '<html lang="en">' in member.page("/staff/report")
    assert '<html lang="en">' in member.page("/staff/report?lang=xx")


@pytest.mark.parametrize(
    ("languages", "wished", "shown"),
    [(("ja", "en", "ko"), "ko", "ja"), (("ko", "en"), "ko,ja", "en"), (("ko",), "ko,en", "en"), (("ko",), "ko", "ja")],
)
def test_staff_pages_come_in_japanese_or_english_only(config, sqlite, languages, wished, shown):
    site = config.site.model_copy(update={"languages": languages})
    client = create_app(config.model_copy(update={"site": site}), sqlite).test_client()
    page = client.get("/staff/sign-in?lang=ko", headers={"Accept-Language": wished}).text
    assert f'<html lang="{shown}">' in page
    assert "한국어" not in page
