"""`koebako staff`: accounts for those who read the reports."""

from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table

from feedback import accounts
from feedback.cli.edge import opened
from feedback.config import Config


@click.group()
def staff() -> None:
    """Make and mend the accounts of staff."""


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice(accounts.ROLES), default="viewer", show_default=True)
@click.option("--store", metavar="KEY", help="Show this store only.")
@click.option("--area", metavar="KEY", help="Show the stores of this area only.")
@click.pass_obj
def add(config: Config, name: str, role: str, store: str | None, area: str | None) -> None:
    """Make an account and print its one-time password."""
    with opened(config) as database, database.session() as session:
        password = accounts.add_member(session, accounts.NewMember(name, role, area, store), datetime.now(UTC))
    _print_password(name, password)


@staff.command()
@click.argument("name")
@click.pass_obj
def reset(config: Config, name: str) -> None:
    """Give an account a new one-time password and end its sessions."""
    with opened(config) as database, database.session() as session:
        password = accounts.reset_password(session, name, datetime.now(UTC))
    _print_password(name, password)


@staff.command()
@click.argument("name")
@click.pass_obj
def close(config: Config, name: str) -> None:
    """Close an account and end its sessions."""
    with opened(config) as database, database.session() as session:
        accounts.close_account(session, name, datetime.now(UTC))
    click.echo(f"The account is closed: {accounts.normal_name(name)}")


@staff.command("list")
@click.pass_obj
def list_(config: Config) -> None:
    """List every account."""
    table = Table("name", "role", "sees", "state")
    with opened(config) as database, database.reading() as session:
        for member in accounts.members(session):
            table.add_row(member.name, member.role, member.scope or "everything", _state(member))
    Console().print(table)


def _state(member: accounts.MemberInfo) -> str:
    if not member.active:
        return "closed"
    return "has a one-time password" if member.must_change else "active"


def _print_password(name: str, password: str) -> None:
    click.echo(f"Name: {accounts.normal_name(name)}\nOne-time password: {password}")
    click.echo("It must be changed at the first sign-in, at /staff/.")
