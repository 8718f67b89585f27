"""The koebako command: one file a group of commands, each imported only when it is asked for.

A command reads `Config` with `@click.pass_obj` and opens its database with `feedback.cli.edge.opened(config)`.
Errors on purpose (`KNOWN_ERRORS`) may fly: they become one line and exit code 2 here, and nowhere else.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from feedback.config import load_config
from feedback.errors import EXIT_BAD_INPUT, KNOWN_ERRORS

_COMMANDS = {
    "init": "feedback.cli.init:init",
    "demo": "feedback.cli.demo:demo",
    "serve": "feedback.cli.serve:serve",
    "store": "feedback.cli.places:store",
    "spot": "feedback.cli.places:spot",
    "survey": "feedback.cli.surveys:survey",
    "poster": "feedback.cli.posters:poster",
    "today": "feedback.cli.today:today",
    "critical": "feedback.cli.critical:critical",
    "import": "feedback.cli.collect:import_",
    "import-purchases": "feedback.cli.purchases:import_",
    "mask": "feedback.cli.collect:mask",
    "doubt": "feedback.cli.doubts:doubt",
    "analyse": "feedback.cli.understand:analyse",
    "schedule": "feedback.cli.understand:schedule",
    "report": "feedback.cli.results:report",
    "export": "feedback.cli.results:export",
    "loyalty": "feedback.cli.loyalty:loyalty",
    "compare": "feedback.cli.compare:compare",
    "theme": "feedback.cli.themes:theme",
    "improvement": "feedback.cli.improvements:improvement",
    "pilot": "feedback.cli.pilots:pilot",
    "coupon": "feedback.cli.thanks:coupon",
    "notice": "feedback.cli.thanks:notice",
    "contact": "feedback.cli.contact:contact",
    "privacy": "feedback.cli.privacy:privacy",
    "staff": "feedback.cli.staff:staff",
}
"""Every command, in the order in which an owner needs them, and the function that carries it out."""


class BadInputError(click.ClickException):
    """An error on purpose, told in one line."""

    exit_code = EXIT_BAD_INPUT


class _Commands(click.Group):
    """Imports a command's file only when that command is wanted: `koebako serve` need not load the analysis."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, function = _COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), function)
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KNOWN_ERRORS as error:
            raise BadInputError(" ".join(str(error).split())) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    help="The settings file. Default: KOEBAKO_CONFIG, else config.yaml.",
)
@click.version_option(package_name="koebako", prog_name="koebako")
@click.pass_context
def main(context: click.Context, config_file: Path | None) -> None:
    """Koebako (声箱): answers from QR codes in stores, read every week, ranked improvements out."""
    context.obj = load_config(config_file)
