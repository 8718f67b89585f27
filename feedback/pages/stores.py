"""Stores and areas, and the spots of one store."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from feedback import accounts
from feedback.house import house, now
from feedback.pages.gate import member, needs
from surveys import places
from surveys.entries import codes_of_store
from surveys.errors import PlaceError, PlaceFault
from surveys.queries import StoreInfo, stores

EDITOR = "admin"
"""Who may change places: a manager sees those of the own stores."""

Form = MultiDict[str, str]


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/stores", "stores", stores_page)
    pages.add_url_rule("/stores", "change_stores", change_stores, methods=["POST"])
    pages.add_url_rule("/store", "store", store_page)
    pages.add_url_rule("/store", "change_store", change_store, methods=["POST"])


def stores_page() -> ResponseReturnValue:
    """List the stores that the member may see, with their areas and spots."""
    return _list()


@needs(EDITOR)
def change_stores() -> ResponseReturnValue:
    """Add a store or an area, or give an area another name."""
    action = _STORES_ACTIONS.get(request.form.get("action", ""))
    if action is None:
        abort(400)
    try:
        with house().database.session() as writing:
            subject = action(writing, request.form)
            accounts.record(writing, member().name, request.form["action"], subject[:200], now())
    except PlaceError as error:
        return _list(fault_words(error.fault)), 400
    return redirect(url_for("staff.stores", done=1), 303)


def store_page() -> ResponseReturnValue:
    """Show one store: its spots, and what may be changed."""
    return _one(request.args.get("store", ""))


@needs(EDITOR)
def change_store() -> ResponseReturnValue:
    """Change a store or one of its spots."""
    key = request.form.get("store", "")
    action = _STORE_ACTIONS.get(request.form.get("action", ""))
    if action is None:
        abort(400)
    try:
        with house().database.session() as writing:
            subject = action(writing, request.form, now())
            accounts.record(writing, member().name, request.form["action"], subject[:200], now())
    except PlaceError as error:
        return _one(key, fault_words(error.fault)), 400
    return redirect(url_for("staff.store", store=key, done=request.form["action"]), 303)


def fault_words(fault: PlaceFault) -> str:
    """Say why a place was refused, and what to do."""
    words: Mapping[PlaceFault, str] = {
        "taken": gettext("この番号（記号）は、すでに使われています。ほかのものにしてください。"),
        "key": gettext("番号（記号）は100文字までの1行で書いてください。設置場所では「/」は使えません。"),
        "name": gettext("名前は1〜200文字の1行で書いてください。"),
        "unknown": gettext("見つかりません。ほかの人が先に変えたようです。"),
    }
    return words[fault]


def _list(fault: str = "") -> str:
    with house().database.reading() as reading:
        visible = accounts.visible_stores(reading, member())
        spots = places.spots(reading)
        areas = places.areas(reading)
    open_spots = [spot.store.id for spot in spots if not spot.retired_at]
    return render_template(
        "staff/stores.html",
        stores=visible,
        areas=areas,
        spot_counts={store.id: open_spots.count(store.id) for store in visible},
        may_edit=member().may(EDITOR),
        fault=fault,
        typed=request.form,
        done=request.args.get("done"),
    )


def _one(key: str, fault: str = "") -> str:
    with house().database.reading() as reading:
        store = visible_store(reading, key)
        spots = [spot for spot in places.spots(reading) if spot.store.id == store.id]
        codes = codes_of_store(reading, key)
        areas = places.areas(reading)
    return render_template(
        "staff/store.html",
        store=store,
        spots=[spot for spot in spots if not spot.retired_at],
        retired=[spot for spot in spots if spot.retired_at],
        codes={spot.id: [code for code in codes if code.spot_id == spot.id] for spot in spots},
        areas=areas,
        may_edit=member().may(EDITOR),
        fault=fault,
        typed=request.form,
        done=request.args.get("done"),
        public_url=house().config.site.public_url.rstrip("/"),
    )


def visible_store(reading: Session, key: str) -> StoreInfo:
    """Look up a store that the member may see; any other is answered like one that does not exist: 404."""
    found = next((store for store in accounts.visible_stores(reading, member()) if store.key == key), None)
    if found is None:
        abort(404)
    return found


def _add_store(session: Session, form: Form) -> str:
    key = _text(form, "key") or places.free_key("s", {store.key for store in stores(session)})
    return places.create_store(session, key, _text(form, "name"), _text(form, "area") or None).key


def _add_area(session: Session, form: Form) -> str:
    key = _text(form, "key") or places.free_key("a", {area.key for area in places.areas(session)})
    return places.create_area(session, key, _text(form, "name")).key


def _rename_area(session: Session, form: Form) -> str:
    places.rename_area(session, form.get("area", ""), _text(form, "name"))
    return f"{form.get('area')}: {_text(form, 'name')}"


def _add_spot(session: Session, form: Form, _now: datetime) -> str:
    store = form.get("store", "")
    taken = {spot.key for spot in places.spots(session) if spot.store.key == store}
    spot = places.create_spot(session, store, _text(form, "key") or places.free_key("p", taken), _text(form, "name"))
    return f"{store}/{spot.key}"


def _rename_store(session: Session, form: Form, _now: datetime) -> str:
    places.rename_store(session, form.get("store", ""), _text(form, "name"))
    places.move_store(session, form.get("store", ""), _text(form, "area") or None)
    return f"{form.get('store')}: {_text(form, 'name')} {_text(form, 'area')}".strip()


def _rename_spot(session: Session, form: Form, _now: datetime) -> str:
    places.rename_spot(session, *_place(form), _text(form, "name"))
    return f"{'/'.join(_place(form))}: {_text(form, 'name')}"


def _retire_spot(session: Session, form: Form, now: datetime) -> str:
    places.retire_spot(session, *_place(form), now)
    return "/".join(_place(form))


def _reopen_spot(session: Session, form: Form, _now: datetime) -> str:
    places.reopen_spot(session, *_place(form))
    return "/".join(_place(form))


def _renew_code(session: Session, form: Form, now: datetime) -> str:
    leads_on = form.get("spread") != "on"
    places.renew_code(session, form.get("survey", ""), _place(form), now, leads_on=leads_on)
    return "/".join(_place(form))


def _place(form: Form) -> tuple[str, str]:
    return form.get("store", ""), form.get("spot", "")


def _text(form: Form, name: str) -> str:
    return form.get(name, "").strip()


_STORES_ACTIONS: Mapping[str, Callable[[Session, Form], str]] = {
    "store added": _add_store,
    "area added": _add_area,
    "area renamed": _rename_area,
}
_STORE_ACTIONS: Mapping[str, Callable[[Session, Form, datetime], str]] = {
    "store renamed": _rename_store,
    "spot added": _add_spot,
    "spot renamed": _rename_spot,
    "spot retired": _retire_spot,
    "spot reopened": _reopen_spot,
    "code renewed": _renew_code,
}
