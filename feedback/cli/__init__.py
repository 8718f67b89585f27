"""The koebako command."""

import click


@click.group()
def main() -> None:
    """Koebako."""
