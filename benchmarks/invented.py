"""Comments for measuring, as many as are wanted: the demo's phrases, varied so that hardly one occurs twice.

The phrases alone would repeat themselves far more often than people do, and whoever remembers what was read would
look quicker than on real comments. So clauses are led in by numbers, times and names that no dictionary knows.
"""

import re
from collections.abc import Iterator
from random import Random
from typing import Literal, get_args

from feedback.demo.sentences import topics
from feedback.demo.writer import Daypart, Mention, Occasion, Writer

_CLAUSE_START = re.compile(r"(?:^|(?<=[。！？\n、]))(?=[^。！？\n、])(?!また|あと|ただ|でも|それと|できれば)")
_LED_IN = 0.75
_SYLLABLES = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフホマミムメモヤユヨラリルレロワガギゴザジズダデドバビブボ"
)
_THINGS = (0, 1, 2, 3)
_HOW_MANY = (3, 45, 34, 18)
_WISHES = 0.15


def comments(count: int, seed: int = 1) -> Iterator[str]:
    """Write comments; the same seed gives the same ones."""
    dice = Random(seed)
    subjects = sorted(topics())
    for _ in range(count):
        occasion = Occasion(dice.choice(get_args(Daypart)), weekend=dice.random() < 2 / 7)
        mentions = _mentions(dice, subjects)
        text = Writer(dice, occasion).comment(mentions)
        yield _CLAUSE_START.sub(lambda _: _lead(dice), text) if mentions else text


def _mentions(dice: Random, subjects: list[str]) -> list[Mention]:
    met = dice.sample(subjects, dice.choices(_THINGS, _HOW_MANY)[0])
    sides: tuple[Literal["good", "bad"], ...] = ("good", "bad")
    mentions = [Mention(subject, dice.choice(sides)) for subject in met]
    if mentions and dice.random() < _WISHES:
        mentions[-1] = Mention(mentions[-1].topic, "wish")
    return mentions


def _lead(dice: Random) -> str:
    if dice.random() >= _LED_IN:
        return ""
    name = "".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4)))
    return dice.choice(
        (
            f"{dice.randint(1, 12)}月{dice.randint(1, 28)}日は",
            f"{dice.randint(9, 21)}時{dice.randint(0, 59)}分ごろ",
            f"{dice.randint(1, 99)}番の",
            f"{dice.randint(10, 2999)}円の",
            f"{name}の",
            f"{name}さんの",
            f"{name}{dice.randint(2, 99)}の",
        )
    )
