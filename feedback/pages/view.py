"""What a page of figures looks at: stores and scope that the address asks for, within what the member may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from analysis import records
from feedback import accounts
from feedback.pages.gate import member
from feedback.results import Scope
from surveys.queries import StoreInfo


@dataclass(frozen=True, slots=True)
class View:
    """`wanted`: the scope as the address writes it; `stores`: those that the member may see; `weeks`: analysed ones."""

    wanted: str
    stores: tuple[StoreInfo, ...]
    scope: Scope
    weeks: tuple[str, ...]


def wanted_view(reading: Session) -> View:
    """Read what the address asks for. A scope beyond the member's own is answered like one that does not exist: 404."""
    stores = accounts.visible_stores(reading, member())
    return View(request.args.get("scope", ""), stores, scope_wanted(stores), records.analysed_weeks(reading))


def scope_wanted(stores: Sequence[StoreInfo]) -> Scope:
    """Read the scope that the address asks for, out of the stores that the member may see; any other is 404."""
    scope = accounts.narrowed(stores, member(), request.args.get("scope", ""))
    if scope is None:
        abort(404)
    return scope


def nothing_yet(reading: Session) -> str:
    """Show the page of a house in which no week has been analysed."""
    return render_template("staff/nothing_yet.html", run=records.current_run(reading))
