"""The server process: which port, which addresses to show, and an access log without clients' addresses."""

import logging
import signal
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any, NoReturn

from waitress import create_server

from feedback.app import Part, create_app
from feedback.config import Config
from feedback.errors import ServeError
from surveys.database import Database
from surveys.web import write_counts

FIRST_PORT = 8765
_PORTS_TRIED = 50
_THREADS = 8
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, never bound here

access_log = logging.getLogger("koebako.access")


def free_socket(host: str, port: int | None) -> socket.socket:
    """Bind a port: the one asked for, else 8765 or the next free one. Error: `ServeError`."""
    tried = [port] if port else range(FIRST_PORT, FIRST_PORT + _PORTS_TRIED)
    for number in tried:
        try:
            return _bound(host, number)
        except OSError as error:
            reason = error.strerror
    raise ServeError(f"cannot listen on {host} port {port or FIRST_PORT}: {reason}")


def local_address(host: str, port: int) -> str:
    """Return the address that reaches this server from this machine."""
    shown = "127.0.0.1" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def network_address(host: str, port: int) -> str | None:
    """Return the address that reaches this server from the same network; None when it listens on this machine only.

    Asking for a route to a documentation address (RFC 5737) sends nothing and names the interface that leads out.
    """
    if host not in _EVERYWHERE:
        return None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return f"http://{probe.getsockname()[0]}:{port}"


def serve_until_stopped(
    config: Config,
    database: Database,
    listening: socket.socket,
    *,
    with_schedule: bool = False,
    only: Part | None = None,
) -> None:
    """Serve on a bound socket until SIGTERM or SIGINT. Error: `ConfigError` without a secret key."""
    app = create_app(config, database, only)
    # larger than what the pages take, so that it is they that refuse it, with what was typed still in the form
    largest = 16 * 1024 * config.surveys.max_body_kilobytes
    with ExitStack() as closing:
        closing.callback(write_counts, app)
        server = create_server(
            AccessLog(app),
            sockets=[listening],
            threads=_THREADS,
            ident=None,
            max_request_body_size=largest,
            # what a proxy says of the client is dropped, unless the settings trust it (surveys/web.py reads it then)
            clear_untrusted_proxy_headers=not config.surveys.trusted_proxies,
        )
        closing.callback(server.close)
        if with_schedule:
            from feedback.schedule import start_in_background

            closing.callback(start_in_background(config))
        signal.signal(signal.SIGTERM, _stop)
        server.run()


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)


class AccessLog:
    """WSGI middleware: one line a request with method, path, status and time; never who asked, and no query string."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = time.perf_counter()

        def logged(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            access_log.info(
                "%s %s %s %.0f ms",
                environ["REQUEST_METHOD"],
                _printable(environ.get("PATH_INFO", "")),
                status.split(" ", 1)[0],
                1000 * (time.perf_counter() - began),
            )
            return start_response(status, headers, *rest)

        return self._app(environ, logged)


def _printable(path: str) -> str:
    # WSGI hands the path over as Latin-1; a line break in it must not begin a log line of its own
    text = path.encode("latin-1", "replace").decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "?" for character in text)[:200]


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made
