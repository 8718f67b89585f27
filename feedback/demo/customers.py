"""Invents visits: when, what was met, which score, and what was written about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from feedback.demo.chain import ANSWERS_PER_STORE_AND_WEEK, EFFECTS, EXPERIENCES, SPOT_INTEREST, DemoStore
from feedback.demo.sentences import topics
from feedback.demo.writer import Daypart, Mention, Occasion, Writer

_HOURS = range(9, 22)
_HOUR_WEIGHTS = (4, 7, 8, 6, 5, 5, 7, 10, 12, 10, 6, 4, 2)
_DAY_WEIGHTS = (9, 10, 10, 9, 11, 15, 16)
_FIRST_WEEKEND_DAY = 5
_MOST_THINGS = 3
_CONTENT = 7
_ERRANDS = {"groceries": 0.8, "ready_meals": 0.35, "household": 0.2, "gift": 0.03, "other": 0.05}
_DAYPARTS: tuple[tuple[int, Daypart], ...] = ((11, "morning"), (14, "noon"), (16, "afternoon"), (20, "evening"))


@dataclass(frozen=True, slots=True)
class Answer:
    """One invented answer. `number` counts from 1 within store and week; `reason` and `wish` are '' when left empty."""

    number: int
    answered_at: datetime
    spot: str
    score: int
    satisfaction: int
    reason: str
    wish: str
    errands: tuple[str, ...]
    visits: str


def answers(seed: int, store: DemoStore, week: int, monday: date, zone: ZoneInfo) -> Iterator[Answer]:
    """Invent a store's answers of one week (1 to 26, beginning on `monday`), in the order of their moments."""
    dice = Random(f"{seed}:{store.key}:{week}")
    count = round(ANSWERS_PER_STORE_AND_WEEK * store.busy * dice.uniform(0.85, 1.15))
    moments = sorted(_moment(dice, monday) for _ in range(count))
    for number, moment in enumerate(moments, start=1):
        yield _answer(dice, number, store, week, moment.replace(tzinfo=zone))


def _moment(dice: Random, monday: date) -> datetime:
    day = monday + timedelta(days=dice.choices(range(7), _DAY_WEIGHTS)[0])
    hour = dice.choices(_HOURS, _HOUR_WEIGHTS)[0]
    return datetime.combine(day, time(hour, dice.randrange(60), dice.randrange(60)))


def _answer(dice: Random, number: int, store: DemoStore, week: int, moment: datetime) -> Answer:
    occasion = Occasion(_daypart(moment.hour), moment.weekday() >= _FIRST_WEEKEND_DAY)
    spot = dice.choice(store.spots)
    met = list(_experiences(dice, store, week, spot, occasion))
    points = 7.55 + store.liking + dice.gauss(0, 1.35) + sum(_points(mention) for mention in met)
    score = min(10, max(0, round(points)))
    return Answer(
        number,
        moment.astimezone(UTC),
        spot,
        score,
        min(5, max(1, round(score / 2 + dice.gauss(0, 0.5)))),
        *_comments(dice, occasion, met, score),
        tuple(errand for errand, share in _ERRANDS.items() if dice.random() < share) or ("groceries",),
        dice.choices(("first", "monthly", "weekly", "often"), (1, 3, 8, 5))[0],
    )


def _daypart(hour: int) -> Daypart:
    return next((daypart for end, daypart in _DAYPARTS if hour < end), "night")


def _experiences(dice: Random, store: DemoStore, week: int, spot: str, occasion: Occasion) -> Iterator[Mention]:
    for topic, experience in EXPERIENCES.items():
        interest = SPOT_INTEREST.get(spot, {}).get(topic, 1.0)
        good = experience.good * interest * _factor(store, week, topic, "good", occasion)
        bad = experience.bad * interest * _factor(store, week, topic, "bad", occasion)
        draw = dice.random()
        if draw < bad:
            yield Mention(topic, "bad")
        elif draw < bad + good:
            yield Mention(topic, "good")


def _factor(store: DemoStore, week: int, topic: str, side: str, occasion: Occasion) -> float:
    factor = 1.0
    for effect in EFFECTS:
        if effect.topic == topic and effect.side == side:
            held = effect.holds(store.key, week, occasion.daypart, weekend=occasion.weekend)
            factor *= effect.factor if held else 1.0
    return factor


def _points(mention: Mention) -> float:
    experience = EXPERIENCES[mention.topic]
    return experience.bad_points if mention.side == "bad" else experience.good_points


def _comments(dice: Random, occasion: Occasion, met: Sequence[Mention], score: int) -> tuple[str, str]:
    """Write the reason and the wish. Who met something bad writes more often; some who write have nothing to say."""
    writer = Writer(dice, occasion)
    if dice.random() >= 0.40 + 0.2 * any(mention.side == "bad" for mention in met):
        return "", writer.comment([]) if dice.random() < 0.03 else ""
    kind = dice.random()
    if kind < 0.015:
        return writer.english("good" if score >= _CONTENT else "bad"), ""
    if kind < 0.06:
        return writer.comment([]), ""
    told = _told(dice, met, score)
    if told[-1].side == "wish" and dice.random() < 0.6:
        return writer.comment(told[:-1]) if told[:-1] else "", writer.comment(told[-1:])
    return writer.comment(told), writer.comment([]) if dice.random() < 0.08 else ""


def _told(dice: Random, met: Sequence[Mention], score: int) -> list[Mention]:
    """Choose what is told, mostly good before bad, a wish last; who met nothing says how it is in general."""
    if not met:
        if dice.random() < 0.25:
            return [Mention(dice.choice([key for key, topic in topics().items() if topic.wishes]), "wish")]
        return [Mention("general", "good" if score >= _CONTENT else "bad")]
    chosen = dice.sample(met, min(len(met), dice.choices((1, 2, _MOST_THINGS), (35, 45, 20))[0]))
    chosen.sort(key=lambda mention: mention.side != "good", reverse=dice.random() < 0.2)
    last = chosen[-1]
    if last.side == "bad" and topics()[last.topic].wishes and last.topic != "general" and dice.random() < 0.3:
        wish = Mention(last.topic, "wish")
        return [*chosen, wish] if dice.random() < 0.6 else [*chosen[:-1], wish]
    return chosen
