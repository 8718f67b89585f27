"""The reads of a run: answers from the collecting part, and what earlier runs stored."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from heapq import nsmallest
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from analysis.corrections.amendments import Amended
from analysis.corrections.verdicts import Verdict, lessons_of
from analysis.discovery.lineage import Ground, ground, standing
from analysis.polarity.valences import Valences, Voice, sample, words_of
from analysis.reading.spellings import OwnWords
from analysis.reading.text import read_opinions
from analysis.records import lineage, theme_of
from analysis.results import WINDOWS, Lesson, Theme
from analysis.tables import OpinionRow, Run, StoreWeek, TagRow, ThemeRow, ThemeWeek, ValenceRow, WeekRead
from analysis.weeks.counts import Mention
from analysis.weeks.pipeline import Reader, Unexplained, WeekAnswers
from surveys.queries import closed_weeks, comments_of_week, of_ours, scores_of_weeks, stores, week_fingerprints
from surveys.tables import Comment, Response
from surveys.weeks import window

_IDS_AT_ONCE = 500
"""A database takes so many values in one question."""
_ROWS_AT_ONCE = 10_000
"""So many rows are held at a time where a question finds far more than are kept."""


def rival_answers(session: Session, week: str, fingerprint: str) -> WeekAnswers:
    """Return one week's answers at competitors' stores."""
    comments = comments_of_week(session, week, of_competitors=True)
    return WeekAnswers(week, fingerprint, comments, scores_of_weeks(session, [week], of_competitors=True))


def answers_of_week(session: Session, week: str) -> WeekAnswers:
    """Return one week's answers and the fingerprint of just this state."""
    fingerprint = week_fingerprints(session, [week]).get(week, "")
    return WeekAnswers(week, fingerprint, comments_of_week(session, week), scores_of_weeks(session, [week]))


def weeks_to_read(
    session: Session, weeks: Sequence[str], contents: Mapping[str, str], model_version: str
) -> tuple[str, ...]:
    """Find the weeks whose stored reading is missing, of another state of their answers, or by another model.

    A closed week is never read again: its counts are all that is left of it.
    """
    query = select(WeekRead.week, WeekRead.fingerprint, WeekRead.model_version).where(WeekRead.week.in_(weeks))
    read = {week: (fingerprint, version) for week, fingerprint, version in session.execute(query)}
    empty, closed = ("", model_version), closed_weeks(session)
    return tuple(
        week
        for week in weeks
        if week not in closed and read.get(week, empty) != (contents.get(week, ""), model_version)
    )


def uncleared(session: Session, weeks: Sequence[str]) -> tuple[str, ...]:
    """Return those of these weeks that still have their answers: scores without their words would mislead impacts."""
    closed = closed_weeks(session)
    return tuple(week for week in weeks if week not in closed)


def discovered_themes(session: Session) -> tuple[Theme, ...]:
    """Return the discovered themes after all fits so far, merged ones among them, ordered by id."""
    return standing(_found_themes(session), lineage(session))


def ground_of(session: Session, week: str, touched: Collection[str]) -> Ground:
    """Return what the fit of a week builds on; `touched`: the themes that people corrected."""
    return ground(_found_themes(session), lineage(session), week, touched)


def _found_themes(session: Session) -> list[Theme]:
    rows = session.scalars(select(ThemeRow).where(ThemeRow.origin == "discovered"))
    return sorted(map(theme_of, rows), key=lambda theme: theme.id)


def lessons_of_comments(session: Session, verdicts: Mapping[str, Verdict], own: OwnWords) -> tuple[Lesson, ...]:
    """Return what staff's verdicts teach, ordered by comment; a comment that was deleted teaches nothing any more."""
    texts: dict[str, str] = {}
    ids = sorted(verdicts)
    for at in range(0, len(ids), _IDS_AT_ONCE):
        query = select(Comment.external_id, Comment.text).where(Comment.external_id.in_(ids[at : at + _IDS_AT_ONCE]))
        texts.update((row.external_id, row.text) for row in session.execute(query))
    return tuple(
        lesson
        for comment_id in ids
        if comment_id in texts
        for lesson in lessons_of(verdicts[comment_id], texts[comment_id], read_opinions(texts[comment_id], own))
    )


def changed_themes(session: Session, themes: Sequence[Theme]) -> tuple[Theme, ...]:
    """Return those of these themes that are not stored as they are."""
    stored = {row.id: theme_of(row) for row in session.scalars(select(ThemeRow))}
    return tuple(theme for theme in themes if stored.get(theme.id) != theme)


def changed_amendments(session: Session, amended: Amended) -> tuple[Theme, ...]:
    """Return the themes for which staff's changes are not stored as they are: see `storing.save_amendments`."""
    rows = {row.id: row for row in session.scalars(select(ThemeRow))}
    made = [theme for theme in amended.themes.values() if theme.origin == "staff"]
    found = [amended.themes.get(row.id) or theme_of(row) for row in rows.values() if row.origin != "staff"]
    changed = [theme for theme in made if theme.id not in rows or _differs(rows[theme.id], theme)]
    return (*changed, *(theme for theme in found if rows[theme.id].known_from != theme.since))


def _differs(row: ThemeRow, theme: Theme) -> bool:
    return row.known_from != theme.since or replace(theme_of(row), since=theme.since, hidden=theme.hidden) != theme


def is_newest(session: Session, week: str) -> bool:
    """Whether no later week has been analysed."""
    later = select(func.count()).select_from(Run).where(Run.state == "done", Run.week > week)
    return not session.scalar(later)


class _Place(NamedTuple):
    """Where an opinion stands: the ids of its comment (external) and of its row, and its position."""

    comment_id: str
    position: int
    opinion_id: int


def unexplained(
    session: Session, reader: Reader, weeks: Sequence[str], replaceable: Collection[str], most: int | None = None
) -> tuple[Unexplained, ...]:
    """Return the opinions of these weeks that no theme explains but the replaceable ones.

    Left out are those of which staff said what they are about. All are ordered by id; with `most`, it is a sample of so
    many in an order that chance made: both depend on external ids alone, and only the sample's texts are fetched.
    """
    places = _unexplained_places(session, weeks, replaceable, most)
    return tuple(
        found
        for at in range(0, len(places), _IDS_AT_ONCE)
        for found in _read_unexplained(session, reader, places[at : at + _IDS_AT_ONCE])
    )


def _unexplained_places(
    session: Session, weeks: Sequence[str], replaceable: Collection[str], most: int | None
) -> list[_Place]:
    explained = (
        select(TagRow.opinion_id)
        .where(TagRow.opinion_id == OpinionRow.id, TagRow.theme_id.not_in(replaceable))
        .correlate(OpinionRow)
        .exists()
    )
    query = (
        select(Comment.external_id, OpinionRow.position, OpinionRow.id)
        .join(Comment, Comment.id == OpinionRow.comment_id)
        .where(OpinionRow.week.in_(weeks), OpinionRow.kind == "opinion", ~explained)
    )
    rows = session.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE})
    places = (_Place(*row) for row in rows)
    return sorted(places) if most is None else nsmallest(most, places, key=_by_chance)


def _read_unexplained(session: Session, reader: Reader, places: Sequence[_Place]) -> Iterator[Unexplained]:
    query: Select[*tuple[Any, ...]] = (
        select(
            OpinionRow.id,
            OpinionRow.week,
            OpinionRow.store_id,
            OpinionRow.polarity,
            OpinionRow.is_request,
            Comment.response_id,
            Comment.text,
        )
        .join(Comment, Comment.id == OpinionRow.comment_id)
        .where(OpinionRow.id.in_([place.opinion_id for place in places]))
    )
    rows = {row.id: row for row in session.execute(query)}
    left = [place for place in places if place.opinion_id in rows]  # a comment may go away in between
    read = reader.read([rows[place.opinion_id].text for place in left])
    for place, found in zip(left, read, strict=True):
        row = rows[place.opinion_id]
        if place.position not in reader.verdicts.places(place.comment_id, row.text, found):
            yield Unexplained(
                id=f"{place.comment_id}#{place.position}",
                opinion_id=row.id,
                week=row.week,
                mention=Mention("", row.store_id, row.response_id, row.polarity, row.is_request),
                opinion=found[place.position].opinion,
            )


def _by_chance(place: _Place) -> tuple[bytes, int]:
    """Whole comments in an order that chance made: what one comment says together belongs together."""
    return sha256(place.comment_id.encode()).digest(), place.position


def valences(session: Session) -> Valences:
    """Return what the scores of earlier weeks taught about words."""
    found: dict[str, dict[str, float]] = {}
    for row in session.scalars(select(ValenceRow)):
        found.setdefault(row.week, {})[row.key] = row.value
    return Valences(found)


def voices(session: Session, reader: Reader, weeks: Sequence[str]) -> tuple[Voice, ...]:
    """Return a bounded sample of the comments of these weeks that came with a score, ordered by external id."""
    scored = (Response.week.in_(weeks), Response.counted, of_ours(), Response.score.is_not(None))
    every = select(Comment.external_id).join(Comment.response).where(*scored)
    chosen = sample(session.scalars(every, execution_options={"yield_per": _ROWS_AT_ONCE}))
    found = select(Comment.external_id, Response.external_id, Response.store_id, Response.score, Comment.text)
    rows: list[Any] = []
    for start in range(0, len(chosen), _IDS_AT_ONCE):
        some = Comment.external_id.in_(chosen[start : start + _IDS_AT_ONCE])
        rows += session.execute(found.join(Comment.response).where(some))
    rows.sort(key=lambda row: row[0])
    return tuple(
        Voice(response_id, store_id, score, words_of(opinions))
        for (_, response_id, store_id, score, _), opinions in zip(
            rows, reader.opinions([row.text for row in rows]), strict=True
        )
    )


def enough_scored(session: Session, week: str, needed: int) -> bool:
    """Tell whether the widest window holds so many scored answers; one week is looked at first, and often suffices."""
    for length in WINDOWS:
        histograms = session.scalars(select(StoreWeek.histogram).where(StoreWeek.week.in_(window(week, length))))
        if sum(sum(histogram) for histogram in histograms) >= needed:
            return True
    return False


def complaints(session: Session, weeks: Sequence[str]) -> list[int]:
    """Count the complaints in each of these weeks, in their order: one for each theme a response is unhappy with."""
    counted = dict.fromkeys(weeks, 0)
    query = select(ThemeWeek.week, func.sum(ThemeWeek.responses_negative)).where(ThemeWeek.week.in_(weeks))
    for week, count in session.execute(query.group_by(ThemeWeek.week)):
        counted[week] = int(count)
    return [counted[week] for week in weeks]


def store_places(session: Session) -> dict[int, int]:
    """Number the stores by their keys."""
    return {store.id: place for place, store in enumerate(stores(session))}


def counts_of_reading(session: Session, week: str) -> dict[str, int]:
    """Count what was read of one week, and what was left aside."""
    counted = (Response.week == week, Response.counted, of_ours())
    comments = select(func.count(Comment.id)).join(Comment.response).where(*counted)
    columns = ("responses", "none_answers", "foreign", "opinions", "unexplained")
    sums = select(*(func.coalesce(func.sum(getattr(StoreWeek, column)), 0) for column in columns))
    found = session.execute(sums.where(StoreWeek.week == week)).one()
    return {"comments": session.scalar(comments) or 0, **{c: int(n) for c, n in zip(columns, found, strict=True)}}
