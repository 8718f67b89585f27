"""The alerts of a report: themes that rose or fell beyond chance, each with a plain sentence of its figures."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from sqlalchemy.orm import Session

from analysis.figures.alerts import NEWEST_WEEKS, Shift, shifts
from analysis.figures.days_off import comparable_weeks
from analysis.results import StoreWeekCounts, Theme, Wording
from analysis.totals import responses_by_store
from feedback.results import ReportAlert, Scope
from feedback.scopes import CHAIN, stores_in
from feedback.wording import between, percent
from surveys.queries import StoreInfo
from surveys.weeks import window

Kind = Literal["mentions", "complaints"]
_KINDS: tuple[Kind, ...] = ("mentions", "complaints")


def report_alerts(
    session: Session,
    country: str,
    answers: Sequence[StoreWeekCounts],
    themes: Mapping[str, Theme],
    week: str,
    scope: Scope,
) -> tuple[ReportAlert, ...]:
    """Find what rose or fell, in all stores together (a report of the chain) and in each store of the scope.

    Always the whole chain is tested, so that a store's report says what the chain's says of it. `answers`: of every
    store, as far back as weeks may be compared.
    """
    weeks = (*comparable_weeks(week, NEWEST_WEEKS, country), *window(week, NEWEST_WEEKS))
    tested = [theme for theme in themes.values() if theme.is_listed and (theme.since or "") <= weeks[0]]
    answering = {row.store_id for row in answers if row.week in weeks}
    places = [store.id for store in stores_in(session, CHAIN) if store.id in answering]
    if not tested or not places:
        return ()
    parts, wholes = _counted(session, answers, weeks, (places, tested))
    stores = {store.id: store for store in stores_in(session, scope)}
    wanted = set(stores) | ({None} if scope.is_chain else set())
    found: dict[tuple[int | None, str, bool], ReportAlert] = {}
    for shift in shifts(parts, wholes):
        store_id = None if shift.place is None else places[shift.place]
        if store_id in wanted:
            theme, kind = tested[shift.column // len(_KINDS)], _KINDS[shift.column % len(_KINDS)]
            alert = _alert(shift, stores.get(store_id) if store_id else None, theme, (kind, len(weeks) - NEWEST_WEEKS))
            key = (store_id, theme.id, alert.rises)
            # complaints say more than that a theme came up
            if key not in found or kind == "complaints":
                found[key] = alert
    return tuple(found.values())


def _counted(
    session: Session,
    answers: Sequence[StoreWeekCounts],
    weeks: Sequence[str],
    looked_at: tuple[Sequence[int], Sequence[Theme]],
) -> tuple[np.ndarray, np.ndarray]:
    """Lay the counts of these stores and themes out as `shifts` takes them: each theme has a column a kind."""
    of_week = {week: place for place, week in enumerate(weeks)}
    of_store = {store_id: place for place, store_id in enumerate(looked_at[0])}
    of_theme = {theme.id: place for place, theme in enumerate(looked_at[1])}
    parts = np.zeros((len(weeks), len(of_store), len(of_theme), len(_KINDS)), np.int64)
    wholes = np.zeros((len(weeks), len(of_store)), np.int64)
    for row in answers:
        if row.week in of_week:
            wholes[of_week[row.week], of_store[row.store_id]] = row.with_text
    for week, store_id, theme_id, *counts in responses_by_store(session, weeks, weeks[-1]):
        if theme_id in of_theme and store_id in of_store:
            parts[of_week[week], of_store[store_id], of_theme[theme_id]] = counts
    return parts.reshape(*wholes.shape, -1), wholes


def _alert(shift: Shift, store: StoreInfo | None, theme: Theme, told: tuple[Kind, int]) -> ReportAlert:
    kind, weeks = told
    return ReportAlert(
        store_id=store.id if store else None,
        store_key=store.key if store else None,
        store_name=store.name if store else "",
        theme_id=theme.id,
        name=theme.name,
        kind=kind,
        part=shift.part,
        whole=shift.whole,
        newest=NEWEST_WEEKS,
        before=round(shift.before, 6),
        weeks=weeks,
        difference=shift.difference.rounded(),
        sentence=sentence(theme.name, store.name if store else "", kind, shift, weeks),
    )


def sentence(name: Wording, store: str, kind: Kind, shift: Shift, weeks: int) -> Wording:
    """Say in one sentence a language what moved, by how much, and how surely. `weeks`: those compared with."""
    rises, change = (shift.difference.value or 0.0) > 0, shift.difference
    difference, low, high = (percent(each, sign=True) for each in (change.value, change.low, change.high))
    now, before = percent(shift.part / shift.whole), percent(shift.before)
    what = "への不満" if kind == "complaints" else "にふれる声"
    more = ("complaints about {} are {}", "{} comes up {} often")[kind == "mentions"]
    turned = {"complaints": ("up", "down"), "mentions": ("more", "less")}[kind][not rises]
    english = more.format(f"“{name.get('en', name['ja'])}”", turned)
    return {
        "ja": f"{store or '全店舗'}で「{name['ja']}」{what}が{'増えて' if rises else '減って'}います。"
        f"この{NEWEST_WEEKS}週間はコメントのある回答{shift.whole:,}件のうち{shift.part:,}件（{now}）で、"
        f"比べた{weeks}週間は{before}でした（差 {difference}、{between('ja', low, high)}の幅）。",
        "en": f"{store or 'All stores'}: {english}. In these {NEWEST_WEEKS} weeks {shift.part:,} of {shift.whole:,} "
        f"answers with a comment ({now}), in the {weeks} weeks compared with {before} "
        f"(difference {difference}, {between('en', low, high)}).",
    }
