"""Requests that no page of ours sends: every door of the customers' pages, with what attackers and broken phones send.

Each is drawn from a seeded `Random`, so that a run can be repeated.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

from surveys.submission_keys import ALPHABET, KEY_LENGTH

FORM = "application/x-www-form-urlencoded"
SECRETS = ("090-1234-5678", "hanako@example.com")
"""What must be masked wherever it stands in a comment."""
MARKUP = (
    "<script>pwned=1</script>",
    "</textarea></title></style><script>pwned=1</script>",
    '"><img src=x onerror=pwned=1>',
    "'><svg/onload=pwned=1>",
    '" autofocus onfocus="pwned=1',
    "<iframe srcdoc='<script>parent.pwned=1</script>'>",
    "javascript:pwned=1",
    "<a href=javascript:pwned=1>x</a><base href=//evil.example/><meta http-equiv=refresh content=0;url=//evil.example>",
    "<form action=//evil.example><button formaction=javascript:pwned=1>",
    "--><!--<script>pwned=1</script>",
    "&lt;script&gt;pwned=1&lt;/script&gt;&#x3c;b&#x3e;",
    "{{ 7*7 }}{% raw %}${7*7}#{7*7}<%= 7*7 %>%(count)s %s {0.__class__}",
    "＜script＞pwned=1＜/script＞",
)
"""What would run, or change the page, where a page took a text for markup."""
ODD = (
    *("", " ", "\u3000", "\x00", "a\x00b", "\x1b[31m", "\r\nSet-Cookie: a=b", "\u2028\u2029", "\ufeff", "\ufffe"),
    *(
        "\ud800",
        "\udfff\ud83d",
        "\U0010ffff",
        "\u202e090\u202c",
        "\u200b" * 30,
        "e" + "\u0301" * 300,
        "ﷺ" * 40,
        "👩‍👩‍👧‍👦",
    ),
    *("-1", "11", "1e1", "９", "٣", "²", "9" * 30, "9" * 5000, "NaN", "None", "null", "[]", "{}", "0x9", "True"),
    *("' OR 1=1 --", "'; DROP TABLE responses; --", "../../etc/passwd", "..%2f..%2f", "http://evil.example/"),
    *(
        "%",
        "%zz",
        "%00",
        "%u0041",
        "+",
        "&",
        ";",
        "=",
        "\\",
        "$(id)",
        "`id`",
        "=1+1",
        "@SUM(A1)",
        "あ" * 2000,
        "字" * 2001,
    ),
)
GOOD = {
    "choice-recommend": ("0", "6", "9", "10"),
    "text-reason": ("よかったです。", "改善してほしいです。"),
    "text-liked": ("店員さんが親切でした。",),
    "choice-satisfaction": ("1", "5"),
    "choice-mood": ("2",),
    "choice-visits": ("first", "2to5"),
    "choice-errand": ("food", "daily", "other"),
    "text-errand.other": ("道を聞きに来ました。",),
    "choice-bought": ("gift", "other"),
    "text-bought.other": ("花束",),
}
"""Fields of the hostile survey with values that it takes."""
CONTACT = {
    "contact-name": ("花子",),
    "contact-phone": ("03-1234-5678",),
    "contact-mail": ("hanako@example.com",),
    "contact-agreed": ("on",),
}
"""What a customer fills in who wants a call."""
STEERING = ("waited", "change", "another", "language", "website", "lang", "kiosk", "receipt", "action", "code", "x")
_TYPES = (
    f"{FORM}; charset=shift_jis",
    f"{FORM}; charset=x\x00",
    "text/plain",
    "application/json",
    "",
    "x/y",
    "multipart",
)
_HEADERS = (
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_USER_AGENT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_PURPOSE",
    "HTTP_COOKIE",
    "HTTP_ORIGIN",
)
_METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "FOO")


@dataclass(frozen=True)
class Request:
    """One request, as a server hands it to the application."""

    method: str
    path: bytes
    query: bytes = b""
    body: bytes = b""
    content_type: str = FORM
    environ: dict[str, str] = field(default_factory=dict)

    def options(self) -> dict[str, Any]:
        """Write it for a test client, past everything that would put it right."""
        overrides = {"PATH_INFO": self.path.decode("latin-1"), "QUERY_STRING": self.query.decode("latin-1")}
        return {
            "method": self.method,
            "data": self.body,
            "content_type": self.content_type,
            "environ_overrides": overrides | self.environ,
        }


class Attacker:
    """Draws requests. `codes` lead to forms; `seals` and `answers` (keys, deletion codes) are those known so far."""

    def __init__(self, seed: int, codes: list[str]) -> None:
        self.random = Random(seed)
        self.codes = codes
        self.seals = [""]
        self.keys = [self.new_key()]
        self.deletion_codes = ["K7QM-2XPD-9RTA"]

    def new_key(self) -> str:
        """Make a key as a page makes it."""
        return "".join(self.random.choices(ALPHABET, k=KEY_LENGTH))

    def submission(self) -> Request:
        """Post a form: often nearly right, so that much of it is stored."""
        chance = self.random.random
        fields = [self._field(name, values) for name, values in GOOD.items() if chance() < 0.4]
        fields += [self._field(name, values) for name, values in CONTACT.items() if chance() < 0.9] * (chance() < 0.2)
        fields += [(name, self.value()) for name in STEERING if chance() < 0.04]
        fields += [("change", "1")] * (chance() < 0.05)
        fields += [("key", self._key()), ("seal", self._seal())]
        if chance() < 0.03:
            fields += [self.random.choice(fields)] * self.random.choice([2, 50, 1200])
        self.random.shuffle(fields)
        return self._post(b"/s/" + self._code(), fields)

    def request(self) -> Request:
        """Knock at any other door."""
        doors = (self._beacon, self._rights, self._page, self._tampered, self._elsewhere)
        return self.random.choice(doors)()

    def value(self) -> str:
        """Draw a value that no person types, or a mixture of some."""
        draw = self.random.random()
        if draw < 0.35:
            return self.random.choice(MARKUP)
        if draw < 0.7:
            return self.random.choice(ODD)
        if draw < 0.85:
            return f"{self.random.choice(MARKUP)} {self.random.choice(SECRETS)} {self.random.choice(ODD)}"
        signs = (0x20, 0x7F, 0x3040, 0xD7FF, 0xE000, 0x10FFFF)
        return "".join(chr(self.random.randrange(self.random.choice(signs))) for _ in range(self.random.randrange(40)))

    def _field(self, name: str, values: tuple[str, ...]) -> tuple[str, str]:
        hostile = self.random.random() < (0.5 if name.startswith("text") else 0.04)
        return name, self.value() if hostile else self.random.choice(values)

    def _key(self) -> str:
        draw = self.random.random()
        if draw < 0.75:
            self.keys = [*self.keys[-200:], self.new_key()]
            return self.keys[-1]
        return self.random.choice(self.keys) if draw < 0.9 else self.value()

    def _seal(self) -> str:
        draw = self.random.random()
        if draw < 0.93:
            return self.random.choice(self.seals)
        return self._spoilt(self.random.choice(self.seals)) if draw < 0.97 else self.value()

    def _spoilt(self, text: str) -> str:
        at = self.random.randrange(len(text) + 1)
        return text[:at] + self.random.choice(["", ".", "A", "=", "\x00", "é"]) + text[at + 1 :]

    def _code(self) -> bytes:
        if self.random.random() < 0.9:
            return self.random.choice(self.codes).encode()
        return self.random.choice([self.value(), self.random.choice(self.codes) + "/../x", "./"]).encode(
            "utf-8", "surrogatepass"
        )

    def _query(self) -> bytes:
        names = [name for name in ("kiosk", "lang", "receipt", "v") if self.random.random() < 0.15]
        return self._encoded([(name, "1" if name == "kiosk" else self.value()) for name in names])

    def _post(self, path: bytes, fields: list[tuple[str, str]]) -> Request:
        body, content_type, environ = self._encoded(fields), FORM, self._environ()
        draw = self.random.random()
        if draw < 0.04:
            content_type = self.random.choice(_TYPES)
            if content_type == "multipart":
                content_type, body = "multipart/form-data; boundary=x", self._in_parts(fields)
        elif draw < 0.06:
            body = bytes(self.random.choice([byte, 0x25, 0xFF, 0x00, 0x26]) for byte in body)
        elif draw < 0.08:
            environ["CONTENT_LENGTH"] = self.random.choice(["-1", "x", "0", "9" * 30, str(len(body) + 5), ""])
        elif draw < 0.09:
            body += b"&text-reason=" + b"A" * self.random.choice([300_000, 90_000])
        return Request("POST", path, self._query(), body, content_type, environ)

    def _encoded(self, fields: list[tuple[str, str]]) -> bytes:
        """Write fields as a form does, some of them as no browser would."""
        return b"&".join(self._written(name) + b"=" + self._written(value) for name, value in fields)

    def _written(self, text: str) -> bytes:
        raw = text.encode("utf-8", "surrogatepass")
        draw = self.random.random()
        if draw < 0.005:
            return raw
        if draw < 0.01:
            return text.encode("shift_jis", "replace")
        return quote_from_bytes(raw, safe="").encode() + (b"%" if draw > 0.995 else b"")

    def _in_parts(self, fields: list[tuple[str, str]]) -> bytes:
        parts = [
            b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
            % (name.encode(), value.encode("utf-8", "surrogatepass"))
            for name, value in fields
        ]
        return b"".join(parts) + b"--x--\r\n"

    def _environ(self) -> dict[str, str]:
        drawn = {name: self._header() for name in _HEADERS if self.random.random() < 0.08}
        return drawn | ({"HTTP_HOST": self._header()} if self.random.random() < 0.02 else {})

    def _header(self) -> str:
        return self.value().encode("utf-8", "surrogatepass").decode("latin-1")[:500]

    def _beacon(self) -> Request:
        return Request(
            "POST", b"/s/" + self._code() + b"/started", self._query(), self.value().encode("utf-8", "replace")
        )

    def _rights(self) -> Request:
        code = self.random.choice([*self.deletion_codes, self.value(), self.value()])
        action = self.random.choice(["show", "confirm", "json", "erase", "", self.value()])
        return self._post(b"/delete", [("code", code), ("action", action), *([("text-x", self.value())] * 2)])

    def _page(self) -> Request:
        path = self.random.choice(
            [b"/s/%b", b"/s/%b/thanks", b"/delete", b"/delete/done", b"/s/waiting", b"/s/worker.js"]
        )
        path = path % self._code() if b"%b" in path else path
        return Request(self.random.choice(_METHODS), path, self._query(), environ=self._environ())

    def _tampered(self) -> Request:
        receipt = self._encoded([("receipt", self._spoilt(self.random.choice(self.seals))), ("lang", self.value())])
        return Request("GET", b"/s/" + self._code() + b"/thanks", receipt, environ=self._environ())

    def _elsewhere(self) -> Request:
        tricks = (
            b"/survey/static/../pages.py",
            b"/survey/static/%2e%2e/x",
            b"//evil.example/s/x",
            b"/s/",
            b"/survey/\xff",
        )
        path = self.random.choice([*tricks, b"/" + self.value().encode("utf-8", "surrogatepass")])
        return Request(self.random.choice(_METHODS), path, self._query(), environ=self._environ())


class Markup(HTMLParser):
    """Reads a page as a browser does, and notes what only an injected text can have put there."""

    def __init__(self) -> None:
        super().__init__()
        self.injected: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note scripts that are not ours, handlers, foreign addresses, and elements that no page of ours has."""
        given = dict(attrs)
        if tag == "script" and not (given.get("src") or "").startswith(("/survey/", "/staff/static/")):
            self.injected.append(tag)
        framed = tag == "iframe" and given.get("name") != "phone"  # the survey editor's own
        if framed or tag in {"base", "object", "embed"} or "url=" in (given.get("content") or ""):
            self.injected.append(tag)
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or name in {"srcdoc", "style"}:
                self.injected.append(name)
            if name in {"href", "src", "action", "formaction"} and (
                address.startswith(("javascript:", "data:", "//")) or "evil.example" in address.split("?")[0]
            ):
                self.injected.append(address)


def injected(page: str) -> list[str]:
    """What stands in a page as markup and came from a request."""
    read = Markup()
    read.feed(page)
    return read.injected
