"""A real survey server in its own process, killed and started again on the same port, and customers who keep trying."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlencode

from factories import sealed
from sqlalchemy import select

from surveys.database import Database
from surveys.submission_keys import digest, new_submission_key
from surveys.tables import Comment, Response

PATIENCE = 60
"""Seconds after which a test gives up instead of waiting for ever."""
_ROOT = Path(__file__).resolve().parent.parent


class Server:
    """`koebako serve --only surveys` on one port; started again after each kill."""

    def __init__(self, folder: Path, database_url: str, settings: str) -> None:
        (folder / "config.yaml").write_text(settings, "utf-8")
        self._folder = folder
        self._environment = {
            **os.environ,
            "KOEBAKO_DATABASE_URL": database_url,
            "KOEBAKO_SECRET_KEY": "a secret key for tests only, long enough",
            "PYTHONPATH": str(_ROOT),
        }
        self.port = _free_port()
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [sys.executable, "-c", "from feedback.cli import main; main()", "serve", "--only", "surveys"]
        command += ["--port", str(self.port)]
        with (self._folder / "log.txt").open("a") as log:
            self._process = subprocess.Popen(
                command, cwd=self._folder, env=self._environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        line = next((line for line in self._process.stdout if line.startswith("Customers' pages alone: ")), "")
        assert line, (self._folder / "log.txt").read_text()

    def kill(self) -> None:
        """End the process as a power cut does: nothing is flushed, closed or said."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()

    def form_seal(self, code: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", f"/s/{code}")
        page = connection.getresponse().read().decode()
        connection.close()
        return sealed(page)


def _free_port() -> int:
    """A port that the system gives away: a server of another test must not take it over after a kill."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Crowd:
    """Customers who send one answer after another, each until it is acknowledged."""

    port: Callable[[], int]
    code: str
    seal: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Submission key -> comment."""
    tries: int = 0
    refused: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def begin(self, customers: int) -> None:
        self._threads = [threading.Thread(target=self._answer, args=(number,)) for number in range(customers)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let everyone finish the answer at hand."""
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()

    def wait_for(self, count: int) -> None:
        end = monotonic() + PATIENCE
        while len(self.acknowledged) < count:
            assert monotonic() < end, (count, len(self.acknowledged), self.refused[-5:])
            sleep(0.002)

    def _answer(self, customer: int) -> None:
        dice, number = random.Random(customer), 0
        while not self._stop.is_set():
            number += 1
            key, comment = new_submission_key(), f"{customer}番目の客の{number}回目の感想です"
            answers = {
                "seal": self.seal,
                "key": key,
                "choice-recommend": str(dice.randrange(11)),
                "text-reason": comment,
            }
            end = monotonic() + PATIENCE
            while not self._sent(answers):
                assert monotonic() < end
                sleep(dice.uniform(0.005, 0.03))
            with self._lock:
                self.acknowledged[key] = comment

    def _sent(self, answers: Mapping[str, str]) -> bool:
        """Whether the server said that it has the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port(), timeout=PATIENCE)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        with self._lock:
            self.tries += 1
        try:
            connection.request("POST", f"/s/{self.code}", urlencode(answers), headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if status != 303:
            self.refused.append(status)
        return status == 303


def assert_each_stored_once(database: Database, acknowledged: Mapping[str, str], unanswered: int = 0) -> None:
    """Every acknowledged answer is stored exactly once; beyond them at most what was sent and never answered."""
    with database.reading() as session:
        rows = session.execute(select(Response.submission_key, Comment.text).join(Response.comments)).all()
    stored = dict(map(tuple, rows))
    assert len(stored) == len(rows)
    expected = {digest(key): comment for key, comment in acknowledged.items()}
    assert {key: stored.get(key) for key in expected} == expected
    assert len(rows) - len(expected) <= unanswered
