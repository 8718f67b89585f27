"""What browsers are told not to do, and the cookie of staff."""

from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface

from surveys.headers import CONTENT_POLICY, protect
from surveys.reception import reception

COOKIE_PATH = "/staff"
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


FRAMING = {"Content-Security-Policy": f"{CONTENT_POLICY}; frame-src 'self'"}
"""For the page that shows another page of ours in a frame."""
FRAMED = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-same-origin"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}
"""For the page in that frame: it runs no script, sends no form and leads nowhere else."""


def add_headers(response: Response) -> Response:
    """Put the security headers on every answer of the server."""
    protect(response, reception().site.public_url)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


class StaffSessions(SecureCookieSessionInterface):
    """A signed cookie that only staff pages ever see: customers get none.

    It is marked Secure wherever the site is published over https. On loopback, and on a plain http address inside a
    shop, browsers would drop such a cookie and nobody could sign in.
    """

    def __init__(self, public_url: str) -> None:
        self._published_securely = urlsplit(public_url).scheme == "https"

    def get_cookie_name(self, app: Flask) -> str:
        return "koebako_staff"

    def get_cookie_path(self, app: Flask) -> str:
        return COOKIE_PATH

    def get_cookie_httponly(self, app: Flask) -> bool:
        return True

    def get_cookie_samesite(self, app: Flask) -> str:
        return "Lax"

    def get_cookie_secure(self, app: Flask) -> bool:
        host = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdigit() else request.host
        return request.is_secure or (self._published_securely and host not in _LOOPBACK)
