"""What stands around the invented chain when it is shown: its own settings, its account, what to look at first."""

import secrets
from collections.abc import Sequence
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
from surveys.queries import week_fingerprints
from surveys.settings import Organisation

ACCOUNT = "demo"
_FIRST_SPOT = ("ohashi", "register")


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


def survey_path(session: Session) -> str:
    """Return the path of the form at the spot that is shown first."""
    return f"/s/{places.entry_code(session, SURVEY_KEY, *_FIRST_SPOT)}"


def truths(weeks: Sequence[str]) -> Sequence[str]:
    """Write the planted truths of these 26 weeks, each in both languages."""
    named = ((truth, weeks[truth.from_week - 1]) for truth in TRUTHS)
    return [f"  ・{truth.ja.format(week=week)}\n    {truth.en.format(week=week)}" for truth, week in named]


def welcome(address: str, path: str, password: str, weeks: Sequence[str]) -> Sequence[str]:
    """Write what is printed when the demo is ready; `weeks` are the 26 that were filled."""
    return (
        "",
        "お客さまのアンケート / The customer's survey",
        f"  {address}{path}",
        "スタッフの画面 / The staff pages",
        f"  {address}/staff/",
        f"  名前 / name: {ACCOUNT}    一度だけのパスワード / one-time password: {password}",
        "",
        "まず見るところ / What to look at first (these truths are planted; the report finds them)",
        *truths(weeks),
        "",
    )
