"""How quickly a report is put together and drawn from stored counts: one JSON line.

    koebako init && koebako import FILE --columns MAP && koebako analyse
    python benchmarks/report.py --week 2025-W40

It reads the database that the settings name and measures, on one core, the report of the chain and of its largest
store: put together (`chain`, `store`), and as the page that the server sends to a signed-in browser (`chain_page`,
`store_page`). For the pages it makes an account of its own and closes it afterwards.
"""

import argparse
import json
import re
import secrets
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask.testing import FlaskClient
from pydantic import SecretStr

from feedback.accounts import NewMember, add_member, close_account
from feedback.app import create_app
from feedback.config import Config, load_config
from feedback.report import build_report, newest_week
from feedback.results import Report, Scope
from feedback.scopes import CHAIN
from surveys.database import Database


def milliseconds(work: Callable[[], object], rounds: int) -> dict[str, float]:
    """Time a piece of work after one round to warm up: medians of what passed and of what this process computed.

    Both are the same on a quiet machine; beside others only the second says what one core needs.
    """
    work()
    passed, computed = [], []
    for _ in range(rounds):
        start, start_computed = time.perf_counter(), time.process_time()
        work()
        passed.append(1000 * (time.perf_counter() - start))
        computed.append(1000 * (time.process_time() - start_computed))
    return {"median_ms": round(statistics.median(passed), 1), "median_cpu_ms": round(statistics.median(computed), 1)}


@contextmanager
def signed_in(database: Database, config: Config) -> Iterator[FlaskClient]:
    """Open a browser that is signed in with an account of its own, closed at the end."""
    name, now = f"benchmark-{secrets.token_hex(4)}", datetime.now(UTC)
    config = config.model_copy(update={"secret_key": SecretStr(secrets.token_hex(32))})
    client = create_app(config, database).test_client()
    with database.session() as session:
        password = add_member(session, NewMember(name, "viewer", None, None), now)
    try:
        _send(client, "/staff/sign-in", name=name, password=password)
        chosen = secrets.token_urlsafe(16)
        _send(client, "/staff/password", new=chosen, again=chosen)
        yield client
    finally:
        with database.session() as session:
            close_account(session, name, now)


def _send(client: FlaskClient, address: str, **fields: str) -> None:
    token = re.search(r'name="form_token" value="([^"]+)"', client.get(address).text)
    response = client.post(address, data={"form_token": token[1] if token else "", **fields})
    if response.status_code != 303:
        raise RuntimeError(f"{address} answered {response.status_code}")


def _page(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")


def measure(database: Database, week: str | None, rounds: int) -> dict[str, object]:
    """Measure reports of one week on an analysed database."""
    config = load_config()

    def built(scope: Scope) -> Report:
        with database.reading() as session:
            return build_report(session, config, chosen, scope)

    with database.reading() as session:
        chosen = week or newest_week(session)
    chain = built(CHAIN)
    largest = max(chain.stores, key=lambda store: (store.responses, store.key))
    store = Scope(store_id=largest.store_id, name=largest.name)
    page = f"/staff/report?week={chosen}"
    with signed_in(database, config) as client:
        return {
            "week": chosen,
            "stores": len(chain.stores),
            "themes": len(chain.themes),
            "chain": milliseconds(lambda: built(CHAIN), rounds),
            "chain_page": milliseconds(lambda: _page(client, page), rounds),
            "store": milliseconds(lambda: built(store), rounds),
            "store_page": milliseconds(lambda: _page(client, f"{page}&scope=store-{largest.key}"), rounds),
        }


def main() -> None:
    """Print the figures as one JSON line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--week")
    arguments.add_argument("--rounds", type=int, default=50)
    asked = arguments.parse_args()
    database = Database(load_config().database_url)
    print(json.dumps(measure(database, asked.week, asked.rounds)))
    database.close()


if __name__ == "__main__":
    main()
