"""Two groups of answers side by side, theme by theme (formulas and sources: docs/statistics.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.figures.nps import MINIMUM_ANSWERS
from analysis.figures.trends import share, share_change
from analysis.results import Estimate


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one group said. `with_text`: answers with a comment; by theme id how many of these mention or blame it."""

    with_text: int
    mentions: Mapping[str, int] = field(default_factory=dict)
    complaints: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Side:
    """One count in two groups, as shares of their answers with a comment; `difference`: second minus first."""

    first: Estimate
    second: Estimate
    difference: Estimate

    @property
    def differs(self) -> bool:
        """Tell whether the interval of the difference leaves zero out."""
        low, high = self.difference.low, self.difference.high
        return low is not None and high is not None and not low <= 0 <= high


@dataclass(frozen=True, slots=True)
class ThemeComparison:
    """How often two groups mention a theme, and how often they complain of it."""

    theme_id: str
    mentions: Side
    complaints: Side


def compare_themes(first: Spoken, second: Spoken) -> tuple[ThemeComparison, ...]:
    """Compare every theme that either group mentions, the one with most complaints of both first, then most mentions.

    Shares are fractions with Wilson's interval, differences with Newcombe's. No interval where a group has under ten
    answers with a comment. Error: `ValueError` where a theme has more answers than there are.
    """
    told = first.mentions.keys() | second.mentions.keys()
    blamed, named = (
        {theme: one.get(theme, 0) + other.get(theme, 0) for theme in told}
        for one, other in ((first.complaints, second.complaints), (first.mentions, second.mentions))
    )
    order = sorted(told, key=lambda theme: (-blamed[theme], -named[theme], theme))
    wholes = first.with_text, second.with_text
    return tuple(
        ThemeComparison(
            theme,
            _side((first.mentions.get(theme, 0), second.mentions.get(theme, 0)), wholes),
            _side((first.complaints.get(theme, 0), second.complaints.get(theme, 0)), wholes),
        )
        for theme in order
    )


def shown_share(part: int, whole: int) -> Estimate:
    """Compute a share; of under ten answers it has no interval."""
    found = share(part, whole)
    return found if whole >= MINIMUM_ANSWERS else Estimate(found.value)


def _side(parts: tuple[int, int], wholes: tuple[int, int]) -> Side:
    difference = share_change(parts[0], wholes[0], parts[1], wholes[1])
    if min(wholes) < MINIMUM_ANSWERS:
        difference = Estimate(difference.value)
    return Side(shown_share(parts[0], wholes[0]), shown_share(parts[1], wholes[1]), difference)
