"""What a survey offers its customers after the answer, as its file defines it: never by what they answered."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SerializerFunctionWrapHandler, WrapSerializer

from surveys.settings import Settings
from surveys.texts import Text

_LONGEST_ADDRESS = 1000


def _https_address(address: str) -> str:
    """Take an address that leads to another site; one with a name or password in it is not what it looks like."""
    try:
        parts = urlsplit(address)
        plain = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc
    except ValueError:
        plain = False
    printable = address.isascii() and address.isprintable() and " " not in address
    if not (plain and printable and len(address) <= _LONGEST_ADDRESS):
        raise ValueError(f"{address[:100]!r} is no https address; write it like https://reviews.example.jp/our-store")
    return address


HttpsAddress = Annotated[str, AfterValidator(_https_address)]


class CouponOffer(Settings):
    """A thank-you for each response.

    `days`: how long after the day of the answer it is still taken, 0 for that day alone; `limit` None: for everyone.
    """

    text: Text
    days: Annotated[int, Field(ge=0, le=3660)]
    limit: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None


class ReviewInvitation(Settings):
    """An invitation to write a public review, shown to everyone. `stores`: store keys with an address of their own."""

    text: Text
    url: HttpsAddress
    stores: Mapping[str, HttpsAddress] = {}

    def address(self, store_key: str) -> str:
        """Return the address for the customers of one store."""
        return self.stores.get(store_key, self.url)


class ContactRequest(Settings):
    """An offer to be called back: the customer may leave a name, a phone number or a mail address.

    `text`: what it is for, in place of our own wording; `consent`: what the customer agrees to, likewise.
    """

    text: Text | None = None
    consent: Text | None = None


class MemberRequest(Settings):
    """A field for the customer's member code, which joins the answer to purchases; it may be left empty.

    `text`: what the code is called and where it stands, in place of our own wording; `consent`: what the customer
    agrees to, likewise.
    """

    text: Text | None = None
    consent: Text | None = None


def _switch(value: object) -> object:
    """Read `contact: true` as an offer in our own words."""
    return {} if value is True else None if value is False else value


def _switched(offer: ContactRequest | MemberRequest | None, handler: SerializerFunctionWrapHandler) -> Any:
    """Write an offer in our own words as it is read: `contact: true`."""
    return True if offer in (ContactRequest(), MemberRequest()) else handler(offer)


ContactOffer = Annotated[ContactRequest | None, BeforeValidator(_switch), WrapSerializer(_switched)]
"""`true`, or an offer in words of one's own."""

MemberOffer = Annotated[MemberRequest | None, BeforeValidator(_switch), WrapSerializer(_switched)]
"""The same."""
