"""Where figures come from: settings, model, libraries. No moments: the same data gives the same provenance."""

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version

from analysis.catalogues import Catalogue, load_catalogue
from analysis.settings import AnalysisSettings
from analysis.themes import version as words_version
from surveys.tokens import dictionary_version

_LIBRARIES = ("koebako", "fugashi", "unidic-lite", "numpy", "scipy", "scikit-learn")


@dataclass(frozen=True, slots=True)
class Basis:
    """What one run stands on. `model_version` names the reading of comments, `versions` all that shapes results."""

    settings: AnalysisSettings
    catalogue: Catalogue
    model_version: str
    settings_digest: str

    @property
    def versions(self) -> str:
        """Digest of all that, other than answers, makes results stale when it changes."""
        return f"{self.settings_digest} {self.model_version}"


def basis_of(settings: AnalysisSettings) -> Basis:
    """Load what the settings name. Error: `CatalogueError`."""
    catalogue = load_catalogue(settings.catalogue, settings.catalogue_files)
    dictionary = sha256(dictionary_version().encode()).hexdigest()[:8]
    # how long a claim lasts and where a file lies shape no result
    shaping = settings.model_dump(mode="json", exclude={"lease_seconds", "catalogue_files"})
    digest = sha256(json.dumps([shaping, catalogue.digest], sort_keys=True).encode()).hexdigest()[:16]
    return Basis(settings, catalogue, f"{words_version(catalogue.themes)}-{dictionary}", digest)


def provenance(basis: Basis, read: dict[str, int]) -> dict[str, object]:
    """Tell where the figures of a run come from. `read` counts what was read and left aside."""
    return {
        "settings": basis.settings_digest,
        "seed": basis.settings.seed,
        "catalogue": basis.settings.catalogue,
        "model": basis.model_version,
        "versions": _library_versions(),
        "read": read,
    }


@cache
def _library_versions() -> dict[str, str]:
    return {library: version(library) for library in _LIBRARIES}
