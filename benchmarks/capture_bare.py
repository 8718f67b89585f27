"""The least that a server can do: a hand-written Flask view with one durable INSERT into SQLite.

Run by `capture.py`, with waitress (`python capture_bare.py FILE PORT`) or gunicorn (`capture_bare:make_app()`).
"""

import os
import sqlite3
import sys
import threading

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

FILE_VARIABLE = "KOEBAKO_BARE_FILE"
_TABLE = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, score INTEGER, reason TEXT)"
_local = threading.local()


def make_app() -> Flask:
    """Build the application; the file of its database stands in the environment."""
    file = os.environ[FILE_VARIABLE]
    _connection(file).execute(_TABLE)
    app = Flask(__name__)

    @app.post("/s/<code>")
    def send(code: str) -> Response:
        form = request.form
        answer = (form["key"], int(form["choice-recommend"]), form["text-reason"])
        _connection(file).execute("INSERT OR IGNORE INTO answers VALUES (?, ?, ?)", answer)
        return redirect(f"/s/{code}/thanks", 303)

    return app


def _connection(file: str) -> sqlite3.Connection:
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(file, isolation_level=None, timeout=5)
        _local.connection.execute("PRAGMA journal_mode=WAL")
        _local.connection.execute("PRAGMA synchronous=FULL")
    found: sqlite3.Connection = _local.connection
    return found


if __name__ == "__main__":
    from waitress import serve

    os.environ[FILE_VARIABLE] = sys.argv[1]
    serve(make_app(), host="127.0.0.1", port=int(sys.argv[2]), threads=8, ident=None)
