"""`koebako coupon` and `notice`: thanks that were given, and what became of customers' words."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from feedback import thanks
from feedback.cli.edge import by_option, opened, print_table
from feedback.config import Config
from surveys.coupons import coupon_totals
from surveys.notices import NewNotice, NoticeInfo, notices
from surveys.texts import LANGUAGE_NAMES, MAIN_LANGUAGE, pick

_LANGUAGE = re.compile(f"({'|'.join(LANGUAGE_NAMES)})=(.*)", re.DOTALL)


@click.group()
def coupon() -> None:
    """Coupons: thanks that customers show at the till."""


@coupon.command("redeem")
@click.argument("code")
@by_option
@click.pass_obj
def redeem_coupon(config: Config, code: str, by: str) -> None:
    """Take the coupon with this CODE, once."""
    zone = config.organisation.zone
    with opened(config) as database, database.session() as session:
        taken = thanks.redeem(session, code, by, datetime.now(UTC), zone)
    click.echo(f"Coupon {taken.code} redeemed: {pick(taken.wording, MAIN_LANGUAGE)}")


@coupon.command("list")
@click.pass_obj
def list_coupons(config: Config) -> None:
    """Count the coupons of each survey: issued, redeemed, left."""
    with opened(config) as database, database.reading() as session:
        found = coupon_totals(session)
    rows = [
        (each.survey_key, each.text(MAIN_LANGUAGE), f"{each.issued:,}", f"{each.redeemed:,}", _left(each.left))
        for each in found
    ]
    print_table(("survey", "coupon", "issued", "redeemed", "left"), rows)


@click.group()
def notice() -> None:
    """Notices (ご意見への対応): what customers said and what became of it."""


@notice.command("publish")
@click.option("--heard", metavar="TEXT", multiple=True, required=True, help="What customers said; en=TEXT in English.")
@click.option("--done", metavar="TEXT", multiple=True, required=True, help="What became of it; en=TEXT in English.")
@click.option("--store", metavar="KEY", help="For customers of this store only. Default: every store.")
@click.option("--theme", metavar="THEME", help="The id of the theme that it answers (koebako theme list).")
@click.option("--mentions", type=int, help="How many customers said it.")
@by_option
@click.pass_obj
def publish_notice(
    config: Config, /, heard: Sequence[str], done: Sequence[str], store: str | None, by: str, **more: int | str | None
) -> None:
    """Publish a notice: customers see the newest ones when they have answered. --heard and --done may be repeated."""
    new = NewNotice(_texts(heard), _texts(done), store, **more)  # type: ignore[arg-type] # click has checked them
    with opened(config) as database, database.session() as session:
        made = thanks.publish(session, new, by, datetime.now(UTC))
    click.echo(f"Notice {made.id} published for {_place(made)}; koebako notice withdraw {made.id} takes it back.")


@notice.command("withdraw")
@click.argument("number", type=int)
@by_option
@click.pass_obj
def withdraw_notice(config: Config, number: int, by: str) -> None:
    """Show the notice of this NUMBER to customers no longer."""
    with opened(config) as database, database.session() as session:
        done = thanks.withdraw(session, number, by, datetime.now(UTC))
    click.echo(f"Notice {done.id} withdrawn, by {done.withdrawn_by}")


@notice.command("list")
@click.pass_obj
def list_notices(config: Config) -> None:
    """List every notice, newest first."""
    with opened(config) as database, database.reading() as session:
        found = notices(session)
    zone = config.organisation.zone
    rows = [
        (
            str(each.id),
            f"{each.published_at.astimezone(zone):%Y-%m-%d}",
            _place(each),
            pick(each.heard, MAIN_LANGUAGE),
            pick(each.done, MAIN_LANGUAGE),
            "published" if each.is_published else "withdrawn",
        )
        for each in found
    ]
    print_table(("notice", "day", "for", "heard", "done", "state"), rows)


def _left(left: int | None) -> str:
    return "no limit" if left is None else f"{left:,}"


def _place(found: NoticeInfo) -> str:
    return found.store_key or "every store"


def _texts(given: Sequence[str]) -> dict[str, str]:
    """Read texts by language: `en=TEXT` in English, a bare TEXT in Japanese."""
    texts = {}
    for text in given:
        named = _LANGUAGE.fullmatch(text)
        texts[named[1] if named else MAIN_LANGUAGE] = named[2] if named else text
    return texts
