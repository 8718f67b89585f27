"""The comments behind a number."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, get_args
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from analysis import records
from analysis.figures.alerts import NEWEST_WEEKS
from analysis.opinions import NONE, OTHER, OpinionFilter, opinions_page, responses_asked
from analysis.reading.spellings import normalise
from analysis.results import WINDOWS, Polarity, Quote
from feedback.house import house
from feedback.pages.view import nothing_yet, wanted_view
from feedback.scopes import store_ids
from surveys.weeks import window

PAGE_LENGTH = 50
_WINDOWS = sorted({*WINDOWS, NEWEST_WEEKS})
"""Those of the figures, and the one of alerts."""
_USUAL_WINDOW = 4
_MOST_PAGES = 100_000
_LONGEST_COMPARED = 300
"""Comparing letter by letter takes the square of the length; opinions further on stay unmarked."""

_SCORES = {"detractor": range(7), "passive": range(7, 9), "promoter": range(9, 11)} | {
    str(score): range(score, score + 1) for score in range(11)
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address of the page asks for, checked."""

    week: str
    window: int
    theme: str | None
    polarity: Polarity | None
    requests_only: bool
    score: str
    page: int


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/comments", "comments", comments)


def comments() -> ResponseReturnValue:
    """List the opinions that the address asks for, within what the member may see."""
    with house().database.reading() as reading:
        view = wanted_view(reading)
        if not view.weeks:
            return nothing_yet(reading)
        themes = records.themes(reading, known_at=request.args.get("week") or view.weeks[-1])
        choice = _choice(view.weeks, {OTHER, NONE, *themes})
        asked = _filter(choice, store_ids(reading, view.scope))
        found = opinions_page(reading, asked, offset=(choice.page - 1) * PAGE_LENGTH, limit=PAGE_LENGTH)
        answers = responses_asked(reading, asked) if asked.every_comment else None
    return render_template(
        "staff/comments.html",
        stores=view.stores,
        store_names={store.id: store.name for store in view.stores},
        weeks=view.weeks,
        wanted=view.wanted,
        themes=sorted(
            (theme for theme in themes.values() if theme.is_listed or theme.id == choice.theme),
            key=lambda theme: theme.name.get("ja", theme.id),
        ),
        choice=choice,
        windows=_WINDOWS,
        found=found,
        answers=answers,
        split=split,
        pages=-(-found.total // PAGE_LENGTH),
        page_address=page_address,
    )


def page_address(page: int) -> str:
    """Address another page of this very list: what else stands in the address is kept as it is."""
    return f"{url_for('staff.comments')}?{urlencode({**request.args.to_dict(), 'page': page})}"


def split(quote: Quote) -> tuple[str, str, str]:
    """Cut a comment into what stands before its opinion, the opinion, and what stands after it."""
    comment = quote.comment
    begin = comment.find(quote.text)
    begin, end = (begin, begin + len(quote.text)) if begin >= 0 else _place(comment, quote.text)
    return comment[:begin], comment[begin:end], comment[end:]


def _place(comment: str, text: str) -> tuple[int, int]:
    """Find where an opinion that was normalised when it was read (「ﾚｼﾞ」 became 「レジ」) stands in the comment."""
    plain = normalise(comment[:_LONGEST_COMPARED]).replace("\u3000", " ")
    begin = plain.find(text)
    if begin < 0:
        return 0, 0
    end = begin + len(text)
    steps = SequenceMatcher(None, plain, comment, autojunk=False).get_opcodes()
    first = next(step for step in steps if step[1] <= begin < step[2])
    last = next(step for step in steps if step[1] < end <= step[2])
    # within words that stand alike in both we count along; what was changed is taken as a whole
    return (
        first[3] + begin - first[1] if first[0] == "equal" else first[3],
        last[3] + end - last[1] if last[0] == "equal" else last[4],
    )


def _choice(weeks: tuple[str, ...], themes: set[str]) -> Choice:
    asked = request.args
    choice = Choice(
        week=asked.get("week") or weeks[-1],
        window=asked.get("window", default=_USUAL_WINDOW, type=int),
        theme=asked.get("theme") or None,
        polarity=asked.get("polarity") or None,  # type: ignore[arg-type] # checked below
        requests_only=bool(asked.get("requests")),
        score=asked.get("score", ""),
        page=asked.get("page", default=1, type=int),
    )
    known: tuple[tuple[Any, Any], ...] = (
        (choice.window, _WINDOWS),
        (choice.theme, {None, *themes}),
        (choice.polarity, (None, *get_args(Polarity))),
        (choice.score, {"", *_SCORES}),
        (choice.page, range(1, _MOST_PAGES)),
    )
    if any(value not in allowed for value, allowed in known):
        abort(404)
    return choice


def _filter(choice: Choice, stores: tuple[int, ...] | None) -> OpinionFilter:
    return OpinionFilter(
        weeks=window(choice.week, choice.window),
        store_ids=stores,
        theme=choice.theme,
        polarity=choice.polarity,
        requests_only=choice.requests_only,
        known_at=choice.week,
        scores=tuple(_SCORES[choice.score]) if choice.score else None,
    )
