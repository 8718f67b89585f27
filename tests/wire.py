"""A wire to a server that can be cut, lose replies on their way back, or find the server busy."""

import socketserver
from dataclasses import dataclass, field
from http import HTTPStatus
from socket import create_connection, socket
from threading import Thread

from lossy_proxy import read_message


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


@dataclass
class Wire:
    """Carries requests to `target`, one a connection. While `loses_replies`, posts arrive and nothing comes back."""

    target: int
    path: str
    """Of the form."""
    loses_replies: bool = False
    refusals: list[HTTPStatus] = field(default_factory=list)
    """What the next posts are answered with, without reaching the server."""
    posts: int = 0
    """How many posts the server has answered."""
    port: int = 0
    _listener: _Listener | None = None

    @property
    def form(self) -> str:
        """The address of the form."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    def mend(self) -> None:
        """Listen, on the same port as before."""
        wire = self

        class Carrier(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                wire._carry(self.request)

        self._listener = _Listener(("127.0.0.1", self.port), Carrier)
        self.port = self._listener.server_address[1]
        Thread(target=self._listener.serve_forever, args=(0.01,), daemon=True).start()

    def cut(self) -> None:
        """Refuse every connection."""
        if self._listener:
            self._listener.shutdown()
            self._listener.server_close()
            self._listener = None

    def _carry(self, phone: socket) -> None:
        request = read_message(phone)
        line = request.partition(b"\r\n")[0]
        is_post = line.startswith(b"POST") and b"/started" not in line  # that a form was begun is no answer
        if is_post and self.refusals:
            status = self.refusals.pop(0)
            phone.sendall(f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n\r\n".encode())
        elif request:  # browsers open connections ahead
            with create_connection(("127.0.0.1", self.target)) as server:
                server.sendall(request)
                reply = b"".join(iter(lambda: server.recv(65536), b""))
            self.posts += is_post
            if not (is_post and self.loses_replies):
                phone.sendall(reply)
