"""Passwords: argon2 hashes, one-time passwords, and the rules for one that a person chooses."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from feedback.errors import StaffError

SHORTEST = 10
LONGEST = 200
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else on paper
# OWASP's smaller profile: four sign-ins at once then take 76 MiB, which the smallest rented machine has.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _HASHER.hash("no account has this password")


def hash_password(password: str) -> str:
    """Hash a password with argon2id."""
    return _HASHER.hash(_normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Tell whether a password is the hashed one; as slow for an account that does not exist (None)."""
    if len(password) > LONGEST:
        return False
    try:
        return _HASHER.verify(password_hash or _NOBODY, _normal(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def one_time_password() -> str:
    """Make a password that can be read from paper or over the telephone: 16 letters, 79 bits."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def check_choice(password: str, name: str) -> None:
    """Refuse a password that is too short, too long or the name itself. Error: `StaffError`."""
    if not SHORTEST <= len(_normal(password)) <= LONGEST:
        raise StaffError(f"a password has {SHORTEST} to {LONGEST} characters")
    if name.casefold() in _normal(password).casefold() and len(_normal(password)) < len(name) + SHORTEST:
        raise StaffError("a password must not be built on the name")


def _normal(password: str) -> str:
    # a Japanese keyboard may hand over full-width letters; NIST SP 800-63B asks for a normal form as well
    return unicodedata.normalize("NFKC", password)
