"""The server process: ports, addresses, its log, and how it stops."""

import logging
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from factories import make_entry
from sqlalchemy import select

from feedback.cli import main
from feedback.cli.serve import print_addresses
from feedback.errors import ServeError
from feedback.serving import AccessLog, free_socket, local_address, network_address
from surveys.tables import FormDay

EVERYWHERE = "0.0.0.0"  # noqa: S104 - never bound here
KOEBAKO = str(Path(sys.executable).with_name("koebako"))


def test_without_a_port_the_next_free_one_is_taken():
    with free_socket("127.0.0.1", None) as first, free_socket("127.0.0.1", None) as second:
        ports = [first.getsockname()[1], second.getsockname()[1]]
    assert 8765 <= ports[0] < ports[1] < 8815


def test_a_port_that_was_asked_for_and_is_taken_is_one_line():
    with free_socket("127.0.0.1", None) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"cannot listen on 127.0.0.1 port {port}: Address already in use"):
            free_socket("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8765"),
        (EVERYWHERE, "http://127.0.0.1:8765"),
        ("::1", "http://[::1]:8765"),
        ("192.168.1.5", "http://192.168.1.5:8765"),
    ],
)
def test_the_address_that_is_shown_works_on_this_machine(host, address):
    assert local_address(host, 8765) == address


def test_other_devices_are_told_an_address_only_where_they_can_reach_us():
    assert network_address("127.0.0.1", 8765) is None
    outside = network_address(EVERYWHERE, 8765)
    assert outside is None or re.fullmatch(r"http://\d+\.\d+\.\d+\.\d+:8765", outside)


def test_the_log_names_no_client_and_no_query(caplog):
    def app(_environ, start_response):
        start_response("200 OK", [])
        return [b""]

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/s/abc\nforged line",
        "QUERY_STRING": "secret=1",
        "REMOTE_ADDR": "203.0.113.9",
        "HTTP_X_FORWARDED_FOR": "203.0.113.10",
        "HTTP_USER_AGENT": "Somebody's telephone",
    }
    with caplog.at_level(logging.INFO, logger="koebako.access"):
        list(AccessLog(app)(environ, lambda *_: None))
    assert re.fullmatch(r"GET /s/abc\?forged line 200 \d+ ms", caplog.messages[0])


def environ(tmp_path: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "KOEBAKO_DATABASE_URL": f"sqlite:///{tmp_path}/koebako.db", **more}


def test_serve_without_a_secret_key_says_how_to_make_one(tmp_path):
    result = CliRunner().invoke(main, ["serve"], env=environ(tmp_path, KOEBAKO_SECRET_KEY=""))
    assert result.exit_code == 2
    assert "KOEBAKO_SECRET_KEY is missing" in result.output
    assert result.output.count("\n") == 1


def test_serve_on_an_empty_database_says_what_to_do(tmp_path):
    result = CliRunner().invoke(main, ["serve"], env=environ(tmp_path, KOEBAKO_SECRET_KEY="x" * 32))
    assert (result.exit_code, result.output) == (2, "Error: the database is empty; run: koebako init\n")


@pytest.mark.usefixtures("sqlite")
def test_serve_answers_and_stops_cleanly(tmp_path):
    settings = environ(tmp_path, KOEBAKO_SECRET_KEY="x" * 32)
    with subprocess.Popen(
        [KOEBAKO, "serve", "--with-schedule"], env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            line = next(line for line in server.stdout if line.startswith("Staff pages: "))
            with urllib.request.urlopen(line.removeprefix("Staff pages: ").strip()) as answer:  # noqa: S310 - our own
                page, headers = answer.read().decode(), answer.headers
        finally:
            server.send_signal(signal.SIGTERM)
        log = server.stderr.read()
    assert server.returncode == 0
    assert "スタッフのサインイン" in page
    assert "Server" not in headers
    assert re.search(r"GET /staff/sign-in 200 \d+ ms", log)
    assert "Traceback" not in log
    assert "127.0.0.1" not in log


def test_a_server_that_is_stopped_writes_what_it_counted(sqlite, tmp_path):
    settings = environ(tmp_path, KOEBAKO_SECRET_KEY="x" * 32)
    code = make_entry(sqlite)
    with subprocess.Popen([KOEBAKO, "serve"], env=settings, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = next(line for line in server.stdout if line.startswith("Staff pages: "))
            form = line.removeprefix("Staff pages: ").strip().replace("/staff/", f"/s/{code}")
            asked = urllib.request.Request(form, headers={"User-Agent": "Mozilla/5.0 (a phone)"})  # noqa: S310 - our own
            with urllib.request.urlopen(asked) as answer:  # noqa: S310 - the same
                assert answer.status == 200
        finally:
            server.send_signal(signal.SIGTERM)
    with sqlite.reading() as session:
        assert session.execute(select(FormDay.seen, FormDay.started)).all() == [(1, 0)]


@pytest.mark.parametrize(
    ("only", "statuses"),
    [
        ("surveys", {"form": 200, "sign-in": 404, "report": 404, "static": 404, "nowhere": 404}),
        ("staff", {"form": 404, "sign-in": 200, "report": 200, "static": 200, "nowhere": 404}),
    ],
)
def test_a_server_of_one_part_has_nothing_of_the_other(sqlite, tmp_path, only, statuses):
    settings = environ(tmp_path, KOEBAKO_SECRET_KEY="x" * 32)
    code = make_entry(sqlite)
    paths = {
        "form": f"/s/{code}",
        "sign-in": "/staff/sign-in",
        "report": "/staff/report",
        "static": "/staff/static/base.css",
        "nowhere": "/wp-login.php",
    }
    with subprocess.Popen(
        [KOEBAKO, "serve", "--only", only], env=settings, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            origin = re.search(r"http://[^/]+", next(server.stdout))[0]
            found = {name: fetched(origin + path) for name, path in paths.items()}
        finally:
            server.send_signal(signal.SIGTERM)
    assert {name: status for name, (status, _) in found.items()} == statuses
    assert all("default-src 'none'" in policy for _, policy in found.values())


def fetched(url: str) -> tuple[int, str]:
    """The status and the content policy of a page."""
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
            return answer.status, answer.headers["Content-Security-Policy"]
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Security-Policy"]


def test_a_server_starts_without_what_it_does_not_need_yet():
    """Customers' pages alone need no figures, staff pages no model: that halves the time and the memory of a start."""
    script = "import sys, feedback.serving; print(*sys.modules); import feedback.staff_app; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    customers, staff = (set(line.split()) for line in told.splitlines())
    assert customers & {"feedback.pages", "alembic", "numpy", "scipy", "sklearn"} == set()
    assert staff & {"feedback.pages", "alembic", "scipy.stats", "sklearn"} == {"feedback.pages"}


def test_serve_to_the_network_shows_a_code_for_telephones(capsys):
    print_addresses(EVERYWHERE, 8765)
    shown = capsys.readouterr().out
    assert shown.startswith("Staff pages: http://127.0.0.1:8765/staff/\n")
    if network_address(EVERYWHERE, 8765):
        assert "From other devices on this network: http://" in shown
        assert "█" in shown
