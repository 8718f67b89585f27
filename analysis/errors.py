"""What can go wrong while understanding."""

from typing import Literal

Fault = Literal["gone", "name", "letters", "same", "itself", "words", "all", "last", "word", "other"]


class AnalysisError(Exception):
    """Root of every error that this package raises on purpose."""


class CatalogueError(AnalysisError):
    """A theme catalogue file is wrong; the message names file, key and what to do."""


class WordFileError(AnalysisError):
    """A file of an organisation's own words is wrong; the message names file and word."""


class WeekNotAnalysedError(AnalysisError):
    """No finished analysis of this week exists."""

    def __init__(self, week: str) -> None:
        super().__init__(f"week {week} has not been analysed; run: koebako analyse --week {week}")
        self.week = week


class LeaseLostError(AnalysisError):
    """Another process took this run over; what was computed here is dropped."""


class WeekNotCompleteError(AnalysisError):
    """This week has not wholly passed, so its answers are still coming in."""

    def __init__(self, week: str, last_complete: str) -> None:
        super().__init__(f"week {week} is not over yet; the last complete week is {last_complete}")
        self.week = week


class CorrectionError(AnalysisError):
    """A correction cannot be made as asked; the message names the thing and what to do.

    `fault` says which kind it is, for pages that say it in their reader's language.
    """

    def __init__(self, message: str, fault: Fault = "other") -> None:
        super().__init__(message)
        self.fault = fault
