"""Today's answers, as they come in."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback import accounts, charts
from feedback.house import house, now
from feedback.pages.gate import member
from feedback.pages.view import scope_wanted
from feedback.scopes import store_ids
from surveys.definitions import surveys
from surveys.funnel import Funnel, read_funnel
from surveys.today import answers_of_day


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/today", "today", today)
    pages.add_url_rule("/today/now", "today_now", today_now)


def today() -> ResponseReturnValue:
    """Show the answers of today in the stores that the address asks for, within what the member may see."""
    return _page("staff/today.html")


def today_now() -> ResponseReturnValue:
    """Give the part of that page that changes, for the script beside it."""
    return _page("staff/today_now.html")


def _page(template: str) -> str:
    zone = house().config.organisation.zone
    day = now().astimezone(zone).date()
    with house().database.reading() as reading:
        stores = accounts.visible_stores(reading, member())
        scope = scope_wanted(stores)
        ids = store_ids(reading, scope)
        answers = answers_of_day(reading, day, zone, ids)
        funnels = [each for survey in surveys(reading) for each in read_funnel(reading, survey.key, day, day, zone)]
    seen = sum((each.funnel for each in funnels if ids is None or each.spot.store.id in ids), Funnel())
    return render_template(
        template,
        answers=answers,
        funnel=seen,
        stores=stores,
        wanted=request.args.get("scope", ""),
        zone=zone,
        now=now().astimezone(zone),
        charts=charts,
        several=len(stores) > 1,
        source=url_for("staff.today_now", scope=request.args.get("scope")),
    )
