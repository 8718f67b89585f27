"""A chain of two areas with analysed answers, and visitors who sign in to its staff pages."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from flask.testing import FlaskClient
from stored_rows import (
    stored_comment,
    stored_impact,
    stored_opinion,
    stored_response,
    stored_run,
    stored_store,
    stored_store_week,
    stored_theme,
    stored_theme_week,
)
from werkzeug.test import TestResponse

from analysis.tables import Run
from feedback.accounts import normal_name, record
from feedback.app import create_app
from feedback.config import Config
from feedback.passwords import hash_password
from feedback.tables import Staff
from surveys.database import Database
from surveys.tables import Area, Store

WEEK = "2025-W40"
NOW = datetime(2025, 10, 6, 1, 0, tzinfo=UTC)
LONG_NAME = "スーパーみなと新港町グリーンプラザ駅前モール地下一階食品館ウエストサイド店"
PASSWORD = "あいことばは ながいほうがよい"


def fill_chain(database: Database) -> None:
    """Ginza (east, 31 answers) complains of the queue; Ueno (west, 47 answers) of the parking; each said it once."""
    with database.session() as session:
        areas = [Area(key="east", name="東エリア"), Area(key="west", name="西エリア")]
        session.add_all(areas)
        session.flush()
        ginza = stored_store(session, "ginza", "銀座店", areas[0].id)
        ueno = stored_store(session, "ueno", "上野店", areas[1].id)
        stored_theme(session, "queue", "レジの待ち時間", "Checkout queue", words={"レジ": 1.0, "長蛇": 0.4})
        stored_theme(session, "parking", "駐車場", "Parking", words={"駐車場": 1.0, "満車": 1.0})
        run = stored_run(session, WEEK, impact_window=13)
        for theme in ("queue", "parking"):
            stored_impact(
                session,
                run,
                theme,
                impact=[-2.0, -3.0, -1.0],
                negative=[-40.0, -60.0, -20.0],
                positive=[10.0, 0.0, 20.0],
            )
        stored_store_week(session, ginza, WEEK, {2: 11, 8: 10, 9: 10}, with_text=20, opinions=20, none_answers=2)
        stored_store_week(session, ueno, WEEK, {5: 17, 8: 10, 10: 20}, with_text=23, opinions=23, none_answers=1)
        stored_theme_week(session, ginza, WEEK, "queue", opinions=13, negative=13)
        stored_theme_week(session, ueno, WEEK, "parking", opinions=19, negative=19, requests=1)
        for store, theme, text, score in (
            (ginza, "queue", "レジが長蛇の列でした", 2),
            (ueno, "parking", "駐車場が満車でした", 5),
        ):
            response = stored_response(session, f"r-{store.key}", store, score=score)
            comment = stored_comment(session, response, f"こんにちは。{text}。")
            stored_opinion(session, comment, text, {theme: 1.0}, polarity="negative")


def fill_hard(database: Database) -> None:
    """What layouts break on: many stores with long names, many themes, one of them discovered."""
    with database.session() as session:
        stores = [stored_store(session, f"s{number}", f"{LONG_NAME}{number}") for number in range(12)]
        run = session.query(Run).filter_by(week=WEEK).one()
        for number in range(24):
            theme = f"t{number:02d}"
            origin = "discovered" if number == 3 else "catalogue"
            stored_theme(session, theme, f"とても長い名前のテーマその{number}", f"Theme number {number}", origin=origin)
            stored_impact(
                session, run, theme, impact=[-number, -number - 2, 2 - number], negative=[-50.0, -70.0, -30.0]
            )
            stored_theme_week(session, stores[number % 12], WEEK, theme, opinions=5 + number, negative=3 + number)
        for number, store in enumerate(stores):
            stored_store_week(session, store, WEEK, {3: 4 * number, 8: 20, 10: 15}, with_text=40, opinions=40)


@cache
def hashed(password: str) -> str:
    """The hash of a password, worked out once a test run: it is slow on purpose."""
    return hash_password(password)


def add_staff(database: Database, name: str, role: str = "viewer", *, area: str = "", store: str = "") -> str:
    """Make an account that has its own password (`PASSWORD`) already."""
    with database.session() as session:
        staff = Staff(name=normal_name(name), role=role, password_hash=hashed(PASSWORD), must_change=False)
        if area:
            staff.area_id = session.query(Area.id).filter_by(key=area).scalar()
            assert staff.area_id
        if store:
            staff.store_id = session.query(Store.id).filter_by(key=store).scalar()
            assert staff.store_id
        session.add(staff)
        record(session, staff.name, "account made", role, NOW)
    return PASSWORD


@dataclass
class Visitor:
    """A browser on the staff pages."""

    client: FlaskClient
    seen: list[str] = field(default_factory=list)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def page(self, path: str) -> str:
        response = self.client.get(path, follow_redirects=True)
        assert response.status_code == 200, (path, response.status_code)
        return response.text

    def post(self, path: str, *, form_from: str, **fields: str | list[str]) -> TestResponse:
        """Send a form as a person does: with the token that stands in the page it is on."""
        token = re.search(r'name="form_token" value="([^"]+)"', self.page(form_from))
        return self.client.post(path, data={"form_token": token[1] if token else "", **fields})

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/staff/sign-in", form_from="/staff/sign-in", name=name, password=password)


def visitor(config: Config, database: Database) -> Visitor:
    return Visitor(create_app(config, database).test_client())


def signed_in(config: Config, database: Database, name: str, role: str = "viewer", **scope: str) -> Visitor:
    """A new account of this role and scope, signed in."""
    add_staff(database, name, role, **scope)
    found = visitor(config, database)
    assert found.sign_in(name).status_code == 303
    return found
