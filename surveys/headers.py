"""What browsers are told not to do with any page of ours."""

from urllib.parse import urlsplit

from flask import Response, request

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # a full address may name a store's secret code: other sites never get it, our own forms still send Origin
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HTTPS_ALONE = "max-age=31536000"
"""For a year; of this name alone: others under the same domain may not be ours."""


def protect(response: Response, public_url: str) -> Response:
    """Put the security headers on an answer; of a site published over https, browsers are to use nothing else."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure or urlsplit(public_url).scheme == "https":
        response.headers.setdefault("Strict-Transport-Security", _HTTPS_ALONE)
    return response
