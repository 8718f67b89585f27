"""What we sign for a customer, so that no cookie is needed: the seal of a form, and the receipt of an answer.

A seal proves that we made the form for this code, and when; it carries a submission key. A receipt proves that an
answer was stored, so that the page of thanks knows it; it carries the deletion code.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from surveys.submission_keys import new_submission_key

_FORM_SALT = "koebako survey form"
_SEALED_PARTS = 3
_RECEIPT_SALT = "koebako receipt of an answer"


class SealState(StrEnum):
    """What a seal proves."""

    GOOD = "good"
    EXPIRED = "expired"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal read back. The key of an expired one still holds: its form may have been sent before."""

    state: SealState
    submission_key: str
    begun_at: datetime | None = None
    """When the customer first got the form, which may have been shown again since; None where the seal is forged."""


def seal(secret: str, code: str, submission_key: str, begun_at: datetime) -> str:
    """Seal a submission key for the form of one code, with the present moment."""
    return URLSafeTimedSerializer(secret, _FORM_SALT).dumps([code, submission_key, int(begun_at.timestamp())])


def unseal(secret: str, code: str, sealed: str, longest: timedelta) -> Seal:
    """Read a seal back. A forged one, or one of another code's form, gets a new key."""
    serializer = URLSafeTimedSerializer(secret, _FORM_SALT)
    state = SealState.GOOD
    try:
        content = serializer.loads(sealed, max_age=int(longest.total_seconds()))
    except SignatureExpired as error:
        state, content = SealState.EXPIRED, serializer.load_payload(error.payload or b"")
    except (BadData, ValueError):
        content = None
    if not isinstance(content, list) or len(content) != _SEALED_PARTS or content[0] != code:
        return Seal(SealState.FORGED, new_submission_key())
    return Seal(state, str(content[1]), datetime.fromtimestamp(content[2], UTC))


def receipt(secret: str, code: str, deletion_code: str) -> str:
    """Sign the deletion code of an answer given at one code, with the present moment."""
    return URLSafeTimedSerializer(secret, _RECEIPT_SALT).dumps([code, deletion_code])


def read_receipt(secret: str, code: str, signed: str, longest: timedelta | None = None) -> str | None:
    """Read the deletion code of a receipt; None where we did not write it for this code, or longer ago than that."""
    max_age = int(longest.total_seconds()) if longest is not None else None
    try:
        content = URLSafeTimedSerializer(secret, _RECEIPT_SALT).loads(signed, max_age=max_age)
    except (BadData, ValueError):
        return None
    return str(content[1]) if isinstance(content, list) and content[:1] == [code] else None
