"""Pages behind sign-in, one file a room."""

from flask import Blueprint

from feedback.pages import (
    comments,
    contacts,
    coupons,
    critical,
    doubts,
    downloads,
    gate,
    improvements,
    loyalty,
    notices,
    opinion,
    password,
    pilots,
    posters,
    privacy,
    report,
    rivals,
    runs,
    segments,
    sign_in,
    start,
    stores,
    survey_editor,
    surveys,
    themes,
    today,
)

ROOMS = (
    sign_in,
    password,
    start,
    report,
    improvements,
    pilots,
    comments,
    loyalty,
    critical,
    rivals,
    doubts,
    segments,
    opinion,
    themes,
    runs,
    downloads,
    today,
    surveys,
    survey_editor,
    stores,
    posters,
    notices,
    coupons,
    contacts,
    privacy,
)


def build_staff_pages() -> Blueprint:
    """Build the blueprint of staff pages; nothing in it is reached without signing in, but the sign-in itself."""
    pages = Blueprint("staff", __name__, url_prefix="/staff")
    pages.before_request(gate.guard)
    pages.context_processor(gate.page_context)
    for room in ROOMS:
        room.add_to(pages)
    return pages
