"""Styles and scripts of the customers' pages: written in small files, sent as one file of each kind.

A phone on one bar of signal pays for each request, so the sources are joined in a fixed order. Comments explain a
source to its reader and are not sent. There is no build: what is joined is kept in memory.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue

_STATIC = Path(__file__).parent / "static"
_YEAR = 365 * 24 * 3600
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_KEPT = {"surveys.static", "surveys.bundle"}
_SOURCES: dict[str, tuple[str, ...]] = {
    "pages.css": ("variables.css", "base.css", "survey.css", "letters.css", "rights.css", "thanks.css"),
    # sections of one function: a later one may use what an earlier one names
    "pages.js": (
        *("outbox.js", "delivery.js", "keys.js", "draft.js", "letters.js", "offline.js", "sending.js"),
        *("followups.js", "started.js", "languages.js", "cautions.js", "kiosk.js"),
    ),
    "worker.js": ("outbox.js", "delivery.js", "worker.js"),
}


@dataclass(frozen=True, slots=True)
class Bundle:
    """Sources joined into one file, with a digest of its content."""

    content: bytes
    mimetype: str
    digest: str


@cache
def bundle(name: str) -> Bundle:
    """Join the sources of a file. Error: `KeyError`."""
    sources = [(_STATIC / source).read_text(encoding="utf-8") for source in _SOURCES[name]]
    content = (_script(sources) if name.endswith(".js") else _style(sources)).encode()
    return Bundle(content, "text/javascript" if name.endswith(".js") else "text/css", _digest(content))


def asset(name: str) -> str:
    """Address a file by name and content, so that browsers may keep it for good."""
    if name in _SOURCES:
        return url_for("surveys.bundle", name=name, v=bundle(name).digest)
    return url_for("surveys.static", filename=name, v=_file_digest(name))


def send_bundle(name: str) -> ResponseReturnValue:
    """Send a joined file (a view)."""
    if name not in _SOURCES:
        abort(404)
    found = bundle(name)
    return Response(found.content, mimetype=found.mimetype)


def send_worker() -> ResponseReturnValue:
    """Send the service worker, with what it is to keep in a language (a view).

    It is served beside the pages, because its address decides which pages it may stand in for.
    """
    kept = [url_for("surveys.waiting", lang=request.args.get("lang")), asset("pages.css"), asset("pages.js")]
    content = f"const KEPT = {json.dumps(kept)};\n".encode() + bundle("worker.js").content
    response = Response(content, mimetype="text/javascript")
    response.cache_control.no_cache = True
    return response


def keep_for_good(response: Response) -> Response:
    """Let browsers keep what an address with a digest of its content gave."""
    if request.endpoint in _KEPT and response.status_code == HTTPStatus.OK and "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return response


def _style(sources: list[str]) -> str:
    return _lean(_CSS_COMMENT.sub("", "\n".join(sources)))


def _script(sources: list[str]) -> str:
    """Join scripts in one function of their own, so that they share names with each other and with no one else."""
    lines = [line for line in "\n".join(sources).splitlines() if not line.lstrip().startswith("//")]
    return "\n".join(["(() => {", '"use strict";', _lean("\n".join(lines)), "})();"])


def _lean(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


@cache
def _file_digest(name: str) -> str:
    return _digest((_STATIC / name).read_bytes())


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:10]
