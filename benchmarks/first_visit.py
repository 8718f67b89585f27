"""How soon a customer on a slow phone can answer: one JSON line for each survey that we ship and each language.

    python benchmarks/first_visit.py [--rounds 5] [--languages ja en] [--surveys docs/surveys/store.yaml]

Chromium plays a slow phone on slow 3G (400 kbit/s each way, 400 ms before each answer, a processor at a quarter of
this machine's speed) that has never been here. `paint_ms`: the first words stand there. `usable_ms`: the form can be
filled in and the script has taken over. Both are the median and the slowest round, from the tap on. `bytes` and
`requests` count what the page loads, headers included, without the icon and the service worker. Needs Playwright and a
Chromium.
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, sync_playwright
from pydantic import SecretStr
from waitress import create_server

from feedback.app import create_app
from feedback.config import Config
from feedback.schema import upgrade_schema
from surveys import places
from surveys.database import Database
from surveys.definition_files import load_definition
from surveys.definitions import save_survey
from surveys.settings import Site
from surveys.texts import LANGUAGE_NAMES

SURVEYS = sorted((Path(__file__).resolve().parent.parent / "docs" / "surveys").glob("*.yaml"))
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""Latency in ms, throughput in bytes a second."""
SLOWER_PROCESSOR = 4
APART = ("/icon.svg", "/worker.js", "/favicon.ico")
TIMES = """async () => ({
  paint_ms: await new Promise((resolve) => {
    const tell = (list) => list.getEntriesByName("first-contentful-paint").forEach((entry) => resolve(entry.startTime));
    new PerformanceObserver(tell).observe({ type: "paint", buffered: true });
  }),
  ready_ms: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
})"""


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="first visits of each (default: %(default)s)")
    parser.add_argument("--languages", nargs="+", choices=LANGUAGE_NAMES, default=list(LANGUAGE_NAMES))
    parser.add_argument("--surveys", nargs="+", type=Path, default=SURVEYS, help="default: those of docs/surveys")
    asked = parser.parse_args()
    for line in measure(asked.surveys, asked.languages, asked.rounds):
        print(json.dumps(line), flush=True)


def measure(surveys: Sequence[Path], languages: Sequence[str], rounds: int) -> Iterator[dict[str, Any]]:
    """Visit each survey in each language so many times, each time with an empty browser."""
    path = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
    with served(surveys) as addresses, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, address in addresses.items():
            for language in languages:
                found = [visit(browser, f"{address}?lang={language.replace('_', '-')}") for _ in range(rounds)]
                yield {"survey": name, "language": language, "rounds": rounds} | summary(found)
        browser.close()


@contextmanager
def served(surveys: Sequence[Path]) -> Iterator[dict[str, str]]:
    """Serve surveys by `koebako serve`'s own server; the address of each form by the name of its file."""
    with tempfile.TemporaryDirectory(prefix="first-visit") as folder:
        database = Database(f"sqlite:///{folder}/koebako.db")
        upgrade_schema(database)
        codes = {path.stem: asked(database, path) for path in surveys}
        config = Config(site=Site(languages=tuple(LANGUAGE_NAMES)), secret_key=SecretStr("a secret of this benchmark"))
        server = create_server(create_app(config, database), host="127.0.0.1", port=0)
        Thread(target=server.run, daemon=True).start()
        yield {name: f"http://127.0.0.1:{server.effective_port}/s/{code}" for name, code in codes.items()}
        server.close()
        database.close()


def asked(database: Database, path: Path) -> str:
    """Ask a survey at one spot of a store of its own; the code of its form."""
    with database.session() as session:
        places.create_store(session, path.stem, "銀座店")
        places.create_spot(session, path.stem, "register", "レジ横")
        change = save_survey(session, load_definition(path))
        return places.entry_code(session, change.survey_key, path.stem, "register")


def visit(browser: Browser, address: str) -> dict[str, float]:
    """Come for the first time, with a slow phone: what was asked for, and when it was there."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, device_scale_factor=2)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    devtools.on("Network.requestWillBeSent", lambda event: urls.update({event["requestId"]: event["request"]["url"]}))
    devtools.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_3G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    page.goto(address, wait_until="load")
    times = page.evaluate(TIMES)
    counted = [request for request, url in urls.items() if not url.partition("?")[0].endswith(APART)]
    context.close()
    return {
        "paint_ms": times["paint_ms"],
        "usable_ms": max(times.values()),
        "bytes": sum(sizes.get(request, 0) for request in counted),
        "requests": len(counted),
    }


def summary(found: Sequence[dict[str, float]]) -> dict[str, Any]:
    """Take the median and the worst of the times, and the most of what was loaded."""
    times = {
        name: {"median": round(statistics.median(values)), "slowest": round(max(values))}
        for name in ("paint_ms", "usable_ms")
        for values in [[visited[name] for visited in found]]
    }
    return times | {name: round(max(visited[name] for visited in found)) for name in ("bytes", "requests")}


if __name__ == "__main__":
    main()
