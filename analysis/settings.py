"""Settings of the understanding part."""

from pydantic import Field

from surveys.settings import Settings

AUTOMATIC = "auto"
"""Choose the catalogue that fits the first comments (see `catalogue_choice`)."""


class AnalysisSettings(Settings):
    """What guides the analysis. All of it goes into the settings digest of a run."""

    catalogue: str = AUTOMATIC
    catalogue_files: tuple[str, ...] = ()
    seed: int = Field(default=20250401, ge=0)
    discovery: bool = True
    discovery_sample: int = Field(default=5000, ge=100, le=100_000)
    discovery_min_opinions: int = Field(default=12, ge=3)
    window_responses: int = Field(default=100, ge=10)
    impact_responses: int = Field(default=300, ge=30)
    lease_seconds: int = Field(default=60, ge=5, le=3600)
