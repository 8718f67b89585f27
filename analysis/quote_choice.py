"""Which voices are shown beside a figure: different people who say different things."""

from collections.abc import Iterable, Sequence

from analysis.results import Quote

_ALIKE = 0.5
"""Texts that share half of their pairs of letters differ in a particle or an ending."""


def choose_quotes(found: Sequence[tuple[int, Quote]], limit: int) -> tuple[Quote, ...]:
    """Choose at most `limit` of these quotes, in their order; each comes with the number of its response.

    Nearly the same words are shown once. A second comment of the same response is taken only where no other person
    has anything to add.
    """
    chosen: dict[int, Quote] = {}
    wordings: list[frozenset[str]] = []
    spoken: set[int] = set()
    for again in (False, True):
        for place, (response, quote) in enumerate(found):
            if len(chosen) == limit:
                break
            if (response in spoken and not again) or _is_among(quote, chosen.values()):
                continue
            wording = _pairs(quote.text)
            if any(_alike(wording, other) for other in wordings):
                continue
            chosen[place] = quote
            wordings.append(wording)
            spoken.add(response)
    return tuple(chosen[place] for place in sorted(chosen))


def _is_among(quote: Quote, chosen: Iterable[Quote]) -> bool:
    return any(quote.comment_id == other.comment_id for other in chosen)


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(letter for letter in text if letter.isalnum()) or text
    return frozenset(letters[at : at + 2] for at in range(max(1, len(letters) - 1)))


def _alike(first: frozenset[str], second: frozenset[str]) -> bool:
    return len(first & second) >= _ALIKE * len(first | second)
