"""First-time and repeat customers: their share, their NPS, and what each of them speak of."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from analysis.figures.comparison import Spoken, ThemeComparison, compare_themes, shown_share
from analysis.figures.nps import change, nps
from analysis.results import Estimate, NpsResult, Wording
from analysis.tables import OpinionRow, TagRow
from surveys.queries import DescribedResponse, VisitsQuestion, are_described, described_responses, visits_questions
from surveys.questions import FIRST_VISIT, Option, plain_wording
from surveys.tables import Comment, Response

ENOUGH = 100
"""So many answers in either group tell a difference of about 19 NPS points from chance."""
_SIDES = (True, False)


@dataclass(frozen=True, slots=True)
class VisitGroup:
    """The customers who named one number of visits. `share`: of all who named any, from 0 to 1."""

    key: str
    name: Wording
    responses: int
    share: Estimate
    nps: NpsResult


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """Customers by their number of visits, over the answers that name one.

    `weeks`: how many are pooled. `repeat_rate`: share of those who have been here before, from 0 to 1; `change`: NPS
    of repeat customers minus that of first-time customers, in points; in `themes` the first group are first-time, the
    second repeat customers.
    """

    weeks: int
    responses: int
    repeat_rate: Estimate
    groups: tuple[VisitGroup, ...]
    first: NpsResult
    repeat: NpsResult
    change: Estimate
    themes: tuple[ThemeComparison, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer that names a number of visits, as one of its question's options."""

    visits: Option
    response: DescribedResponse


def visit_figures(
    session: Session, periods: Sequence[Sequence[str]], store_ids: Sequence[int] | None, theme_ids: Collection[str]
) -> VisitFigures | None:
    """Compare first-time with repeat customers at these stores (None: every store), by these themes.

    Of `periods` (weeks, the shortest first) the first one is taken in which both groups have enough answers, else the
    last one. None where no answer names a number of visits. The answers themselves are read, since weekly counts know
    no visits: those that were cleared by age are not in it.
    """
    questions = visits_questions(session)
    weeks, told = _enough(session, periods, store_ids, questions)
    if not told:
        return None
    options = {option.key: option for question in questions for option in question.options}
    answers = Counter(answer.visits.key for answer in told)
    groups = tuple(_group(option, told) for key, option in options.items() if answers[key])
    new, known = ([each.response for each in told if (each.visits.key == FIRST_VISIT) is wanted] for wanted in _SIDES)
    first, repeat = nps(_histogram(new)), nps(_histogram(known))
    described = are_described(weeks, {question.key for question in questions}, store_ids)
    said = [mention for mention in _said(session, described) if mention[1] in theme_ids]
    return VisitFigures(
        weeks=len(weeks),
        responses=len(told),
        repeat_rate=shown_share(len(known), len(told)),
        groups=groups,
        first=first,
        repeat=repeat,
        change=change(first, repeat),
        themes=compare_themes(_spoken(new, said), _spoken(known, said)),
    )


def _enough(
    session: Session,
    periods: Sequence[Sequence[str]],
    store_ids: Sequence[int] | None,
    questions: Sequence[VisitsQuestion],
) -> tuple[Sequence[str], list[_Answer]]:
    for weeks in periods:
        told = _told(session, weeks, store_ids, questions)
        if not told:  # nobody is asked, or hardly anybody answers: no period in between is worth a look
            return periods[-1], _told(session, periods[-1], store_ids, questions)
        new = sum(answer.visits.key == FIRST_VISIT for answer in told)
        if min(new, len(told) - new) >= ENOUGH:
            break
    return weeks, told


def _told(
    session: Session, weeks: Sequence[str], store_ids: Sequence[int] | None, questions: Sequence[VisitsQuestion]
) -> list[_Answer]:
    wordings = {(question.survey_id, question.key): _wordings(question.options) for question in questions}
    found = described_responses(session, weeks, {question.key for question in questions}, store_ids)
    return [_Answer(visits, response) for response in found if (visits := _visits(response, wordings))]


def _visits(
    response: DescribedResponse, wordings: Mapping[tuple[int | None, str], Mapping[str, Option]]
) -> Option | None:
    """Read the number of visits: an option's key, or in an import its wording in any language."""
    for (survey_id, key), options in wordings.items():
        given = response.attributes.get(key)
        if survey_id == response.survey_id and given and (option := options.get(plain_wording(given))):
            return option
    return None


def _wordings(options: Iterable[Option]) -> dict[str, Option]:
    return {plain_wording(word): option for option in options for word in (option.key, *option.text.values())}


def _group(option: Option, told: Sequence[_Answer]) -> VisitGroup:
    mine = [answer.response for answer in told if answer.visits.key == option.key]
    return VisitGroup(option.key, option.text, len(mine), shown_share(len(mine), len(told)), nps(_histogram(mine)))


def _histogram(responses: Iterable[DescribedResponse]) -> list[int]:
    counted = Counter(response.score for response in responses)
    return [counted[score] for score in range(11)]


def _said(session: Session, described: Sequence[ColumnElement[bool]]) -> set[tuple[int, str, bool]]:
    """Who of these responses said what: id of the response, theme, whether it was a complaint."""
    query: Select[int, str, str] = (
        select(Comment.response_id, TagRow.theme_id, OpinionRow.polarity)
        .select_from(Response)
        .join(Comment, Comment.response_id == Response.id)
        .join(OpinionRow, OpinionRow.comment_id == Comment.id)
        .join(TagRow, TagRow.opinion_id == OpinionRow.id)
        .where(*described)
    )
    return {(response, theme, polarity == "negative") for response, theme, polarity in session.execute(query)}


def _spoken(responses: Sequence[DescribedResponse], said: Iterable[tuple[int, str, bool]]) -> Spoken:
    """Count what these responses said; a theme that one names twice counts once."""
    numbers = {response.id for response in responses}
    mine = {(number, theme, bad) for number, theme, bad in said if number in numbers}
    return Spoken(
        with_text=sum(response.has_text for response in responses),
        mentions=Counter(theme for _, theme in {(number, theme) for number, theme, _ in mine}),
        complaints=Counter(theme for _, theme, bad in mine if bad),
    )
