"""`koebako demo`: an invented chain, analysed and served; the owner's own data is never touched."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from feedback.config import Config

FILE = Path("var") / "demo.db"
POSTER = Path("var") / "demo-poster.pdf"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets a phone on your network scan it.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: 8765, or the next free one.")
@click.option("--fresh", is_flag=True, help="Begin anew, with weeks up to now; what was added to the demo is lost.")
@click.option("--no-serve", is_flag=True, help="Fill and analyse only.")
@click.pass_obj
def demo(config: Config, host: str, port: int | None, fresh: bool, no_serve: bool) -> None:
    """Show Koebako on an invented chain: fill var/demo.db, analyse it, serve it."""
    from feedback.demo.show import demo_config

    shown = demo_config(config, FILE)
    if fresh:
        _forget()
    _fill(shown.organisation.zone)
    _analyse(shown)
    if not no_serve:
        _serve(shown, host, port)


def _forget() -> None:
    for suffix in ("", "-wal", "-shm"):
        FILE.with_name(FILE.name + suffix).unlink(missing_ok=True)


def _fill(zone: ZoneInfo) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from feedback.demo.fill import build

    with Progress(console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task("inventing customers", total=None)
        made = build(FILE, zone, datetime.now(UTC), lambda done, weeks: bars.update(bar, completed=done, total=weeks))
    state = (
        "filled with 26 weeks of invented answers" if made else "stands already, kept as it is (--fresh begins anew)"
    )
    click.echo(f"{FILE}: {state}")


def _analyse(config: Config) -> None:
    from analysis.weeks import runs
    from feedback.cli.edge import opened
    from feedback.cli.understand import progress_bar
    from feedback.demo.improvements import take_up_all
    from feedback.demo.show import filled_weeks

    with opened(config) as database, progress_bar() as progress:
        finished = runs.analyse(
            database, config.organisation, config.analysis, now=datetime.now(UTC), progress=progress
        )
        with database.session() as session:
            take_up_all(session, filled_weeks(session), config.organisation.zone)
    click.echo(f"Weeks analysed now: {len(finished)}")


def _serve(config: Config, host: str, port: int | None) -> None:
    from feedback.cli.edge import opened
    from feedback.demo.show import prepare, welcome_lines, write_poster
    from feedback.serving import free_socket, local_address, network_address, serve_until_stopped

    with opened(config) as database:
        listening = free_socket(host, port)
        number = listening.getsockname()[1]
        with database.session() as session:
            shown = prepare(session, network_address(host, number) or local_address(host, number), datetime.now(UTC))
        write_poster(shown.poster, POSTER)
        click.echo("\n".join(welcome_lines(shown, POSTER)))
        click.echo("Stop with Ctrl+C.")
        serve_until_stopped(config, database, listening)
