"""Doubtful answers: staff say whether figures count them."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from feedback import accounts
from feedback.doubts import decide
from feedback.house import house, now
from feedback.pages.gate import member, needs
from surveys.doubts import Doubt, count_waiting, doubtful

DECIDER = "manager"
"""Who may say so, for the answers of the own stores."""
_SHOWN = 100


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/doubts", "doubts", doubts)
    pages.add_url_rule("/doubts", "decide_doubt", decide_doubt, methods=["POST"])


@needs(DECIDER)
def doubts() -> ResponseReturnValue:
    """Show the doubtful answers that nobody has looked at, or those that somebody has."""
    decided = request.args.get("decided") == "1"
    with house().database.reading() as reading:
        stores = _store_ids(reading)
        found = doubtful(reading, stores, decided=decided, limit=_SHOWN)
        waiting = count_waiting(reading, stores)
    return render_template(
        "staff/doubts.html",
        found=found,
        waiting=waiting,
        decided=decided,
        done=request.args.get("done", type=int),
        reasons=_reasons(),
        zone=house().config.organisation.zone,
    )


@needs(DECIDER)
def decide_doubt() -> ResponseReturnValue:
    """Store what the member says of one answer."""
    counted = request.form.get("counted") == "1"
    with house().database.session() as writing:
        stores, answer = _store_ids(writing), request.form.get("answer", "")
        decide(writing, answer, member().name, now(), counted=counted, store_ids=stores)
    decided = 1 if request.form.get("decided") else None
    return redirect(url_for("staff.doubts", decided=decided, done=int(counted)), 303)


def _store_ids(session: Session) -> list[int]:
    return [store.id for store in accounts.visible_stores(session, member())]


def _reasons() -> dict[str, str]:
    return {
        Doubt.TOO_FAST: gettext("ページを開いてすぐに送られました"),
        Doubt.HIDDEN_FIELD: gettext("人には見えない欄に記入がありました"),
        Doubt.DUPLICATE: gettext("同じ場所から、同じ内容の回答が続けて届きました"),
    }
