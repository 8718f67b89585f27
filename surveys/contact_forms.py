"""What a customer wrote into the fields for a call back, checked. All of it may be left out."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from surveys.contact_box import ContactDetails
from surveys.forms import UNREADABLE, Posted
from surveys.texts import is_storable, storable

NAME, PHONE, MAIL, AGREED = "contact-name", "contact-phone", "contact-mail", "contact-agreed"
LONGEST_CONTACT = 200
_BLANK = ContactDetails()
_PHONE = re.compile(r"\+?[0-9][0-9() \-.]{5,23}")
_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class ContactFault(StrEnum):
    """What can be wrong with one field."""

    UNREACHABLE = "unreachable"
    """Neither a phone number nor a mail address."""
    NO_PHONE = "no_phone"
    NO_MAIL = "no_mail"
    UNREADABLE = "unreadable"
    NOT_AGREED = "not_agreed"


@dataclass(frozen=True, slots=True)
class ContactReading:
    """What stands in the fields, and what is wrong with each, by field name."""

    typed: ContactDetails = _BLANK
    agreed: bool = False
    faults: Mapping[str, ContactFault] = field(default_factory=dict)

    @property
    def details(self) -> ContactDetails | None:
        """The contact; None where none was left."""
        return None if self.typed == _BLANK else self.typed


NO_CONTACT = ContactReading()


def read_contact(posted: Posted) -> ContactReading:
    """Read the fields of a posted form."""
    name, phone, mail = (_line(posted.get(name, ())) for name in (NAME, PHONE, MAIL))
    typed, agreed = ContactDetails(name, phone, mail), AGREED in posted
    wrong = {name: _fault(name, text) for name, text in ((NAME, name), (PHONE, phone), (MAIL, mail)) if text}
    faults = {name: fault for name, fault in wrong.items() if fault}
    if (typed != _BLANK or agreed) and not (phone or mail):
        faults[PHONE] = ContactFault.UNREACHABLE
    if typed != _BLANK and not agreed:
        faults[AGREED] = ContactFault.NOT_AGREED
    return ContactReading(typed, agreed, faults)


def _line(values: Sequence[str]) -> str:
    """Read one line: full-width letters become plain ones, white space is tidied."""
    text = unicodedata.normalize("NFKC", storable(" ".join(values)))
    return " ".join(text.split())


def _fault(name: str, text: str) -> ContactFault | None:
    if len(text) > LONGEST_CONTACT or UNREADABLE in text or not is_storable(text):
        return ContactFault.UNREADABLE
    if name == PHONE and not _PHONE.fullmatch(re.sub("[‐-―ー－−]", "-", text)):
        return ContactFault.NO_PHONE
    if name == MAIL and not _MAIL.fullmatch(text):
        return ContactFault.NO_MAIL
    return None
