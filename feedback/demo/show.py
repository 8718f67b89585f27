"""What stands around the invented chain when it is shown: its own settings, its account, what to look at first."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy.orm import Session

from analysis.settings import AnalysisSettings
from feedback import accounts
from feedback.config import Config
from feedback.demo.chain import ORGANISATION, TRUTHS, WEEKS
from feedback.demo.fill import SURVEY_KEY
from surveys import places
from surveys.posters import Poster, compose_svg, poster_for, to_pdf
from surveys.queries import week_fingerprints
from surveys.settings import Organisation

ACCOUNT = "demo"
_FIRST_SPOT = ("ohashi", "register")


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a visitor of the demo is told. `weeks`: the 26 that were filled."""

    address: str
    poster: Poster
    password: str
    weeks: tuple[str, ...]


def demo_config(config: Config, file: Path) -> Config:
    """Return the demo's settings: its own database, name, zone and catalogue, so that the planted truths can be found.

    The secret key is made anew at each start: nothing of the demo is worth keeping.
    """
    changes = {
        "organisation": Organisation(name=ORGANISATION),
        "site": config.site.model_copy(update={"public_url": ""}),
        "analysis": AnalysisSettings(catalogue="retail"),
        "database_url": f"sqlite:///{file}",
        "secret_key": SecretStr(secrets.token_urlsafe(32)),
        "demo": True,
    }
    return config.model_copy(update=changes)


def one_time_password(session: Session, now: datetime) -> str:
    """Make the demo's account, or give it a new one-time password."""
    if any(member.name == ACCOUNT for member in accounts.members(session)):
        return accounts.reset_password(session, ACCOUNT, now)
    return accounts.add_member(session, accounts.NewMember(ACCOUNT, "admin"), now)


def filled_weeks(session: Session) -> tuple[str, ...]:
    """Name the weeks that the demo was filled with; answers that a visitor adds come later."""
    return tuple(week_fingerprints(session))[:WEEKS]


def truths(weeks: Sequence[str]) -> Sequence[str]:
    """Write the planted truths of these 26 weeks, each in both languages."""
    named = ((truth, weeks[truth.from_week - 1]) for truth in TRUTHS)
    return [f"  ・{truth.ja.format(week=week)}\n    {truth.en.format(week=week)}" for truth, week in named]


def prepare(session: Session, address: str, now: datetime) -> Welcome:
    """Get the demo ready for a visitor at this address of the server: a code, a poster, a password."""
    code = places.entry_code(session, SURVEY_KEY, *_FIRST_SPOT)
    poster = poster_for(session, code, address, ORGANISATION, allow_loopback=True)
    return Welcome(address, poster, one_time_password(session, now), filled_weeks(session))


def write_poster(poster: Poster, file: Path) -> None:
    """Write the poster of the spot that is shown first, as PDF."""
    file.write_bytes(to_pdf(compose_svg(poster)))


def welcome_lines(shown: Welcome, poster_file: Path) -> Sequence[str]:
    """Write what is printed when the demo is ready."""
    return (
        "",
        "お客さまのアンケート / The customer's survey",
        f"  {shown.poster.url}",
        f"  ポスター / its poster: {poster_file}",
        "スタッフの画面 / The staff pages",
        f"  {shown.address}/staff/",
        f"  名前 / name: {ACCOUNT}    一度だけのパスワード / one-time password: {shown.password}",
        "",
        "まず見るところ / What to look at first (these truths are planted; the report finds them)",
        *truths(shown.weeks),
        "",
    )
