"""`koebako privacy`: what customers may ask for with their deletion code, retention, and the trail of both."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from feedback.cli.edge import by_option, opened, print_table
from feedback.config import Config
from feedback.privacy import contact_box, derived, erased_file, member_keeping, replay_erasures, tidy
from surveys import held, rights
from surveys.errors import InputError
from surveys.members import forget_member
from surveys.submission_keys import digest, read_code
from surveys.texts import pick

if TYPE_CHECKING:
    from surveys.held import Held


@click.group()
def privacy() -> None:
    """Show or erase what is held for a deletion code; clear answers by age."""


@privacy.command()
@click.argument("code")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@by_option
@click.pass_obj
def show(config: Config, code: str, form: str, by: str) -> None:
    """Show everything that is held of the answer of a deletion CODE."""
    secret = _digest_of(code)
    with opened(config) as database, database.session() as session:
        found = held.show(session, secret, derived, contact_box(config), datetime.now(UTC), by)
    if found is None:
        raise InputError("no answer with this code is held (any more)")
    click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2) if form == "json" else _written(found))


@privacy.command()
@click.argument("code")
@by_option
@click.pass_obj
def erase(config: Config, code: str, by: str) -> None:
    """Erase the answer of a deletion CODE and everything that hangs on it; its week is counted anew."""
    secret = _digest_of(code)
    with opened(config) as database, database.session() as session:
        erased = rights.erase(session, secret, erased_file(config), datetime.now(UTC), by)
    if not erased:
        raise InputError("no answer with this code is held (any more)")
    click.echo("Erased. The next analysis counts its week anew.")


@privacy.command()
@click.pass_obj
def replay(config: Config) -> None:
    """Erase again what was erased before, after an older copy of the database came back."""
    with opened(config) as database:
        done = replay_erasures(config, database)
    click.echo(f"{done.known:,} erased codes known, {done.erased:,} answers erased again")
    if done.unreadable:
        click.echo(f"{erased_file(config).path}: {done.unreadable:,} lines hold no code", err=True)


@privacy.command()
@by_option
@click.pass_obj
def retain(config: Config, by: str) -> None:
    """Erase contacts, members and answers whose time is over, as the nightly job does."""
    with opened(config) as database:
        done = tidy(config, database, datetime.now(UTC), by)
    click.echo(
        f"{done.contacts:,} contacts, {done.members:,} rows of members, "
        f"{done.rows:,} rows of {len(done.weeks):,} weeks erased"
    )
    if done.waiting:
        click.echo(f"Not analysed yet, so left as they are: {', '.join(done.waiting)}", err=True)


@privacy.command("forget-member")
@click.argument("code")
@by_option
@click.pass_obj
def forget(config: Config, code: str, by: str) -> None:
    """Forget which answers are those of a member CODE, and what the member bought; the answers stay."""
    keeping = member_keeping(config)
    with opened(config) as database, database.session() as session:
        count = forget_member(session, code, keeping, by, datetime.now(UTC))
    click.echo(f"{count:,} rows erased.")


@privacy.command()
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many lines.")
@click.pass_obj
def log(config: Config, limit: int) -> None:
    """List what was done with personal data, newest first."""
    zone = config.organisation.zone
    with opened(config) as database, database.reading() as session:
        found = rights.events(session, limit)
    rows = [
        (
            f"{event.at.astimezone(zone):%Y-%m-%d %H:%M}",
            event.kind,
            f"{event.count:,}",
            event.made_by,
            (event.digest or "")[:12],
        )
        for event in found
    ]
    print_table(("when", "what", "rows", "by", "code (digest)"), rows)


def _digest_of(typed: str) -> str:
    code = read_code(typed)
    if code is None:
        raise InputError("this is no deletion code; it has 12 letters and digits, such as K7QM-2XPD-9RTA")
    return digest(code)


def _written(found: "Held") -> str:
    lines = [
        ("answer", found.external_id),
        ("survey", pick(found.survey, "ja")),
        ("place", f"{found.store} {found.spot}".strip()),
        ("channel", found.channel),
        ("answered", found.answered_at.isoformat()),
        ("received", found.received_at.isoformat()),
        ("counted", f"{found.counted} {found.doubt or ''}".strip()),
    ]
    lines += [
        (pick(answer.question, "ja") or answer.key, " / ".join(pick(given, "ja") for given in answer.given))
        for answer in found.answers
    ]
    lines += list(found.attributes.items())
    if found.coupon:
        lines.append(("coupon", f"{found.coupon.code}, valid until {found.coupon.valid_until.isoformat()}"))
    if found.contact:
        lines.append(("contact", " ".join(filter(None, (found.contact.name, found.contact.phone, found.contact.mail)))))
    if found.contact_sealed:
        lines.append(("contact", "sealed with a key that this command has not"))
    if found.member_until:
        lines.append(("member code", f"kept as a digest until {found.member_until.isoformat()}"))
    lines += [
        ("read as", f"{opinion.text} [{opinion.polarity}] {' '.join(pick(theme, 'ja') for theme in opinion.themes)}")
        for opinion in found.opinions
    ]
    return "\n".join(f"{name}: {value}" for name, value in lines)
