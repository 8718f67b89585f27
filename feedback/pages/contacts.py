"""Customers who asked to be called: one contact at a time, and each look leaves a line in the trail."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from feedback import accounts
from feedback.house import house, now
from feedback.pages.gate import member, needs
from feedback.privacy import contact_box
from surveys.contact_box import ContactDetails, ContactSealedError
from surveys.contacts import ContactInfo, contacts, mark_done, view

CALLER = "manager"
"""Who may see contacts, those of the own stores."""


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/contacts", "contacts", contacts_page)
    pages.add_url_rule("/contacts", "use_contact", use_contact, methods=["POST"])


@needs(CALLER)
def contacts_page() -> ResponseReturnValue:
    """List who asked to be called, without their contacts."""
    return _page()


@needs(CALLER)
def use_contact() -> ResponseReturnValue:
    """Show one contact, or note that the customer was called; 404 for one of another store, or gone meanwhile."""
    number = request.form.get("number", default=0, type=int)
    with house().database.session() as writing:
        if number not in {info.number for info in _mine(writing)}:
            abort(404)
        if request.form.get("action") == "done":
            mark_done(writing, number, member().name, now())
            return redirect(url_for("staff.contacts", done=1), 303)
        shown = _opened(writing, number)
    return _page(number, shown)


def _opened(session: Session, number: int) -> ContactDetails | None:
    """Open a contact; None where no key of this server does."""
    box = contact_box(house().config)
    try:
        return view(session, number, box, member().name, now()) if box else None
    except ContactSealedError:
        return None


def _mine(session: Session) -> tuple[ContactInfo, ...]:
    return contacts(session, [store.id for store in accounts.visible_stores(session, member())])


def _page(number: int | None = None, shown: ContactDetails | None = None) -> str:
    with house().database.reading() as reading:
        found = _mine(reading)
    return render_template(
        "staff/contacts.html",
        waiting=[info for info in found if info.done_at is None],
        finished=[info for info in found if info.done_at is not None],
        number=number,
        shown=shown,
        done=request.args.get("done", type=int),
        zone=house().config.organisation.zone,
    )
