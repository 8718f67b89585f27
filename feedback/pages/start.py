"""The front door of the staff pages."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/", "start", start)


def start() -> ResponseReturnValue:
    """Lead to the newest weekly report."""
    return redirect(url_for("staff.report"), 302)
