"""Settings of the collecting part. `feedback/config.py` alone reads them from a file."""

from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from surveys.texts import LANGUAGE_NAMES


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"unknown time zone {name!r}; use a name such as Asia/Tokyo")
    return name


def _web_address(address: str) -> str:
    parts = urlsplit(address)
    plain = address.isascii() and address.isprintable() and " " not in address and not (parts.query or parts.fragment)
    if address and not (plain and parts.scheme in {"http", "https"} and parts.hostname):
        raise ValueError(f"{address!r} is no web address; write it like https://koe.example.jp")
    return address


def _known_languages(languages: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [language for language in languages if language not in LANGUAGE_NAMES]
    if unknown or not languages:
        raise ValueError(f"name at least one language out of {', '.join(LANGUAGE_NAMES)}")
    return languages


class Settings(BaseModel):
    """Base of every settings model: frozen, unknown keys refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Organisation(Settings):
    """Who asks."""

    name: str = Field(default="声箱", min_length=1, max_length=200)
    timezone: Annotated[str, AfterValidator(_known_timezone)] = "Asia/Tokyo"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days and weeks are counted."""
        return ZoneInfo(self.timezone)


class Site(Settings):
    """Where customers and staff reach this server."""

    public_url: Annotated[str, AfterValidator(_web_address)] = ""
    languages: Annotated[tuple[str, ...], AfterValidator(_known_languages)] = tuple(LANGUAGE_NAMES)


_FamilyName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]


class SurveysSettings(Settings):
    """Limits of what customers and files may hand in."""

    max_text_length: int = Field(default=2000, ge=1, le=20_000)
    max_body_kilobytes: int = Field(default=256, ge=16, le=10_240)
    form_hours: int = Field(default=96, ge=1, le=24 * 30)
    fastest_seconds: int = Field(default=2, ge=0, le=60)
    answers_per_minute: int = Field(default=120, ge=0, le=1_000_000)
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    staff_names: tuple[_FamilyName, ...] = ()


SHORTEST_RETENTION = 183
"""Days. The newest report looks back 26 weeks for its impacts: what it needs must not be cleared under it."""


class Retain(StrEnum):
    """What is cleared when its time is over."""

    COMMENTS = "comments"
    """Free text goes; scores and choices stay."""
    RESPONSES = "responses"
    """The whole answer goes."""


def _long_enough(days: int) -> int:
    if 0 < days < SHORTEST_RETENTION:
        raise ValueError(
            f"{days} days are fewer than the 26 weeks that a report looks back on; "
            f"use {SHORTEST_RETENTION} or more, or 0 to keep answers"
        )
    return days


class PrivacySettings(Settings):
    """How long personal data is kept, and where erased codes are remembered."""

    retain_days: Annotated[int, Field(ge=0, le=36_600), AfterValidator(_long_enough)] = 0
    retain: Retain = Retain.COMMENTS
    contact_days: int = Field(default=90, ge=1, le=366)
    member_codes: bool = False
    member_days: int = Field(default=730, ge=30, le=3660)
    erased_file: str = ""
