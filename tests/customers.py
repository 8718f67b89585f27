"""Customers of the test survey: what they answer, how they send it, and what is stored then."""

import re
from html import unescape
from typing import Any

from factories import make_reception, sealed
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from surveys.database import Database
from surveys.tables import Response
from surveys.web import create_survey_app

REASON = "レジの方が親切でした。電話は090-1234-5678です。"
FORM = "application/x-www-form-urlencoded"
ANSWERS: dict[str, Any] = {
    "choice-recommend": "9",
    "text-reason": REASON,
    "choice-satisfaction": "5",
    "choice-visits": "first",
    "choice-bought": ["food", "daily"],
}


def client_of(database: Database, **settings: Any) -> FlaskClient:
    app = create_survey_app(make_reception(database, **settings))
    app.testing = True
    return app.test_client()


def send(client: FlaskClient, code: str, answers: dict[str, Any], **options: Any) -> TestResponse:
    """Open the form and send it."""
    page = client.get(f"/s/{code}").text
    return client.post(f"/s/{code}", data={"seal": sealed(page)} | answers, **options)


def stored(database: Database) -> list[Any]:
    with database.reading() as session:
        return [
            (row.score, row.satisfaction, row.answers, row.attributes, [comment.text for comment in row.comments])
            for row in session.scalars(select(Response).order_by(Response.id))
        ]


def seen(page: str) -> str:
    """The words that a page shows."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
