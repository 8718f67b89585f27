"""NPS by who answered, where and when: one figure a value of each segment, with its interval and its number."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.figures.nps import nps
from analysis.results import NpsResult, Wording
from feedback.export_files import Format, write_rows
from feedback.exports import ROWS_AT_ONCE, Selection, narrowed
from surveys.places import areas
from surveys.queries import attribute_questions, stores
from surveys.questions import plain_wording
from surveys.tables import Response, Spot
from surveys.texts import pick

COLUMNS = ("segment", "value", "name", "answers", "nps", "low", "high", "promoters", "passives", "detractors")

_WEEKDAYS = (("月曜日", "Monday"), ("火曜日", "Tuesday"), ("水曜日", "Wednesday"), ("木曜日", "Thursday"),
             ("金曜日", "Friday"), ("土曜日", "Saturday"), ("日曜日", "Sunday"))  # fmt: skip
_TITLES = {
    "channel": {"ja": "経路", "en": "Channel"},
    "spot": {"ja": "設置場所", "en": "Spot"},
    "weekday": {"ja": "曜日", "en": "Weekday"},
    "hour": {"ja": "時間", "en": "Hour"},
    "area": {"ja": "エリア", "en": "Area"},
}
_USUAL = {
    "age": {"ja": "年代", "en": "Age"},
    "sex": {"ja": "性別", "en": "Sex"},
    "gender": {"ja": "性別", "en": "Gender"},
    "visits": {"ja": "来店の回数", "en": "Number of visits"},
}
"""What attributes are called that no question asked for, as in an import."""


@dataclass(frozen=True, slots=True)
class SegmentValue:
    """The answers with a score that have one value of a segment."""

    key: str
    name: Wording
    nps: NpsResult


@dataclass(frozen=True, slots=True)
class Segment:
    """One way to divide answers. `key`: channel, spot, weekday, hour, area, or attribute.<key>.

    An answer without the attribute, spot or area is in none of its values.
    """

    key: str
    name: Wording
    values: tuple[SegmentValue, ...]


def segments(session: Session, selection: Selection) -> tuple[Segment, ...]:
    """Divide the scored answers of a selection every way there is; a way with a single value tells nothing.

    Attributes come first, by key; their values in the order of the question's options. Memory does not grow with the
    number of answers.
    """
    names = _names(session)
    keys = _keys(session, names)
    counted: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 11)
    for answer in _answers(session, selection):
        for place in _places(answer, keys, selection):
            counted[place][answer.score] += 1
    found: defaultdict[str, list[SegmentValue]] = defaultdict(list)
    for segment, value in sorted(counted, key=lambda each: _order(names, *each)):
        name = names.get(segment, {}).get(value, {"ja": value})
        found[segment].append(SegmentValue(value, name, nps(counted[segment, value])))
    titles = _titles(session)
    return tuple(
        Segment(key, titles.get(key, {"ja": key.removeprefix("attribute.")}), tuple(found[key]))
        for key in sorted(found, key=lambda each: (not each.startswith("attribute."), each))
        if len(found[key]) > 1
    )


def export_segments(session: Session, selection: Selection, format_: Format, stream: BinaryIO) -> int:
    """Write one row for each value of each segment; return how many."""
    rows = (
        (segment.key, value.key, pick(value.name, selection.language), *nps_cells(value.nps))
        for segment in segments(session, selection)
        for value in segment.values
    )
    return write_rows(stream, format_, COLUMNS, rows)


def nps_cells(found: NpsResult) -> tuple[int | float | None, ...]:
    """Return number, value, interval and groups of an NPS as an export writes them, in points with two decimals."""
    figure = found.estimate
    rounded = (None if each is None else round(each, 2) for each in (figure.value, figure.low, figure.high))
    return (found.n, *rounded, found.promoters, found.passives, found.detractors)


def _answers(session: Session, selection: Selection) -> Iterator[Any]:
    columns = (Response.answered_at, Response.score, Response.channel, Response.spot_id, Response.store_id)
    query = narrowed(select(*columns, Response.attributes).where(Response.score.is_not(None)), selection)
    return iter(session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)))


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of values: of spots by their ids, of areas by the ids of their stores, of options by what files say."""

    spots: Mapping[int, str]
    areas: Mapping[int, str]
    options: Mapping[str, Mapping[str, str]]


def _keys(session: Session, names: Mapping[str, Mapping[str, Wording]]) -> _Keys:
    keys, known = {area.id: area.key for area in areas(session)}, stores(session)
    of_store = {store.id: store.key for store in known}
    return _Keys(
        {spot.id: f"{of_store[spot.store_id]}/{spot.key}" for spot in session.scalars(select(Spot))},
        {store.id: keys[store.area_id] for store in known if store.area_id is not None},
        {
            segment: {plain_wording(word): key for key, wording in options.items() for word in (key, *wording.values())}
            for segment, options in names.items()
        },
    )


def _places(answer: Any, keys: _Keys, selection: Selection) -> Iterator[tuple[str, str]]:
    """Name every segment and value that an answer belongs to."""
    moment = answer.answered_at.astimezone(selection.zone)
    yield "channel", answer.channel
    yield "weekday", str(moment.weekday())
    yield "hour", f"{moment.hour:02d}"
    if answer.spot_id is not None:
        yield "spot", keys.spots[answer.spot_id]
    if answer.store_id in keys.areas:
        yield "area", keys.areas[answer.store_id]
    for key, value in answer.attributes.items():
        if value:
            segment = f"attribute.{key}"
            options = keys.options.get(segment, {})
            yield segment, options.get(plain_wording(str(value)), str(value)) if options else str(value)


def _titles(session: Session) -> dict[str, Wording]:
    asked = {f"attribute.{question.key}": question.text for question in attribute_questions(session)}
    return {**{f"attribute.{key}": name for key, name in _USUAL.items()}, **asked, **_TITLES}


def _names(session: Session) -> dict[str, dict[str, Wording]]:
    """Name the values of each segment, in the order in which they are shown."""
    of_store = {store.id: store for store in stores(session)}
    spots = {f"{of_store[spot.store_id].key}/{spot.key}": spot for spot in session.scalars(select(Spot))}
    named: dict[str, dict[str, Wording]] = {
        "weekday": {str(number): {"ja": ja, "en": en} for number, (ja, en) in enumerate(_WEEKDAYS)},
        "hour": {f"{hour:02d}": {"ja": f"{hour}時台", "en": f"{hour}:00–{hour}:59"} for hour in range(24)},
        "spot": {key: {"ja": f"{of_store[spots[key].store_id].name} {spots[key].name}"} for key in sorted(spots)},
        "area": {area.key: {"ja": area.name} for area in sorted(areas(session), key=lambda area: area.key)},
    }
    for question in attribute_questions(session):
        named.setdefault(f"attribute.{question.key}", {}).update(question.options)
    return named


def _order(names: Mapping[str, Mapping[str, Wording]], segment: str, value: str) -> tuple[str, int, str]:
    known: Sequence[str] = list(names.get(segment, {}))
    return segment, known.index(value) if value in known else len(known), value
