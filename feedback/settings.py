"""Settings of the giving-back part."""

from typing import Annotated

from pydantic import AfterValidator, Field

from surveys.settings import Settings


def _known_country(code: str) -> str:
    if code:
        from analysis.figures.days_off import countries  # slow to import, and only asked for another country

        if code not in countries():
            raise ValueError(f"unknown country {code!r}; write two capital letters such as JP, or nothing")
    return code


def _readable_list(path: str) -> str:
    if path:
        from analysis.critical import critical_words  # asked for only where a house has its own
        from analysis.errors import WordFileError

        try:
            critical_words(path)
        except WordFileError as error:
            raise ValueError(str(error)) from error
    return path


class FeedbackSettings(Settings):
    """Staff sign-in, quotes and the schedule."""

    session_hours: int = Field(default=12, ge=1, le=24 * 14)
    precision: int = Field(default=10, ge=1, le=100)
    quotes_per_theme: int = Field(default=3, ge=1, le=10)
    analyse_weekday: int = Field(default=0, ge=0, le=6)
    analyse_hour: int = Field(default=5, ge=0, le=23)
    critical_file: Annotated[str, AfterValidator(_readable_list)] = ""
    holidays: Annotated[str, AfterValidator(_known_country)] = "JP"
