"""Which posters somebody wants printed, for the page and the command alike."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from feedback.config import Config
from surveys.definitions import survey_key_or_only
from surveys.places import entry_code
from surveys.poster_sets import spot_codes
from surveys.posters import INVITATION, PaperSize, Poster, poster_for

LOCAL_ADDRESS = "http://127.0.0.1:8765"


@dataclass(frozen=True, slots=True)
class PosterOrder:
    """The posters of one spot (`place`: store key, spot key), of some stores by their keys, or with neither of all.

    `survey_key` None: the only survey. `invitation`: one's own line by language; a language without one keeps ours.
    """

    survey_key: str | None = None
    place: tuple[str, str] | None = None
    store_keys: Collection[str] | None = None
    size: PaperSize = PaperSize.A6
    invitation: Mapping[str, str] = field(default_factory=dict)


def ordered_posters(session: Session, order: PosterOrder, config: Config) -> tuple[Poster, ...]:
    """Look up what stands on the posters; codes that are missing are made. Errors: `InputError` names what is wrong."""
    survey_key = survey_key_or_only(session, order.survey_key)
    if order.place:
        codes: tuple[str, ...] = (entry_code(session, survey_key, *order.place),)
    else:
        codes = spot_codes(session, survey_key, order.store_keys)
    address = config.site.public_url or (LOCAL_ADDRESS if config.demo else "")
    organisation, loopback = config.organisation.name, config.demo
    found = (poster_for(session, code, address, organisation, allow_loopback=loopback) for code in codes)
    return tuple(replace(each, size=order.size, invitation=INVITATION | dict(order.invitation)) for each in found)
