"""Contacts under lock: what a customer wrote goes in readable and is stored sealed; only the keys open it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from surveys.errors import InputError, SurveysError

MAKE_A_KEY = "make one with: koebako contact key; then set KOEBAKO_CONTACT_KEYS to it (docs/operating.md)"


class ContactSealedError(SurveysError):
    """No key that we have opens this contact."""


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """How a customer wants to be called; '' for what was left out."""

    name: str = ""
    phone: str = ""
    mail: str = ""


class Box:
    """Seals with the first of the keys and opens with any (`cryptography.fernet.MultiFernet`).

    Error: `InputError` when a key is none; it never repeats the key.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            self._keys = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise InputError(f"KOEBAKO_CONTACT_KEYS holds no usable key; {MAKE_A_KEY}") from error

    def seal(self, details: ContactDetails) -> str:
        """Seal a contact; the same one twice looks different."""
        return self._keys.encrypt(json.dumps(asdict(details)).encode()).decode()

    def open(self, sealed: str) -> ContactDetails:
        """Open a sealed contact. Error: `ContactSealedError`."""
        try:
            return ContactDetails(**json.loads(self._keys.decrypt(sealed.encode())))
        except InvalidToken as error:
            raise ContactSealedError("this contact was sealed with a key that KOEBAKO_CONTACT_KEYS lacks") from error

    def try_open(self, sealed: str) -> ContactDetails | None:
        """Open a sealed contact; None where no key does."""
        try:
            return self.open(sealed)
        except ContactSealedError:
            return None

    def renew(self, sealed: str) -> str:
        """Seal anew with the first key what any of them opens. Error: `ContactSealedError`."""
        try:
            return self._keys.rotate(sealed.encode()).decode()
        except InvalidToken as error:
            raise ContactSealedError("a contact was sealed with a key that KOEBAKO_CONTACT_KEYS lacks") from error


def new_key() -> str:
    """Make a key."""
    return Fernet.generate_key().decode()
