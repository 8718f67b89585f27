"""What a customer wrote into the field for a member code, checked. It may be left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from surveys.forms import UNREADABLE, Posted
from surveys.members import LONGEST_MEMBER_CODE, plain_code
from surveys.texts import is_storable, storable

CODE, AGREED = "member-code", "member-agreed"


class MemberFault(StrEnum):
    """What can be wrong with one field."""

    UNREADABLE = "unreadable"
    NO_CODE = "no_code"
    """Agreed, and nothing written."""
    NOT_AGREED = "not_agreed"


@dataclass(frozen=True, slots=True)
class MemberReading:
    """What stands in the fields, and what is wrong with each, by field name."""

    typed: str = ""
    agreed: bool = False
    faults: Mapping[str, MemberFault] = field(default_factory=dict)

    @property
    def code(self) -> str | None:
        """The member code; None where none was left."""
        return plain_code(self.typed) or None


NO_MEMBER = MemberReading()


def read_member(posted: Posted) -> MemberReading:
    """Read the fields of a posted form."""
    typed, agreed = " ".join(storable(" ".join(posted.get(CODE, ()))).split()), AGREED in posted
    code, faults = plain_code(typed), {}
    if len(typed) > LONGEST_MEMBER_CODE or UNREADABLE in typed or not is_storable(typed) or (typed and not code):
        faults[CODE] = MemberFault.UNREADABLE
    elif agreed and not code:
        faults[CODE] = MemberFault.NO_CODE
    if code and not agreed:
        faults[AGREED] = MemberFault.NOT_AGREED
    return MemberReading(typed, agreed, faults)
