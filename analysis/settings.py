"""Settings of the understanding part."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from surveys.settings import Settings

AUTOMATIC = "auto"
"""Choose the catalogue that fits the first comments (see `catalogue_choice`)."""


def catalogue_names() -> tuple[str, ...]:
    """The catalogues that come with Koebako."""
    folder = files("analysis").joinpath("data/catalogues")
    return tuple(sorted(found.name.removesuffix(".yaml") for found in folder.iterdir()))


def _known_catalogue(name: str) -> str:
    known = (AUTOMATIC, *catalogue_names())
    if name not in known:
        raise ValueError(f"unknown catalogue {name!r}; there are: {', '.join(known)}")
    return name


def _existing_files(paths: tuple[str, ...]) -> tuple[str, ...]:
    missing = [path for path in paths if not Path(path).is_file()]
    if missing:
        raise ValueError(f"there is no file {', '.join(map(repr, missing))}; a name is looked up from {Path.cwd()}")
    return paths


class AnalysisSettings(Settings):
    """What guides the analysis. All of it goes into the settings digest of a run."""

    catalogue: Annotated[str, AfterValidator(_known_catalogue)] = AUTOMATIC
    catalogue_files: Annotated[tuple[str, ...], AfterValidator(_existing_files)] = ()
    word_files: Annotated[tuple[str, ...], AfterValidator(_existing_files)] = ()
    seed: int = Field(default=20250401, ge=0)
    discovery: bool = True
    discovery_sample: int = Field(default=5000, ge=100, le=100_000)
    discovery_min_opinions: int = Field(default=8, ge=3)
    window_responses: int = Field(default=100, ge=10)
    improve_to: Literal["best_quarter", "zero"] = "best_quarter"
    impact_responses: int = Field(default=300, ge=30)
    lease_seconds: int = Field(default=60, ge=5, le=3600)
