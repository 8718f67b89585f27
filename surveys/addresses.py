"""Addresses as they arrive, not as browsers write them."""

import re
from typing import Any

from flask import Request

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


class AnyRequest(Request):
    """A request whose address may hold anything. Werkzeug alone fails on it, on the page that says so too.

    Bytes in the query that no browser sends bare are read as if they were escaped; a host that can be no host's name
    counts as not given.
    """

    def __init__(self, environ: dict[str, Any], *args: Any, **options: Any) -> None:
        try:
            environ.get("HTTP_HOST", "").partition(":")[0].encode("idna")
        except UnicodeError:
            del environ["HTTP_HOST"]
        super().__init__(environ, *args, **options)
        self.query_string = _BEYOND_ASCII.sub(lambda found: b"%%%02X" % found[0][0], self.query_string)
