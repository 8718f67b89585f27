"""What every staff page needs: the configuration, the database, the language."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, request, session

from feedback.config import Config
from surveys.database import Database

_WRITTEN = ("ja", "en")
"""Staff pages are written in these; customers' pages in more."""


@dataclass(frozen=True, slots=True)
class House:
    """One running server's configuration and database."""

    config: Config
    database: Database


def house() -> House:
    """Return the house of the running application."""
    found: House = current_app.extensions["koebako"]
    return found


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def staff_languages() -> tuple[str, ...]:
    """Name the languages that staff pages are offered in: those of the site's that they are written in."""
    written = tuple(language for language in house().config.site.languages if language in _WRITTEN)
    return written or _WRITTEN


def staff_language() -> str:
    """Choose the language of a staff page: the switch, else what the browser asks for, else the first offered."""
    offered = staff_languages()
    if session.get("language") in offered:
        return str(session["language"])
    return request.accept_languages.best_match(offered) or offered[0]
