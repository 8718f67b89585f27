"""Settings of the collecting part. `feedback/config.py` alone reads them from a file."""

from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"unknown time zone {name!r}; use a name such as Asia/Tokyo")
    return name


class Settings(BaseModel):
    """Base of every settings model: frozen, unknown keys refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Organisation(Settings):
    """Who asks."""

    name: str = "声箱"
    timezone: Annotated[str, AfterValidator(_known_timezone)] = "Asia/Tokyo"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days and weeks are counted."""
        return ZoneInfo(self.timezone)


class Site(Settings):
    """Where customers and staff reach this server."""

    public_url: str = ""
    languages: tuple[str, ...] = ("ja", "en")


class SurveysSettings(Settings):
    """Limits of what customers and files may hand in."""

    max_text_length: int = Field(default=2000, ge=1, le=20_000)
    max_body_kilobytes: int = Field(default=256, ge=16, le=10_240)
    form_hours: int = Field(default=96, ge=1, le=24 * 30)
