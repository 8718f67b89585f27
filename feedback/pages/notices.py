"""Notices for customers (ご意見への対応): what is published, a form with a preview, and the way to withdraw."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from analysis import records
from feedback import accounts, thanks
from feedback.house import house, now
from feedback.pages.gate import member, needs
from feedback.themes import counted_themes, latest_window
from surveys.definitions import surveys
from surveys.notices import LONGEST, NewNotice, NoticeError, checked_notice
from surveys.texts import LANGUAGE_NAMES, pick

_MOST_DIGITS = 9


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/notices", "notices", notices)
    pages.add_url_rule("/notices/withdraw", "withdraw_notice", withdraw_notice, methods=["POST"])
    pages.add_url_rule("/notices/new", "new_notice", new_notice)
    pages.add_url_rule("/notices/new", "publish_notice", publish_notice, methods=["POST"])


@needs(thanks.ROLE)
def notices() -> ResponseReturnValue:
    """List the notices for the member's stores and for the whole chain, newest first."""
    with house().database.reading() as reading:
        stores = accounts.visible_stores(reading, member())
        found = thanks.visible_notices(reading, stores)
        themes = records.themes(reading)
    return render_template(
        "staff/notices.html",
        found=[(each, thanks.may_publish(member(), stores, each.store_key)) for each in found],
        themes=themes,
        published=request.args.get("published", type=int),
        withdrawn=request.args.get("withdrawn", type=int),
        zone=house().config.organisation.zone,
    )


@needs(thanks.ROLE)
def withdraw_notice() -> ResponseReturnValue:
    """Withdraw one notice; one that the member may not touch is answered like none: 404."""
    number = request.form.get("number", default=0, type=int)
    with house().database.session() as writing:
        stores = accounts.visible_stores(writing, member())
        wanted = next((each for each in thanks.visible_notices(writing, stores) if each.id == number), None)
        if wanted is None:
            abort(404)
        if not thanks.may_publish(member(), stores, wanted.store_key):
            abort(403)
        thanks.withdraw(writing, number, member().name, now())
    return redirect(url_for("staff.notices", withdrawn=number), 303)


@needs(thanks.ROLE)
def new_notice() -> ResponseReturnValue:
    """Show the form; a theme in the address is chosen, with how often it was spoken of, and so is a store."""
    theme, store = request.args.get("theme", ""), request.args.get("store", "")
    with house().database.reading() as reading:
        stores = accounts.visible_stores(reading, member())
        weeks = latest_window(reading, house().config.analysis.window_responses)
        counted = counted_themes(reading, weeks, [store.id for store in stores]) if theme else ()
    mentions = next((each.totals.opinions for each in counted if each.theme.id == theme), 0)
    return _form({"theme": theme, "store": store, "mentions": str(mentions or "")})


@needs(thanks.ROLE)
def publish_notice() -> ResponseReturnValue:
    """Show what customers will see, or publish it."""
    new = _typed()
    try:
        with house().database.reading() as reading:
            stores = accounts.visible_stores(reading, member())
        thanks.check_scope(member(), stores, new.store_key)
        checked = checked_notice(new)
        if request.form.get("step") != "publish":
            return _form(request.form, preview=checked)
        with house().database.session() as writing:
            made = thanks.publish(writing, checked, member().name, now())
    except NoticeError as error:
        return _form(request.form, fault=error.field), 400
    return redirect(url_for("staff.notices", published=made.id), 303)


def _typed() -> NewNotice:
    """Read the form. A number that is none counts as 0, which is refused."""
    form, languages = request.form, house().config.site.languages
    mentions = form.get("mentions", "").strip()
    return NewNotice(
        heard={language: form.get(f"heard_{language}", "") for language in languages},
        done={language: form.get(f"done_{language}", "") for language in languages},
        store_key=form.get("store") or None,
        theme=form.get("theme") or None,
        mentions=(int(mentions) if mentions.isdecimal() and len(mentions) <= _MOST_DIGITS else 0) if mentions else None,
    )


def _form(typed: Mapping[str, str], *, preview: NewNotice | None = None, fault: str = "") -> str:
    with house().database.reading() as reading:
        stores = accounts.visible_stores(reading, member())
        themes = [theme for theme in records.themes(reading).values() if theme.is_listed]
        asks_health = any(survey.definition.health for survey in surveys(reading))
    return render_template(
        "staff/notice_form.html",
        stores=stores,
        may_all=thanks.may_publish(member(), stores, None),
        themes=sorted(themes, key=lambda theme: theme.name.get("ja", theme.id)),
        asks_health=asks_health,
        site_languages=house().config.site.languages,
        language_names=LANGUAGE_NAMES,
        longest=LONGEST,
        typed=typed,
        preview=preview,
        seen_in=_seen_in(preview) if preview else (),
        fault=fault,
        fault_words=_fault_words(fault),
    )


def _seen_in(notice: NewNotice) -> list[tuple[str, str, str]]:
    """The texts of a notice in each language that it was written in: (language, heard, done)."""
    written = [each for each in LANGUAGE_NAMES if each in notice.heard or each in notice.done]
    return [(each, pick(notice.heard, each), pick(notice.done, each)) for each in written]


def _fault_words(field: str) -> str:
    words: dict[str, str] = {
        "heard": gettext(
            "「いただいた声」を、少なくとも1つの言語で、%(count)s文字までで書いてください。", count=LONGEST
        ),
        "done": gettext("「変えたこと」を、少なくとも1つの言語で、%(count)s文字までで書いてください。", count=LONGEST),
        "store": gettext("お知らせする店舗を選び直してください。"),
        "theme": gettext("テーマを選び直してください。"),
        "mentions": gettext("件数は1以上の数字で書くか、空けておいてください。"),
        "repeated": gettext("同じ内容が、すでに公開されています。"),
    }
    return words.get(field, "")
