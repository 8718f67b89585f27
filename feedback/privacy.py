"""Personal data over the whole house: erasures that outlive a restore, retention by age, keys for contacts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from analysis import records
from analysis.opinions import opinions_of_response
from feedback.config import Config, check_secret_key
from surveys import contacts
from surveys.contact_box import Box
from surveys.contacts import Keeping, check_surveys, erase_expired
from surveys.database import Database
from surveys.erased_file import ErasedFile
from surveys.held import Derived
from surveys.members import MemberKeeping, check_may_ask, erase_members
from surveys.queries import closed_weeks, week_fingerprints
from surveys.questions import SurveyDefinition
from surveys.retention import clear_week, weeks_to_clear
from surveys.rights import Replayed, replay

_BESIDE_NO_FILE = Path("var/koebako.erased")


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was erased by age: contacts, rows of `members` and their purchases, and `rows` of `weeks`.

    `waiting`: weeks that are to be analysed first.
    """

    contacts: int
    members: int
    rows: int
    weeks: tuple[str, ...]
    waiting: tuple[str, ...]


def erased_file(config: Config) -> ErasedFile:
    """Return the file of erased codes: where the settings say, else beside the SQLite database, else under var/."""
    if config.privacy.erased_file:
        return ErasedFile(Path(config.privacy.erased_file))
    url = make_url(config.database_url)
    on_disk = url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}
    return ErasedFile(Path(str(url.database)).with_suffix(".erased") if on_disk else _BESIDE_NO_FILE)


def contact_box(config: Config) -> Box | None:
    """Return the box that seals contacts; None without keys. Error: `InputError` where a key is none."""
    keys = [key.get_secret_value() for key in config.contact_keys]
    return Box(keys) if keys else None


def contact_keeping(config: Config) -> Keeping | None:
    """Return how contacts are kept; None without keys, since none is asked for then."""
    box = contact_box(config)
    return Keeping(box, timedelta(days=config.privacy.contact_days)) if box else None


def check_can_ask(definition: SurveyDefinition, config: Config) -> None:
    """Refuse a survey that asks for what cannot be kept, or must not be. Error: `InputError`."""
    contacts.check_can_ask(definition, contact_box(config))
    check_may_ask(definition, allowed=config.privacy.member_codes)


def member_keeping(config: Config) -> MemberKeeping:
    """Return how member codes are kept. Error: `ConfigError` without a secret key to digest them with."""
    return MemberKeeping(check_secret_key(config), timedelta(days=config.privacy.member_days))


def make_ready(config: Config, database: Database) -> None:
    """Do what must be done before customers are served.

    Errors: `ErasedFileError`, `InputError` where a survey asks for contacts and there is no key.
    """
    with database.reading() as session:
        check_surveys(session, contact_box(config))
    replay_erasures(config, database)


def replay_erasures(config: Config, database: Database) -> Replayed:
    """Erase again what was erased before, where an older copy of the database came back. Error: `ErasedFileError`."""
    with database.session() as session:
        return replay(session, erased_file(config), datetime.now(UTC), "replay")


def tidy(config: Config, database: Database, now: datetime, who: str) -> Tidied:
    """Erase contacts and answers whose time is over, week by week; a week that is not counted yet waits."""
    settings, today = config.privacy, now.astimezone(config.organisation.zone).date()
    with database.session() as session:
        called = erase_expired(session, now, who)
        members = erase_members(session, settings.member_days, now, today, who)
        weeks = weeks_to_clear(session, settings.retain, settings.retain_days, today) if settings.retain_days else ()
    rows: dict[str, int] = {}
    for week in weeks:
        with database.session() as session:
            if _is_counted(session, week):
                rows[week] = clear_week(session, week, settings.retain, now, who)
    return Tidied(called, members, sum(rows.values()), tuple(rows), tuple(week for week in weeks if week not in rows))


def derived(session: Session, external_id: str) -> tuple[Derived, ...]:
    """Return what the analysis made of one response, for the customer who gave it."""
    names = {theme_id: theme.name for theme_id, theme in records.themes(session).items()}
    return tuple(
        Derived(
            found.quote.text,
            tuple(names[theme_id] for theme_id in found.theme_ids if theme_id in names),
            found.quote.polarity,
            found.quote.is_request,
        )
        for found in opinions_of_response(session, external_id)
    )


def _is_counted(session: Session, week: str) -> bool:
    """Tell whether the stored counts of a week are those of its answers, or whether it was cleared before.

    A week of competitors' answers alone has none.
    """
    if week in closed_weeks(session):
        return True
    now, read = week_fingerprints(session, [week]).get(week), records.read_fingerprints(session, [week]).get(week)
    return now == read and (now is None or week in records.analysed_weeks(session))
