"""Pages of customers travel compressed: a form is three times as quick on one bar of signal.

Only their pages. A page that holds a secret beside words of an attacker's choice gives the secret away by its length
(BREACH), and staff pages are such. A customer's browser sends no cookie, and each form carries a seal of its own.
"""

import gzip

from flask import Response, request

_TYPES = ("text/", "application/json", "image/svg+xml")
_SMALLEST = 500
"""Fewer bytes fit into one packet anyhow."""


def compress(response: Response) -> Response:
    """Compress what a browser asked to have compressed, if it is text and at hand."""
    if response.direct_passthrough or response.is_streamed or not (response.mimetype or "").startswith(_TYPES):
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= _SMALLEST and request.accept_encodings["gzip"] > 0 and not response.content_encoding:
        response.set_data(gzip.compress(body, mtime=0))
        response.content_encoding = "gzip"
    return response
