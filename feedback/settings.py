"""Settings of the giving-back part."""

from pydantic import Field

from surveys.settings import Settings


class FeedbackSettings(Settings):
    """Staff sign-in, quotes and the schedule."""

    session_hours: int = Field(default=12, ge=1, le=24 * 14)
    quotes_per_theme: int = Field(default=3, ge=1, le=10)
    analyse_weekday: int = Field(default=0, ge=0, le=6)
    analyse_hour: int = Field(default=5, ge=0, le=23)
