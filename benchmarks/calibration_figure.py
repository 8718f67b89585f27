"""One figure of the calibration: what it should be, what it is, and how surely."""

import json
from dataclasses import asdict, dataclass
from math import sqrt

COVERAGE = (0.93, 0.97)
"""How often an interval of 95 % may hold the truth."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the bounds of its simulation error (two standard errors; the value itself where it is exact).

    `aim`: the least and the most that it may be, None where it is only reported.
    """

    name: str
    value: float
    low: float
    high: float
    aim: tuple[float, float] | None = None

    @property
    def met(self) -> bool | None:
        """Whether the aim holds within two standard errors."""
        return None if self.aim is None else self.low <= self.aim[1] and self.high >= self.aim[0]

    def line(self) -> str:
        """Write the figure as one line of JSON."""
        rounded = {key: round(number, 4) for key, number in asdict(self).items() if key in {"value", "low", "high"}}
        return json.dumps({"name": self.name, **rounded, "aim": self.aim, "met": self.met})


def exact(name: str, value: float, aim: tuple[float, float] | None) -> Figure:
    """Make a figure that was worked out, not simulated."""
    return Figure(name, value, value, value, aim)


def rate(name: str, hits: float, tries: int, aim: tuple[float, float] | None) -> Figure:
    """Make a figure of independent tries: a share, with the standard error of a share that is never quite 0 or 1."""
    value, smoothed = hits / tries, (hits + 2) / (tries + 4)
    error = sqrt(smoothed * (1 - smoothed) / tries)
    return Figure(name, value, max(0.0, value - 2 * error), min(1.0, value + 2 * error), aim)


def average(name: str, values: list[float], aim: tuple[float, float] | None) -> Figure:
    """Make a figure that is the mean of one value a world."""
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / max(1, len(values) - 1)
    error = sqrt(variance / len(values))
    return Figure(name, mean, mean - 2 * error, mean + 2 * error, aim)
