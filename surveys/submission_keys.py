"""The key of one submission: made by the page, secret to the customer, the same however often it is sent.

Crockford's base 32 (https://www.crockford.com/base32.html), so that a code can be read from a screen
and typed without doubt. Its first symbols are the deletion code: a page can show it before the server
has heard of the answer.
"""

import re
import secrets
import unicodedata
from hashlib import sha256

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
KEY_LENGTH = 32
"""160 random bits."""
CODE_LENGTH = 12
"""60 random bits: no one guesses another's code over a web page."""
_KEY = re.compile(f"[{ALPHABET}]{{{KEY_LENGTH}}}")
_CODE = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")
_READ_ALIKE = str.maketrans("oil", "011")
_GAPS = re.compile(r"[\s\-‐-―ー－_.]+")


def new_submission_key() -> str:
    """Make a key that no other form has."""
    return "".join(secrets.choice(ALPHABET) for _ in range(KEY_LENGTH))


def is_submission_key(text: str) -> bool:
    """Tell whether a page of ours can have made this key."""
    return _KEY.fullmatch(text) is not None


def code_of(submission_key: str) -> str:
    """Return the deletion code of a key, as `read_code` gives it."""
    return submission_key[:CODE_LENGTH]


def written_code(code: str) -> str:
    """Write a deletion code as customers see it: `K7QM-2XPD-9RTA`."""
    return "-".join(code[start : start + 4].upper() for start in range(0, CODE_LENGTH, 4))


def read_code(typed: str) -> str | None:
    """Read a deletion code as people type it: any case, gaps or width, o for 0, i and l for 1. None: it is no code."""
    text = unicodedata.normalize("NFKC", typed).lower()
    code = _GAPS.sub("", text).translate(_READ_ALIKE)
    return code if _CODE.fullmatch(code) else None


def digest(secret: str) -> str:
    """Digest a key or a code (as `read_code` gives it) for storing: what is stored opens nothing."""
    return sha256(secret.encode()).hexdigest()
