"""`koebako contact`: customers who asked to be called, and the keys that seal what they left."""

from datetime import UTC, datetime

import click

from feedback.cli.edge import by_option, opened, print_table
from feedback.config import Config
from feedback.privacy import contact_box
from surveys import contacts
from surveys.contact_box import MAKE_A_KEY, Box, new_key
from surveys.errors import InputError


@click.group()
def contact() -> None:
    """List customers who asked to be called; make and renew the keys that seal their contacts."""


@contact.command("list")
@click.pass_obj
def list_(config: Config) -> None:
    """List who asked to be called, without their contacts."""
    zone = config.organisation.zone
    with opened(config) as database, database.reading() as session:
        found = contacts.contacts(session)
    rows = [
        (
            str(info.number),
            info.store_name,
            f"{info.answered_at.astimezone(zone):%Y-%m-%d}",
            "" if info.score is None else str(info.score),
            " / ".join(info.comments),
            f"done by {info.done_by}" if info.done_at else "waits",
            f"{info.erase_at.astimezone(zone):%Y-%m-%d}",
        )
        for info in found
    ]
    print_table(("number", "store", "answered", "score", "comment", "state", "erased on"), rows)


@contact.command()
@click.argument("number", type=int)
@by_option
@click.pass_obj
def show(config: Config, number: int, by: str) -> None:
    """Show one contact; the trail keeps that it was shown."""
    with opened(config) as database, database.session() as session:
        details = contacts.view(session, number, _box(config), by, datetime.now(UTC))
    click.echo(f"Name: {details.name}\nPhone: {details.phone}\nMail: {details.mail}")


@contact.command()
@click.argument("number", type=int)
@by_option
@click.pass_obj
def done(config: Config, number: int, by: str) -> None:
    """Note that the customer was called."""
    with opened(config) as database, database.session() as session:
        contacts.mark_done(session, number, by, datetime.now(UTC))
    click.echo(f"Contact {number} is done.")


@contact.command()
def key() -> None:
    """Make a key for KOEBAKO_CONTACT_KEYS."""
    click.echo(new_key())


@contact.command()
@click.pass_obj
def rotate(config: Config) -> None:
    """Seal every contact with the first of the keys; older ones can be taken out of KOEBAKO_CONTACT_KEYS then."""
    with opened(config) as database, database.session() as session:
        count = contacts.seal_anew(session, _box(config))
    click.echo(f"{count:,} contacts are sealed with the first key.")


def _box(config: Config) -> Box:
    box = contact_box(config)
    if box is None:
        raise InputError(f"there is no key that opens contacts; {MAKE_A_KEY}")
    return box
