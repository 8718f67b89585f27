"""`koebako serve`: customers' pages and staff pages."""

import logging
import sys
from typing import TYPE_CHECKING

import click

from feedback.cli.edge import opened
from feedback.config import Config, check_secret_key

if TYPE_CHECKING:
    from feedback.app import Part


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 reaches other devices on your network.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: 8765, or the next free one.")
@click.option("--with-schedule", is_flag=True, help="Run the weekly analysis in this process too.")
@click.option("--only", type=click.Choice(["surveys", "staff"]), help="One part alone; the other is not there (404).")
@click.pass_obj
def serve(config: Config, host: str, port: int | None, with_schedule: bool, only: "Part | None") -> None:
    """Start the survey server: customers' pages and staff pages."""
    from feedback.privacy import make_ready
    from feedback.serving import free_socket, serve_until_stopped

    check_secret_key(config)
    logging.basicConfig(format="%(asctime)s %(message)s")
    logging.getLogger("koebako").setLevel(logging.INFO)
    with opened(config) as database:
        make_ready(config, database)
        listening = free_socket(host, port)
        print_addresses(host, listening.getsockname()[1], only)
        serve_until_stopped(config, database, listening, with_schedule=with_schedule, only=only)


def print_addresses(host: str, port: int, only: "Part | None" = None) -> None:
    """Tell where the server is reached; with a QR code for a telephone on the same network."""
    import segno

    from feedback.serving import local_address, network_address

    if only == "surveys":
        click.echo(f"Customers' pages alone: {local_address(host, port)}/s/CODE")
    else:
        click.echo(f"Staff pages: {local_address(host, port)}/staff/")
    if only != "staff":
        click.echo("Customers' pages: koebako survey address STORE/SPOT prints each one")
    outside = network_address(host, port)
    if outside and only != "surveys":
        click.echo(f"From other devices on this network: {outside}/staff/")
        segno.make_qr(f"{outside}/staff/", error="m").terminal(sys.stdout, compact=True)
    click.echo("Stop with Ctrl+C.")
