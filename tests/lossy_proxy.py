"""A network that loses replies: the server has answered, and the customer never hears it."""

import random
import socket
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Thread


class _Handler(socketserver.BaseRequestHandler):
    server: "LossyProxy"

    def handle(self) -> None:
        request = read_message(self.request)
        if not request:
            return
        with socket.create_connection(("127.0.0.1", self.server.behind)) as beyond:
            beyond.sendall(request)
            beyond.shutdown(socket.SHUT_WR)
            reply = b"".join(iter(lambda: beyond.recv(65536), b""))
        if self.server.loses():
            return  # the whole reply has come, so the server has committed; now the line is gone
        self.request.sendall(reply)


class LossyProxy(socketserver.ThreadingTCPServer):
    """Forwards one request a connection and drops a share of the replies."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, behind: int, share: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind
        self.lost = 0
        self._share = share
        self._dice = random.Random(4)
        self._lock = Lock()

    def loses(self) -> bool:
        with self._lock:
            lost = self._dice.random() < self._share
            self.lost += lost
        return lost


@contextmanager
def lossy_proxy(behind: int, share: float) -> Iterator[LossyProxy]:
    with LossyProxy(behind, share) as proxy:
        thread = Thread(target=proxy.serve_forever, args=(0.05,))
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()


def read_message(line: socket.socket) -> bytes:
    """Read one HTTP request with its body; it asks the server to close, so that the reply ends."""
    read = b""
    while b"\r\n\r\n" not in read:
        more = line.recv(65536)
        if not more:
            return b""
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    length = next((int(each.split(b":")[1]) for each in lines if each.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += line.recv(65536)
    kept = [each for each in lines if not each.lower().startswith(b"connection:")]
    return b"\r\n".join([*kept, b"Connection: close", b"", body])
