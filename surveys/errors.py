"""What can go wrong while collecting. Upper packages map these to statuses and exit codes once."""

from typing import Literal


class SurveysError(Exception):
    """Root of every error that this package raises on purpose."""


class InputError(SurveysError):
    """Something that a person or a file handed in is wrong; the message says what and what to do."""


class ErasedFileError(SurveysError):
    """The file that remembers erased codes cannot be read or written: nothing was erased, try again."""


class DatabaseUnreachableError(SurveysError):
    """The database cannot be opened or does not answer."""


class DatabaseBusyError(SurveysError):
    """The database is locked, full or gone for the moment: nothing was stored, try again."""


class SurveyChangedError(SurveysError):
    """Somebody else saved the survey while it was being edited: nothing was saved, and nothing is lost."""

    def __init__(self, survey_key: str) -> None:
        super().__init__(f"survey {survey_key!r} was changed by somebody else meanwhile")
        self.survey_key = survey_key


class PlaceError(InputError):
    """An area, store or spot cannot be made or changed so; `fault` says why, for pages in other languages."""

    def __init__(self, message: str, fault: "PlaceFault") -> None:
        super().__init__(message)
        self.fault = fault


PlaceFault = Literal["taken", "key", "name", "unknown"]
"""The key is taken; the key or the name cannot be used; there is no such place."""
