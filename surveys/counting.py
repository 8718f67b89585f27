"""Where pages count: a form was seen, a form was begun. No cookie, nothing about who it was."""

import re

from flask import abort, request
from flask.typing import ResponseReturnValue

from surveys.entries import Entry, EntryState, find_entry
from surveys.reception import now, reception
from surveys.tally import FormOnDay, Step

_ROBOTS = re.compile(r"bot\b|crawl|spider|preview|facebookexternalhit|slurp|curl/|wget/|python-", re.IGNORECASE)
_PREFETCH = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)


def count_seen(entry: Entry) -> None:
    """Count that the form was opened, unless by a robot that says so or a browser that only looks ahead."""
    ahead = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}"
    if request.method == "GET" and not _PREFETCH.search(ahead) and not _ROBOTS.search(request.user_agent.string):
        _count(entry, Step.SEEN)


def count_started(code: str) -> ResponseReturnValue:
    """Count that the form was begun (a view): `started.js` says so at the first thing entered."""
    with reception().database.reading() as session:
        entry = find_entry(session, code)
    if entry is None:
        abort(404)
    if entry.state(now()) is EntryState.OPEN:
        _count(entry, Step.STARTED)
    return "", 204


def _count(entry: Entry, step: Step) -> None:
    desk = reception()
    today = now().astimezone(desk.organisation.zone).date().isoformat()
    desk.tally.count(desk.database, FormOnDay(entry.survey_id, entry.spot_id, today), step)
