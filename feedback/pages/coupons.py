"""Coupons at the till: look a code up, see what it is good for, take it once."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback import thanks
from feedback.house import house, now
from feedback.pages.gate import member, needs
from surveys.coupons import CouponRefusedError, coupon_totals, find_coupon

_LONGEST_TYPED = 200
_NOT_FOUND = 404
_CONFLICT = 409


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/coupons", "coupons", coupons)
    pages.add_url_rule("/coupons", "redeem_coupon", redeem_coupon, methods=["POST"])


@needs(thanks.ROLE)
def coupons() -> ResponseReturnValue:
    """Show the coupon that was typed, and how many of each survey are out."""
    return _page(request.args.get("code", ""), done="done" in request.args)


@needs(thanks.ROLE)
def redeem_coupon() -> ResponseReturnValue:
    """Take a coupon; who comes second is told when it was used, and by whom."""
    typed = request.form.get("code", "")
    try:
        with house().database.session() as writing:
            taken = thanks.redeem(writing, typed, member().name, now(), house().config.organisation.zone)
    except CouponRefusedError as refusal:
        return _page(typed), _CONFLICT if refusal.coupon else _NOT_FOUND
    return redirect(url_for("staff.coupons", code=taken.code, done=1), 303)


def _page(typed: str, *, done: bool = False) -> str:
    with house().database.reading() as reading:
        found = find_coupon(reading, typed)
        totals = coupon_totals(reading)
    return render_template(
        "staff/coupons.html",
        typed=typed.strip()[:_LONGEST_TYPED],
        coupon=found,
        state=found.state(now()) if found else None,
        done=done,
        totals=totals,
        zone=house().config.organisation.zone,
    )
