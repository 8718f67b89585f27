"""Which of our catalogues fits, where an organisation has not said its trade: its customers' words tell."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from math import log

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.reading.text import read_opinions
from analysis.settings import AUTOMATIC, AnalysisSettings, catalogue_names
from analysis.tables import Run
from analysis.themes.catalogues import load_catalogue
from surveys.queries import closed_weeks, comments_of_week, weeks_with_answers

FALLBACK = "retail"
"""The catalogue of an organisation to which hardly anybody has written yet."""

SAMPLE = 400
_ENOUGH_WORDS = 3
"""A choice needs so many different words: one comment that names a till and a smile tells no trade."""
_WIDESPREAD = 2
"""A word that more catalogues share tells nothing about the trade."""


def settle_catalogue(session: Session, settings: AnalysisSettings) -> AnalysisSettings:
    """Return settings that name a catalogue: the one that was set, else the one that fits the oldest comments.

    The oldest, since they stay the same ones: from some hundred comments on, the choice no longer moves. Once the
    oldest were cleared by age, it stays what it was.
    """
    if settings.catalogue != AUTOMATIC:
        return settings
    chosen = _last_chosen(session) if closed_weeks(session) else None
    return settings.model_copy(update={"catalogue": chosen or choose_catalogue(_oldest_comments(session))})


def choose_catalogue(texts: Sequence[str]) -> str:
    """Name the catalogue whose own words these comments use most, relative to how much its words could tell.

    A word counts by the logarithm of how often it is said: one that stands everywhere must not decide alone.
    """
    words = _words_by_catalogue()
    shared_by = Counter(word for known in words.values() for word in known)
    telling = {word: 1 / count for word, count in shared_by.items() if count <= _WIDESPREAD}
    said = Counter(key for text in texts for key in _keys(text) if key in telling)
    if len(said) < _ENOUGH_WORDS:
        return FALLBACK
    evidence = {
        name: sum(telling[key] * (1 + log(said[key])) for key in sorted(known & said.keys()))
        / sum(telling[word] for word in sorted(known & telling.keys()))
        for name, known in words.items()
    }
    return max(sorted(evidence), key=evidence.__getitem__)


@cache
def _words_by_catalogue() -> Mapping[str, frozenset[str]]:
    """Phrases apart: what is said is looked up word by word."""
    return {
        name: frozenset(word for theme in load_catalogue(name).themes for word in theme.words if " " not in word)
        for name in catalogue_names()
    }


def _keys(text: str) -> set[str]:
    return {token.key for opinion in read_opinions(text) if opinion.kind == "opinion" for token in opinion.tokens}


def _last_chosen(session: Session) -> str | None:
    """Name the catalogue of the newest finished run, where it is one of ours."""
    newest = select(Run.provenance).where(Run.state == "done").order_by(Run.finished_at.desc(), Run.id.desc()).limit(1)
    chosen = (session.scalar(newest) or {}).get("catalogue")
    return chosen if chosen in catalogue_names() else None


def _oldest_comments(session: Session) -> list[str]:
    texts: list[str] = []
    for week in weeks_with_answers(session):
        texts += [comment.text for comment in comments_of_week(session, week)]
        if len(texts) >= SAMPLE:
            break
    return texts[:SAMPLE]
