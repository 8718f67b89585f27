"""A rule of masking: what it looks for in a folded text, when a find is real, and what stands there afterwards."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Span = tuple[int, int]
Edit = tuple[int, int, str]
"""Start, end and what is put there."""


def _always(_found: re.Match[str]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """Where the pattern has a group that ends in `value`, only that is replaced: 「会員番号は」 stays readable."""

    mark: str
    pattern: re.Pattern[str]
    is_real: Callable[[re.Match[str]], bool] = _always

    def span(self, found: re.Match[str]) -> Span:
        """Where the personal part of a find stands."""
        values = (found.span(name) for name in self.pattern.groupindex if name.endswith("value"))
        return next((span for span in values if span[0] >= 0), found.span())


# dashes of every kind, the long-vowel mark that people type for one, and characters that show nothing at all
DASHES = "\\-‐‑‒–—―−ーｰ─━~〜\u00ad\u200b\u200c\u200d\u2060\ufeff"
