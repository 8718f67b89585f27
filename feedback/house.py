"""What every staff page needs: the configuration, the database, the language."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, request, session

from feedback.config import Config
from surveys.database import Database


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


def staff_language() -> str:
    """Choose the language of a staff page: the switch, else what the browser asks for, else the first offered."""
    offered = house().config.site.languages
    if session.get("language") in offered:
        return str(session["language"])
    return request.accept_languages.best_match(offered) or offered[0]
