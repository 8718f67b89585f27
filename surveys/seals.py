"""The seal of a form: proof, without a cookie, that we made it for this code. It carries the submission key."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from surveys.submission_keys import new_submission_key

_SALT = "koebako survey form"


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


def seal(secret: str, code: str, submission_key: str) -> str:
    """Seal a submission key for the form of one code, with the present moment."""
    return URLSafeTimedSerializer(secret, _SALT).dumps([code, submission_key])


def unseal(secret: str, code: str, sealed: str, longest: timedelta) -> Seal:
    """Read a seal back. A forged one, or one of another code's form, gets a new key."""
    serializer = URLSafeTimedSerializer(secret, _SALT)
    state = SealState.GOOD
    try:
        content = serializer.loads(sealed, max_age=int(longest.total_seconds()))
    except SignatureExpired as error:
        state, content = SealState.EXPIRED, serializer.load_payload(error.payload or b"")
    except (BadData, ValueError):
        content = None
    if not isinstance(content, list) or content[:1] != [code]:
        return Seal(SealState.FORGED, new_submission_key())
    return Seal(state, str(content[1]))
