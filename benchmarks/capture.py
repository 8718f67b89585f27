"""How many answers a second are stored for good: one JSON line for each server and number of customers at once.

    python benchmarks/capture.py [--seconds 3] [--rounds 3] [--clients 1 8 64] [--servers waitress gunicorn]

The real server (`koebako serve`, and gunicorn with `feedback.wsgi`) beside the least that one can write by hand
(`capture_bare.py`), with the same durability (SQLite, WAL, synchronous=FULL), in turns on the same machine. `of_bare`
is the median over the rounds of ours divided by theirs. Every answer is checked, masked and stored under its key.
"""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from feedback.schema import upgrade_schema
from surveys import places
from surveys.database import Database
from surveys.definition_files import load_definition
from surveys.definitions import save_survey

HERE = Path(__file__).resolve().parent
SURVEY = HERE.parent / "docs" / "surveys" / "store.yaml"
LIMITS = "surveys: {answers_per_minute: 0, fastest_seconds: 0}\n"
"""The customers of this benchmark are one address; the limit for one is measured elsewhere."""
WORKERS = 2
_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Target:
    """A server that takes answers: its port, and the path and fields to post."""

    port: int
    path: str
    fields: dict[str, str]


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="of each turn (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each (default: %(default)s)")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64], help="customers at once")
    parser.add_argument("--servers", nargs="+", choices=("waitress", "gunicorn"), default=["waitress", "gunicorn"])
    asked = parser.parse_args()
    for server in asked.servers:
        for line in measure(server, asked.clients, asked.seconds, asked.rounds):
            print(json.dumps(line), flush=True)


def measure(server: str, clients: Sequence[int], seconds: float, rounds: int) -> Iterator[dict[str, object]]:
    """Measure one server beside the bare one, in turns."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="capture")))
        ours = stack.enter_context(_ours(server, folder))
        bare = stack.enter_context(_bare(server, folder))
        for number in clients:
            turns = [(_turn(ours, number, seconds), _turn(bare, number, seconds)) for _ in range(rounds)]
            yield (
                {"server": server, "clients": number, **_summary([own for own, _ in turns], seconds)}
                | {f"bare_{name}": value for name, value in _summary([other for _, other in turns], seconds).items()}
                | {"of_bare": round(statistics.median(len(own) / len(other) for own, other in turns), 3)}
            )


def _summary(turns: Sequence[Sequence[float]], seconds: float) -> dict[str, float]:
    """Tell answers a second (median of the turns) and the milliseconds that half and 99 of 100 answers took at most."""
    all_took = sorted(took for turn in turns for took in turn)
    return {
        "per_s": round(statistics.median(len(turn) for turn in turns) / seconds, 1),
        "p50_ms": round(all_took[len(all_took) // 2], 1),
        "p99_ms": round(all_took[int(len(all_took) * 0.99)], 1),
    }


def _turn(target: Target, clients: int, seconds: float) -> list[float]:
    command = [sys.executable, str(HERE / "capture_load.py"), str(target.port), str(clients), str(seconds)]
    asked = json.dumps({"path": target.path, "fields": target.fields})
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    took: list[float] = json.loads(done.stdout)
    return took


@contextmanager
def _ours(server: str, folder: Path) -> Iterator[Target]:
    url = f"sqlite:///{folder}/koebako.db"
    code = _prepared(url)
    (folder / "config.yaml").write_text(LIMITS, "utf-8")
    environment = {"KOEBAKO_DATABASE_URL": url, "KOEBAKO_SECRET_KEY": "a secret key for this benchmark"}
    port = _free_port()
    waitress = ["-c", "from feedback.cli import main; main()", "serve", "--port", str(port)]
    command = waitress if server == "waitress" else _gunicorn(port, "feedback.wsgi:make_app()")
    with _running(command, folder, environment, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/s/{code}") as answer:
            seal = re.search(r'name="seal" value="([^"]+)"', answer.read().decode())
        if not seal:
            raise SystemExit("the form has no seal")
        yield Target(port, f"/s/{code}", {"seal": seal[1]})


@contextmanager
def _bare(server: str, folder: Path) -> Iterator[Target]:
    port, file = _free_port(), str(folder / "bare.db")
    waitress = [str(HERE / "capture_bare.py"), file, str(port)]
    command = waitress if server == "waitress" else _gunicorn(port, "capture_bare:make_app()")
    with _running(command, folder, {"KOEBAKO_BARE_FILE": file}, port):
        yield Target(port, "/s/bare", {})


def _gunicorn(port: int, app: str) -> list[str]:
    threads = ["--threads", "4", "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}"]
    return ["-m", "gunicorn", "--log-level", "warning", *threads, app]


def _prepared(url: str) -> str:
    """Make a database with one store, one spot and the manual's survey; the code of its form."""
    database = Database(url)
    upgrade_schema(database)
    with database.session() as session:
        places.create_store(session, "ginza", "銀座店")
        places.create_spot(session, "ginza", "register", "レジ横")
        save_survey(session, load_definition(SURVEY))
        code = places.entry_code(session, "store", "ginza", "register")
    database.close()
    return code


@contextmanager
def _running(command: list[str], folder: Path, more: dict[str, str], port: int) -> Iterator[None]:
    """Run a server until the block ends; it is up when the port answers."""
    environment = {**os.environ, **more, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}"}
    with (folder / "log.txt").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=log
        )
    try:
        _wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
