"""Where figures come from: settings, model, libraries. No moments: the same data gives the same provenance."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version

from sqlalchemy.orm import Session

from analysis.corrections.amendments import Amended, amended_themes
from analysis.corrections.log import Correction, active, digest
from analysis.corrections.verdicts import Verdicts, verdicts_of
from analysis.discovery.lineage import version as lineage_version
from analysis.reading.languages import detector_version
from analysis.reading.spellings import OwnWords
from analysis.reading.vectors import DISTRIBUTION as VECTORS
from analysis.reading.vectors import vocabulary_folder
from analysis.records import lineage
from analysis.results import Lesson, Theme
from analysis.settings import AnalysisSettings
from analysis.themes.catalogues import Catalogue, load_catalogue
from analysis.themes.model import version as words_version
from analysis.themes.own_words import load_own_words
from analysis.weeks.answers import discovered_themes, lessons_of_comments
from surveys.tokens import dictionary_version

_LIBRARIES = ("koebako", "fugashi", "unidic-lite", "py3langid", "numpy", "scipy", "scikit-learn")


@dataclass(frozen=True, slots=True)
class Basis:
    """What one run stands on. `versions` names all that shapes results.

    `reading_version` names how comments are read and what staff corrected, `fits_version` what fits merged and split.
    `themes`: those that were always known, as staff amended them; `corrections`: every one that counts;
    `lessons` and `verdicts`: what staff said of single comments.
    """

    settings: AnalysisSettings
    catalogue: Catalogue
    corrections: tuple[Correction, ...]
    themes: tuple[Theme, ...]
    lessons: tuple[Lesson, ...]
    verdicts: Verdicts
    reading_version: str
    settings_digest: str
    own_words: OwnWords
    fits_version: str

    @property
    def model_version(self) -> str:
        """Name all that tags of old weeks come from."""
        return self.reading_version + self.fits_version

    @property
    def versions(self) -> str:
        """Digest of all that, other than answers, makes results stale when it changes."""
        return f"{self.settings_digest} {self.model_version}"

    def amend(self, discovered: Iterable[Theme]) -> Amended:
        """Replay the corrections over the catalogue's themes and these."""
        return amended_themes([*self.catalogue.themes, *discovered], self.corrections)


def basis_of(session: Session, settings: AnalysisSettings) -> Basis:
    """Load what the settings name, and what staff corrected. Errors: `CatalogueError`, `WordFileError`."""
    own = load_own_words(settings.word_files)
    catalogue = load_catalogue(settings.catalogue, settings.catalogue_files, own)
    corrections = active(session)
    amended = amended_themes([*catalogue.themes, *discovered_themes(session)], corrections)
    verdicts = verdicts_of(corrections, amended)
    themes = tuple(theme for theme in amended.members if theme.since is None)
    lessons = lessons_of_comments(session, verdicts, own)
    # how long a claim lasts and where a file lies shape no result
    shaping = settings.model_dump(mode="json", exclude={"lease_seconds", "catalogue_files", "word_files"})
    return Basis(
        settings=settings,
        catalogue=catalogue,
        corrections=corrections,
        themes=themes,
        lessons=lessons,
        verdicts=Verdicts(verdicts, amended.themes),
        reading_version=_reading_version(words_version(themes, lessons), own, corrections),
        settings_digest=sha256(json.dumps([shaping, catalogue.digest], sort_keys=True).encode()).hexdigest()[:16],
        own_words=own,
        fits_version=fits_version(session),
    )


def fits_version(session: Session) -> str:
    """Name the merges and splits of all fits so far."""
    return lineage_version(lineage(session))


def _reading_version(words: str, own: OwnWords, corrections: Sequence[Correction]) -> str:
    """Name words and lessons, then how comments are read and corrected (corrections may be of discovered themes)."""
    rest = f"{dictionary_version()}, {detector_version()}, {own.digest}, {digest(corrections)}"
    return f"{words}-{sha256(rest.encode()).hexdigest()[:8]}"


def provenance(basis: Basis, read: dict[str, int]) -> dict[str, object]:
    """Tell where the figures of a run come from. `read` counts what was read and left aside."""
    return {
        "settings": basis.settings_digest,
        "seed": basis.settings.seed,
        "catalogue": basis.settings.catalogue,
        "model": basis.model_version,
        "corrections": len(basis.corrections),
        "versions": _library_versions(),
        "read": read,
    }


@cache
def _library_versions() -> dict[str, str]:
    optional = (VECTORS,) if vocabulary_folder() else ()
    return {library: version(library) for library in (*_LIBRARIES, *optional)}
