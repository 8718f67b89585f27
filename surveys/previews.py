"""A survey as customers would see it, for those who write it: nothing on it can be sent."""

from flask import Response
from flask_babel import force_locale, gettext

from surveys.entries import Entry
from surveys.queries import StoreInfo
from surveys.questions import SurveyDefinition
from surveys.reception import now, preview_in
from surveys.screens import FormScreen, show_form
from surveys.submission_keys import new_submission_key

PREVIEW_CODE = "preview"
"""No code: a sent preview finds no survey."""


def show_preview(definition: SurveyDefinition, language: str) -> Response:
    """Show the form of a survey in a language, at a store that does not exist."""
    preview_in(language)
    with force_locale(language):
        store_name, spot_name = gettext("○○店"), gettext("レジ横")
    store = StoreInfo(0, PREVIEW_CODE, store_name, None, None)
    entry = Entry(PREVIEW_CODE, 0, definition.key, 0, None, None, store, 0, PREVIEW_CODE, spot_name)
    return show_form(FormScreen(entry, definition, new_submission_key(), now()))
