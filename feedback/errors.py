"""What can go wrong while giving back, and the exit codes and statuses of every error of the house."""

from analysis.errors import AnalysisError, WeekNotAnalysedError
from surveys.errors import SurveysError

EXIT_DONE = 0
EXIT_OUR_FAULT = 1
EXIT_BAD_INPUT = 2


class FeedbackError(Exception):
    """Root of every error that this package raises on purpose."""


class ConfigError(FeedbackError):
    """The configuration is wrong; the message names file and key."""


class SchemaError(FeedbackError):
    """The database's schema is older or newer than this code; the message says what to do."""


class StaffError(FeedbackError):
    """A staff account cannot be made or changed as asked."""


class ServeError(FeedbackError):
    """The server cannot listen where it was asked to."""


class TooManyAttemptsError(FeedbackError):
    """Somebody tried too many wrong passwords for this account; it waits."""

    def __init__(self, name: str) -> None:
        super().__init__(f"too many wrong passwords for {name!r}; wait a quarter of an hour")
        self.name = name


class OutputError(FeedbackError):
    """A file cannot be written where it was asked for."""


class NothingAnalysedError(FeedbackError):
    """No week has been analysed yet."""

    def __init__(self) -> None:
        super().__init__("no week has been analysed yet; run: koebako analyse")


KNOWN_ERRORS: tuple[type[Exception], ...] = (SurveysError, AnalysisError, FeedbackError)
"""Errors that end a command with one line and exit code 2."""

__all__ = [
    "EXIT_BAD_INPUT",
    "EXIT_DONE",
    "EXIT_OUR_FAULT",
    "KNOWN_ERRORS",
    "ConfigError",
    "FeedbackError",
    "NothingAnalysedError",
    "OutputError",
    "SchemaError",
    "ServeError",
    "StaffError",
    "TooManyAttemptsError",
    "WeekNotAnalysedError",
]
